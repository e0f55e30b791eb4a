import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import type { SpaceNode } from '../../../../src-shared/contract/browse';

/** What a rectangle's area stands for. */
export type Measure = 'bytes' | 'stored';

/** A rectangle of the treemap, in the unit of the area that it was laid out in. */
export interface Cell {
  readonly node: SpaceNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What lies in it, in the same coordinates; none where there is no room. */
  readonly inner: readonly Cell[];
}

/** Room for the name above what lies in a cell, and the least size in which that is drawn. */
const HEAD = 22;
const LEAST = 64;

/** The directories of a node, and one node without a name for what is not in any of them. */
export function partsOf(node: SpaceNode): readonly SpaceNode[] {
  const bytes = node.children.reduce((sum, child) => sum + child.bytes, 0);
  const stored = node.children.reduce((sum, child) => sum + child.stored, 0);
  const files = node.children.reduce((sum, child) => sum + child.files, 0);
  if (node.children.length === 0 || (node.bytes <= bytes && node.stored <= stored)) return node.children;
  const rest: SpaceNode = {
    name: '',
    path: node.path,
    bytes: Math.max(0, node.bytes - bytes),
    stored: Math.max(0, node.stored - stored),
    files: Math.max(0, node.files - files),
    children: [],
  };
  return [...node.children, rest];
}

/** Lays out what lies in a node, the largest first, and one level below it. */
export function layoutTreemap(
  parts: readonly SpaceNode[],
  measure: Measure,
  width: number,
  height: number,
): Cell[] {
  return layoutLevel(parts, measure, { x: 0, y: 0, width, height }, 1);
}

function layoutLevel(
  parts: readonly SpaceNode[],
  measure: Measure,
  area: { x: number; y: number; width: number; height: number },
  deeper: number,
): Cell[] {
  const shown = parts.filter((part) => part[measure] > 0);
  if (shown.length === 0 || area.width <= 0 || area.height <= 0) return [];
  const root = hierarchy<{ part?: SpaceNode; children?: { part: SpaceNode }[] }>({
    children: shown.map((part) => ({ part })),
  })
    .sum(({ part }) => part?.[measure] ?? 0)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const laid = treemap<{ part?: SpaceNode; children?: { part: SpaceNode }[] }>()
    .size([area.width, area.height])
    .tile(treemapSquarify)
    .paddingInner(2)
    .round(true)(root);
  return (laid.children ?? []).flatMap(({ data, x0, y0, x1, y1 }): Cell[] => {
    if (data.part === undefined || x1 <= x0 || y1 <= y0) return [];
    const cell = { x: area.x + x0, y: area.y + y0, width: x1 - x0, height: y1 - y0 };
    const roomy = deeper > 0 && cell.width >= LEAST && cell.height >= LEAST + HEAD;
    const inside = { x: cell.x + 3, y: cell.y + HEAD, width: cell.width - 6, height: cell.height - HEAD - 3 };
    const inner = roomy ? layoutLevel(partsOf(data.part), measure, inside, deeper - 1) : [];
    return [{ node: data.part, ...cell, inner }];
  });
}

/** The cell that lies nearest in a direction; undefined at the edge. */
export function neighbour(cells: readonly Cell[], from: number, key: string): number | undefined {
  const start = cells[from];
  const center = (cell: Cell): [number, number] => [cell.x + cell.width / 2, cell.y + cell.height / 2];
  const [x, y] = center(start);
  let best: number | undefined;
  let least = Infinity;
  for (const [i, cell] of cells.entries()) {
    const [cx, cy] = center(cell);
    const along = { ArrowRight: cx - x, ArrowLeft: x - cx, ArrowDown: cy - y, ArrowUp: y - cy }[key] ?? 0;
    const across = key === 'ArrowRight' || key === 'ArrowLeft' ? Math.abs(cy - y) : Math.abs(cx - x);
    if (i === from || along <= 0) continue;
    const distance = along + 2 * across;
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

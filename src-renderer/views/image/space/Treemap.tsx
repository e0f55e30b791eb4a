import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { SpaceNode } from '../../../../src-shared/contract/browse';
import { formatBytes, formatPercent } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { rootFontSize } from '../../../ui/dataTable';
import { classes } from '../../../ui/classes';
import { layoutTreemap, neighbour, type Cell, type Measure } from './layout';

const COLOURS = 8;

/** Rectangles as large as what they stand for. Arrows move among them, Enter goes into one, Backspace out again. */
export function Treemap({
  label,
  parts,
  measure,
  nameOf,
  onEnter,
  onUp,
}: {
  readonly label: string;
  readonly parts: readonly SpaceNode[];
  readonly measure: Measure;
  readonly nameOf: (node: SpaceNode) => string;
  readonly onEnter: (node: SpaceNode) => void;
  readonly onUp: () => void;
}): ReactNode {
  const t = useText();
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0, scale: 1 });
  const [current, setCurrent] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      // Laid out for text of the usual size, and drawn larger with a larger one.
      const scale = rootFontSize() / 16;
      setSize({ width: element.clientWidth / scale, height: element.clientHeight / scale, scale });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const cells = useMemo(() => layoutTreemap(parts, measure, size.width, size.height), [parts, measure, size]);
  useEffect(() => setCurrent(0), [parts]);
  const total = parts.reduce((sum, part) => sum + part[measure], 0);
  const at = Math.min(current, cells.length - 1);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Backspace' || event.key === 'Escape') onUp();
    else if (at >= 0) {
      const next = neighbour(cells, at, event.key);
      if (next === undefined) return;
      setCurrent(next);
      box.current?.querySelectorAll<HTMLElement>(':scope > button')[next]?.focus();
    }
    event.preventDefault();
  };
  return (
    <div className="image-treemap" ref={box} role="group" aria-label={label} onKeyDown={onKeyDown}>
      {cells.map((cell, i) => {
        const { node } = cell;
        const name = nameOf(node);
        const words = t('image.space.cell', {
          name,
          size: formatBytes(node[measure]),
          share: formatPercent(total === 0 ? 0 : node[measure] / total),
          files: node.files,
        });
        return (
          <button
            key={`${node.path} ${node.name}`}
            type="button"
            tabIndex={i === at ? 0 : -1}
            className={classes('cell', node.children.length > 0 && 'enter')}
            data-colour={node.name === '' ? 'rest' : i % COLOURS}
            style={place(cell, { x: 0, y: 0 }, size.scale)}
            aria-label={words}
            title={words}
            onFocus={() => setCurrent(i)}
            onClick={() => onEnter(node)}
          >
            {cell.width > 44 && cell.height > 20 && (
              <span className="label" aria-hidden>
                <span>{name}</span>
                {cell.width > 110 && <span className="soft">{formatBytes(node[measure])}</span>}
              </span>
            )}
            {cell.inner.map((inner) => (
              <span
                key={`${inner.node.path} ${inner.node.name}`}
                className="inner"
                style={place(inner, cell, size.scale)}
                aria-hidden
              >
                {inner.width > 52 && inner.height > 20 ? nameOf(inner.node) : ''}
              </span>
            ))}
          </button>
        );
      })}
    </div>
  );
}

function place(
  cell: Cell,
  within: { readonly x: number; readonly y: number },
  scale: number,
): Record<string, number> {
  return {
    left: (cell.x - within.x) * scale,
    top: (cell.y - within.y) * scale,
    width: cell.width * scale,
    height: cell.height * scale,
  };
}

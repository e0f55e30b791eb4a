import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpaceNode } from '../../../../src-shared/contract/browse';
import {
  layoutTreemap,
  neighbour,
  partsOf,
  type Cell,
} from '../../../../src-renderer/views/image/space/layout';

const node = (name: string, bytes: number, children: readonly SpaceNode[] = []): SpaceNode => ({
  name,
  path: `/${name}`,
  bytes,
  stored: Math.floor(bytes / 2),
  files: 1,
  children,
});
const overlap = (a: Cell, b: Cell): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the treemap', () => {
  it('adds a part for what lies in no folder of a folder', () => {
    const parts = partsOf(node('top', 100, [node('a', 60), node('b', 10)]));
    expect(parts.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a', 60],
      ['b', 10],
      ['', 30],
    ]);
    expect(partsOf(node('top', 70, [node('a', 60), node('b', 10)]))).toHaveLength(2);
  });

  it('lays out rectangles that keep to the area, do not overlap, and are as large as what they stand for', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const cells = layoutTreemap(
          sizes.map((size, i) => node(`n${i}`, size)),
          'bytes',
          800,
          600,
        );
        for (const [i, cell] of cells.entries()) {
          expect(cell.x).toBeGreaterThanOrEqual(0);
          expect(cell.y).toBeGreaterThanOrEqual(0);
          expect(cell.x + cell.width).toBeLessThanOrEqual(800);
          expect(cell.y + cell.height).toBeLessThanOrEqual(600);
          for (const other of cells.slice(i + 1)) expect(overlap(cell, other)).toBe(false);
        }
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const largest = cells[0];
        const share = largest.node.bytes / total;
        // Gaps and whole pixels take a little.
        expect((largest.width * largest.height) / (800 * 600)).toBeGreaterThan(share * 0.7 - 0.02);
        expect((largest.width * largest.height) / (800 * 600)).toBeLessThan(share * 1.1 + 0.02);
      }),
    );
  });

  it('draws what lies in a large rectangle inside of it, and leaves out what has no bytes', () => {
    const cells = layoutTreemap(
      [node('big', 900, [node('x', 500), node('y', 400)]), node('none', 0), node('small', 100)],
      'bytes',
      600,
      400,
    );
    expect(cells.map((cell) => cell.node.name)).toEqual(['big', 'small']);
    const [big] = cells;
    expect(big.inner.map((cell) => cell.node.name)).toEqual(['x', 'y']);
    for (const inner of big.inner) {
      expect(inner.x).toBeGreaterThan(big.x);
      expect(inner.y + inner.height).toBeLessThan(big.y + big.height);
    }
  });

  it('has nothing to show without room', () => {
    expect(layoutTreemap([node('a', 1)], 'bytes', 0, 0)).toEqual([]);
  });

  it('finds the rectangle beside another one', () => {
    const cell = (x: number, y: number): Cell => ({
      node: node('', 1),
      x,
      y,
      width: 10,
      height: 10,
      inner: [],
    });
    const grid = [cell(0, 0), cell(10, 0), cell(0, 10), cell(10, 10)];
    expect(neighbour(grid, 0, 'ArrowRight')).toBe(1);
    expect(neighbour(grid, 0, 'ArrowDown')).toBe(2);
    expect(neighbour(grid, 3, 'ArrowUp')).toBe(1);
    expect(neighbour(grid, 3, 'ArrowLeft')).toBe(2);
    expect(neighbour(grid, 0, 'ArrowUp')).toBeUndefined();
    expect(neighbour(grid, 0, 'Enter')).toBeUndefined();
  });
});

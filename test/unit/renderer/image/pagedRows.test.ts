import { describe, expect, it } from 'vitest';
import { PagedRows, type RowPage } from '../../../../src-renderer/views/image/pagedRows';

interface Asked {
  readonly offset: number;
  readonly limit: number;
  readonly signal: AbortSignal;
  answer(): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** A list of numbers whose pages come when the test says so. */
function slowList(total: number): { list: PagedRows<number>; asked: Asked[] } {
  const asked: Asked[] = [];
  const list = new PagedRows<number>(
    (offset, limit, signal) =>
      new Promise<RowPage<number>>((resolve, reject) => {
        const rows = Array.from(
          { length: Math.max(0, Math.min(limit, total - offset)) },
          (_, i) => offset + i,
        );
        asked.push({
          offset,
          limit,
          signal,
          answer: async () => {
            resolve({ total, rows });
            await settled();
          },
          fail: async (error) => {
            reject(error);
            await settled();
          },
        });
      }),
  );
  return { list, asked };
}

/** Everything that follows from an answer is done. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('rows that come in pages', () => {
  it('asks for what is looked at, one page at a time', async () => {
    const { list, asked } = slowList(1000);
    list.want(0, 30);
    expect(asked.map(({ offset, limit }) => [offset, limit])).toEqual([[0, 200]]);
    expect(list.total).toBeNull();
    expect(list.row(5)).toBeUndefined();
    await asked[0].answer();
    expect(list.total).toBe(1000);
    expect(list.row(5)).toBe(5);
    expect(asked).toHaveLength(1);
    list.want(190, 410);
    await asked[1].answer();
    expect(asked.map(({ offset }) => offset)).toEqual([0, 200, 400]);
  });

  it('never asks for what a fast scroll passed by', async () => {
    const { list, asked } = slowList(100_000);
    list.want(0, 30);
    await asked[0].answer();
    list.want(1000, 1030);
    for (let first = 2000; first < 90_000; first += 1000) list.want(first, first + 30);
    list.want(99_900, 99_999);
    await asked[1].answer();
    await asked[2].answer();
    expect(asked.map(({ offset }) => offset)).toEqual([0, 1000, 99_800]);
    expect(list.row(99_999)).toBe(99_999);
  });

  it('keeps a bounded number of pages, those used last', async () => {
    const { list, asked } = slowList(1_000_000);
    for (let page = 0; page < 150; page++) {
      list.want(page * 200, page * 200);
      await asked[page].answer();
      // The first page is looked at again and again.
      list.want(0, 0);
    }
    expect(list.row(149 * 200)).toBe(149 * 200);
    expect(list.row(0)).toBe(0);
    expect(list.row(10 * 200)).toBeUndefined();
  });

  it('tells an error, and goes on when it is asked to', async () => {
    const { list, asked } = slowList(10);
    let told = 0;
    list.subscribe(() => told++);
    list.want(0, 5);
    await asked[0].fail(new Error('gone'));
    expect(list.error).toEqual(new Error('gone'));
    expect(told).toBe(1);
    list.want(0, 5);
    expect(asked).toHaveLength(1);
    list.retry();
    await asked[1].answer();
    expect(list.row(9)).toBe(9);
    expect(list.error).toBeUndefined();
  });

  it('ends what is under way when it is left, and goes on when it is looked at again', async () => {
    const { list, asked } = slowList(10);
    list.want(0, 5);
    list.pause();
    expect(asked[0].signal.aborted).toBe(true);
    await asked[0].fail(new Error('aborted'));
    expect(list.error).toBeUndefined();
    list.want(0, 5);
    await asked[1].answer();
    expect(list.row(0)).toBe(0);
  });

  it('gives all rows of a stretch, whether they are here or not', async () => {
    const { list, asked } = slowList(1000);
    list.want(0, 0);
    await asked[0].answer();
    const range = list.range(150, 250);
    await asked[1].answer();
    expect(await range).toEqual(Array.from({ length: 101 }, (_, i) => 150 + i));
  });
});

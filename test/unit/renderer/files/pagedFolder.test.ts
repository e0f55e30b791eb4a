import { expect, test } from 'vitest';
import type { FileRow } from '../../../../src-shared/contract/files';
import {
  PAGE,
  PagedFolder,
  type Folder,
  type FolderPage,
} from '../../../../src-renderer/views/files/pagedFolder';

function row(name: string): FileRow {
  return { name, path: `/big/${name}`, kind: 'file', size: 1, modified: '', hidden: false };
}

/** A host with a folder of files "part 0", "part 1", ... that counts what it is asked. */
function host(total: number) {
  const asked: number[] = [];
  const list = (offset: number, limit: number): Promise<FolderPage> => {
    asked.push(offset);
    const length = Math.max(0, Math.min(limit, total - offset));
    const rows = Array.from({ length }, (_, i) => row(`part ${offset + i}`));
    return Promise.resolve({ path: '/big', parent: '/', total, rows });
  };
  return { asked, list };
}

function reader(list: (offset: number, limit: number, signal: AbortSignal) => Promise<FolderPage>) {
  const told: { folders: Folder[]; errors: unknown[] } = { folders: [], errors: [] };
  const folder = new PagedFolder(
    list,
    (next) => told.folders.push(next),
    (error) => told.errors.push(error),
  );
  return { folder, told };
}

test('reads the pages that come into sight, each once', async () => {
  const { asked, list } = host(30_000);
  const { folder, told } = reader(list);
  await folder.need(0, 20);
  await folder.need(PAGE - 10, PAGE + 10);
  await folder.need(5, 30);
  expect(asked).toEqual([0, PAGE]);
  const last = told.folders.at(-1);
  expect(last?.total).toBe(30_000);
  expect(last?.rows.size).toBe(2 * PAGE);
  expect(last?.rows.get(PAGE + 3)?.name).toBe(`part ${PAGE + 3}`);
});

test('finds a name beyond what was read, after the place at hand and then from the beginning', async () => {
  const { folder } = reader(host(2000).list);
  await folder.need(0, 0);
  expect(await folder.find('PART 15', 16)).toBe(150);
  expect(await folder.find('part 1999', 0)).toBe(1999);
  expect(await folder.find('part 3', 1999)).toBe(3);
  expect(await folder.find('nothing', 0)).toBe(-1);
});

test('tells nothing after its end', async () => {
  let answer: (page: FolderPage) => void = () => undefined;
  let signal: AbortSignal | undefined;
  const { folder, told } = reader((_, __, given) => {
    signal = given;
    return new Promise((resolve) => (answer = resolve));
  });
  const reading = folder.need(0, 0);
  folder.end();
  answer({ path: '/big', parent: null, total: 1, rows: [row('late')] });
  await reading;
  expect(told.folders).toEqual([]);
  expect(signal?.aborted).toBe(true);
});

test('a page that failed is told, and read again when it is needed again', async () => {
  let fails = true;
  const { list } = host(10);
  const { folder, told } = reader((offset, limit) =>
    fails ? Promise.reject(new Error('unplugged')) : list(offset, limit),
  );
  await folder.need(0, 0);
  expect(told.errors).toEqual([new Error('unplugged')]);
  fails = false;
  await folder.need(0, 0);
  expect(told.folders.at(-1)?.rows.size).toBe(10);
});

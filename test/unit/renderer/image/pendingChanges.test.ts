import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UpdateEdit } from '../../../../src-shared/model/requests';
import {
  addItems,
  countChanges,
  deleteEntries,
  isNameGiven,
  nameFault,
  newPath,
  noChanges,
  removeItem,
  renameEntry,
  renameItem,
  restoreEntry,
  stateOf,
  toEdits,
  type PendingChanges,
} from '../../../../src-renderer/views/image/contents/pendingChanges';

const file = (path: string) => ({ path, kind: 'file' as const });
const folder = (path: string) => ({ path, kind: 'directory' as const });
const item = (directory: string, name: string) => ({
  source: `/home/${name}`,
  folder: directory,
  name,
  kind: 'file' as const,
  size: 1,
  replaces: false,
});

/** Does edits on a plain set of paths as the engine would: a name that is taken or missing is an error. */
function applyEdits(paths: readonly string[], edits: readonly UpdateEdit[]): Map<string, string> {
  let tree = new Map(paths.map((path) => [path, path]));
  const below = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`);
  for (const edit of edits) {
    if (edit.kind === 'delete') {
      if (!tree.has(edit.path)) throw new Error(`nothing to delete at ${edit.path}`);
      tree = new Map([...tree].filter(([path]) => !below(path, edit.path)));
    } else if (edit.kind === 'rename') {
      if (!tree.has(edit.from)) throw new Error(`nothing to rename at ${edit.from}`);
      if (tree.has(edit.to)) throw new Error(`${edit.to} is taken`);
      tree = new Map(
        [...tree].map(([path, origin]) => [
          below(path, edit.from) ? edit.to + path.slice(edit.from.length) : path,
          origin,
        ]),
      );
    } else {
      const parent = edit.target.slice(0, edit.target.lastIndexOf('/'));
      if (parent !== '' && !tree.has(parent)) throw new Error(`no folder for ${edit.target}`);
      tree.set(edit.target, edit.source);
    }
  }
  return tree;
}

describe('pending changes of an image', () => {
  it('drops changes of what lies in a folder when the folder is deleted', () => {
    let changes = renameEntry(noChanges, '/a/b.txt', 'c.txt');
    changes = addItems(changes, [item('/a', 'new.txt'), item('/ab', 'kept.txt')]);
    changes = deleteEntries(changes, [file('/a/x.txt')]);
    changes = deleteEntries(changes, [folder('/a')]);
    expect(changes.deleted).toEqual([folder('/a')]);
    expect(changes.renamed).toEqual({});
    expect(changes.added.map(({ name }) => name)).toEqual(['kept.txt']);
    expect(countChanges(changes)).toBe(2);
    expect(stateOf(changes, '/a/b.txt')).toBe('deleted');
    expect(stateOf(changes, '/ab')).toBeUndefined();
  });

  it('deletes nothing twice', () => {
    const changes = deleteEntries(noChanges, [folder('/a'), file('/a/b'), folder('/a')]);
    expect(changes.deleted).toEqual([folder('/a')]);
  });

  it('takes a new name back when it is the old one, and everything on request', () => {
    const renamed = renameEntry(noChanges, '/a', 'b');
    expect(stateOf(renamed, '/a')).toBe('renamed');
    expect(renameEntry(renamed, '/a', 'a')).toEqual(noChanges);
    expect(restoreEntry(renamed, '/a')).toEqual(noChanges);
    expect(restoreEntry(deleteEntries(noChanges, [file('/a')]), '/a')).toEqual(noChanges);
  });

  it('lets the later of two added items of a name stand, and removes and renames them', () => {
    const changes = addItems(noChanges, [item('/', 'a'), item('/', 'A'), item('/x', 'a')]);
    expect(changes.added.map(({ id, name }) => [id, name])).toEqual([
      [2, 'A'],
      [3, 'a'],
    ]);
    expect(renameItem(changes, 2, 'b').added[0].name).toBe('b');
    expect(removeItem(changes, 2).added.map(({ id }) => id)).toEqual([3]);
    expect(isNameGiven(changes, '/', 'a', '')).toBe(true);
    expect(isNameGiven(changes, '/y', 'a', '')).toBe(false);
  });

  it('names what is wrong with a name', () => {
    expect(nameFault('')).toBe('empty');
    expect(nameFault('a/b')).toBe('separator');
    expect(nameFault('a\\b')).toBe('separator');
    expect(nameFault('a?')).toBe('reserved');
    expect(nameFault('..')).toBe('reserved');
    expect(nameFault('a.')).toBe('ending');
    expect(nameFault('.config')).toBeUndefined();
  });

  it('orders edits so that each finds what it names', () => {
    let changes = renameEntry(noChanges, '/dir', 'folder');
    changes = renameEntry(changes, '/dir/one', 'two');
    changes = renameEntry(changes, '/dir/two', 'three');
    changes = deleteEntries(changes, [file('/dir/gone')]);
    changes = addItems(changes, [item('/dir', 'new')]);
    const paths = ['/dir', '/dir/one', '/dir/two', '/dir/gone'];
    expect(Object.fromEntries(applyEdits(paths, toEdits(changes)))).toEqual({
      '/folder': '/dir',
      '/folder/two': '/dir/one',
      '/folder/three': '/dir/two',
      '/folder/new': '/home/new',
    });
    expect(newPath(changes, '/dir/one')).toBe('/folder/two');
  });

  it('deletes folders with what is in them, and files without', () => {
    expect(toEdits(deleteEntries(noChanges, [folder('/a'), file('/b')]))).toEqual([
      { kind: 'delete', path: '/a', recursive: true },
      { kind: 'delete', path: '/b' },
    ]);
  });

  it('gives any permutation of names, also in folders that are renamed themselves', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const permutation = fc.shuffledSubarray(names, { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(permutation, permutation, (outer, inner) => {
        const paths = names.flatMap((name) => [`/${name}`, `/${name}/a`, `/${name}/b`]);
        let changes: PendingChanges = noChanges;
        for (const [i, name] of names.entries()) {
          changes = renameEntry(changes, `/${name}`, outer[i]);
          // Within each folder the two names are exchanged or kept.
          if (inner[i] < 'c') {
            changes = renameEntry(changes, `/${name}/a`, 'b');
            changes = renameEntry(changes, `/${name}/b`, 'a');
          }
        }
        const result = applyEdits(paths, toEdits(changes));
        expect(result.size).toBe(paths.length);
        for (const [path, origin] of result) expect(path).toBe(newPath(changes, origin));
      }),
    );
  });
});

import type { UpdateEdit } from '../../../../src-shared/model/requests';
import { childPath, isWithin, lastName, parentPath, sameName } from './imagePaths';

/** A file or folder of this computer that comes into the image. */
export interface AddedItem {
  readonly id: number;
  /** Path on this computer. */
  readonly source: string;
  /** Directory of the image, by its path before all changes. */
  readonly folder: string;
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly size: number;
  /** Whether something of that name was there when it was added: a file is replaced, folders are merged. */
  readonly replaces: boolean;
}

/** An entry as far as its deletion or renaming needs it. */
export interface ChangedEntry {
  readonly path: string;
  readonly kind: 'directory' | 'file' | 'link';
}

/**
 * Changes of an image that are not written yet. Paths are those of the image as it is; the order in which they were made
 * does not matter.
 */
export interface PendingChanges {
  readonly deleted: readonly ChangedEntry[];
  /** Path to its new name. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly added: readonly AddedItem[];
}

export const noChanges: PendingChanges = { deleted: [], renamed: {}, added: [] };

/** What is going to happen to an entry. */
export type EntryState = 'deleted' | 'renamed' | undefined;

export function countChanges({ deleted, renamed, added }: PendingChanges): number {
  return deleted.length + Object.keys(renamed).length + added.length;
}

/** Deletes entries; changes of what lies in them go with them. */
export function deleteEntries(changes: PendingChanges, entries: readonly ChangedEntry[]): PendingChanges {
  let { deleted, renamed, added } = changes;
  for (const { path, kind } of entries) {
    if (deleted.some((other) => isWithin(path, other.path))) continue;
    deleted = [...deleted.filter((other) => !isWithin(other.path, path)), { path, kind }];
    renamed = Object.fromEntries(Object.entries(renamed).filter(([from]) => !isWithin(from, path)));
    added = added.filter(({ folder }) => !isWithin(folder, path));
  }
  return { deleted, renamed, added };
}

/** Gives an entry a new name; its own name takes the change back. */
export function renameEntry(changes: PendingChanges, path: string, name: string): PendingChanges {
  const others = Object.entries(changes.renamed).filter(([from]) => from !== path);
  const renamed = Object.fromEntries(name === lastName(path) ? others : [...others, [path, name]]);
  return { ...changes, renamed };
}

/** Takes back what was to happen to an entry. */
export function restoreEntry(changes: PendingChanges, path: string): PendingChanges {
  const deleted = changes.deleted.filter((other) => other.path !== path);
  return renameEntry({ ...changes, deleted }, path, lastName(path));
}

/** Adds items; one of the same name in the same folder takes the place of the earlier one. */
export function addItems(changes: PendingChanges, items: readonly Omit<AddedItem, 'id'>[]): PendingChanges {
  let next = changes.added.reduce((highest, { id }) => Math.max(highest, id), 0);
  let { added } = changes;
  for (const item of items) {
    added = added.filter(({ folder, name }) => folder !== item.folder || !sameName(name, item.name));
    added = [...added, { ...item, id: ++next }];
  }
  return { ...changes, added };
}

export function removeItem(changes: PendingChanges, id: number): PendingChanges {
  return { ...changes, added: changes.added.filter((item) => item.id !== id) };
}

export function renameItem(changes: PendingChanges, id: number, name: string): PendingChanges {
  return { ...changes, added: changes.added.map((item) => (item.id === id ? { ...item, name } : item)) };
}

/** What becomes of an entry; an entry of a deleted directory is deleted. */
export function stateOf(changes: PendingChanges, path: string): EntryState {
  if (changes.deleted.some((other) => isWithin(path, other.path))) return 'deleted';
  return Object.hasOwn(changes.renamed, path) ? 'renamed' : undefined;
}

/** Whether a name in a directory is given away by these changes, beside what the image has there. */
export function isNameGiven(
  changes: PendingChanges,
  directory: string,
  name: string,
  except: string,
): boolean {
  return (
    Object.entries(changes.renamed).some(
      ([from, to]) => from !== except && parentPath(from) === directory && sameName(to, name),
    ) || changes.added.some((item) => item.folder === directory && sameName(item.name, name))
  );
}

/** What is wrong with a name, as a reason; undefined: nothing. */
export function nameFault(name: string): 'empty' | 'separator' | 'reserved' | 'ending' | undefined {
  if (name.trim() === '') return 'empty';
  if (/[\\/]/.test(name)) return 'separator';
  // Windows cannot create these; an image may hold them, but whoever types them errs.
  if (/[<>:"|?*\p{Cc}]/u.test(name) || name === '.' || name === '..') return 'reserved';
  if (/[ .]$/.test(name)) return 'ending';
  return undefined;
}

/**
 * The changes as edits, in an order in which each finds what it names: deletions; new names, the deepest first, so that
 * the paths above still hold; what is added, at the paths as they are then.
 */
export function toEdits(changes: PendingChanges): UpdateEdit[] {
  const { deleted, added } = changes;
  return [
    ...deleted.map(({ path, kind }): UpdateEdit => ({
      kind: 'delete',
      path,
      ...(kind === 'directory' ? { recursive: true } : {}),
    })),
    ...renameEdits(changes.renamed),
    ...added.map(({ source, folder, name }): UpdateEdit => ({
      kind: 'add',
      source,
      target: childPath(newPath(changes, folder), name),
    })),
  ];
}

/** Where an entry is after all new names were given. */
export function newPath({ renamed }: PendingChanges, path: string): string {
  if (path === '/') return '/';
  const name = Object.hasOwn(renamed, path) ? renamed[path] : lastName(path);
  return childPath(newPath({ deleted: [], renamed, added: [] }, parentPath(path)), name);
}

function renameEdits(renamed: Readonly<Record<string, string>>): UpdateEdit[] {
  const groups = new Map<string, { from: string; to: string }[]>();
  for (const [path, to] of Object.entries(renamed)) {
    const directory = parentPath(path);
    groups.set(directory, [...(groups.get(directory) ?? []), { from: lastName(path), to }]);
  }
  return [...groups]
    .sort(([a], [b]) => depth(b) - depth(a))
    .flatMap(([directory, renames]) =>
      inOrder(renames).map(({ from, to }): UpdateEdit => ({
        kind: 'rename',
        from: childPath(directory, from),
        to: childPath(directory, to),
      })),
    );
}

/** Orders renames of one directory so that each new name is free; names that go round get a name in between. */
function inOrder(renames: readonly { from: string; to: string }[]): { from: string; to: string }[] {
  let waiting = [...renames];
  const done: { from: string; to: string }[] = [];
  let spare = 0;
  while (waiting.length > 0) {
    const free = waiting.find(
      (one) => !waiting.some((other) => other !== one && sameName(other.from, one.to)),
    );
    if (free !== undefined) {
      done.push(free);
      waiting = waiting.filter((one) => one !== free);
      continue;
    }
    const [first, ...rest] = waiting;
    const between = `${first.from}.wimsmith-${++spare}`;
    done.push({ from: first.from, to: between });
    waiting = [...rest, { from: between, to: first.to }];
  }
  return done;
}

function depth(directory: string): number {
  return directory === '/' ? 0 : directory.split('/').length - 1;
}

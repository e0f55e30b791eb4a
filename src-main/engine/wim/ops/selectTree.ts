import { AppError } from '../../../../src-shared/errors/appError';
import { FileAttribute } from '../../tree/attributes';
import { compilePathGlob, type PathGlob } from '../../tree/glob';
import { TreeGraft } from '../../tree/graftTree';
import { compareNames, upcaseName } from '../../tree/nameOrder';
import { NONE, Tree } from '../../tree/tree';
import { findEntry, type NameRules } from './dir';

/** How paths are looked for. */
export interface PathChoices {
  /** false: `*` and `?` stand for themselves. */
  readonly globs?: boolean;
  /** A pattern that nothing matches is passed over with a warning. */
  readonly nullGlob?: boolean;
}

/**
 * The entries that paths mean, in order of the paths and, for a pattern, of the names. One may come up several times.
 * @param label what a message calls the image
 * @throws AppError `wim/no-such-path`
 */
export function findSelected(
  tree: Tree,
  paths: readonly string[],
  choices: PathChoices,
  rules: NameRules,
  label: string,
  onWarning: (text: string) => void,
): number[] {
  const found: number[] = [];
  for (const path of paths) {
    if (choices.globs === false) {
      found.push(findEntry(tree, path, rules, label));
      continue;
    }
    const matches = matching(tree, compilePathGlob(path, { caseInsensitive: rules.ignoreCase }));
    if (matches.length === 0) {
      const problem = `${label} has nothing that matches "${path}"`;
      if (choices.nullGlob !== true) throw new AppError('wim/no-such-path', problem, { path });
      onWarning(problem);
    }
    for (const entry of matches) found.push(entry);
  }
  return found;
}

/** Walks down only where the names fit. */
function matching(tree: Tree, glob: PathGlob): number[] {
  let level = [0];
  for (let depth = 0; depth < glob.depth; depth++) {
    const next: number[] = [];
    for (const directory of level) {
      const names: [entry: number, name: string][] = [];
      for (const entry of tree.children(directory)) {
        const name = tree.name(entry);
        if (glob.matchesName(depth, name)) names.push([entry, name]);
      }
      names.sort(([, a], [, b]) => compareNames(a, b));
      for (const [entry] of names) next.push(entry);
    }
    level = next;
  }
  return level;
}

/** A part of an image as a tree of its own, which names blobs of the same table. */
export interface SelectedTree {
  readonly tree: Tree;
  /** Directories that were made to hold the rest and are nothing in the image. */
  readonly bare: ReadonlySet<number>;
}

/**
 * Makes a tree of the selected entries and all below them. The root, when it is selected, is the tree itself.
 * @param preserve keep the directories from the root on; otherwise every entry lands in the root by its own name
 * @throws AppError `wim/bad-edit` when a file and a directory come to have one name
 */
export function selectTree(
  tree: Tree,
  selected: readonly number[],
  preserve: boolean,
  rules: NameRules,
  onWarning: (text: string) => void,
): SelectedTree {
  const entries = outermost(tree, selected);
  if (entries.includes(0)) return { tree, bare: new Set() };
  const part = new Tree();
  const onReplaced = (entry: number): void => {
    onWarning(`several of the files are to be ${part.path(entry)}; the last one is`);
  };
  const graft = new TreeGraft(tree, part, { ignoreCase: rules.ignoreCase, replace: true, onReplaced });
  part.addEntry(NONE, '', part.addInode(FileAttribute.DIRECTORY, 0n, 0n, 0n));
  if (!preserve) {
    const taken = new Map<string, number>();
    for (const entry of entries) {
      const name = tree.name(entry);
      const key = rules.ignoreCase ? upcaseName(name) : name;
      taken.set(key, graft.place(entry, 0, name, taken.get(key) ?? NONE));
    }
    return { tree: part, bare: new Set([0]) };
  }
  // Directories on the way are what they are in the image, the root included: wimlib-imagex restores them, too.
  graft.takeMetadata(0, 0);
  const copies = new Map([[0, 0]]);
  for (const entry of entries)
    graft.place(entry, copyAbove(tree, entry, graft, copies), tree.name(entry), NONE);
  return { tree: part, bare: entries.length === 0 ? new Set([0]) : new Set() };
}

/** Entries, each once, without those that lie below another one. */
function outermost(tree: Tree, selected: readonly number[]): number[] {
  const wanted = new Set(selected);
  return [...wanted].filter((entry) => {
    for (let row = tree.parent[entry]; row !== NONE; row = tree.parent[row])
      if (wanted.has(row)) return false;
    return true;
  });
}

/** The copy of the directory that holds `entry`, made with those above it where missing. */
function copyAbove(tree: Tree, entry: number, graft: TreeGraft, copies: Map<number, number>): number {
  const missing: number[] = [];
  let directory = tree.parent[entry];
  for (; !copies.has(directory); directory = tree.parent[directory]) missing.push(directory);
  let copy = copies.get(directory) as number;
  for (const above of missing.reverse()) {
    copy = graft.placeAlone(above, copy);
    copies.set(above, copy);
  }
  return copy;
}

/** Whether data can go to a stream of bytes: a file that is neither link nor encrypted. */
export function isRegularFile(tree: Tree, entry: number): boolean {
  const attributes = tree.attributes[tree.inode[entry]];
  const other = FileAttribute.DIRECTORY | FileAttribute.REPARSE_POINT | FileAttribute.ENCRYPTED;
  return (attributes & other) === 0;
}

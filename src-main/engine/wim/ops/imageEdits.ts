import { AppError } from '../../../../src-shared/errors/appError';
import { FileAttribute, isPlainDirectory } from '../../tree/attributes';
import { TreeGraft } from '../../tree/graftTree';
import { canonicalImagePath, pathNames } from '../../tree/imagePath';
import { NONE, type Tree } from '../../tree/tree';
import { nameProblem } from '../metadata/parseMetadata';
import { findChild, type NameRules } from './dir';

/**
 * Changes the tree of an image, by the rules of wimlib-imagex's update. A failed edit leaves the tree half changed: it
 * is thrown away then. Whatever happens here, no file is touched.
 */
export class ImageEdits {
  /** The root was deleted; the next directory that is added as the root becomes it. */
  private rootIsFiller = false;
  private readonly replaced = new Set<number>();

  /**
   * @param label what a message calls the image
   * @param now FILETIME for directories that are made on the way
   */
  constructor(
    private readonly tree: Tree,
    private readonly rules: NameRules,
    private readonly label: string,
    private readonly now: bigint,
  ) {}

  /** Whether an entry took the place of another file. */
  hasReplaced(entry: number): boolean {
    return this.replaced.has(entry);
  }

  /** @throws AppError `wim/bad-edit` for a path with a name that no file system holds */
  checkPath(path: string): void {
    this.namesOf(path);
  }

  /**
   * Lays what a scanned tree holds at `target` into the image at the same path. Missing directories are made,
   * directories are merged, files replace files.
   * @returns undefined when the scan left it out
   * @throws AppError `wim/bad-edit`
   */
  add(scanned: Tree, target: string, choices: { readonly replace: boolean }): TreeGraft | undefined {
    const names = this.namesOf(target);
    let top = 0;
    for (const name of names) if (top !== NONE) top = findChild(scanned, top, name, { ignoreCase: false });
    if (top === NONE) return undefined;
    const { tree } = this;
    const graft = new TreeGraft(scanned, tree, {
      ignoreCase: this.rules.ignoreCase,
      replace: choices.replace,
      onReplaced: (entry) => this.replaced.add(entry),
    });
    const name = names.pop();
    if (name === undefined) {
      if (this.rootIsFiller) graft.takeMetadata(0, 0);
      this.rootIsFiller = false;
      graft.overlay(0, 0);
      return graft;
    }
    const directory = this.makeParents(names);
    graft.place(top, directory, name, findChild(tree, directory, name, this.rules));
    return graft;
  }

  /**
   * Deletes an entry and all below it.
   * @returns number of entries deleted
   * @throws AppError `wim/no-such-path` unless forced, `wim/bad-edit` for a directory unless recursive
   */
  delete(path: string, choices: { readonly force: boolean; readonly recursive: boolean }): number {
    const { tree } = this;
    const entry = this.find(path);
    if (entry === NONE) {
      if (choices.force) return 0;
      throw this.missing(path);
    }
    if (this.isDirectory(entry) && !choices.recursive) {
      throw this.bad(`${tree.path(entry)} is a directory and is deleted only with --recursive`, path);
    }
    if (entry !== 0) return this.remove(entry);
    let count = 1;
    for (let child = tree.firstChild[0]; child !== NONE; child = tree.firstChild[0])
      count += this.remove(child);
    tree.linkCount[tree.inode[0]] -= 1;
    tree.inode[0] = this.makeDirectoryInode();
    tree.linkCount[tree.inode[0]] += 1;
    this.rootIsFiller = true;
    return count;
  }

  /**
   * Gives an entry another path, as rename(2) does: a file at the new path is replaced, and an empty directory by a
   * directory.
   * @throws AppError `wim/no-such-path`, `wim/bad-edit`
   */
  rename(from: string, to: string): void {
    const { tree } = this;
    const entry = this.find(from);
    if (entry === NONE) throw this.missing(from);
    const names = this.namesOf(to);
    const name = names.pop();
    if (entry === 0) throw this.bad('the root cannot be renamed', from);
    if (name === undefined) throw this.bad(`${tree.path(entry)} cannot take the place of the root`, to);
    const directory = this.find('/' + names.join('/'));
    if (directory === NONE) throw this.missing('/' + names.join('/'));
    if (!this.isDirectory(directory)) throw this.bad(`${tree.path(directory)} is not a directory`, to);
    for (let above = directory; above !== NONE; above = tree.parent[above]) {
      if (above === entry) throw this.bad(`${tree.path(entry)} cannot be moved into itself`, to);
    }
    const existing = findChild(tree, directory, name, this.rules);
    if (existing !== NONE && existing !== entry) {
      this.assertReplaceable(entry, existing);
      this.remove(existing);
    }
    if (existing === entry && tree.name(entry) === name) return;
    tree.detach(entry);
    tree.rename(entry, name);
    tree.linkChild(directory, entry);
  }

  /** Takes an entry with all below it out of the tree. @returns how many entries these are */
  remove(entry: number): number {
    const { tree } = this;
    let count = 0;
    for (const row of tree.preorder(entry)) {
      tree.linkCount[tree.inode[row]] -= 1;
      count += 1;
    }
    tree.detach(entry);
    return count;
  }

  private assertReplaceable(entry: number, existing: number): void {
    const { tree } = this;
    const path = tree.path(existing);
    const isDirectory = this.isDirectory(existing);
    if (this.isDirectory(entry)) {
      if (!isDirectory) throw this.bad(`${path} is a file and cannot become a directory`, path);
      if (tree.firstChild[existing] !== NONE)
        throw this.bad(`${path} is a directory that is not empty`, path);
    } else if (isDirectory) {
      throw this.bad(`${path} is a directory and cannot become a file`, path);
    }
  }

  private makeParents(names: readonly string[]): number {
    const { tree } = this;
    let directory = 0;
    for (const name of names) {
      const child = findChild(tree, directory, name, this.rules);
      if (child !== NONE && !this.isDirectory(child))
        throw this.bad(`${tree.path(child)} is not a directory`, tree.path(child));
      directory = child === NONE ? tree.addEntry(directory, name, this.makeDirectoryInode()) : child;
    }
    return directory;
  }

  private makeDirectoryInode(): number {
    return this.tree.addInode(FileAttribute.DIRECTORY, this.now, this.now, this.now);
  }

  private isDirectory(entry: number): boolean {
    return isPlainDirectory(this.tree.attributes[this.tree.inode[entry]]);
  }

  private find(path: string): number {
    let entry = 0;
    for (const name of pathNames(path))
      if (entry !== NONE) entry = findChild(this.tree, entry, name, this.rules);
    return entry;
  }

  /** Names of a path that is to be made. @throws AppError `wim/bad-edit` for one that no file system holds */
  private namesOf(path: string): string[] {
    const names = pathNames(path);
    for (const name of names) {
      const problem = nameProblem(name);
      if (problem !== undefined)
        throw this.bad(`${canonicalImagePath(path)}: a part of the path ${problem}`, path);
    }
    return names;
  }

  private missing(path: string): AppError {
    return new AppError('wim/no-such-path', `${this.label} has no "${path}"`, { path });
  }

  private bad(problem: string, path: string): AppError {
    return new AppError('wim/bad-edit', `${this.label}: ${problem}`, { path });
  }
}

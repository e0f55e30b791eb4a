import { notADirectory } from './notADirectory';
import { setImmediate } from 'node:timers/promises';
import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import { FileAttribute, isPlainDirectory, ReparseTag } from '../../engine/tree/attributes';
import type { ScanOptions, SourceRemark } from '../../engine/tree/source';
import { NONE, StreamKind, Tree, type TaggedItem } from '../../engine/tree/tree';
import type { DirectoryListing } from '../../engine/tree/directoryListing';
import { listedStatus, type SourceStatus } from './directoryListing';
import { readDirectoryNames, type DirectoryNames } from './directoryNames';
import { DirectoryReadAhead } from './readAhead';
import { filetimeOfMilliseconds, statMilliseconds } from './filetime';
import type { FileIdentity } from './linkFixup';
import { readEntry, statusOf, type EntryReading, type SourceEntry } from './sourceEntry';
import { isGone, unreadable } from './sourceErrors';
import { sourceRules } from './sourceRules';
import { joinPath } from './paths';
import { diskPath, StreamOrigins, type SourceRoot } from './streamOrigins';
import { FileType } from '../../engine/tree/unixData';

/** How long a scan may hold the thread, ms; a signal or a key press waits that long. */
const BREATH = 20;
/** Entries between looks at the clock, and between reports. */
const ENTRIES_PER_LOOK = 64;
const ENTRIES_PER_REPORT = 1024;

/** A source that is being scanned. */
interface ScanRoot extends SourceRoot {
  readonly number: number;
  readonly reading: EntryReading;
}

/**
 * Scans directories into one tree. Works through them with a queue of rows, not by recursion, and one directory at a
 * time, so that the files of a directory lie together.
 */
export class DirectoryScan {
  readonly tree = new Tree();
  readonly origins = new StreamOrigins();
  readonly excluded: { path: string; pattern: string }[] = [];
  readonly notKept: SourceRemark[] = [];
  private readonly options: ScanOptions;
  /** Inodes that have, or under `dereference` may have, more names: "device:inode" to row. */
  private readonly hardLinks = new Map<string, number>();
  /** Under `dereference`: identities of the directories, to tell a link to one that contains it. */
  private readonly directories = new Map<number, FileIdentity>();
  private readonly unixItems = new Map<string, TaggedItem>();
  private entries = 0;
  private bytes = 0;
  private lastBreath = performance.now();

  constructor(options: ScanOptions) {
    this.options = options;
  }

  /**
   * Scans a file or directory and lays it at `treePath` ('' for the root), over what is there already.
   * @throws AppError `io/not-found`, `io/not-a-directory`, `source/unreadable`, `source/bad-name`, `wim/bad-edit`
   */
  async add(source: SourceRoot): Promise<void> {
    const isRoot = source.treePath === '';
    const path = source.diskPath;
    const stats = statusOf(path, isRoot || this.options.dereference === true);
    if (stats === undefined) throw new AppError('io/not-found', `${path} does not exist`, { path });
    if (isRoot && !stats.isDirectory()) {
      throw notADirectory(path, stats);
    }
    const fixup = isRoot && this.options.fixReparsePoints === true;
    const reading: EntryReading = {
      options: this.options,
      fixupRoot: fixup ? stats : undefined,
      unixItems: this.unixItems,
    };
    const root: ScanRoot = { ...source, number: this.origins.addRoot(source), reading };
    const entry = readEntry(path, stats, reading);
    if (entry === undefined) throw new AppError('io/not-found', `${path} does not exist`, { path });
    if ('leftOut' in entry) {
      this.remark(source.treePath, entry.leftOut);
      return;
    }
    const names = source.treePath.split('/').slice(1);
    const name = names.pop() ?? '';
    const parent = isRoot ? NONE : this.makeParents(names);
    const existing = isRoot ? this.existingRoot() : this.findChild(parent, name);
    const row = this.place(root, parent, name, existing, entry);
    if (entry.type === FileType.DIRECTORY) await this.scanBelow(root, row);
    this.report();
  }

  /** Makes the root when no source is laid there. */
  finish(): void {
    this.makeParents([]);
    for (const problem of sourceRules.notRead) this.remark('/', problem);
  }

  private async scanBelow(root: ScanRoot, top: number): Promise<void> {
    const { tree } = this;
    const ahead = this.readAhead();
    const pending = [top];
    ahead?.announce(top, diskPath(root, tree, top));
    // Level by level: the more directories are known, the more can be listed at the same time.
    for (let next = 0; next < pending.length; next++) {
      const row = pending[next];
      const listing = await ahead?.take(row);
      for (const child of await this.scanDirectory(root, row, listing)) {
        pending.push(child);
        ahead?.announce(child, diskPath(root, tree, child));
      }
    }
  }

  /** Only a scan that follows no links, and on systems where a status is all, can have it from other threads. */
  private readAhead(): DirectoryReadAhead | undefined {
    const { listDirectories, dereference } = this.options;
    if (listDirectories === undefined || dereference === true || process.platform === 'win32')
      return undefined;
    return new DirectoryReadAhead(listDirectories);
  }

  /** Adds what is in a directory. @returns the rows of the directories in it */
  private async scanDirectory(
    root: ScanRoot,
    directory: number,
    listing: DirectoryListing | undefined,
  ): Promise<number[]> {
    const { tree } = this;
    const onDisk = diskPath(root, tree, directory);
    const inTree = directory === 0 ? '' : tree.path(directory);
    const present = this.childrenByName(directory);
    const found: number[] = [];
    const { names, undecodable } = listing ?? this.readNames(onDisk);
    for (const bytes of undecodable) this.judgeUndecodable(root, inTree, onDisk, Buffer.from(bytes));
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      if (++this.entries % ENTRIES_PER_LOOK === 0) await this.breathe(onDisk);
      const path = `${inTree}/${name}`;
      if (this.isExcluded(root, path)) continue;
      const entry =
        listing === undefined
          ? this.read(root, directory, path, joinPath(onDisk, name))
          : this.readListed(root, path, joinPath(onDisk, name), listedStatus(listing, i));
      if (entry === undefined) continue;
      const row = this.place(root, directory, name, present?.get(sourceRules.key(name)), entry);
      if (entry.type === FileType.DIRECTORY) found.push(row);
    }
    return found;
  }

  private readNames(path: string): DirectoryNames {
    try {
      return readDirectoryNames(path);
    } catch (error) {
      if (isGone(error)) return { names: [], undecodable: [] };
      throw unreadable('read the directory', path, error);
    }
  }

  private isExcluded(root: ScanRoot, path: string): boolean {
    // Patterns speak of paths in the directory that is captured, wherever in the image it is laid.
    const pattern = this.options.excludes?.(path.slice(root.treePath.length));
    if (pattern === undefined) return false;
    this.excluded.push({ path, pattern });
    return true;
  }

  /** A name that no UTF-16 string can stand for ends the scan, unless an exclusion covers it. */
  private judgeUndecodable(root: ScanRoot, inTree: string, onDisk: string, bytes: Buffer): void {
    if (this.isExcluded(root, `${inTree}/${bytes.toString('utf8')}`)) return;
    const path = joinPath(onDisk, bytes.toString('utf8'));
    throw new AppError(
      'source/bad-name',
      `the name of ${path} is not UTF-8: bytes ${bytes.toString('hex')}`,
      {
        path,
        bytes: bytes.toString('hex'),
      },
    );
  }

  /** Reads one entry; undefined when it is not there (any more) or is left out. */
  private read(root: ScanRoot, directory: number, path: string, onDisk: string): SourceEntry | undefined {
    const follow = this.options.dereference === true;
    let stats = statusOf(onDisk, follow);
    if (follow) {
      const link = stats === undefined ? statusOf(onDisk, false) : undefined;
      if (link !== undefined) {
        throw new AppError('source/unreadable', `the link ${onDisk} points to nothing`, { path: onDisk });
      }
      if (stats !== undefined && this.contains(directory, stats)) {
        this.remark(path, 'points to a directory that contains it, and is kept as a link');
        stats = statusOf(onDisk, false);
      }
    }
    return this.readListed(root, path, onDisk, stats);
  }

  /** The same for an entry whose status is known. */
  private readListed(
    root: ScanRoot,
    path: string,
    onDisk: string,
    stats: SourceStatus | undefined,
  ): SourceEntry | undefined {
    const entry = stats === undefined ? undefined : readEntry(onDisk, stats, root.reading);
    if (entry === undefined) return undefined;
    if ('leftOut' in entry) {
      this.remark(path, entry.leftOut);
      return undefined;
    }
    for (const problem of entry.problems) this.remark(path, problem);
    return entry;
  }

  /** Whether a directory is `row` or above it. */
  private contains(row: number, { dev, ino }: FileIdentity): boolean {
    for (let above = row; above !== NONE; above = this.tree.parent[above]) {
      const identity = this.directories.get(above);
      if (identity?.ino === ino && identity.dev === dev) return true;
    }
    return false;
  }

  /** Puts an entry into the tree. A directory over a directory is merged with it, a file over a file replaces it. */
  private place(
    root: ScanRoot,
    parent: number,
    name: string,
    existing: number | undefined,
    entry: SourceEntry,
  ): number {
    const { tree } = this;
    const isDirectory = entry.type === FileType.DIRECTORY;
    if (existing !== undefined) {
      if (isPlainDirectory(tree.attributes[tree.inode[existing]]) !== isDirectory) {
        const what = isDirectory
          ? 'a directory cannot be laid over a file'
          : 'a file cannot be laid over a directory';
        throw new AppError('wim/bad-edit', `${tree.path(existing)}: ${what}`, { path: tree.path(existing) });
      }
      if (isDirectory) return existing;
      this.origins.pin(tree, existing);
      tree.dropLinks(existing);
      tree.detach(existing);
    }
    const key = this.hardLinkKey(entry);
    const known = key === undefined ? undefined : this.hardLinks.get(key);
    const row = tree.addEntry(parent, name, known ?? this.addInode(entry));
    if (known === undefined) {
      this.addStreams(root, row, entry);
      if (key !== undefined) this.hardLinks.set(key, tree.inode[row]);
    }
    if (isDirectory && this.options.dereference === true) {
      this.directories.set(row, { dev: entry.stats.dev, ino: entry.stats.ino });
    }
    return row;
  }

  /** Identity of a file that may have more names; undefined for one that has not. */
  private hardLinkKey({ stats, type, reparseData }: SourceEntry): string | undefined {
    // A WIM has no hard links between links: the field of the group is part of the reparse fields.
    if (type === FileType.DIRECTORY || reparseData !== undefined) return undefined;
    const canRecur = stats.nlink > 1n || this.options.dereference === true;
    return canRecur ? `${stats.dev}:${stats.ino}` : undefined;
  }

  private addInode(entry: SourceEntry): number {
    const { attributes, creationTime, accessTime, writeTime } = entry.facts;
    const inode = this.tree.addInode(attributes, creationTime, accessTime, writeTime);
    if (entry.tagged !== undefined) this.tree.extrasOf(inode).tagged = entry.tagged;
    return inode;
  }

  private addStreams(root: ScanRoot, row: number, { stats, type, reparseData, fixed }: SourceEntry): void {
    const { tree, origins } = this;
    const inode = tree.inode[row];
    if (reparseData !== undefined) {
      const extras = tree.extrasOf(inode);
      extras.reparseTag = ReparseTag.SYMLINK;
      extras.reparseReserved = 0;
      extras.reparseFlags = fixed === true ? 0 : 1;
      origins.addBytes(tree.addStream(inode, StreamKind.REPARSE, '', NONE, reparseData.length), reparseData);
    } else if (type === FileType.REGULAR) {
      const stream = tree.addStream(inode, StreamKind.DATA, '', NONE, Number(stats.size));
      origins.addFile(stream, row, root.number, statMilliseconds(stats.mtimeNs));
      this.bytes += Number(stats.size);
    }
  }

  /** Row of a directory of the tree, made with all its parents where missing. */
  private makeParents(names: readonly string[]): number {
    if (this.tree.entryCount === 0) this.addFiller(NONE, '');
    let row = 0;
    for (const name of names) {
      const child = this.findChild(row, name);
      if (child !== undefined && !isPlainDirectory(this.tree.attributes[this.tree.inode[child]])) {
        throw new AppError('wim/bad-edit', `${this.tree.path(child)} is not a directory`);
      }
      row = child ?? this.addFiller(row, name);
    }
    return row;
  }

  private addFiller(parent: number, name: string): number {
    const now = filetimeOfMilliseconds(Date.now());
    return this.tree.addEntry(parent, name, this.tree.addInode(FileAttribute.DIRECTORY, now, now, now));
  }

  private existingRoot(): number | undefined {
    return this.tree.entryCount > 0 ? 0 : undefined;
  }

  private findChild(parent: number, name: string): number | undefined {
    const key = sourceRules.key(name);
    for (const row of this.tree.children(parent))
      if (sourceRules.key(this.tree.name(row)) === key) return row;
    return undefined;
  }

  /** Children by the key of their name, undefined when there are none yet, as in all but overlaid directories. */
  private childrenByName(directory: number): Map<string, number> | undefined {
    if (this.tree.firstChild[directory] === NONE) return undefined;
    return new Map(
      Array.from(this.tree.children(directory), (row) => [sourceRules.key(this.tree.name(row)), row]),
    );
  }

  private remark(path: string, problem: string): void {
    this.notKept.push({ path, problem });
  }

  /** Reports, lets other work run, and ends the scan when it was cancelled. */
  private async breathe(path: string): Promise<void> {
    if (this.entries % ENTRIES_PER_REPORT === 0) this.report(path);
    if (performance.now() - this.lastBreath < BREATH) return;
    await setImmediate();
    this.lastBreath = performance.now();
    if (this.options.signal?.aborted === true) throw new CancelledError();
  }

  private report(currentPath?: string): void {
    this.options.onProgress?.({
      phase: 'Scanning',
      filesDone: this.tree.entryCount,
      filesTotal: 0,
      bytesDone: this.bytes,
      bytesTotal: 0,
      ...(currentPath === undefined ? {} : { currentPath }),
    });
  }
}

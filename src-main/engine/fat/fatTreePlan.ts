import { AppError } from '../../../src-shared/errors/appError';
import { FileAttribute, ReparseTag } from '../tree/attributes';
import type { RemarkTally } from '../tree/remarkTally';
import type { ApplyOptions } from '../tree/target';
import { NONE, StreamKind, type Tree } from '../tree/tree';
import { MAX_FAT_DEPTH, MAX_FAT_DIRECTORY, MAX_FAT_FILE, type FatEntryFacts } from './fatVolumeWriter';
import { faultOfName, longNameEntries, MAX_LONG_NAME, nameKey } from './names';
import { FatEntry } from './records';

/** An entry that will be there. */
export interface FatTreeEntry {
  readonly entry: number;
  readonly inode: number;
  readonly path: string;
  readonly isDirectory: boolean;
  /** Bytes; 0 for directories. */
  readonly size: number;
  /** Its unnamed stream, or NONE. */
  readonly stream: number;
  readonly facts: FatEntryFacts;
}

/** What a tree becomes on a FAT volume. */
export interface FatTreePlan {
  /** Parents before children; without the root. */
  readonly entries: readonly FatTreeEntry[];
  /** First of the entries of an inode. */
  readonly firstOf: ReadonlyMap<number, FatTreeEntry>;
}

interface PlanRequest {
  readonly tree: Tree;
  readonly root: number;
  readonly options: ApplyOptions;
  readonly sizeOf: (stream: number) => number;
  readonly bare?: ReadonlySet<number> | undefined;
}

/**
 * Decides what becomes of each entry below a root. Links and raw encrypted files are left out, further names of a file
 * become copies; both are told.
 * @throws AppError `target/cannot-keep` for a file of 4 GB or more: nobody wants an image without it
 */
export function planFatTree(request: PlanRequest, tally: RemarkTally): FatTreePlan {
  const { tree, root, options } = request;
  const entries: FatTreeEntry[] = [];
  const firstOf = new Map<number, FatTreeEntry>();
  const places = new Map<number, { readonly path: string; readonly depth: number }>([
    [root, { path: '', depth: 0 }],
  ]);
  for (const directory of tree.preorder(root)) {
    const place = places.get(directory);
    if (!place) continue;
    if (place.depth >= MAX_FAT_DEPTH && tree.firstChild[directory] !== NONE) {
      throw new AppError('target/cannot-keep', `${tree.path(directory)} is too deep for a FAT32 volume`);
    }
    const taken = new Set<string>();
    for (const entry of tree.children(directory)) {
      if (!isKept(tree, entry, tally)) continue;
      const name = usableName(tree, entry, taken, options, tally);
      if (name === undefined) continue;
      taken.add(nameKey(name));
      const planned = planEntry(request, entry, `${place.path}/${name}`);
      entries.push(planned);
      if (firstOf.has(planned.inode)) {
        tally.add('its hard link is not kept: it is a copy', () => tree.path(entry));
      } else {
        firstOf.set(planned.inode, planned);
      }
      if (planned.isDirectory) places.set(entry, { path: planned.path, depth: place.depth + 1 });
    }
  }
  return { entries, firstOf };
}

/**
 * Bytes that a plan takes: clusters of files, and of directories at most.
 * @throws AppError `target/cannot-keep` for a directory that FAT cannot hold
 */
export function fatTreeSize(plan: FatTreePlan, clusterSize: number): number {
  const round = (bytes: number) => Math.ceil(bytes / clusterSize) * clusterSize;
  const directories = new Map<string, number>([['', FatEntry.size]]);
  let total = 0;
  for (const { path, isDirectory, size } of plan.entries) {
    const slash = path.lastIndexOf('/');
    const parent = path.slice(0, slash);
    const bytes = (1 + longNameEntries(path.slice(slash + 1))) * FatEntry.size;
    directories.set(parent, (directories.get(parent) ?? 0) + bytes);
    if (isDirectory) directories.set(path, 2 * FatEntry.size);
    else total += round(size);
  }
  for (const [path, bytes] of directories) {
    if (bytes > MAX_FAT_DIRECTORY) {
      throw new AppError(
        'target/cannot-keep',
        `${path === '' ? '/' : path} has too many entries for a FAT32 volume`,
      );
    }
    total += round(bytes);
  }
  return total;
}

function planEntry({ tree, sizeOf, bare }: PlanRequest, entry: number, path: string): FatTreeEntry {
  const inode = tree.inode[entry];
  const isDirectory = (tree.attributes[inode] & FileAttribute.DIRECTORY) !== 0;
  const stream = isDirectory ? NONE : tree.findStream(inode, StreamKind.DATA);
  const size = stream === NONE ? 0 : sizeOf(stream);
  if (size > MAX_FAT_FILE) {
    throw new AppError(
      'target/cannot-keep',
      `${tree.path(entry)} has ${size} bytes; FAT32 holds files below 4 GB`,
    );
  }
  const facts: FatEntryFacts =
    bare?.has(entry) === true
      ? {}
      : {
          attributes: tree.attributes[inode],
          creationTime: tree.creationTime[inode],
          accessTime: tree.lastAccessTime[inode],
          writeTime: tree.lastWriteTime[inode],
        };
  return { entry, inode, path, isDirectory, size, stream, facts };
}

function isKept(tree: Tree, entry: number, tally: RemarkTally): boolean {
  const inode = tree.inode[entry];
  const tag = tree.extras.get(inode)?.reparseTag;
  const isReparse = (tree.attributes[inode] & FileAttribute.REPARSE_POINT) !== 0;
  if (isReparse && (tag === ReparseTag.SYMLINK || tag === ReparseTag.MOUNT_POINT)) {
    tally.add('FAT32 has no links: left out', () => tree.path(entry));
    return false;
  }
  if (tree.findStream(inode, StreamKind.ENCRYPTED_RAW) !== NONE) {
    tally.add('encrypted data cannot be written here: left out', () => tree.path(entry));
    return false;
  }
  return true;
}

/** The name of an entry on the volume; undefined for one that is left out. */
function usableName(
  tree: Tree,
  entry: number,
  taken: ReadonlySet<string>,
  options: ApplyOptions,
  tally: RemarkTally,
): string | undefined {
  const name = tree.name(entry);
  const fault = faultOfName(name) ?? (taken.has(nameKey(name)) ? 'is that of another entry' : undefined);
  if (fault === undefined) return name;
  if (options.includeInvalidNames !== true) {
    tally.add(`its name ${fault}: left out`, () => tree.path(entry));
    return undefined;
  }
  const given = repairName(name, taken);
  tally.add(`its name ${fault}: made under another name`, () => `${tree.path(entry)} as ${given}`);
  return given;
}

function repairName(name: string, taken: ReadonlySet<string>): string {
  const usable = [...name]
    .map((character) => (character < ' ' || '"*/:<>?\\|'.includes(character) ? '_' : character))
    .join('')
    .replace(/[. ]+$/, '');
  for (let number = 1; ; number++) {
    const suffix = ` (${number})`;
    const given = usable.slice(0, MAX_LONG_NAME - suffix.length).trimStart() + suffix;
    if (!taken.has(nameKey(given))) return given;
  }
}

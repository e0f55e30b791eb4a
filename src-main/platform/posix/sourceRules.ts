import { FileAttribute } from '../../engine/tree/attributes';
import { readFileFacts, readTargetFacts, type FileFacts } from '../windows/fileAttributes';
import { isVolumeRoot } from '../windows/paths';
import type { SourceStatus } from './directoryListing';
import { filetimeOfNanoseconds } from './filetime';
import { targetBelow, windowsTargetBelow, type FileIdentity } from './linkFixup';
import { makeSymlinkData, makeWindowsSymlinkData } from '../../engine/tree/symlinkReparse';
import { nameRulesOf } from './targetNames';
import { FileType } from '../../engine/tree/unixData';

/** Attributes and times as they go into the tree. */
export interface SourceFacts extends FileFacts {
  /** What of the file cannot be kept. */
  readonly problem?: string;
}

/** What differs between systems when a directory is scanned. */
export interface SourceRules {
  /** Attributes and times of a file; REPARSE_POINT of a symbolic link is the caller's. @throws as Node's calls do */
  facts(path: string, stats: SourceStatus): SourceFacts;
  /** Two names are one when their keys are equal. */
  key(name: string): string;
  /** An absolute link target relative to the root of the image; undefined when it lies outside of `root`. */
  targetBelow(root: FileIdentity, target: string): string | undefined;
  /** Reparse data of a symbolic link, undefined when the target is too long. */
  linkData(target: string): Uint8Array | undefined;
  /** What the source may have that is not read at all. */
  readonly notRead: readonly string[];
}

/** Unit in which a file system counts the room a file takes: POSIX st_blocks. */
const STAT_BLOCK = 512n;

function posixAttributes(stats: SourceStatus): number {
  const type = Number(stats.mode) & FileType.MASK;
  if (type === FileType.DIRECTORY) return FileAttribute.DIRECTORY;
  if (type !== FileType.REGULAR) return 0;
  // A file that takes less room than its size has holes.
  const isSparse = stats.blocks < (stats.size + STAT_BLOCK - 1n) / STAT_BLOCK;
  return isSparse ? FileAttribute.SPARSE_FILE : FileAttribute.NORMAL;
}

const posixRules: SourceRules = {
  facts(_path, stats) {
    const writeTime = filetimeOfNanoseconds(stats.mtimeNs);
    return {
      attributes: posixAttributes(stats),
      // Not every file system has a birth time; one rule for all of them makes captures comparable.
      creationTime: writeTime,
      accessTime: filetimeOfNanoseconds(stats.atimeNs),
      writeTime,
    };
  },
  key: (name) => name,
  targetBelow: (root, target) => (target.startsWith('/') ? targetBelow(root, target) : undefined),
  linkData: makeSymlinkData,
  notRead: [],
};

/** Set by the file system itself; data is read through it, so it must not come back as a promise of such storage. */
const transparentAttributes = FileAttribute.REPARSE_POINT | FileAttribute.ENCRYPTED;

/** Windows hides the root of a drive from the list of its files; a directory it is applied to must not vanish so. */
const rootOnlyAttributes = FileAttribute.HIDDEN | FileAttribute.SYSTEM;

const windowsRules: SourceRules = {
  facts(path, stats) {
    const own = readFileFacts(path);
    const isLink = (Number(stats.mode) & FileType.MASK) === FileType.SYMLINK;
    // A link whose status is that of its target is followed.
    const isFollowed = !isLink && (own.attributes & FileAttribute.REPARSE_POINT) !== 0;
    const facts = isFollowed ? readTargetFacts(path) : own;
    const dropped = transparentAttributes | (isVolumeRoot(path) ? rootOnlyAttributes : 0);
    const kept = { ...facts, attributes: facts.attributes & ~dropped };
    const isEncrypted = (facts.attributes & FileAttribute.ENCRYPTED) !== 0;
    return isEncrypted
      ? { ...kept, problem: 'it is encrypted here, and stored as this user reads it' }
      : kept;
  },
  key: (name) => nameRulesOf('win32').key(name),
  targetBelow: (root, target) => windowsTargetBelow(root, target),
  linkData: makeWindowsSymlinkData,
  notRead: [
    'security descriptors, named streams, short names, object IDs and extended attributes are not read on Windows',
    'junctions are kept as symbolic links; other reparse points are followed or left out',
  ],
};

/** Rules of the system that this program runs on. */
export const sourceRules: SourceRules = process.platform === 'win32' ? windowsRules : posixRules;

import type { BigIntStats } from 'node:fs';
import { FileAttribute } from '../../engine/tree/attributes';
import { getFileAttributes } from '../windows/fileAttributes';
import { filetimeOfNanoseconds } from './filetime';
import { makeSymlinkData, makeWindowsSymlinkData } from './symlinkReparse';
import { FileType } from './unixData';

/** What differs between systems when a directory is scanned. */
export interface SourceRules {
  /** File attributes of Windows; REPARSE_POINT of a symbolic link is the caller's. */
  attributes(path: string, stats: BigIntStats): number;
  creationTime(stats: BigIntStats): bigint;
  /** Reparse data of a symbolic link, undefined when the target is too long. */
  linkData(target: string): Uint8Array | undefined;
  /** What the source may have that is not read at all. */
  readonly notRead: readonly string[];
}

/** Unit in which a file system counts the room a file takes: POSIX st_blocks. */
const STAT_BLOCK = 512n;

const posixRules: SourceRules = {
  attributes(_path, stats) {
    const type = Number(stats.mode) & FileType.MASK;
    if (type === FileType.DIRECTORY) return FileAttribute.DIRECTORY;
    if (type !== FileType.REGULAR) return 0;
    // A file that takes less room than its size has holes.
    const isSparse = stats.blocks < (stats.size + STAT_BLOCK - 1n) / STAT_BLOCK;
    return isSparse ? FileAttribute.SPARSE_FILE : FileAttribute.NORMAL;
  },
  // Not every file system has a birth time; one rule for all of them makes captures comparable.
  creationTime: (stats) => filetimeOfNanoseconds(stats.mtimeNs),
  linkData: makeSymlinkData,
  notRead: [],
};

/** Set by the file system itself; data is read through it, so it must not come back as a promise of such storage. */
const transparentAttributes = FileAttribute.REPARSE_POINT | FileAttribute.ENCRYPTED;

const windowsRules: SourceRules = {
  attributes: (path) => getFileAttributes(path) & ~transparentAttributes,
  creationTime: (stats) => filetimeOfNanoseconds(stats.birthtimeNs),
  linkData: makeWindowsSymlinkData,
  notRead: [
    'security descriptors, named streams, short names, object IDs and extended attributes are not read on Windows',
    'junctions are kept as symbolic links; other reparse points are followed or left out',
  ],
};

/** Rules of the system that this program runs on. */
export const sourceRules: SourceRules = process.platform === 'win32' ? windowsRules : posixRules;

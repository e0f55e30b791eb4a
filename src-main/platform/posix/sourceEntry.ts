import type { BigIntStats } from 'node:fs';
import { AppError } from '../../../src-shared/errors/appError';
import { FileAttribute } from '../../engine/tree/attributes';
import type { ScanOptions } from '../../engine/tree/source';
import type { TaggedItem } from '../../engine/tree/tree';
import { rawFs } from '../rawFs';
import { systemErrorName } from '../systemErrors';
import type { FileFacts } from '../windows/fileAttributes';
import { getXattr, listXattrs } from './libc';
import type { FileIdentity } from './linkFixup';
import { decodeName, nativePath } from './nativePath';
import type { SourceStatus } from './directoryListing';
import { isGone, unreadable } from './sourceErrors';
import { sourceRules } from './sourceRules';
import {
  FileType,
  fitsXattrItem,
  makeUnixDataItem,
  makeXattrItem,
  type Xattr,
} from '../../engine/tree/unixData';

/** One file of the source, as far as it goes into the tree. */
export interface SourceEntry {
  readonly stats: SourceStatus;
  /** File type bits of the mode. */
  readonly type: number;
  /** Attributes and times. */
  readonly facts: FileFacts;
  readonly reparseData?: Uint8Array;
  /** The link's target was made relative to the root of the image. */
  readonly fixed?: boolean;
  readonly tagged?: TaggedItem[];
  /** What of it cannot be kept. */
  readonly problems: readonly string[];
}

/** How an entry is read. */
export interface EntryReading {
  readonly options: ScanOptions;
  /** The directory that absolute links are made relative to; undefined for no fix-up. */
  readonly fixupRoot?: FileIdentity | undefined;
  /** UNIX data items made so far: few differ, and inodes can share what is never changed. */
  readonly unixItems: Map<string, TaggedItem>;
}

/** Problems of an entry that cannot be kept at all. */
export interface LeftOut {
  readonly leftOut: string;
}

const nothing: readonly string[] = [];

/** Status of a path; undefined when nothing is there. @throws AppError `source/unreadable` */
export function statusOf(path: string, follow: boolean): BigIntStats | undefined {
  const options = { bigint: true, throwIfNoEntry: false } as const;
  try {
    return follow ? rawFs.statSync(nativePath(path), options) : rawFs.lstatSync(nativePath(path), options);
  } catch (error) {
    throw unreadable('read the status of', path, error);
  }
}

/**
 * Reads what a WIM keeps of a file apart from its data.
 * @returns undefined when it vanished meanwhile
 * @throws AppError `source/unreadable`, `source/bad-name` for a link's target that is not UTF-8
 */
export function readEntry(
  path: string,
  stats: SourceStatus,
  reading: EntryReading,
): SourceEntry | LeftOut | undefined {
  const type = Number(stats.mode) & FileType.MASK;
  const isPlain = type === FileType.REGULAR || type === FileType.DIRECTORY;
  if (!isPlain && type !== FileType.SYMLINK && reading.options.unixData !== true) {
    return { leftOut: 'a device node, pipe or socket is kept only with UNIX data' };
  }
  try {
    const facts = sourceRules.facts(path, stats);
    const unix =
      reading.options.unixData === true ? readUnixItems(path, stats, reading.unixItems) : undefined;
    const unkept = unix?.problems ?? nothing;
    const problems = facts.problem === undefined ? unkept : [...unkept, facts.problem];
    const tagged = unix === undefined ? {} : { tagged: unix.items };
    if (type !== FileType.SYMLINK) return { stats, type, facts, problems, ...tagged };
    const link = readLink(path, reading);
    if ('leftOut' in link) return link;
    const kind = FileAttribute.REPARSE_POINT | (pointsToDirectory(path) ? FileAttribute.DIRECTORY : 0);
    const linkFacts = { ...facts, attributes: facts.attributes | kind };
    return { stats, type, facts: linkFacts, problems, ...tagged, ...link };
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (isGone(error)) return undefined;
    throw unreadable('read', path, error);
  }
}

function readLink(
  path: string,
  reading: EntryReading,
): { reparseData: Uint8Array; fixed: boolean } | LeftOut {
  const bytes = rawFs.readlinkSync(nativePath(path), { encoding: 'buffer' });
  const target = decodeName(bytes);
  if (target === undefined) {
    const message = `the target of the link ${path} is not UTF-8: bytes ${bytes.toString('hex')}`;
    throw new AppError('source/bad-name', message, { path });
  }
  const root = reading.fixupRoot;
  const below = root === undefined ? undefined : sourceRules.targetBelow(root, target);
  const reparseData = sourceRules.linkData(below ?? target);
  if (reparseData === undefined) return { leftOut: 'link target is too long for reparse data' };
  return { reparseData, fixed: below !== undefined };
}

/** Windows marks a link by what it points to; one that leads nowhere counts as a link to a file. */
function pointsToDirectory(path: string): boolean {
  try {
    return rawFs.statSync(nativePath(path), { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    if (systemErrorName(error) !== undefined) return false;
    throw error;
  }
}

function readUnixItems(
  path: string,
  stats: SourceStatus,
  shared: Map<string, TaggedItem>,
): { items: TaggedItem[]; problems: readonly string[] } {
  const key = `${stats.uid} ${stats.gid} ${stats.mode} ${stats.rdev}`;
  let item = shared.get(key);
  if (item === undefined) {
    const [uid, gid, mode, rdev] = [stats.uid, stats.gid, stats.mode, stats.rdev].map(Number);
    item = makeUnixDataItem({ uid, gid, mode, rdev });
    shared.set(key, item);
  }
  const items = [item];
  const names = listXattrs(path);
  if (names.length === 0) return { items, problems: nothing };
  const xattrs: Xattr[] = [];
  const problems: string[] = [];
  for (const name of names) {
    const xattr = readXattr(path, name);
    if (xattr === undefined) continue;
    if (fitsXattrItem(xattr)) xattrs.push(xattr);
    else problems.push(`extended attribute ${name} is too large`);
  }
  if (xattrs.length > 0) items.push(makeXattrItem(xattrs));
  return { items, problems };
}

/** An attribute that was removed since it was listed is not there. */
function readXattr(path: string, name: string): Xattr | undefined {
  try {
    return [name, getXattr(path, name)];
  } catch (error) {
    if (systemErrorName(error) === 'ENODATA') return undefined;
    throw error;
  }
}

import { LISTED_MAXIMUM } from '../../../src-shared/contract/shapes';
import type { Work } from '../../../src-shared/contract/work';
import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import type { EngineHost } from '../../engine/os';
import { isPlainDirectory } from '../../engine/tree/attributes';
import { NONE, type Tree } from '../../engine/tree/tree';
import { loadImage, openWim, unloadImage } from '../../engine/wim/openWim';
import { directoryForImage } from '../../engine/wim/ops/apply';
import { chooseImage, chooseImages } from '../../engine/wim/ops/common';
import { findSelected, selectTree } from '../../engine/wim/ops/selectTree';
import { planOnDisk, type PlannedOnDisk } from '../disks/diskWork';
import type { TreeWork } from '../jobs/workPaths';
import { nameRules } from '../nameRules';
import { revisionOf } from '../revision';

/** Files of a directory that an application or extraction replaces. */
export interface ReplacedFiles {
  readonly total: number;
  /** Bytes of those files as they are now. */
  readonly bytes: number;
  /** Paths of the first of them. */
  readonly first: readonly string[];
  /** Another text when any of them is another one, or was written to. '' : there are none. */
  readonly digest: string;
  /** Of work that changes a disk: its plan, whose fingerprint is the digest. */
  readonly onDisk?: PlannedOnDisk;
}

/** What replaces no file. */
export const nothingReplaced: ReplacedFiles = { total: 0, bytes: 0, first: [], digest: '' };

/** Files that work replaces in its target directory, or what it erases on a disk; none for work on WIM files only. */
export async function replacedBy(host: EngineHost, work: Work, signal?: AbortSignal): Promise<ReplacedFiles> {
  const onDisk = await planOnDisk(host, work, signal === undefined ? {} : { signal });
  if (onDisk !== undefined) return erasedOn(onDisk);
  return work.verb === 'apply' || work.verb === 'extract'
    ? replacedFiles(host, work, signal)
    : nothingReplaced;
}

function erasedOn(onDisk: PlannedOnDisk): ReplacedFiles {
  const { erases, fingerprint } = onDisk.disk;
  const bytes = erases.reduce((sum, erasure) => sum + erasure.bytes, 0);
  return { total: erases.length, bytes, first: [], digest: fingerprint, onDisk };
}

/** What is found while it is looked for. */
interface Found {
  total: number;
  bytes: number;
  readonly first: string[];
  readonly hash: ReturnType<EngineHost['sha1']['start']>;
}

/** Names looked at between two pauses. */
const BATCH = 2000;

/** Compares what would come into a directory with what is there, by names. */
async function replacedFiles(host: EngineHost, work: TreeWork, signal?: AbortSignal): Promise<ReplacedFiles> {
  const { files } = host;
  const target = files.absolute(work.verb === 'apply' ? work.request.target : work.request.destination);
  if (files.status(target)?.kind !== 'directory' || files.list(target).length === 0) return nothingReplaced;
  const found: Found = { total: 0, bytes: 0, first: [], hash: host.sha1.start() };
  const wim = await openWim(host, files.absolute(work.request.wim), { ref: work.request.ref });
  try {
    if (work.verb === 'extract') {
      const { request } = work;
      const index = chooseImage(wim, request.image);
      const tree = loadImage(host, wim, index);
      const quiet = (): void => undefined;
      const paths = request.paths.length === 0 ? ['/'] : request.paths;
      const entries = findSelected(tree, paths, request, nameRules, `image ${index} of ${wim.path}`, quiet);
      const part = selectTree(tree, entries, request.preserveStructure === true, nameRules, quiet);
      await compare(host, part.tree, target, found, signal);
      return told(found);
    }
    const images = chooseImages(wim, work.request.image);
    for (const index of images) {
      const own = images.length === 1 && work.request.image !== 'all';
      const place = own ? target : files.join(target, directoryForImage(wim, index));
      await compare(host, loadImage(host, wim, index), place, found, signal);
      unloadImage(wim, index);
    }
    return told(found);
  } finally {
    wim.close();
  }
}

function told({ total, bytes, first, hash }: Found): ReplacedFiles {
  return { total, bytes, first, digest: total === 0 ? '' : Buffer.from(hash.digest()).toString('hex') };
}

/** Goes down only where the target has a directory of that name. */
async function compare(
  host: EngineHost,
  tree: Tree,
  target: string,
  found: Found,
  signal?: AbortSignal,
): Promise<void> {
  const { files } = host;
  const key = (name: string): string => (nameRules.ignoreCase ? name.toUpperCase() : name);
  const waiting: [entry: number, place: string][] = [[0, target]];
  let looked = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [directory, place] = next;
    const there = new Map(namesAt(host, place).map((name) => [key(name), name]));
    if (there.size === 0) continue;
    for (let entry = tree.firstChild[directory]; entry !== NONE; entry = tree.nextSibling[entry]) {
      if (++looked % BATCH === 0) {
        await host.breathe();
        if (signal?.aborted === true) throw new CancelledError();
      }
      const name = there.get(key(tree.name(entry)));
      if (name === undefined) continue;
      const path = files.join(place, name);
      const isDirectory = isPlainDirectory(tree.attributes[tree.inode[entry]]);
      const status = files.status(path);
      if (status?.kind === 'directory') {
        if (isDirectory) waiting.push([entry, path]);
        continue;
      }
      found.total += 1;
      found.bytes += status?.size ?? 0;
      const revision = revisionOf(files, path) ?? 'link to nothing';
      found.hash.update(Buffer.from(`${path}\t${revision}\n`, 'utf8'));
      if (found.first.length < LISTED_MAXIMUM) found.first.push(path);
    }
  }
}

/** Names in a directory; none in one that is not there or may not be read: the work says so itself. */
function namesAt({ files }: EngineHost, directory: string): string[] {
  try {
    return files.status(directory)?.kind === 'directory' ? files.list(directory) : [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [];
  }
}

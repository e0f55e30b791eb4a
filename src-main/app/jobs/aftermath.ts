import { AppError } from '../../../src-shared/errors/appError';
import type { Aftermath } from '../../../src-shared/contract/jobs';
import { isDriverWork, type Verb, type Work } from '../../../src-shared/contract/work';
import type { EngineHost } from '../../engine/os';
import { openWim } from '../../engine/wim/openWim';
import { wholePath } from '../../engine/wim/ops/splitAnew';
import { isTemporaryOf, staleTemporaries } from '../../engine/wim/write/wimSession';
import { writesDisk } from '../disks/diskWork';
import { targetOf, writtenWim } from './workPaths';

/**
 * Looks at what work left that was cut off. Nothing is changed.
 * @param startedAt when it began, ISO 8601; null for work that never did
 */
export async function inspect(host: EngineHost, work: Work, startedAt: string | null): Promise<Aftermath> {
  if (startedAt === null) return { state: 'untouched', leftovers: [] };
  const began = Date.parse(startedAt);
  const target = targetOf(work);
  if (target !== undefined && writesDisk(host, work))
    return { state: diskState(host, target, began), leftovers: [] };
  // A folder that work changes was never empty: what is in it tells nothing.
  if (target !== undefined && isDriverWork(work) && work.verb !== 'driversExport')
    return { state: 'unknown', leftovers: [] };
  if (target !== undefined) return { state: treeState(host, target, began), leftovers: [] };
  const wim = writtenWim(work);
  if (wim === undefined) return { state: 'untouched', leftovers: [] };
  return guarded(async () => {
    const path = host.files.realPath(host.files.absolute(wim));
    const leftovers = madeFiles(host, work, path)
      .flatMap((made) => staleTemporaries(host, made))
      .filter((name) => isAbandoned(host, name));
    return { state: await wimState(host, path, began, work.verb), leftovers };
  });
}

/**
 * Deletes leftovers of work, and looks again. Only what is named as a temporary file of the work's own destination and
 * is written by nobody is deleted.
 * @throws AppError `io/no-permission`
 */
export async function cleanUp(
  host: EngineHost,
  work: Work,
  startedAt: string | null,
  leftovers: readonly string[],
): Promise<Aftermath> {
  const wim = writtenWim(work);
  if (wim !== undefined) {
    const path = host.files.realPath(host.files.absolute(wim));
    for (const made of madeFiles(host, work, path)) {
      const known = new Set(staleTemporaries(host, made));
      for (const leftover of leftovers) {
        const own =
          known.has(leftover) && isTemporaryOf(host.files.baseName(made), host.files.baseName(leftover));
        if (own) removeAbandoned(host, leftover);
      }
    }
  }
  return inspect(host, work, startedAt);
}

/** Files that work makes under another name first. @param path its WIM file, links resolved */
function madeFiles(host: EngineHost, work: Work, path: string): string[] {
  const anew = work.verb === 'split' && work.request.compression !== undefined;
  return anew ? [path, wholePath(host, path)] : [path];
}

/** Whether nobody holds the lock that a writer keeps on its temporary file. */
function isAbandoned(host: EngineHost, path: string): boolean {
  return host.files.status(path)?.kind === 'file' && whileLocked(host, path, () => undefined);
}

function removeAbandoned(host: EngineHost, path: string): void {
  if (host.files.status(path)?.kind === 'file') whileLocked(host, path, () => host.files.remove(path));
}

/** @returns false when another program is writing the file */
function whileLocked(host: EngineHost, path: string, action: () => void): boolean {
  const file = host.files.openReadWrite(path);
  try {
    file.lock();
    action();
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'wim/busy') return false;
    throw error;
  } finally {
    file.close();
  }
}

/** Files get their own time from the image, so the directory's tells: it changes whenever a name comes into it. */
function treeState({ files }: EngineHost, target: string, began: number): Aftermath['state'] {
  const absolute = files.absolute(target);
  const status = files.status(absolute);
  if (status?.kind !== 'directory') return 'untouched';
  // An image may set the directory's time to any: then what is in it was made by this work or was there before.
  return files.list(absolute).length === 0 && status.modifiedMs < began ? 'untouched' : 'partial';
}

/** A disk's file tells by its time; of a physical disk nothing can be told without reading it. */
function diskState({ files }: EngineHost, target: string, began: number): Aftermath['state'] {
  const status = files.status(files.absolute(target));
  if (status === undefined) return 'untouched';
  if (status.kind !== 'file') return 'unknown';
  return status.modifiedMs < began - CLOCK_STEP ? 'untouched' : 'partial';
}

/** Verbs that change a file in place, and set it back when they do not come to their end: its time tells neither. */
const inPlace: ReadonlySet<Verb> = new Set([
  'delete',
  'export',
  'info',
  'update',
  'driversAdd',
  'driversRemove',
]);

/** Milliseconds by which a file's time may lie behind the clock: systems take it from a clock of coarse steps. */
const CLOCK_STEP = 20;

async function wimState(
  host: EngineHost,
  path: string,
  began: number,
  verb: Verb,
): Promise<Aftermath['state']> {
  const status = host.files.status(path);
  if (status?.kind !== 'file') return 'untouched';
  const wim = await openWim(host, path, { siblings: false });
  try {
    const cutOff =
      wim.leftoverBytes > 0 || wim.warnings.some((warning) => /cut off while it was adding/.test(warning));
    if (cutOff) return 'extended';
    if (inPlace.has(verb)) return status.modifiedMs < began - CLOCK_STEP ? 'untouched' : 'unknown';
    if (status.modifiedMs < began) return 'untouched';
    if (verb !== 'append') return 'written';
    // An append that was set back has touched the file, too: what it came to is its image.
    const newest = wim.xml.image(wim.images.length)?.creationTime ?? 0n;
    return milliseconds(newest) >= began ? 'written' : 'untouched';
  } finally {
    wim.close();
  }
}

/** Milliseconds since 1970 of a FILETIME. */
function milliseconds(fileTime: bigint): number {
  return Number(fileTime / 10_000n) - 11_644_473_600_000;
}

/** What cannot be looked at is unknown: that is an answer, too. */
async function guarded(look: () => Promise<Aftermath>): Promise<Aftermath> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { state: 'unknown', leftovers: [] };
  }
}

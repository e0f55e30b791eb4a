import { AppError } from '../../../src-shared/errors/appError';
import type { Erasure, Work } from '../../../src-shared/contract/work';
import type { DiskErasure } from '../../../src-shared/model/disks';
import type { EngineHost } from '../../engine/os';
import { openWim } from '../../engine/wim/openWim';
import { chooseImages } from '../../engine/wim/ops/common';
import { partPath } from '../../engine/wim/ops/split';
import { capped } from '../jobs/workResult';
import type { TreeWork } from '../jobs/workPaths';
import type { ReplacedFiles } from './replacedFiles';

/** What the engine's dry run of a split says of its parts. */
interface PlannedParts {
  /** How many there will be; null: that is known when the data has been compressed anew. */
  readonly parts: number | null;
}

/** What work takes away, with what is found there. Nothing is changed. */
export async function erasuresOf(
  host: EngineHost,
  work: Work,
  replaced: ReplacedFiles,
  planned: PlannedParts = { parts: 1 },
): Promise<Erasure[]> {
  switch (work.verb) {
    case 'capture':
      return replacedWim(host, work.request.wim);
    case 'join':
      return replacedWim(host, work.request.destination);
    case 'split':
      return replacedParts(host, work.request.destination, planned.parts);
    case 'delete':
      return deletedImages(host, work.request.wim, work.request.image);
    case 'apply':
    case 'extract':
      return replaced.onDisk === undefined
        ? replacedInTree(host, work, replaced)
        : replaced.onDisk.disk.erases.map(diskErasure);
    case 'diskCreate':
    case 'diskPrepare':
    case 'diskConvert':
    case 'diskWipe':
      return (replaced.onDisk?.disk.erases ?? []).map(diskErasure);
    // These add to a file, or make it anew with all that is in it.
    case 'append':
    case 'export':
    case 'info':
    case 'optimize':
    case 'update':
    case 'verify':
    case 'driversAdd':
    case 'driversExport':
    case 'driversRemove':
      return [];
  }
}

/** Whether work may take anything away: how many parts a split makes is not known here. */
export function takesAway(host: EngineHost, work: Work, replaced: ReplacedFiles): boolean {
  const { files } = host;
  const isFile = (path: string): boolean => files.status(files.absolute(path))?.kind === 'file';
  switch (work.verb) {
    case 'capture':
      return isFile(work.request.wim);
    case 'join':
      return isFile(work.request.destination);
    case 'split':
      return partsThere(host, work.request.destination).length > 0;
    case 'delete':
      return true;
    case 'apply':
    case 'extract':
    case 'diskCreate':
    case 'diskPrepare':
    case 'diskConvert':
    case 'diskWipe':
      return replaced.total > 0;
    case 'append':
    case 'export':
    case 'info':
    case 'optimize':
    case 'update':
    case 'verify':
    case 'driversAdd':
    case 'driversExport':
    case 'driversRemove':
      return false;
  }
}

/** A partition, or a disk that has none, with what it holds. */
function diskErasure({ disk, what, bytes, found }: DiskErasure): Erasure {
  if (/^file\b/i.test(what)) return { what: 'file', path: disk, bytes, found: capped(found) };
  const kind = /^partition\b/i.test(what) ? 'partition' : 'disk';
  return { what: kind, path: disk, name: what, bytes, found: capped(found) };
}

/** Files that have the name of a part of a set, whatever its number. @param first path of the first part */
export function partsThere({ files }: EngineHost, first: string): string[] {
  const path = files.absolute(first);
  const directory = files.directoryName(path);
  if (files.status(directory)?.kind !== 'directory') return [];
  const name = files.baseName(path);
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
  const isPart = (other: string): boolean =>
    other === name ||
    (other.startsWith(stem) &&
      other.endsWith(ending) &&
      /^(?:[2-9]|[1-9]\d{1,4})$/.test(other.slice(stem.length, other.length - ending.length)));
  return files
    .list(directory)
    .filter(isPart)
    .sort()
    .map((other) => files.join(directory, other))
    .filter((part) => files.status(part)?.kind === 'file');
}

async function replacedWim(host: EngineHost, path: string): Promise<Erasure[]> {
  const absolute = host.files.absolute(path);
  const status = host.files.status(absolute);
  if (status?.kind !== 'file') return [];
  return [
    { what: 'file', path: absolute, bytes: status.size, found: capped(await imagesOf(host, absolute)) },
  ];
}

/** Images of a file in words; none when it is no WIM, or one that cannot be read. */
async function imagesOf(host: EngineHost, path: string): Promise<string[]> {
  try {
    const wim = await openWim(host, path, { siblings: false });
    try {
      return wim.images.map((_, i) => `${i + 1}: ${wim.xml.image(i + 1)?.name ?? ''}`);
    } finally {
      wim.close();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [];
  }
}

async function replacedParts(host: EngineHost, first: string, parts: number | null): Promise<Erasure[]> {
  const erasures: Erasure[] = [];
  const paths =
    parts === null
      ? partsThere(host, first)
      : Array.from({ length: parts }, (_, i) => partPath(host, host.files.absolute(first), i + 1));
  for (const path of paths) erasures.push(...(await replacedWim(host, path)));
  return erasures;
}

async function deletedImages(host: EngineHost, path: string, choice: number | string): Promise<Erasure[]> {
  const absolute = host.files.absolute(path);
  const wim = await openWim(host, absolute, { siblings: false });
  try {
    return chooseImages(wim, choice).map((index) => {
      const image = wim.xml.image(index);
      return {
        what: 'image',
        path: absolute,
        bytes: Number(image?.totalBytes ?? 0),
        found: { total: 1, first: [`${index}: ${image?.name ?? ''}`] },
      };
    });
  } finally {
    wim.close();
  }
}

function replacedInTree(host: EngineHost, work: TreeWork, { total, bytes, first }: ReplacedFiles): Erasure[] {
  if (total === 0) return [];
  const target = work.verb === 'apply' ? work.request.target : work.request.destination;
  return [{ what: 'folder', path: host.files.absolute(target), bytes, found: { total, first: [...first] } }];
}

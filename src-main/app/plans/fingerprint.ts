import { AppError } from '../../../src-shared/errors/appError';
import { withoutConfirmation } from '../../../src-shared/contract/confirmation';
import type { Work } from '../../../src-shared/contract/work';
import type { EngineHost } from '../../engine/os';
import { readHeader } from '../../engine/wim/openWim';
import { partPath } from '../../engine/wim/ops/split';
import { expandReferences } from '../../engine/wim/siblings';
import { isWimPlace } from '../drivers/driverWork';
import { revisionOf } from '../revision';
import { readWims, sourcesOf, targetOf, writtenWim } from '../jobs/workPaths';
import { canonical } from './canonical';
import { partsThere } from './erasures';
import type { ReplacedFiles } from './replacedFiles';

/**
 * Entries at the top of a target directory that are looked at one by one: those beyond are told by the directory's own
 * time. Those that are replaced all count, wherever they lie.
 */
const TARGET_ENTRIES = 1000;

/**
 * A text that changes when anything changes that the work's plan rests on: the work itself, and identity, size and time
 * of the WIM files it reads and writes, of their parts, of what lies at the top of a target directory, and of the files
 * in it that are replaced. Sources of a capture count by their identity only: files in them come and go while the plan
 * stays true. It begins with the {@link imagesPart}.
 */
export function fingerprintOf(host: EngineHost, work: Work, replaced: ReplacedFiles): string {
  const { files } = host;
  const wim = writtenWim(work);
  const said = canonical(withoutConfirmation(work));
  const lines = [
    said,
    ...wimLines(host, [...(wim === undefined ? [] : [wim]), ...readWims(work)]),
    replaced.digest,
  ];
  if (work.verb === 'split') lines.push(...wimLines(host, partsThere(host, work.request.destination)));
  for (const source of sourcesOf(work)) {
    const absolute = files.absolute(source);
    lines.push(`${absolute}\t${files.status(absolute)?.identity ?? 'nothing'}`);
  }
  const target = targetOf(work);
  if (target !== undefined) lines.push(...targetLines(host, files.absolute(target)));
  const images = [said, ...wimLines(host, imageWims(work))];
  return `${digestOf(host, images)}.${digestOf(host, lines)}`;
}

/** The part of a fingerprint that changes with the WIM files whose images the work names, and with nothing else. */
export function imagesPart(fingerprint: string): string {
  return fingerprint.split('.', 1)[0];
}

/**
 * WIM files of whose images the work names some. An image is known by its number, which becomes that of another one when
 * an image before it is deleted.
 */
export function imageWims(work: Work): string[] {
  switch (work.verb) {
    case 'capture':
    case 'append': {
      const { updateOf, wim } = work.request;
      return updateOf === undefined ? [] : [updateOf.wim ?? wim];
    }
    case 'apply':
    case 'delete':
    case 'export':
    case 'extract':
    case 'info':
    case 'update':
      return [work.request.wim];
    case 'driversAdd':
    case 'driversExport':
    case 'driversRemove':
      return isWimPlace(work.request) ? [work.request.path] : [];
    case 'join':
    case 'optimize':
    case 'split':
    case 'verify':
    case 'diskCreate':
    case 'diskPrepare':
    case 'diskConvert':
    case 'diskWipe':
      return [];
  }
}

function wimLines(host: EngineHost, paths: readonly string[]): string[] {
  const { files } = host;
  const seen = new Set(paths.flatMap((path) => withParts(host, path)).map((path) => files.absolute(path)));
  return [...seen].map((path) => `${path}\t${revisionOf(files, path) ?? 'nothing'}`);
}

function digestOf(host: EngineHost, lines: readonly string[]): string {
  return Buffer.from(host.sha1.digest(Buffer.from(lines.join('\n'), 'utf8'))).toString('hex');
}

function targetLines({ files }: EngineHost, target: string): string[] {
  const status = files.status(target);
  const lines = [`${target}\t${status?.kind ?? 'nothing'}\t${revisionOf(files, target) ?? ''}`];
  if (status?.kind !== 'directory') return lines;
  for (const name of files.list(target).sort().slice(0, TARGET_ENTRIES)) {
    lines.push(`${name}\t${statusText(() => revisionOf(files, files.join(target, name)))}`);
  }
  return lines;
}

/** An entry that cannot be looked at is told by its name alone. */
function statusText(look: () => string | undefined): string {
  try {
    return look() ?? 'link to nothing';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code;
  }
}

/** A WIM and, when it is the first of a set or a pattern, the files that belong to it. */
function withParts(host: EngineHost, path: string): string[] {
  const absolute = host.files.absolute(path);
  if (host.files.status(absolute) === undefined && /[*?]/.test(host.files.baseName(absolute))) {
    return expanded(host, absolute);
  }
  return [absolute, ...furtherParts(host, absolute)];
}

function expanded(host: EngineHost, pattern: string): string[] {
  try {
    return expandReferences(host, [pattern]);
  } catch (error) {
    // A directory that is not there: the work says so itself.
    if (!(error instanceof AppError)) throw error;
    return [pattern];
  }
}

function furtherParts(host: EngineHost, path: string): string[] {
  const total = totalParts(host, path);
  const parts: string[] = [];
  for (let number = 2; number <= total; number++) parts.push(partPath(host, path, number));
  return parts;
}

/** Parts of the set that a file begins; 1 for what is no WIM or cannot be read. */
function totalParts({ files }: EngineHost, path: string): number {
  if (files.status(path)?.kind !== 'file') return 1;
  try {
    const file = files.openRead(path);
    try {
      const { partNumber, totalParts: total } = readHeader(file);
      return partNumber === 1 ? Math.min(total, TARGET_ENTRIES) : 1;
    } finally {
      file.close();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return 1;
  }
}

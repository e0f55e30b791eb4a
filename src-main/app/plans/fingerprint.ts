import { AppError } from '../../../src-shared/errors/appError';
import type { Work } from '../../../src-shared/contract/work';
import type { EngineHost } from '../../engine/os';
import { readHeader } from '../../engine/wim/openWim';
import { partPath } from '../../engine/wim/ops/split';
import { expandReferences } from '../../engine/wim/siblings';
import { revisionOf } from '../revision';
import { readWims, sourcesOf, targetOf, writtenWim } from '../jobs/workPaths';
import { canonical } from './canonical';

/** Entries of a target directory that are looked at one by one: those beyond are told by the directory's own time. */
const TARGET_ENTRIES = 1000;

/**
 * A text that changes when anything changes that the work's plan rests on: the work itself, and identity, size and time
 * of the WIM files it reads and writes, of their parts, and of what lies at the top of a target directory. Sources of a
 * capture count by their identity only: files in them come and go while the plan stays true.
 */
export function fingerprintOf(host: EngineHost, work: Work): string {
  const { files } = host;
  const lines = [canonical(work)];
  const seen = new Set<string>();
  const see = (path: string): void => {
    const absolute = files.absolute(path);
    if (seen.has(absolute)) return;
    seen.add(absolute);
    lines.push(`${absolute}\t${revisionOf(files, absolute) ?? 'nothing'}`);
  };
  const wim = writtenWim(work);
  for (const path of [...(wim === undefined ? [] : [wim]), ...readWims(work)]) {
    for (const file of withParts(host, path)) see(file);
  }
  for (const source of sourcesOf(work)) {
    const absolute = files.absolute(source);
    lines.push(`${absolute}\t${files.status(absolute)?.identity ?? 'nothing'}`);
  }
  const target = targetOf(work);
  if (target !== undefined) lines.push(...targetLines(host, files.absolute(target)));
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

import { LISTED_MAXIMUM } from '../../../src-shared/contract/shapes';
import type { DiskVerb, Verb, WorkResult } from '../../../src-shared/contract/work';
import type { DiskReport } from '../../../src-shared/model/disks';
import type {
  ApplyReport,
  CaptureReport,
  SplitReport,
  UpdateReport,
  VerifyReport,
  WriteReport,
} from '../../../src-shared/model/reports';
import type { WimSummary } from '../../../src-shared/model/summaries';

/** A list as it travels: all are counted, the first go along. */
export function capped<T>(all: readonly T[]): { total: number; first: T[] } {
  return { total: all.length, first: all.slice(0, LISTED_MAXIMUM) };
}

export function captureResult(verb: 'capture' | 'append', report: CaptureReport): WorkResult {
  const { directories, files, streams, bytes, streamsReused } = report;
  const { bytesSavedBySingleInstancing, bytesSavedByCompression } = report;
  return {
    ...writeResult(verb, report),
    directories,
    files,
    streams,
    bytes,
    bytesSavedBySingleInstancing: Math.max(0, bytesSavedBySingleInstancing),
    // Data that does not compress takes a little more with its tables than it had.
    bytesSavedByCompression: Math.max(0, bytesSavedByCompression),
    streamsReused,
    ...sourceLists(report),
    ...(report.damaged === undefined ? {} : { damaged: capped(report.damaged) }),
  };
}

export function updateResult(report: UpdateReport): WorkResult {
  return { ...writeResult('update', report), ...sourceLists(report) };
}

export function writeResult(verb: Verb, report: WriteReport): WorkResult {
  const { wim, image, size, bytesStored, bytesCopied, warnings } = report;
  return {
    verb,
    wim,
    ...(image === 0 ? {} : { image }),
    size,
    bytesStored,
    bytesCopied,
    warnings: capped(warnings),
  };
}

export function applyResult(verb: 'apply' | 'extract', wim: string, report: ApplyReport): WorkResult {
  const { target, image, directories, files, links, bytes, notKept, damaged, disk, warnings } = report;
  return {
    verb,
    wim,
    ...(image === 0 ? {} : { image }),
    target,
    directories,
    files,
    links,
    bytes,
    notKept: capped(notKept),
    damaged: capped(damaged),
    ...(disk?.summary === undefined
      ? {}
      : { disk: disk.summary, faults: capped(disk.faults.map((problem) => ({ path: target, problem }))) }),
    warnings: capped(warnings),
  };
}

export function diskResult(verb: DiskVerb, { disk, summary, faults, warnings }: DiskReport): WorkResult {
  return {
    verb,
    wim: '',
    target: disk,
    ...(summary === undefined ? {} : { disk: summary, size: summary.size }),
    faults: capped(faults.map((problem) => ({ path: disk, problem }))),
    warnings: capped(warnings),
  };
}

export function infoResult(summary: WimSummary): WorkResult {
  return { verb: 'info', wim: summary.path, size: summary.fileSize, warnings: capped(summary.warnings) };
}

export function splitResult(wim: string, { parts, warnings }: SplitReport): WorkResult {
  return {
    verb: 'split',
    wim,
    parts: parts.map(({ path, size }) => ({ path, size })),
    size: parts.reduce((sum, { size }) => sum + size, 0),
    warnings: capped(warnings),
  };
}

export function verifyResult(report: VerifyReport): WorkResult {
  const { wim, images, blobs, bytes, integrity, faults, perImage, warnings } = report;
  return {
    verb: 'verify',
    wim,
    images,
    blobs,
    bytes,
    integrity,
    faults: capped(faults),
    perImage: perImage.map((image) => ({ ...image })),
    warnings: capped(warnings),
  };
}

function sourceLists({
  excluded,
  notKept,
  changed,
}: Pick<UpdateReport, 'excluded' | 'notKept' | 'changed'>): Pick<
  WorkResult,
  'excluded' | 'notKept' | 'changed'
> {
  return { excluded: capped(excluded), notKept: capped(notKept), changed: capped(changed) };
}

import type {
  ApplyReport,
  CaptureReport,
  PlanReport,
  Remark,
  SplitReport,
  UpdateReport,
  VerifyReport,
  WriteReport,
} from '../../../src-shared/model/reports';
import type { CaptureRequest } from '../../../src-shared/model/requests';
import { countedText, sizeText } from './figures';

/** How many remarks of one kind are printed before the rest is only counted. */
const FEW = 10;

export interface ReportOptions {
  /** Print every remark. */
  readonly verbose: boolean;
}

/** Results in plain sentences: first what is true now, then figures, then what was left out or changed. */
export function renderCapture(
  report: CaptureReport,
  request: Pick<CaptureRequest, 'source' | 'updateOf'>,
  { verbose }: ReportOptions,
): string {
  if (report.plan !== undefined) return renderPlan(report.plan);
  const wim = report.wim === '-' ? 'Standard output' : `"${report.wim}"`;
  const image = report.image > 0 ? `image ${report.image}` : 'an image';
  const counts = `${countedText(report.directories, 'directory', 'directories')} and ${countedText(report.files, 'file')}`;
  return lines(
    `${wim} holds "${request.source}" as ${image}: ${counts}, ${sizeText(report.bytes)}.`,
    ...renderSavings(report, request.updateOf),
    ...remarks(
      'Excluded',
      report.excluded.map(({ path, pattern }) => `${path} (${pattern})`),
      verbose,
    ),
    ...remarkList('Damaged on the volume, and missing in the image', report.damaged ?? [], verbose),
    ...remarkList('Not kept', report.notKept, verbose),
    ...remarkList('Changed while it was read', report.changed, verbose),
  );
}

/** What was stored and what was not. */
function renderSavings(report: CaptureReport, updateOf: CaptureRequest['updateOf']): string[] {
  const { bytes, bytesStored, bytesSavedByCompression, bytesSavedBySingleInstancing, streamsReused } = report;
  const stored = `${sizeText(bytesStored)} stored`;
  const compression = `compression ${sizeText(bytesSavedByCompression)}`;
  if (streamsReused === 0) {
    return [`${stored}; single instancing saved ${sizeText(bytesSavedBySingleInstancing)}, ${compression}.`];
  }
  // Data taken from the earlier image never reached the single instancing, which so knows nothing of it.
  const notStored = Math.max(0, bytes - bytesStored - bytesSavedByCompression);
  const since = updateOf === undefined ? 'an earlier image' : `image ${imageText(updateOf, report.wim)}`;
  const [were, streams] = [streamsReused === 1 ? 'was' : 'were', countedText(streamsReused, 'stream')];
  return [
    `${streams}, unchanged since ${since}, ${were} not read again.`,
    `${stored}; single instancing saved ${sizeText(notStored)}, ${compression}.`,
  ];
}

function imageText({ wim, image }: NonNullable<CaptureRequest['updateOf']>, written: string): string {
  const shown = typeof image === 'number' ? String(image) : `"${image}"`;
  return wim === undefined || wim === written ? shown : `${shown} of "${wim}"`;
}

export function renderApply(
  report: ApplyReport,
  done: 'applied' | 'extracted',
  { verbose }: ReportOptions,
): string {
  if (report.plan !== undefined) return renderPlan(report.plan);
  const counts = [
    countedText(report.directories, 'directory', 'directories'),
    countedText(report.files, 'file') +
      (report.links > 0 ? ` (${countedText(report.links, 'further hard link')} among them)` : ''),
  ].join(', ');
  const one =
    done === 'applied' ? `Image ${report.image} is` : `What was asked for from image ${report.image} is`;
  const all = done === 'applied' ? 'Every image is in a directory of its name' : 'What was asked for is';
  const what = report.image === 0 ? all : one;
  // What is extracted from a volume is of no image.
  const damagedTitle =
    report.image === 0 && done === 'extracted'
      ? 'Damaged on the volume, and missing in what was extracted'
      : 'Damaged in the WIM and written all the same';
  return lines(
    `${what} in "${report.target}": ${counts}, ${sizeText(report.bytes)}.`,
    ...remarkList(damagedTitle, report.damaged, verbose),
    ...remarkList('Not kept', report.notKept, verbose),
  );
}

export function renderWrite(report: WriteReport, what: string): string {
  if (report.plan !== undefined) return renderPlan(report.plan);
  return lines(
    what,
    `${sizeText(report.size)} in the file; ${sizeText(report.bytesStored)} stored, ` +
      `${sizeText(report.bytesCopied)} copied as they were.`,
  );
}

export function renderUpdate(report: UpdateReport, what: string, { verbose }: ReportOptions): string {
  if (report.plan !== undefined) return renderPlan(report.plan);
  return (
    renderWrite(report, what) +
    lines(
      ...remarks(
        'Excluded',
        report.excluded.map(({ path, pattern }) => `${path} (${pattern})`),
        verbose,
      ),
    )
  );
}

export function renderSplit(report: SplitReport, wim: string): string {
  if (report.plan !== undefined) return renderPlan(report.plan);
  return lines(
    `"${wim}" is split into ${countedText(report.parts.length, 'part')}.`,
    ...report.parts.map(({ path, size }) => `  ${path}  ${sizeText(size)}`),
  );
}

export function renderVerify(report: VerifyReport, { verbose }: ReportOptions): string {
  const integrity = {
    ok: 'The integrity table agrees.',
    absent: 'The file has no integrity table; its data was checked all the same.',
    failed: 'The integrity table does not agree with the file.',
  }[report.integrity];
  const read = `${countedText(report.images, 'image')}, ${countedText(report.blobs, 'blob')}, ${sizeText(report.bytes)}`;
  return lines(
    report.faults.length === 0 && report.integrity !== 'failed'
      ? `"${report.wim}" is sound: ${read} read and compared with their hashes.`
      : `"${report.wim}" is damaged: ${read} read.`,
    integrity,
    ...remarkList('Faults', report.faults, verbose),
  );
}

/** The same plan for every verb: steps, space, warnings. */
export function renderPlan(plan: PlanReport): string {
  const space =
    plan.spaceNeeded === null
      ? ''
      : `Space needed: at most ${sizeText(plan.spaceNeeded)}` +
        (plan.spaceFree === null ? '.' : `; ${sizeText(plan.spaceFree)} free.`);
  return lines(
    'Nothing was written. This would be done:',
    ...plan.steps.map((step, i) => `  ${i + 1}. ${step}`),
    space,
    ...plan.warnings.map((warning) => `Note: ${warning}`),
  );
}

function remarkList(title: string, list: readonly Remark[], verbose: boolean): string[] {
  return remarks(
    title,
    list.map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`)),
    verbose,
  );
}

function remarks(title: string, list: readonly string[], verbose: boolean): string[] {
  if (list.length === 0) return [];
  const shown = verbose ? list : list.slice(0, FEW);
  const rest = list.length - shown.length;
  return [
    `${title} (${list.length}):`,
    ...shown.map((line) => `  ${line}`),
    ...(rest > 0 ? [`  and ${countedText(rest, 'more', 'more')}; --verbose lists all`] : []),
  ];
}

function lines(...texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .map((text) => `${text}\n`)
    .join('');
}

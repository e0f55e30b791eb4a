import type { JobRecord } from '../../../src-shared/contract/jobs';
import type { WorkResult } from '../../../src-shared/contract/work';
import { formatBytes, formatCount, formatDuration, formatRate } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';

/** The figures of a result, named; what the verb does not have is left out. */
export function resultFigures(
  job: JobRecord,
  result: WorkResult,
  t: Translate,
): (readonly [string, string])[] {
  const seconds = secondsOf(job);
  const figures: (readonly [string, string] | null)[] = [
    bytes(t('wizards.figure.wimSize'), result.size),
    counted(t('wizards.figure.files'), result.files),
    counted(t('wizards.figure.folders'), result.directories),
    bytes(t('wizards.figure.data'), result.bytes),
    bytes(t('wizards.figure.stored'), result.bytesStored),
    bytes(t('wizards.figure.savedSingle'), result.bytesSavedBySingleInstancing),
    bytes(t('wizards.figure.savedCompression'), result.bytesSavedByCompression),
    result.streamsReused === undefined || result.streamsReused === 0
      ? null
      : counted(t('wizards.figure.reused'), result.streamsReused),
    result.links === undefined || result.links === 0
      ? null
      : counted(t('wizards.figure.links'), result.links),
    seconds === null ? null : [t('wizards.figure.time'), formatDuration(seconds)],
    seconds === null || seconds <= 0 || result.bytes === undefined || result.bytes === 0
      ? null
      : [t('wizards.figure.rate'), formatRate(Math.round(result.bytes / seconds))],
  ];
  return figures.filter((figure) => figure !== null);
}

function bytes(name: string, value: number | undefined): readonly [string, string] | null {
  return value === undefined ? null : [name, formatBytes(value)];
}

function counted(name: string, value: number | undefined): readonly [string, string] | null {
  return value === undefined ? null : [name, formatCount(value)];
}

/** Seconds that a job took; null while it runs. */
export function secondsOf({ startedAt, endedAt }: JobRecord): number | null {
  if (startedAt === null || endedAt === null) return null;
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

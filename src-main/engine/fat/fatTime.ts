import { UNIX_EPOCH } from '../wim/fileTime';

/** Time of a directory entry. */
export interface FatTime {
  readonly date: number;
  /** In steps of two seconds. */
  readonly time: number;
  /** 10 ms within the two seconds, 0 to 199. */
  readonly tenths: number;
}

const FIRST = Date.UTC(1980, 0, 1);
const LAST = Date.UTC(2107, 11, 31, 23, 59, 58);

/**
 * FAT has no time zone: whoever reads it takes it for local time. UTC is written, so that the same input always makes
 * the same volume. Times outside of 1980 to 2107 become the nearest one.
 * @param fileTime 100 ns since 1601
 */
export function fatTimeOf(fileTime: bigint): FatTime {
  const milliseconds = Number((fileTime - UNIX_EPOCH) / 10_000n);
  const date = new Date(Math.min(Math.max(milliseconds, FIRST), LAST));
  const seconds = date.getUTCSeconds();
  return {
    date: ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate(),
    time: (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (seconds >> 1),
    tenths: (seconds & 1) * 100 + Math.floor(date.getUTCMilliseconds() / 10),
  };
}

/** @returns FILETIME; 0 where the date is none */
export function fileTimeOfFat(date: number, time: number, tenths = 0): bigint {
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  if (month < 1 || month > 12 || day < 1) return 0n;
  const milliseconds = Date.UTC(year, month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2);
  return BigInt(milliseconds + tenths * 10) * 10_000n + UNIX_EPOCH;
}

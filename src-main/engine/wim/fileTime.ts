/** FILETIME of 1970-01-01: 100 ns intervals since 1601-01-01 UTC. */
export const UNIX_EPOCH = 116_444_736_000_000_000n;

/** ISO 8601 with seven decimals, the full precision of a FILETIME. */
export function isoTime(fileTime: bigint): string {
  const ticks = fileTime - UNIX_EPOCH;
  const seconds = ticks >= 0n ? ticks / 10_000_000n : (ticks - 9_999_999n) / 10_000_000n;
  const fraction = ticks - seconds * 10_000_000n;
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return `FILETIME ${fileTime}`;
  return `${date.toISOString().slice(0, -5)}.${fraction.toString().padStart(7, '0')}Z`;
}

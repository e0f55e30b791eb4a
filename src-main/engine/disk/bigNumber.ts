/** A 64-bit field as a number; what is over 2^53 becomes infinite, and so lies outside of every file and limit. */
export function toNumber(value: bigint): number {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : Number.POSITIVE_INFINITY;
}

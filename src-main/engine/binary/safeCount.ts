/**
 * A sum of sizes as a whole number that JSON holds exactly. A file may claim sizes that add up to more: those become
 * the largest such number.
 */
export function safeCount(value: number): number {
  return Math.round(Math.min(Math.max(0, value), Number.MAX_SAFE_INTEGER));
}

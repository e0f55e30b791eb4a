/** Time of one fuzz target in the ordinary test run. */
const SHORT_SECONDS = 3;

/**
 * How long one fuzz target runs, in milliseconds: a few seconds in the ordinary run, WIMSMITH_FUZZ_SECONDS under
 * `npm run fuzz`. For fast-check: `{ interruptAfterTimeLimit: fuzzMilliseconds(), numRuns: Infinity }`.
 */
export function fuzzMilliseconds(shortSeconds = SHORT_SECONDS): number {
  const long = Number(process.env.WIMSMITH_FUZZ_SECONDS ?? '');
  return (long > 0 ? long : shortSeconds) * 1000;
}

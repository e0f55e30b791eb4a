/** Time of one fuzz target in the ordinary test run. */
const SHORT_SECONDS = 3;
/** What the ordinary run takes of the times that targets ask for: the long run is for finding, this one for keeping. */
const SHORT_SHARE = 0.5;

/**
 * How long one fuzz target runs, in milliseconds: a few seconds in the ordinary run, WIMSMITH_FUZZ_SECONDS under
 * `npm run fuzz`. For fast-check: `{ interruptAfterTimeLimit: fuzzMilliseconds(), numRuns: Infinity }`.
 */
export function fuzzMilliseconds(shortSeconds = SHORT_SECONDS): number {
  const long = Number(process.env.WIMSMITH_FUZZ_SECONDS ?? '');
  return (long > 0 ? long : shortSeconds * SHORT_SHARE) * 1000;
}

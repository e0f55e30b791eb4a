import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** `npm run fuzz` sets it: the long run of each fuzz target, in seconds. */
const fuzzSeconds = Number(process.env.WIMSMITH_FUZZ_SECONDS ?? 0);

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    // Processes, not threads: tests start worker threads themselves, and some change the umask or the locale.
    pool: 'forks',
    // One more than the processors of a small machine: tests of windows and of whole programs wait for much of their time.
    maxWorkers: 3,
    testTimeout: 120_000 + fuzzSeconds * 1000,
    hookTimeout: 120_000,
  },
});

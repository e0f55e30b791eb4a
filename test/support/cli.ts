import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll } from 'vitest';
import { buildAll } from '../../build/bundle.mjs';

/** WIMSMITH_CLI names another built program to test, a packaged one for instance; it is run as it is. */
const givenProgram = process.env.WIMSMITH_CLI;
const program = givenProgram ?? path.resolve(__dirname, '../../dist/wimsmith.cjs');

if (givenProgram === undefined) {
  beforeAll(async () => {
    await buildAll();
  });
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever that is; times are printed in UTC and text in UTF-8. */
export function run(command: string, args: readonly string[], input = ''): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    encoding: 'utf8',
    input,
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** Runs a program that must succeed. @returns what it wrote to standard output */
export function succeed(command: string, ...args: readonly string[]): string {
  const outcome = run(command, args);
  if (outcome.status !== 0) {
    const output = (outcome.stdout + outcome.stderr).slice(0, 2000);
    throw new Error(`exit code ${String(outcome.status)} from: ${[command, ...args].join(' ')}\n${output}`);
  }
  return outcome.stdout;
}

/** Runs wimsmith to its end, whatever that is. */
export function wimsmithOutcome(...args: readonly string[]): Outcome {
  return run(process.execPath, [program, ...args]);
}

/** Runs wimsmith, which must succeed. @returns what it wrote to standard output */
export function wimsmith(...args: readonly string[]): string {
  return succeed(process.execPath, program, ...args);
}

/** The result in the JSON document of a wimsmith run that must succeed. */
export function wimsmithResult<T>(...args: readonly string[]): T {
  return (JSON.parse(wimsmith(...args, '--json')) as { readonly result: T }).result;
}

/** Runs wimlib-imagex, which must succeed, without its progress. @returns what it wrote to standard output */
export function wimlib(...args: readonly string[]): string {
  return succeed('wimlib-imagex', ...args, '--quiet');
}

/** Runs 7-Zip, which must succeed. @returns what it wrote to standard output */
export function sevenZip(...args: readonly string[]): string {
  return succeed('7z', ...args);
}

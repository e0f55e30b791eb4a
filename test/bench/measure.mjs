// Runs a program and says what it cost: wall time, processor time, memory.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** GNU time: what a finished child used is told to its parent only, and Node does not pass it on. */
const TIME = '/usr/bin/time';
const hasTime = existsSync(TIME);
const scratch = mkdtempSync(path.join(os.tmpdir(), 'wimsmith-measure-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** A program that ended with an error: there is nothing to measure. */
export class RunError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'RunError';
  }
}

/**
 * @typedef {object} Cost
 * @property {number} wall seconds, with the start of the process
 * @property {number | undefined} cpu seconds of all threads, user and system
 * @property {number | undefined} peak largest resident memory, bytes; undefined without GNU time
 */

/**
 * Runs a command to its end.
 * @param {readonly string[]} command program and arguments
 * @param {{ cwd?: string, input?: string, tolerates?: RegExp }} [options] tolerates: error lines that are no failure
 *   when all that a program said were such
 * @returns {Cost}
 * @throws {RunError} for an exit code that is not 0
 */
export function measure(command, { cwd, input = '', tolerates } = {}) {
  const report = path.join(scratch, 'cost');
  const [program, ...args] = hasTime
    ? [TIME, '--quiet', '--format=%U %S %M', `--output=${report}`, ...command]
    : command;
  const start = performance.now();
  const { status, signal, stderr, error } = spawnSync(program, args, {
    cwd,
    input,
    stdio: ['pipe', 'ignore', 'pipe'],
    maxBuffer: 1 << 26,
  });
  const wall = (performance.now() - start) / 1000;
  if (error !== undefined) throw new RunError(`${command[0]}: ${error.message}`);
  if (status !== 0 && !isTolerated(stderr.toString('utf8'), tolerates)) {
    const said = stderr.toString('utf8').trim().split('\n').slice(-3).join(' | ');
    throw new RunError(`${command.join(' ')} ended with ${status ?? signal}: ${said}`);
  }
  if (!hasTime) return { wall, cpu: undefined, peak: undefined };
  const [user, system, kilobytes] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
  return { wall, cpu: user + system, peak: kilobytes * 1024 };
}

function isTolerated(text, tolerates) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return tolerates !== undefined && lines.length > 0 && lines.every((line) => tolerates.test(line));
}

/**
 * The first line that a program prints, or undefined when it is not installed.
 * @param {readonly string[]} command
 */
export function firstLine([program, ...args]) {
  const { status, stdout, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined || status !== 0) return undefined;
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '');
}

/** Our program's command line without arguments. @param {string} [bundle] another build of it */
export function wimsmith(bundle = path.join(root, 'dist', 'wimsmith.cjs')) {
  return [process.execPath, bundle];
}

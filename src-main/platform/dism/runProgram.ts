import { spawn } from 'node:child_process';
import { toAppError } from '../systemErrors';

export interface ProgramResult {
  readonly exitCode: number;
  /** Standard output, and standard error behind it. */
  readonly output: string;
}

/**
 * Runs a program without a shell and without a window, to its end.
 * @param onOutput gets standard output as it comes, in parts that end anywhere
 * @throws AppError when it cannot be started, or was ended from outside
 */
export type RunProgram = (
  program: string,
  args: readonly string[],
  onOutput?: (text: string) => void,
) => Promise<ProgramResult>;

/** More than this is kept of no output: megabytes would be no list of drivers. */
const MAX_OUTPUT = 16 * 2 ** 20;

/** Bytes are taken for Latin-1: what is looked for is ASCII, and paths are known by their order. */
export const runProgram: RunProgram = (program, args, onOutput) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      shell: false,
    });
    const kept: Record<'out' | 'error', string> = { out: '', error: '' };
    const keep = (which: 'out' | 'error', text: string): void => {
      if (kept[which].length < MAX_OUTPUT) kept[which] += text;
    };
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      keep('out', text);
      onOutput?.(text);
    });
    child.stderr.setEncoding('latin1').on('data', (text: string) => keep('error', text));
    child.on('error', (error) => reject(toAppError(error, 'run', program)));
    child.on('close', (code, signal) => {
      if (code === null) {
        reject(toAppError(new Error(`ended by ${signal ?? 'nobody'}`), 'run', program));
        return;
      }
      resolve({ exitCode: code, output: kept.error === '' ? kept.out : `${kept.out}\n${kept.error}` });
    });
  });

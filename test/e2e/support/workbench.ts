import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, onTestFinished } from 'vitest';
import { buildAll } from '../../../build/bundle.mjs';

/** WIMSMITH_DIST names another built program to test, a packaged one for instance; it is run as it is. */
const givenProgram = process.env.WIMSMITH_DIST;
const distribution = givenProgram ?? path.resolve(__dirname, '../../../dist');

let building: Promise<unknown> | undefined;

/** Builds what is older than its sources, once for each test file: no page is replaced under an open window. */
function built(): Promise<unknown> {
  building ??= givenProgram === undefined ? buildAll() : Promise.resolve();
  return building;
}

/** A host that was started for tests. */
export interface StartedHost {
  /** Address with its token. */
  readonly address: string;
  readonly port: number;
  readonly data: string;
  readonly process: ChildProcess;
  /** Ends it as Ctrl-C does, and waits until it is gone. */
  stop(): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

/**
 * Starts the headless host on a data directory of its own and waits for its line. The person's home is in that
 * directory too: no test writes into the real one.
 * @param before goes in front of node: a program that changes the user
 * @throws Error with what it printed, when it ends before
 */
export async function startHost(
  data: string,
  args: readonly string[] = [],
  before: readonly string[] = [],
): Promise<StartedHost> {
  await built();
  const home = path.join(data, 'home');
  mkdirSync(home, { recursive: true });
  const program = path.join(distribution, 'headless.cjs');
  const [command, ...rest] = [...before, process.execPath, program, '--data', data, ...args];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: home },
  });
  let printed = '';
  child.stderr.on('data', (text: Buffer) => (printed += text.toString()));
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed += `${line}\n`;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(line);
      if (found !== null) resolve(found[0]);
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the host ended with ${code ?? 'a signal'}: ${printed}`)));
  });
  const end = async (signal: 'SIGINT' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return {
    address,
    port: Number(new URL(address).port),
    data,
    process: child,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
  };
}

/** Ends hosts when the test, or outside of one the file, is over. */
export function endLater(started: StartedHost, inTest: boolean): StartedHost {
  if (inTest) onTestFinished(() => started.kill());
  else afterAll(() => started.kill());
  return started;
}

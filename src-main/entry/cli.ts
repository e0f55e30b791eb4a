import { constants, setPriority } from 'node:os';
import process from 'node:process';
import { version } from '../../package.json';
import {
  type CliEnvironment,
  OutputClosedError,
  type OutputStream,
  type TextFiles,
} from '../cli/environment';
import { runCli } from '../cli/main';
import { rawFs } from '../platform/rawFs';
import { systemErrorName, toAppError } from '../platform/systemErrors';

/** Requests to stop. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends what was started for the verb; nothing when no verb ran. */
let closeHost: () => Promise<void> = () => Promise.resolve();

const environment: CliEnvironment = {
  async verbs() {
    const [{ createNodeHost }, { createImagingService }] = await Promise.all([
      import('../workers/nodeHost'),
      import('../app/imagingService'),
    ]);
    const host = createNodeHost({ appDirectory: __dirname });
    closeHost = () => host.close();
    return createImagingService(host);
  },
  stdout: outputOf(process.stdout, 'standard output'),
  stderr: outputOf(process.stderr, 'standard error'),
  stdin: {
    // Standard input is opened by looking at it; most lines never do.
    get isTTY() {
      return process.stdin.isTTY;
    },
    get chunks() {
      return process.stdin as AsyncIterable<Uint8Array>;
    },
    readLine: () => readLine(process.stdin),
    async readAll() {
      const parts: Uint8Array[] = [];
      for await (const part of process.stdin as AsyncIterable<Uint8Array>) parts.push(part);
      return Buffer.concat(parts);
    },
  },
  files: textFiles(),
  platform: process.platform,
  version,
  now: () => performance.now(),
  time: () => new Date().toISOString(),
  onInterrupt(listener) {
    for (const signal of signals) process.on(signal, listener);
    return () => {
      for (const signal of signals) process.off(signal, listener);
    };
  },
  // Threads begin with the priority of the one that starts them; none is started before.
  lowerPriority: () => setPriority(constants.priority.PRIORITY_BELOW_NORMAL),
  exitNow: (code) => process.exit(code),
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
};

/** One line that a person types. The input is paused again afterwards: it must not keep the program alive. */
function readLine(input: NodeJS.ReadStream): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let text = '';
    const decoder = new TextDecoder();
    const settle = (line: string | undefined): void => {
      input.off('data', take);
      input.off('end', end);
      input.off('error', reject);
      input.pause();
      resolve(line);
    };
    const take = (part: Buffer): void => {
      text += decoder.decode(part, { stream: true });
      const at = text.indexOf('\n');
      if (at >= 0) settle(text.slice(0, at).replace(/\r$/, ''));
    };
    const end = (): void => settle(text === '' ? undefined : text);
    input.on('data', take);
    input.on('end', end);
    input.on('error', reject);
  });
}

function outputOf(stream: NodeJS.WriteStream, name: string): OutputStream {
  // Each failed write reports its error to its own callback as well; unheard, this event would end the program.
  stream.on('error', () => undefined);
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    write: (data) =>
      new Promise((resolve, reject) => {
        stream.write(data, (error) => {
          if (error) reject(writeError(error, name));
          else resolve();
        });
      }),
  };
}

function writeError(error: Error, name: string): Error {
  const closed =
    'code' in error && (error.code === 'ERR_STREAM_DESTROYED' || error.code === 'ERR_STREAM_WRITE_AFTER_END');
  return closed || systemErrorName(error) === 'EPIPE'
    ? new OutputClosedError()
    : toAppError(error, 'write to', name);
}

function textFiles(): TextFiles {
  const guarded = async <T>(doing: string, path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toAppError(error, doing, path);
    }
  };
  return {
    read: (path) => guarded('read', path, () => rawFs.promises.readFile(path)),
    write: (path, bytes) => guarded('write', path, () => rawFs.promises.writeFile(path, bytes)),
    append: (path, text) => guarded('append to', path, () => rawFs.promises.appendFile(path, text)),
  };
}

async function start(): Promise<void> {
  const code = await runCli(process.argv.slice(2), environment);
  // Threads that are being ended keep nothing alive: the program may be over before all of them have told so.
  process.exitCode = code;
  await closeHost();
  // Everything written has left the program by now; an input that nobody reads to its end must not keep it alive.
  process.exit(code);
}

void start();

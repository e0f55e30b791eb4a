import { homedir } from 'node:os';
import process from 'node:process';
import { version } from '../../package.json';
import { AppError } from '../../src-shared/errors/appError';
import { createWorkbench } from '../app/workbench';
import { runHeadless } from '../headless/run';
import { dataDirectory } from '../platform/dataDirectory';

/** Requests to end. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of signals) {
      process.on(signal, () => {
        // Who asks twice does not want to wait for what is being cleaned up.
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
    }
  });
}

/** One line, whatever it was: a stack is of no use to the person. */
function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split('\n', 1)[0];
  const hint = error instanceof AppError && error.code !== 'usage/invalid' ? ` ${error.hint}` : '';
  process.stderr.write(`wimsmith: ${line}${/[.]$/.test(line) ? '' : '.'}${hint.trimEnd()}\n`);
  process.exit(error instanceof AppError ? error.exitCode : 70);
}

async function start(): Promise<void> {
  // A terminal that was closed must not take running jobs with it.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  await runHeadless({
    args: process.argv.slice(2),
    directory: process.cwd(),
    appDirectory: __dirname,
    dataDirectory: dataDirectory({
      platform: process.platform,
      home: homedir(),
      environment: process.env,
    }),
    version,
    processId: process.pid,
    createWorkbench,
    say: (line) => process.stdout.write(`${line}\n`),
    warn: (line) => process.stderr.write(`wimsmith: ${line}\n`),
    stopped: stopped(),
  });
  process.exit(0);
}

process.on('uncaughtException', fail);
// One request, listener or notification that went wrong is no reason to end the jobs of all windows.
process.on('unhandledRejection', (fault) => process.stderr.write(`wimsmith: fault: ${String(fault)}\n`));
start().catch(fail);

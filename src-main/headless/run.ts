import path from 'node:path';
import { AppError } from '../../src-shared/errors/appError';
import type { Workbench, WorkbenchOptions } from '../app/shell';
import { parseHeadlessArguments } from './arguments';
import { watchPresence } from './closing';
import { startHeadlessHost } from './host';
import { claimInstance } from './instance';

/** What the headless host needs from the process it runs in. */
export interface HeadlessEnvironment {
  readonly args: readonly string[];
  /** Where relative paths start. */
  readonly directory: string;
  /** Directory of the bundles and of renderer/. */
  readonly appDirectory: string;
  /** Used unless --data names another. */
  readonly dataDirectory: string;
  readonly version: string;
  readonly processId: number;
  readonly createWorkbench: (options: WorkbenchOptions) => Promise<Workbench>;
  /** One line for the person. */
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
  /** Settles when the person asks the program to end. */
  readonly stopped: Promise<void>;
}

/** The line that names the address; the launcher looks for it. */
export const ADDRESS_LINE = 'Wimsmith workbench: ';

/**
 * Serves the workbench until it is asked to end, and says its address. When a host lives on the same data directory, its
 * address is said instead.
 * @throws AppError with what went wrong, in words
 */
export async function runHeadless(environment: HeadlessEnvironment): Promise<void> {
  const { port, practice, data, open, untilClosed } = parseHeadlessArguments(
    environment.args,
    environment.directory,
  );
  const dataDirectory = data ?? environment.dataDirectory;
  const claim = await claimInstance(dataDirectory, environment.processId);
  if (claim.kind === 'taken') {
    environment.say(ADDRESS_LINE + claim.address);
    return;
  }
  try {
    const workbench = await environment.createWorkbench({
      appDirectory: environment.appDirectory,
      dataDirectory,
      version: environment.version,
      shell: { kind: 'headless' },
      start: { practice, open },
    });
    let abandon: () => void = () => undefined;
    const abandoned = new Promise<void>((resolve) => (abandon = resolve));
    const presence = watchPresence(() => abandon());
    const jobs = workbench.activeJobs;
    presence.jobs(jobs.running + jobs.queued);
    const leave = workbench.onActiveJobs(({ running, queued }) => presence.jobs(running + queued));
    try {
      const host = await startHeadlessHost({
        workbench,
        rendererDirectory: path.join(environment.appDirectory, 'renderer'),
        ...(port === undefined ? {} : { port }),
        onWindows: (count) => presence.windows(count),
        onFault: (error) =>
          environment.warn(error instanceof AppError ? error.message : `fault: ${String(error)}`),
      });
      try {
        await claim.announce(host.address);
        environment.say(ADDRESS_LINE + host.address);
        await (untilClosed ? Promise.race([environment.stopped, abandoned]) : environment.stopped);
      } finally {
        await host.close();
      }
    } finally {
      leave();
      presence.end();
      await workbench.close();
    }
  } finally {
    await claim.release();
  }
}

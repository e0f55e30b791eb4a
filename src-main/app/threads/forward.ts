import { AppError } from '../../../src-shared/errors/appError';
import type { Channel, Members } from '../../../src-shared/rpc/declare';
import type { RpcClient } from '../../../src-shared/rpc/client';
import type { JobControl, JobSignal } from '../../../src-shared/rpc/jobs';
import type { Handlers } from '../../../src-shared/rpc/server';

type Ask = (input: unknown, options: { signal?: JobSignal }) => Promise<unknown>;
type Start = (
  input: unknown,
  options: { signal: JobSignal; onProgress: (progress: unknown) => void },
) => Promise<{ readonly result: Promise<unknown> }>;

/**
 * Handlers that hand everything on to another thread: input and output, progress, cancelling and errors.
 * @param client the connection to the thread; asked for each time, as a thread may be replaced
 * @param lost what fails with a thread that ended: not the connection of the window that asked
 */
export function forward<M extends Members>(
  channel: Channel<M>,
  client: () => RpcClient,
  lost: () => AppError = sessionsLost,
): Handlers<M> {
  const told = async (ask: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await ask();
    } catch (error) {
      throw error instanceof AppError && error.code === 'host/lost' ? lost() : error;
    }
  };
  const proxy = (): Record<string, unknown> => client().channel(channel);
  const members = Object.entries(channel.members).flatMap(([name, { kind }]) => {
    switch (kind) {
      case 'request':
        return [[name, (input: unknown) => told(() => (proxy()[name] as Ask)(input, {}))] as const];
      case 'job':
        return [
          [
            name,
            (input: unknown, { signal, report }: JobControl<unknown>) =>
              told(async () => {
                const handle = await (proxy()[name] as Start)(input, { signal, onProgress: report });
                return handle.result;
              }),
          ] as const,
        ];
      // Events are the host's own: no channel that is handed on has any.
      case 'event':
        return [];
    }
  });
  return Object.fromEntries(members) as Handlers<M>;
}

function sessionsLost(): AppError {
  return new AppError(
    'session/closed',
    'the part of the program that had the file open ended and was replaced',
  );
}

import type { JobSignal } from '../../src-shared/rpc/jobs';

/** Does work that wants the platform's own signal on behalf of a job. */
export async function abortable<T>(signal: JobSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await work(controller.signal);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

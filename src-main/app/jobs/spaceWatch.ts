import { AppError } from '../../../src-shared/errors/appError';
import type { Work } from '../../../src-shared/contract/work';
import type { Progress } from '../../../src-shared/model/progress';
import type { EngineHost } from '../../engine/os';
import { writtenWim } from './workPaths';

/** Looks at the space that a run has, and ends it when that cannot be enough. */
export interface SpaceWatch {
  /** Aborts with the run's own signal, and when there is no space. */
  readonly signal: AbortSignal;
  /** Why the watch ended the run. */
  readonly failure: AppError | undefined;
  see(progress: Progress): void;
  end(): void;
}

/**
 * Least part of the data's size that a WIM of it is taken to need. What compression and single instancing will save is
 * known only when it is done: work is refused at once where no real data would fit, and where it may or may not fit the
 * plan says so.
 */
const LEAST_PART = { compressed: 0.1, stored: 0.5 } as const;

/** Whether data of that size has no chance of fitting. */
export function cannotFit(bytes: number, free: number, stored: boolean): boolean {
  return bytes * (stored ? LEAST_PART.stored : LEAST_PART.compressed) > free;
}

/** Whether a capture stores its data as it is. */
export function storesUncompressed(work: Work): boolean {
  return 'compression' in work.request && work.request.compression?.format === 'none';
}

/** @throws AppError `io/no-space` */
export function noSpace(path: string, needed: number, free: number): AppError {
  return new AppError(
    'io/no-space',
    `${path} needs up to ${needed} bytes and ${free} are free; nothing was written`,
    { path, needed, free },
  );
}

/**
 * A capture knows what it will read once it has scanned: the first figure of its archiving phase, which comes with its
 * first file, is held against the free space.
 */
export function watchSpace(host: EngineHost, work: Work, signal: AbortSignal): SpaceWatch {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  const wim = writtenWim(work);
  let failure: AppError | undefined;
  let seen = wim === undefined || (work.verb !== 'capture' && work.verb !== 'append');
  return {
    signal: controller.signal,
    get failure() {
      return failure;
    },
    see({ phase, bytesTotal }) {
      if (seen || phase !== 'Archiving' || wim === undefined) return;
      seen = true;
      const path = host.files.absolute(wim);
      const free = host.files.freeSpace(host.files.directoryName(path));
      if (!cannotFit(bytesTotal, free, storesUncompressed(work))) return;
      failure = noSpace(path, bytesTotal, free);
      controller.abort(failure);
    },
    end: () => signal.removeEventListener('abort', abort),
  };
}

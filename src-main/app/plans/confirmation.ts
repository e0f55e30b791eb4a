import { AppError } from '../../../src-shared/errors/appError';

/** Work that takes something away came without its plan. */
export function planNeeded(): AppError {
  return new AppError('plan/needed', 'this takes something away, and its plan was not confirmed');
}

/** The plan of work is not that of the files as they are now. */
export function planStale(): AppError {
  return new AppError('plan/stale', 'the files that the plan was made for have changed; nothing was done');
}

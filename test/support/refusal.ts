import { AppError } from '../../src-shared/errors/appError';

/** The AppError that a call ends with; a failure of the test where it ends with another, or none. */
export function refusal(call: () => unknown): AppError {
  try {
    call();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

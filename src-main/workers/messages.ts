import { AppError, CancelledError } from '../../src-shared/errors/appError';
import { errorCodes, type ErrorCode } from '../../src-shared/errors/codes';
import type { TaskName, Tasks } from '../engine/pipeline/tasks';
import type { Parcel } from './wire/parcel';

/** What a thread is started with. */
export interface WorkerData {
  /** Directory of the kernels' .wasm files. */
  readonly kernelDirectory: string;
}

/** A task on its way to a thread. */
export interface TaskRequest<N extends TaskName = TaskName> {
  readonly id: number;
  readonly name: N;
  /** Absent where the order travels as a parcel. */
  readonly input?: Tasks[N]['in'];
  readonly parcel?: Parcel;
}

/** An error as plain data: a class does not survive the way between threads. */
export interface ErrorEnvelope {
  /** Undefined for an error that is no AppError: a fault of the program. */
  readonly code: string | undefined;
  readonly message: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly stack: string | undefined;
}

/** What comes back. */
export type TaskReply =
  | { readonly id: number; readonly ok: true; readonly output: unknown }
  | { readonly id: number; readonly ok: true; readonly parcel: Parcel }
  | { readonly id: number; readonly ok: false; readonly error: ErrorEnvelope };

/** @param error whatever was thrown */
export function toEnvelope(error: unknown): ErrorEnvelope {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, facts: error.facts, stack: error.stack };
  }
  if (error instanceof Error) {
    return { code: undefined, message: `${error.name}: ${error.message}`, facts: {}, stack: error.stack };
  }
  return { code: undefined, message: String(error), facts: {}, stack: undefined };
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && Object.hasOwn(errorCodes, code);
}

/** The error that an envelope holds, with the thread's own stack as its cause. */
export function fromEnvelope({ code, message, facts, stack }: ErrorEnvelope): AppError {
  if (code === 'job/cancelled') return new CancelledError(message);
  return new AppError(isErrorCode(code) ? code : 'internal/bug', message, facts, stack);
}

import { errorCodes, type ErrorCode } from './codes';

/** Facts that an error message names: a path, a size, a structure. Values are shown to people as they are. */
export type ErrorFacts = Readonly<Record<string, string | number>>;

/**
 * An error that a person can act on. Its code selects the exit code and the hint in {@link errorCodes};
 * its message says what happened and where.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.facts = facts;
  }

  /** Process exit code that the command line returns for this error. */
  get exitCode(): number {
    return errorCodes[this.code].exitCode;
  }

  /** What the person can do about it; empty when the message says all. */
  get hint(): string {
    return errorCodes[this.code].hint;
  }
}

/** What a malformed structure looked like: used by {@link FormatError}. */
export interface FormatFault {
  /** On-disk structure that is malformed, by the field's standard name ("chunk table", "dentry"). */
  readonly structure: string;
  /** Byte offset of the fault; what it is relative to (file, resource, metadata) is the structure's own base. */
  readonly offset: number;
  /** What is wrong, as a clause: "size 12 is below the minimum of 102". */
  readonly problem: string;
  readonly field?: string;
}

/** A file that breaks its own format. Names the structure and the byte offset of the fault. */
export class FormatError extends AppError {
  readonly structure: string;
  readonly offset: number;
  readonly field: string | undefined;

  constructor(fault: FormatFault, code: ErrorCode = 'wim/malformed', cause?: unknown) {
    const field = fault.field === undefined ? '' : ` (${fault.field})`;
    super(
      code,
      `${fault.structure}${field} at offset ${fault.offset}: ${fault.problem}`,
      { structure: fault.structure, offset: fault.offset },
      cause,
    );
    this.name = 'FormatError';
    this.structure = fault.structure;
    this.offset = fault.offset;
    this.field = fault.field;
  }
}

/** The operation was cancelled by the person who started it. Not a failure of anything. */
export class CancelledError extends AppError {
  constructor(message = 'cancelled') {
    super('job/cancelled', message);
    this.name = 'CancelledError';
  }
}

import { AppError } from '../../src-shared/errors/appError';

/** A command line that cannot be understood. `verb` completes the advice. */
export class UsageError extends AppError {
  constructor(
    message: string,
    readonly verb: string | null = null,
  ) {
    super('usage/invalid', message);
    this.name = 'UsageError';
  }

  override get hint(): string {
    return this.verb === null
      ? 'Run "wimsmith help" to see the verbs.'
      : `Run "wimsmith help ${this.verb}" to see what it accepts.`;
  }
}

import { type AppError, FormatError } from '../../src-shared/errors/appError';
import type { Screen } from './screen';
import type { Sequence } from './verbs';

/**
 * The one document of --json: `{"verb", "result", "warnings", "ok"}`, with "error" when "ok" is false. "ok" comes last
 * because listings are written while they are read, and a failure must still end in a whole document.
 */
export class JsonDocument {
  private readonly warnings: string[] = [];
  private state: 'unopened' | 'opened' | 'listing' = 'unopened';

  /** @param write where the document goes: standard output, or standard error when that carries data */
  constructor(
    private readonly verb: string | null,
    private readonly screen: Screen,
    private readonly write: (text: string) => Promise<void>,
  ) {}

  warn(text: string): void {
    this.warnings.push(text);
  }

  async result(value: unknown): Promise<void> {
    await this.open();
    await this.write(`,"result":${JSON.stringify(value)}`);
  }

  /** Writes an array of any length as the result, as it comes. */
  async listing(items: Sequence<unknown>): Promise<void> {
    await this.open();
    await this.write(',"result":[');
    this.state = 'listing';
    let separator = '';
    await forEachItem(items, (item) => {
      const text = `${separator}${JSON.stringify(item)}`;
      separator = ',';
      return this.screen.collect(text) ? this.screen.flush() : undefined;
    });
    this.state = 'opened';
    await this.write(']');
  }

  async end(error: AppError | undefined): Promise<void> {
    await this.open();
    if (this.state === 'listing') await this.write(']');
    if (this.warnings.length > 0) await this.write(`,"warnings":${JSON.stringify(this.warnings)}`);
    await this.write(
      error === undefined ? ',"ok":true}\n' : `,"ok":false,"error":${JSON.stringify(errorValue(error))}}\n`,
    );
  }

  private async open(): Promise<void> {
    if (this.state !== 'unopened') return;
    this.state = 'opened';
    await this.write(`{"verb":${JSON.stringify(this.verb)}`);
  }
}

/** An error as scripts get it. */
function errorValue(error: AppError): Readonly<Record<string, unknown>> {
  return {
    code: error.code,
    message: error.message,
    hint: error.hint,
    facts: error.facts,
    ...(error instanceof FormatError ? { structure: error.structure, offset: error.offset } : {}),
    exitCode: error.exitCode,
  };
}

/** Calls `visit` for each item; waits only where it returns a promise, so that a million items stay cheap. */
export async function forEachItem<T>(
  items: Sequence<T>,
  visit: (item: T) => Promise<void> | undefined,
): Promise<void> {
  if (Symbol.iterator in items) {
    for (const item of items) {
      const pause = visit(item);
      if (pause !== undefined) await pause;
    }
    return;
  }
  for await (const item of items) {
    const pause = visit(item);
    if (pause !== undefined) await pause;
  }
}

import type { Progress } from '../../src-shared/model/progress';
import type { CommonChoices } from './command';
import type { CliEnvironment, OutputStream } from './environment';
import { ProgressLine, ProgressLines } from './progressLine';
import { harmless } from './text/display';

/** Characters of data that are collected before they are written. */
const BLOCK = 64 * 1024;

/** All that a run prints: data and results, remarks, progress, the log. Keeps them from mixing on one terminal. */
export class Screen {
  private readonly line: ProgressLine | undefined;
  private readonly lines: ProgressLines | undefined;
  private data: string[] = [];
  private dataLength = 0;
  private readonly logged: string[] = [];
  /** Writes to standard error, one after the other. */
  private pending: Promise<void> = Promise.resolve();
  private errorClosed = false;

  /** @param dataToOutput standard output carries a WIM or file data, so sentences go to standard error */
  constructor(
    private readonly environment: CliEnvironment,
    private readonly common: CommonChoices,
    private readonly dataToOutput: boolean,
  ) {
    const { stdout, stderr } = environment;
    const watched = stderr.isTTY && (stdout.isTTY || dataToOutput) && !common.quiet && !common.json;
    if (common.progress === 'json') {
      this.lines = new ProgressLines(
        (text) => this.toError(text),
        () => environment.now(),
      );
    } else if (common.progress === 'line' || (common.progress === 'auto' && watched)) {
      this.line = new ProgressLine({
        write: (text) => this.toError(text),
        columns: () => columnsOf(stderr),
        now: () => environment.now(),
      });
    }
  }

  progress(progress: Progress): void {
    this.line?.update(progress);
    this.lines?.update(progress);
  }

  /** Takes the progress line away. */
  endProgress(): void {
    this.line?.clear();
  }

  /** A sentence that --quiet does not hold back. */
  warn(text: string): void {
    this.note(text);
    this.line?.clear();
    this.toError(`${this.shown(`Warning: ${text}`, this.environment.stderr)}\n`);
  }

  /** Result sentences, each ended by a line end. */
  async say(text: string): Promise<void> {
    for (const line of text.split('\n')) if (line !== '') this.note(line);
    if (this.common.quiet || this.common.json) return;
    const stream = this.dataToOutput ? this.environment.stderr : this.environment.stdout;
    this.line?.clear();
    await this.pending;
    await stream.write(this.shown(text, stream));
  }

  /** Text that the person asked for: a listing, a document. Written in blocks. */
  async print(text: string): Promise<void> {
    this.data.push(text);
    this.dataLength += text.length;
    if (this.dataLength >= BLOCK) await this.flush();
  }

  /** Adds to the block without writing it. @returns true when it is full and {@link flush} is due */
  collect(text: string): boolean {
    this.data.push(text);
    this.dataLength += text.length;
    return this.dataLength >= BLOCK;
  }

  async flush(): Promise<void> {
    if (this.dataLength === 0) return;
    const text = this.data.join('');
    this.data = [];
    this.dataLength = 0;
    this.line?.clear();
    await this.environment.stdout.write(this.shown(text, this.environment.stdout));
    await this.environment.breathe();
  }

  async bytes(bytes: Uint8Array): Promise<void> {
    await this.flush();
    await this.environment.stdout.write(bytes);
  }

  /** Text for standard error, as it is. */
  toError(text: string): void {
    this.pending = this.pending.then(async () => {
      if (this.errorClosed) return;
      try {
        await this.environment.stderr.write(text);
      } catch {
        // Standard error is closed or its disk is full: there is no other place to say so, and the work goes on.
        this.errorClosed = true;
      }
    });
  }

  /** A question to the person, on the terminal; the line that they type follows it. */
  ask(text: string): void {
    this.line?.clear();
    this.toError(this.shown(text, this.environment.stderr));
  }

  error(text: string): void {
    this.line?.clear();
    this.toError(this.shown(text, this.environment.stderr));
  }

  /** Writes the first line of a run to the log. @throws AppError when the log cannot be written */
  async beginLog(text: string): Promise<void> {
    this.note(text);
    if (this.common.log === undefined) return;
    await this.environment.files.append(this.common.log, this.logged.splice(0).join(''));
  }

  /** Adds a line to the log. */
  note(text: string): void {
    if (this.common.log !== undefined) this.logged.push(`${this.environment.time()}  ${text}\n`);
  }

  /** Writes what is left. @throws AppError when the log cannot be written */
  async finish(): Promise<void> {
    this.line?.clear();
    await this.pending;
    if (this.common.log !== undefined && this.logged.length > 0) {
      await this.environment.files.append(this.common.log, this.logged.splice(0).join(''));
    }
  }

  /** What is written to `stream`: on a terminal, file names must not move the cursor. */
  private shown(text: string, stream: OutputStream): string {
    return stream.isTTY ? text.split('\n').map(harmlessLine).join('\n') : text;
  }
}

/** Width of a terminal; some do not tell theirs, or say 0. */
function columnsOf({ columns }: OutputStream): number {
  return columns === undefined || columns === 0 ? 80 : columns;
}

/** Tabs stay: they only move to the right. */
function harmlessLine(line: string): string {
  return line.split('\t').map(harmless).join('\t');
}

import type { Verbs } from './verbs';

/** Bytes out. */
export interface OutputStream {
  readonly isTTY: boolean;
  /** Width of the terminal; asked for each time, it changes. */
  readonly columns: number | undefined;
  /** Settles when the bytes have left the program. @throws OutputClosedError when nobody reads any more */
  write(data: string | Uint8Array): Promise<void>;
}

/** Bytes in. */
export interface InputStream {
  readonly isTTY: boolean;
  /** The next line without its end; undefined at the end of the input. What was read before is lost to others. */
  readLine(): Promise<string | undefined>;
  /** All of it, to the end. */
  readAll(): Promise<Uint8Array>;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Files that the command line itself reads and writes: configurations, lists, logs, XML data. Throw AppError. */
export interface TextFiles {
  read(path: string): Promise<Uint8Array>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  append(path: string, text: string): Promise<void>;
}

/** All that the command line has of the world. */
export interface CliEnvironment {
  /** Loads the engine; called when a command line is understood and needs it. */
  verbs(): Promise<Verbs>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: InputStream;
  readonly files: TextFiles;
  /** As Node names it: 'linux', 'win32', 'darwin'. */
  readonly platform: string;
  readonly version: string;
  /** Milliseconds, never going back. */
  now(): number;
  /** Wall clock, ISO 8601. */
  time(): string;
  /** Calls `listener` at each request to stop; returns what ends that. */
  onInterrupt(listener: () => void): () => void;
  /** Lets other programs go first: this one and every thread that it starts from now on. */
  lowerPriority(): void;
  /** Ends the program at once. */
  exitNow(code: number): void;
  /** Lets signals and timers run. */
  breathe(): Promise<void>;
}

/** The reader of standard output has gone, as `head` does when it has seen enough. */
export class OutputClosedError extends Error {
  constructor() {
    super('standard output was closed');
    this.name = 'OutputClosedError';
  }
}

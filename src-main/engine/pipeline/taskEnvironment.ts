import { AppError } from '../../../src-shared/errors/appError';
import type { Kernels } from '../codec/kernel';
import type { EngineHost, Sha1 } from '../os';
import type { ResourceDecoder } from './resourceDecoder';
import type { Scratch } from './scratch';
import type { InputFile, TaskFiles } from './taskFiles';

/** What a thread needs to run tasks. */
export interface TaskEnvironment {
  readonly files: TaskFiles;
  readonly sha1: Sha1;
  readonly kernels: Kernels;
  /** What driver packages are read with. */
  readonly system: Pick<EngineHost, 'files' | 'crypto'>;
}

/** The same, with the memory that the thread's tasks share. */
export interface TaskContext extends TaskEnvironment {
  readonly decoder: ResourceDecoder;
  /** For file data on its way through. */
  readonly scratch: Scratch;
}

/** Files that hold resources, open for the length of one task: the next may find another file of that name. */
export class OpenSources {
  private readonly files: TaskFiles;
  private readonly open = new Map<string, InputFile>();

  constructor(files: TaskFiles) {
    this.files = files;
  }

  /** @throws AppError */
  get(path: string): InputFile {
    let file = this.open.get(path);
    if (file === undefined) {
      file = this.files.openRead(path);
      this.open.set(path, file);
    }
    return file;
  }

  close(): void {
    for (const file of this.open.values()) file.close();
    this.open.clear();
  }
}

/** An error about the data or the file system. @throws `error` itself when it is a fault of the program */
export function expectedError(error: unknown): AppError {
  if (error instanceof AppError && error.code !== 'internal/bug') return error;
  throw error;
}

/** Whether two SHA-1 digests are the same. */
export function sameDigest(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 20; i++) if (a[i] !== b[i]) return false;
  return a.length === 20 && b.length === 20;
}

/** What is said about data whose SHA-1 is not the blob's. */
export const MISMATCH = 'the data is damaged: its SHA-1 differs from the one it was stored under';

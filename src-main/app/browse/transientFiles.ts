import { AppError } from '../../../src-shared/errors/appError';
import type { FileSystem, OpenFile } from '../../engine/os';
import { revisionOf } from '../revision';

/**
 * Files that are open only while something is read of them, so that no session keeps another program, or a job of this
 * one, from replacing or deleting a WIM.
 */
export class TransientFiles {
  private readonly opened = new Set<TransientFile>();

  constructor(private readonly files: FileSystem) {}

  /** The file system, with files that open themselves when they are read. */
  get fileSystem(): FileSystem {
    return { ...this.files, openRead: (path) => this.open(path) };
  }

  /** Closes what is open; it opens again when it is read. */
  release(): void {
    for (const file of this.opened) file.release();
  }

  /** @throws AppError `session/closed` when a file is no longer what it was when it was opened first */
  check(): void {
    for (const file of this.opened) file.check();
  }

  private open(path: string): OpenFile {
    const file = new TransientFile(this.files, path, () => this.opened.delete(file));
    this.opened.add(file);
    return file;
  }
}

class TransientFile implements OpenFile {
  readonly name: string;
  readonly size: number;
  private readonly revision: string | undefined;
  private file: OpenFile | undefined;
  private closed = false;

  constructor(
    private readonly files: FileSystem,
    private readonly path: string,
    private readonly forget: () => void,
  ) {
    // The status first: a file that changes in between is found changed at the next look.
    this.revision = revisionOf(files, path);
    this.file = files.openRead(path);
    this.name = this.file.name;
    this.size = this.file.size;
  }

  read(offset: number, target: Uint8Array): number {
    if (this.file === undefined) {
      if (this.closed) throw new AppError('session/closed', `${this.path} is not open any more`);
      this.check();
      this.file = this.files.openRead(this.path);
      if (this.file.size !== this.size) throw changed(this.path);
    }
    return this.file.read(offset, target);
  }

  check(): void {
    if (revisionOf(this.files, this.path) !== this.revision) throw changed(this.path);
  }

  release(): void {
    this.file?.close();
    this.file = undefined;
  }

  close(): void {
    this.release();
    this.closed = true;
    this.forget();
  }

  write(): never {
    throw readOnly(this.path);
  }

  truncate(): never {
    throw readOnly(this.path);
  }

  flush(): never {
    throw readOnly(this.path);
  }

  lock(): never {
    throw readOnly(this.path);
  }
}

function changed(path: string): AppError {
  return new AppError('session/closed', `${path} was changed since it was opened`, { path });
}

function readOnly(path: string): AppError {
  return new AppError('internal/bug', `${path} is open for reading only`, { path });
}

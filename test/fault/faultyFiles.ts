import type { FileSystem, OpenFile } from '../../src-main/engine/os';
import { AppError } from '../../src-shared/errors/appError';

/** The process "died": from here on nothing reaches the disk. Not an AppError, so that nobody takes it for one. */
export class Killed extends Error {}

/** What happens at the chosen call. */
export type Fault =
  /** Nothing of it is done, nor of any later call. */
  | 'killed before'
  /** Half of its bytes are written; no later call does anything. */
  | 'killed within'
  /** It fails once with a full disk; later calls work. */
  | 'disk full';

const HEADER_SIZE = 208;

/**
 * The real file system, which fails at the n-th call that changes something: a write, truncate, flush, rename, create
 * or remove. The header is written whole or not at all: its 208 bytes lie in one sector.
 */
export class FaultyFiles {
  /** Changing calls so far. */
  calls = 0;
  private dead = false;

  constructor(
    private readonly real: FileSystem,
    private readonly at: number,
    private readonly fault: Fault,
  ) {}

  get files(): FileSystem {
    const { real } = this;
    return {
      ...real,
      openRead: (path) => this.wrap(real.openRead(path)),
      openReadWrite: (path) => this.wrap(real.openReadWrite(path)),
      create: (path) => this.wrap(this.change(path, () => real.create(path))),
      rename: (from, to) => this.change(to, () => real.rename(from, to)),
      // These need no space: a full disk does not show here.
      remove: (path) => this.free(path, () => real.remove(path)),
      syncDirectory: (directory) => this.free(directory, () => real.syncDirectory(directory)),
    };
  }

  private wrap(file: OpenFile): OpenFile {
    const change = <T>(call: () => T, half?: () => void): T => this.change(file.name, call, half);
    return {
      name: file.name,
      get size() {
        return file.size;
      },
      read: (offset, target) => file.read(offset, target),
      write: (offset, bytes) => {
        const half = (): void => {
          if (offset >= HEADER_SIZE) file.write(offset, bytes.subarray(0, bytes.length >> 1));
        };
        change(() => file.write(offset, bytes), half);
      },
      truncate: (size) => this.free(file.name, () => file.truncate(size)),
      flush: () => change(() => file.flush()),
      lock: () => file.lock(),
      close: () => file.close(),
    };
  }

  private free<T>(path: string, call: () => T): T {
    return this.fault === 'disk full' ? call() : this.change(path, call);
  }

  private change<T>(path: string, call: () => T, half?: () => void): T {
    if (this.dead) throw new Killed();
    this.calls += 1;
    if (this.calls !== this.at) return call();
    if (this.fault === 'disk full')
      throw new AppError('io/no-space', `cannot write to ${path}: full`, { path });
    this.dead = true;
    if (this.fault === 'killed within') half?.();
    throw new Killed();
  }
}

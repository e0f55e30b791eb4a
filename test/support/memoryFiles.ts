import path from 'node:path';
import { AppError } from '../../src-shared/errors/appError';
import type { FileSystem, OpenFile } from '../../src-main/engine/os';
import { createNodeFileSystem } from '../../src-main/platform/nodeFileSystem';

/** A file in memory. It begins as `base`, which is written to: give a copy where that is to stay. */
export class MemoryFile {
  bytes: Uint8Array;
  size: number;
  /** Told before each change, and of each flush. */
  onChange: ((what: 'write' | 'truncate' | 'flush', offset: number, length: number) => void) | undefined;

  constructor(base: Uint8Array) {
    this.bytes = base;
    this.size = base.length;
  }

  resize(size: number): void {
    if (size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(size, Math.ceil(this.bytes.length * 1.5)));
      larger.set(this.bytes.subarray(0, this.size));
      this.bytes = larger;
    } else if (size < this.size) {
      this.bytes = this.bytes.slice(0, size);
    }
    this.size = size;
  }

  open(name: string): OpenFile {
    const sizeOf = (): number => this.size;
    return {
      name,
      get size() {
        return sizeOf();
      },
      read: (offset, target) => {
        const part = this.bytes.subarray(
          offset,
          Math.max(offset, Math.min(this.size, offset + target.length)),
        );
        target.set(part);
        return part.length;
      },
      write: (offset, bytes) => {
        this.onChange?.('write', offset, bytes.length);
        if (offset + bytes.length > this.size) this.resize(offset + bytes.length);
        this.bytes.set(bytes, offset);
      },
      truncate: (size) => {
        this.onChange?.('truncate', size, 0);
        this.resize(size);
      },
      flush: () => this.onChange?.('flush', 0, 0),
      lock: () => undefined,
      close: () => undefined,
    };
  }
}

/** A file system of files in memory, by absolute path. */
export function memoryFiles(files: Map<string, MemoryFile>): FileSystem {
  const find = (file: string): MemoryFile => {
    const found = files.get(file);
    if (found === undefined) throw new AppError('io/not-found', `${file} is not there`, { path: file });
    return found;
  };
  return {
    ...createNodeFileSystem(),
    openRead: (file) => find(file).open(file),
    openReadWrite: (file) => find(file).open(file),
    create: (file) => {
      if (files.has(file)) throw new AppError('io/exists', `${file} exists`, { path: file });
      const made = new MemoryFile(new Uint8Array(0));
      files.set(file, made);
      return made.open(file);
    },
    status: (file) => {
      const found = files.get(file);
      return found && { kind: 'file', size: found.size, identity: file, modifiedMs: 0 };
    },
    remove: (file) => void files.delete(file),
    syncDirectory: () => undefined,
    realPath: (file) => file,
    absolute: (file) => path.posix.resolve('/', file),
  };
}

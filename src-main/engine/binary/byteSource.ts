import { FormatError } from '../../../src-shared/errors/appError';
import type { ErrorCode } from '../../../src-shared/errors/codes';

/**
 * Random-access bytes: a file, a slice of one, a disk. Reads are synchronous: the engine runs in a thread of its own
 * wherever a person could notice the wait.
 */
export interface ByteSource {
  /** What a message calls it: usually the path. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /** Fills `target` from `offset` on; returns the bytes read, fewer than asked only at the end. */
  read(offset: number, target: Uint8Array): number;
}

/** Random-access bytes that can be written. */
export interface ByteSink {
  readonly name: string;
  /** Writes all of `bytes` at `offset`; the file grows as needed. */
  write(offset: number, bytes: Uint8Array): void;
  /** Cuts or extends to `size` bytes. */
  truncate(size: number): void;
  /** Returns when everything written has reached the disk. */
  flush(): void;
}

/**
 * Reads exactly `length` bytes. The range is checked against the source's size before anything is allocated.
 * @param structure what is being read, for the error
 * @throws FormatError `wim/truncated` when the source ends earlier
 */
export function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
  structure: string,
  code: ErrorCode = 'wim/truncated',
): Uint8Array {
  assertRange(source, offset, length, structure, code);
  const bytes = new Uint8Array(length);
  const count = source.read(offset, bytes);
  if (count !== length) {
    throw new FormatError(
      { structure, offset, problem: `${length} bytes wanted, ${count} are there (${source.name})` },
      code,
    );
  }
  return bytes;
}

/** @throws FormatError when `offset` + `length` does not lie inside the source. */
export function assertRange(
  source: ByteSource,
  offset: number,
  length: number,
  structure: string,
  code: ErrorCode = 'wim/truncated',
): void {
  if (offset < 0 || length < 0 || !Number.isSafeInteger(offset + length) || offset + length > source.size) {
    throw new FormatError(
      {
        structure,
        offset,
        problem: `${length} bytes from here on lie outside ${source.name}, which has ${source.size}`,
      },
      code,
    );
  }
}

/** Bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array, name = 'memory'): ByteSource {
  return {
    name,
    size: bytes.length,
    read(offset, target) {
      const part = bytes.subarray(offset, offset + target.length);
      target.set(part);
      return part.length;
    },
  };
}

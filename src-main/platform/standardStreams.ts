import { AppError } from '../../src-shared/errors/appError';
import type { SequentialSource } from '../engine/binary/sequentialSource';
import type { OpenFile } from '../engine/os';
import { rawFs } from './rawFs';
import { systemErrorName, toAppError } from './systemErrors';

const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;

/** Longest pause before a pipe that was not ready is tried again, ms. */
const LONGEST_PAUSE = 16;

/** Standard input, read straight from its descriptor. Whoever uses it must not read `process.stdin`, too. */
export function standardInput(): SequentialSource {
  const name = 'standard input';
  return {
    name,
    read(target) {
      if (target.length === 0) return 0;
      try {
        return whenReady(() => rawFs.readSync(STANDARD_INPUT, target, 0, target.length, null));
      } catch (error) {
        // So Windows tells that the writer has closed its end of the pipe.
        const reason = systemErrorName(error);
        if (reason === 'EOF' || reason === 'EPIPE') return 0;
        throw toAppError(error, 'read from', name);
      }
    },
  };
}

/**
 * Standard output as a file that only grows: what is written comes from its first byte to its last in order, and
 * nothing can be read back.
 * Its `write` throws AppError `io/failed` when the reader of the pipe is gone.
 */
export function standardOutput(): OpenFile {
  return new StandardOutput();
}

class StandardOutput implements OpenFile {
  readonly name = '-';
  private written = 0;

  get size(): number {
    return this.written;
  }

  write(offset: number, bytes: Uint8Array): void {
    if (offset !== this.written) {
      throw new AppError(
        'internal/bug',
        `standard output has ${this.written} bytes, byte ${offset} cannot be next`,
      );
    }
    for (let done = 0; done < bytes.length;) {
      const rest = bytes.length - done;
      const from = done;
      try {
        done += whenReady(() => rawFs.writeSync(STANDARD_OUTPUT, bytes, from, rest, null));
      } catch (error) {
        if (systemErrorName(error) === 'EPIPE') {
          throw new AppError(
            'io/failed',
            'the program that reads standard output ended before the WIM was complete',
            {},
            error,
          );
        }
        throw toAppError(error, 'write to', 'standard output');
      }
    }
    this.written += bytes.length;
  }

  truncate(size: number): void {
    if (size === this.written) return;
    throw new AppError('io/failed', 'what was written to standard output cannot be taken back');
  }

  read(): number {
    throw new AppError('internal/bug', 'standard output cannot be read');
  }

  /** Nothing: what the system took is on its way to the reader. */
  flush(): void {
    return;
  }

  lock(): void {
    return;
  }

  /** Nothing: the descriptor is the process's. */
  close(): void {
    return;
  }
}

/** Calls until the descriptor is ready: whoever shares a pipe with this process may have made it non-blocking. */
function whenReady(call: () => number): number {
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return call();
    } catch (error) {
      const reason = systemErrorName(error);
      if (reason !== 'EAGAIN' && reason !== 'EWOULDBLOCK' && reason !== 'EINTR') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}

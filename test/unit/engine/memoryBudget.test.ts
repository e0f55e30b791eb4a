import { describe, expect, it } from 'vitest';
import { decodingNeed, encodingNeed, threadsWithin } from '../../../src-main/engine/memoryBudget';
import type { TaskRunner } from '../../../src-main/engine/pipeline/tasks';
import { AppError } from '../../../src-shared/errors/appError';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** A machine with so many processors and so much memory. */
function machine(processors: number, memory: number) {
  return { memory, taskRunner: (threads: number) => ({ width: threads || processors }) as TaskRunner };
}

describe('threads within the memory', () => {
  const need = { bytes: GIB, what: 'to compress a chunk' };

  it.each([
    ['all that are wanted, where they fit', 4, 16 * GIB, {}, 0],
    ['half of the machine is used', 4, 6 * GIB, {}, 3],
    ['no more than is said', 4, 64 * GIB, { memory: 2.5 * GIB }, 2],
    ['more than half, when it is said', 4, 6 * GIB, { memory: 5 * GIB }, 0],
    ['the number that is said, where it fits', 32, 64 * GIB, { threads: 5 }, 5],
    ['fewer than are said', 32, 6 * GIB, { threads: 5 }, 3],
  ])('%s', (_title, processors, memory, choices, expected) => {
    expect(threadsWithin(machine(processors, memory), choices, [need])).toBe(expected);
  });

  it('says what does not fit', () => {
    const host = machine(2, 1 * GIB);
    const failure = (() => {
      try {
        threadsWithin(host, {}, [{ bytes: 10, what: '' }, need]);
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({
      code: 'job/no-memory',
      message: 'to compress a chunk takes 1024 MiB, and only 512 MiB may be used',
    });
  });

  it('knows that a chunk is held several times over', () => {
    expect(decodingNeed('lzms', 64 * MIB).bytes).toBeGreaterThan(3 * 64 * MIB);
    expect(encodingNeed({ format: 'lzms', chunkSize: 64 * MIB, level: 50 }).bytes).toBeGreaterThan(
      10 * 64 * MIB,
    );
    expect(decodingNeed('lzx', 32_768).bytes).toBeLessThan(32 * MIB);
  });
});

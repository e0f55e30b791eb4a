import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSha1 } from '../../../src-main/platform/sha1';

const sha1 = createSha1();
const oracle = (bytes: Uint8Array): string => createHash('sha1').update(Buffer.from(bytes)).digest('hex');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('SHA-1', () => {
  it('is that of the standard', () => {
    expect(hex(sha1.digest(new Uint8Array(0)))).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
    expect(hex(sha1.digest(Buffer.from('abc')))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
  });

  it('is the same in private and in shared memory, at once and in parts', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(), (bytes, cut) => {
        const view = new Uint8Array(new SharedArrayBuffer(bytes.length + 7), 3, bytes.length);
        view.set(bytes);
        const middle = cut % (bytes.length + 1);
        const running = sha1.start();
        running.update(view.subarray(0, middle));
        running.update(bytes.subarray(middle));
        const found = [sha1.digest(bytes), sha1.digest(view), running.digest()].map(hex);
        expect(found).toEqual([oracle(bytes), oracle(bytes), oracle(bytes)]);
      }),
    );
  });
});

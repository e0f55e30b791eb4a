import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMounts, parseSwaps } from '../../src-main/platform/devices/linux/deviceUses';
import { vitalSerial } from '../../src-main/platform/devices/linux/diskFacts';
import {
  parseAlignment,
  parseDeviceDescriptor,
  parseGeometry,
  parseVolumeExtents,
  parseWorldWideName,
} from '../../src-main/platform/devices/windows/records';
import { FormatError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import { answers } from '../unit/platform/devices/windowsAnswers';

const limits = { interruptAfterTimeLimit: fuzzMilliseconds(0.5), numRuns: Infinity };

/** An answer with some bytes changed, cut off somewhere. */
function damaged(answer: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(answer.length - 1), fc.integer({ min: 0, max: 255 }));
  return fc.tuple(fc.array(change, { maxLength: 8 }), fc.nat(answer.length)).map(([changes, cut]) => {
    const bytes = Uint8Array.from(answer);
    for (const [at, value] of changes) bytes[at] = value;
    return cut % 4 === 0 ? bytes.subarray(0, cut) : bytes;
  });
}

describe('what drivers answer', () => {
  it.each([
    ['STORAGE_DEVICE_DESCRIPTOR', answers.usbDescriptor, parseDeviceDescriptor],
    ['STORAGE_DEVICE_ID_DESCRIPTOR', answers.nvmeIds, parseWorldWideName],
    ['STORAGE_ACCESS_ALIGNMENT_DESCRIPTOR', answers.alignment, parseAlignment],
    ['DISK_GEOMETRY_EX', answers.geometry, parseGeometry],
    ['VOLUME_DISK_EXTENTS', answers.extents, parseVolumeExtents],
  ] as [string, Uint8Array, (bytes: Uint8Array) => unknown][])(
    '%s: a value or a FormatError',
    (_, answer, parse) => {
      fc.assert(
        fc.property(fc.oneof(damaged(answer), fc.uint8Array({ maxLength: 200 })), (bytes) => {
          try {
            parse(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError);
          }
        }),
        limits,
      );
    },
  );

  it('vital product data: a printable text or nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (page) => {
        expect(vitalSerial(page)).not.toBe('');
      }),
      limits,
    );
  });
});

describe('tables of the kernel', () => {
  const word = fc.constantFrom('1', '8:1', '/', ' ', ' - ', '-', '\\040', '\\', '\n', 'ext4', '/dev/sda1');

  it('never fail', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        for (const { number, point, type, source } of parseMounts(words.join(''))) {
          expect([number, point, type, source].every((text) => typeof text === 'string')).toBe(true);
        }
        expect(parseSwaps(words.join('')).every((text) => text !== '')).toBe(true);
      }),
      limits,
    );
  });
});

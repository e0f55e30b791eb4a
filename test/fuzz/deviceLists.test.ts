import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDeviceList } from '../../src-main/engine/devices/readDeviceList';
import { topLevelUsages } from '../../src-main/platform/devices/pnp/linux/hidDevices';
import { AppError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import * as recorded from '../unit/engine/devices/recordedLists';

const limits = { interruptAfterTimeLimit: fuzzMilliseconds(0.5), numRuns: Infinity };

/** A list with parts cut out, doubled, put elsewhere and overwritten. */
function damaged(text: string): fc.Arbitrary<Uint8Array> {
  const cut = fc.tuple(fc.nat(text.length), fc.nat(80), fc.nat(text.length));
  const change = fc.tuple(fc.nat(text.length), fc.constantFrom(...'\0"<>&[]{}:;,\\\n\t|é'.split('')));
  const encode = (damage: string): Uint8Array => Uint8Array.from(Buffer.from(damage, 'utf16le'));
  return fc
    .tuple(fc.array(cut, { maxLength: 4 }), fc.array(change, { maxLength: 6 }), fc.boolean())
    .map(([cuts, changes, wide]) => {
      let damage = text;
      for (const [from, length, to] of cuts) {
        damage = damage.slice(0, to) + damage.slice(from, from + length) + damage.slice(to + (length % 7));
      }
      for (const [at, character] of changes) damage = damage.slice(0, at) + character + damage.slice(at + 1);
      return wide ? encode(`\ufeff${damage}`) : Uint8Array.from(Buffer.from(damage));
    });
}

describe('lists of devices: devices within bounds, or devices/unreadable', () => {
  const lists = Object.entries(recorded).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  it.each(lists)('%s', (_, text) => {
    fc.assert(
      fc.property(fc.oneof(damaged(text), fc.uint8Array({ maxLength: 300 })), (bytes) => {
        try {
          const { devices } = readDeviceList(bytes, 'list');
          expect(devices.length).toBeGreaterThan(0);
          for (const { hardwareIds, compatibleIds } of devices) {
            expect([...hardwareIds, ...compatibleIds].every((id) => id !== '' && id.length <= 400)).toBe(
              true,
            );
          }
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          expect(error.code).toBe('devices/unreadable');
        }
      }),
      { ...limits, interruptAfterTimeLimit: fuzzMilliseconds(0.2) },
    );
  });

  it.each([
    ['deep XML', '<a>'.repeat(200_000)],
    ['deep JSON', '['.repeat(200_000)],
    ['one long line', 'PCI\\'.repeat(500_000)],
    ['a quotation mark and much', `"Name","InstanceId"\n"${'a""'.repeat(300_000)}`],
    ['many columns', `"Name","InstanceId"\n${','.repeat(300_000)}`],
    ['labels without end', `A: B\\C\\D\n${' x:'.repeat(200_000)}`],
  ])('%s does not hang', (_, text) => {
    try {
      readDeviceList(Uint8Array.from(Buffer.from(text)), 'list');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expect(error.code).toBe('devices/unreadable');
    }
  });
});

describe('report descriptors', () => {
  it('give at most 64 usages within their fields', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const usages = topLevelUsages(bytes);
        expect(usages.length).toBeLessThanOrEqual(64);
        for (const { page, usage } of usages) expect(page <= 0xffff && usage <= 0xffff).toBe(true);
      }),
      limits,
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  filetimeOfNanoseconds,
  statMilliseconds,
  timespecOf,
} from '../../../../src-main/platform/posix/filetime';
import { decodeName, encodeName, nativePath } from '../../../../src-main/platform/posix/nativePath';
import { nameRulesOf, repairSuffix } from '../../../../src-main/platform/posix/targetNames';

const anyUnits = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })))
  .map((units) => String.fromCharCode(...units));

describe('names between UTF-16 and bytes', () => {
  it('come back as they were, whatever surrogates they have', () => {
    fc.assert(
      fc.property(anyUnits, (name) => {
        expect(decodeName(encodeName(name))).toBe(name);
      }),
    );
  });

  it('are UTF-8 wherever UTF-8 can hold them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(encodeName(name)).toEqual(Buffer.from(name, 'utf8'));
        expect(nativePath(name)).toBe(name);
      }),
    );
  });

  it('are refused when the bytes are neither UTF-8 nor WTF-8', () => {
    const bad = ['ff', 'c3', 'e4', '80', 'c0af', 'eda080edb080', '61eda0', 'eda0', 'f8888080'];
    for (const hex of bad) expect(decodeName(Buffer.from(hex, 'hex')), hex).toBeUndefined();
    expect(decodeName(Buffer.from('61eda08062', 'hex'))).toBe('a\ud800b');
    expect(decodeName(Buffer.from('edb080eda080', 'hex'))).toBe('\udc00\ud800');
  });

  it('decode bytes to the one name that encodes to them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const name = decodeName(bytes);
        if (name !== undefined) expect(new Uint8Array(encodeName(name))).toEqual(bytes);
      }),
    );
  });
});

describe('times', () => {
  it('have the epoch of Windows', () => {
    expect(filetimeOfNanoseconds(0n)).toBe(116_444_736_000_000_000n);
    expect(filetimeOfNanoseconds(-1n)).toBe(116_444_735_999_999_999n);
    expect(filetimeOfNanoseconds(-11_644_473_600_000_000_100n)).toBe(0n);
  });

  it('come back from a FILETIME to the last 100 ns', () => {
    const times = fc.bigInt({ min: -11_644_473_600n * 10_000_000n, max: 1n << 62n });
    fc.assert(
      fc.property(times, (ticks) => {
        const { seconds, nanoseconds } = timespecOf(filetimeOfNanoseconds(ticks * 100n));
        expect(seconds * 1_000_000_000n + nanoseconds).toBe(ticks * 100n);
        expect(nanoseconds).toBeGreaterThanOrEqual(0n);
      }),
    );
  });

  it('in milliseconds are those of stat', () => {
    expect(statMilliseconds(1_700_000_000_123_456_789n)).toBe(1_700_000_000 * 1000 + 123_456_789 / 1e6);
    expect(statMilliseconds(-1n)).toBe(-1000 + 999_999_999 / 1e6);
  });
});

describe('names that a target takes', () => {
  const long = 'ä'.repeat(128);

  it('are few rules on POSIX', () => {
    const rules = nameRulesOf('linux');
    for (const name of ['', '.', '..', 'a/b', 'a\0', long]) expect(rules.problem(name), name).toBeDefined();
    for (const name of ['...', 'a\\b', 'con', 'a ', 'ä'.repeat(127), '\ud800']) {
      expect(rules.problem(name), name).toBeUndefined();
    }
    expect(rules.repair('a/b', repairSuffix(1))).toBe('a\ufffdb (invalid filename #1)');
  });

  it('are many on Windows', () => {
    const rules = nameRulesOf('win32');
    const bad = [
      '',
      '.',
      '..',
      'a\\b',
      'a:b',
      'con',
      'Aux.txt',
      'com1.',
      'lpt9',
      'a.',
      'a ',
      'a\u0001',
      'x'.repeat(256),
    ];
    for (const name of bad) expect(rules.problem(name), name).toBeDefined();
    for (const name of ['con1', 'com', 'a\u0080', 'ä.b']) expect(rules.problem(name), name).toBeUndefined();
    expect(rules.key('Ä')).toBe(rules.key('ä'));
  });

  it('can always be repaired', () => {
    for (const platform of ['linux', 'win32'] as const) {
      const rules = nameRulesOf(platform);
      const names = fc.oneof(anyUnits, fc.constantFrom('', '.', '..', 'nul', '\0', long, 'x'.repeat(300)));
      fc.assert(
        fc.property(names, fc.integer({ min: 1, max: 1e6 }), (name, number) => {
          const repaired = rules.repair(name, repairSuffix(number));
          expect(rules.problem(repaired)).toBeUndefined();
        }),
      );
    }
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeBaseBlock } from '../../src-main/engine/registry/baseBlock';
import { createHive } from '../../src-main/engine/registry/createHive';
import { openHive } from '../../src-main/engine/registry/openHive';
import { BaseBlock, LogEntry, Magic } from '../../src-main/engine/registry/records';
import { marvin32 } from '../../src-main/engine/registry/marvin32';
import { AppError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import { checkHiveStrictly } from '../support/hiveCheck';
import { flatten } from '../support/hives';
import { damaged, mutations } from '../support/hostileWim';

const endless = { numRuns: Number.MAX_SAFE_INTEGER };
const now = () => 133_500_000_000_000_000n;

const made = createHive({ now });
for (let i = 0; i < 12; i++) {
  const key = made.root.ensure(`Key ${i % 4}\\Ключ ${i}`);
  key.setValue('', 1, new Uint8Array(i * 9));
  key.setValue(`value ${i}`, 3, new Uint8Array(i * 3));
}
for (let i = 0; i < 600; i++) made.root.ensure(`many\\${i}`);
made.root.setValue('big', 3, new Uint8Array(20_000));
const good = made.serialize();
const block = BaseBlock.parse(good);

/** Whether an error is one that a person can act on. */
function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toMatch(/^registry\//);
    return false;
  }
}

/** Damages bins; the checksum of the base block stays right, so that the damage is reached. */
function damagedHive(changes: Parameters<typeof damaged>[1], align: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(good.length);
  bytes.set(damaged(good, changes, align).subarray(0, good.length));
  return bytes;
}

it('damage to a hive: what can be read is, or the error says where; a change of it leaves it whole or is refused', () => {
  fc.assert(
    fc.property(mutations, fc.constantFrom(1, 2, 4, 8), fc.boolean(), (changes, align, seal) => {
      const bytes = damagedHive(changes, align);
      if (seal) writeBaseBlock(bytes, block);
      attempt(() => {
        const hive = openHive(bytes);
        expect(flatten(hive).length).toBeLessThan(2000);
        expect(hive.warnings.length).toBeLessThanOrEqual(101);
        hive.key('many\\300')?.value('x');
      });
      attempt(() => {
        const hive = openHive(bytes, { acceptDirty: true, now });
        const edited = attempt(() => {
          hive.root.ensure('Key 1\\new').setValue('v', 3, new Uint8Array(50));
          hive.root.deleteSubkey('many');
        });
        if (edited) expect(openHive(hive.serialize()).key('key 1\\NEW')?.value('v')?.data.length).toBe(50);
      });
    }),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
  );
});

/** A log of the new format with one entry that replaces the first pages of the bins. */
function logOf(sequence: number, page: Uint8Array): Uint8Array<ArrayBuffer> {
  const size = Math.ceil((LogEntry.size + 8 + page.length) / 512) * 512;
  const log = new Uint8Array(512 + size);
  writeBaseBlock(log, { ...block, fileType: 6, primarySequence: sequence, secondarySequence: sequence });
  const entry = log.subarray(512);
  entry.set(page, LogEntry.size + 8);
  new DataView(log.buffer, 512).setUint32(LogEntry.size + 4, page.length, true);
  const head = {
    magic: Magic.HVLE,
    size,
    flags: 0,
    sequence,
    binsSize: block.binsSize,
    pageCount: 1,
    hash1: marvin32(entry.subarray(LogEntry.size)),
    hash2: 0n,
  };
  entry.set(LogEntry.serialize(head));
  entry.set(LogEntry.serialize({ ...head, hash2: marvin32(entry.subarray(0, 32)) }));
  return log;
}

it('damage to the logs of a dirty hive: it is recovered, or stays dirty', () => {
  const dirty = good.slice();
  writeBaseBlock(dirty, { ...block, primarySequence: block.secondarySequence + 1 });
  const logs = [
    logOf(block.secondarySequence, good.slice(4096, 8192)),
    logOf(block.secondarySequence + 1, good.slice(4096, 12288)),
  ];
  const whole = openHive(dirty, { logs });
  expect(whole.recovered).toBe(true);
  expect(checkHiveStrictly(whole.serialize())).toEqual(checkHiveStrictly(good));
  fc.assert(
    fc.property(
      mutations,
      fc.constantFrom(1, 4),
      fc.nat(1),
      fc.boolean(),
      (changes, align, which, headless) => {
        const given = logs.map((log, i) =>
          i === which ? Uint8Array.from(damaged(log, changes, align)) : log,
        );
        const hive = dirty.slice();
        if (headless) hive.fill(0, 0, 512);
        attempt(() => {
          const opened = openHive(hive, { logs: given });
          expect(opened.recovered).not.toBe(opened.dirty);
          expect(flatten(opened).length).toBeLessThan(2000);
        });
      },
    ),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(1) },
  );
});

import fc from 'fast-check';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { decompressLznt1 } from '../../src-main/engine/codec/lznt1/lznt1';
import { RunList } from '../../src-main/engine/ntfs/read/runList';
import { openNtfs } from '../../src-main/engine/ntfs/read/openNtfs';
import { createVolumeSource } from '../../src-main/engine/ntfs/read/volumeSource';
import { AppError, FormatError } from '../../src-shared/errors/appError';
import { editBlock } from '../support/damagedVolumes';
import { fuzzMilliseconds } from '../support/fuzz';
import { memoryDeviceOfFile, type MemoryDevice } from '../support/memoryDevice';
import { makeVolume, setAttribute, withMount } from '../support/ntfsVolumes';
import { noise } from '../support/pipeline';
import { describeWithTools } from '../support/tools';

const endless = { numRuns: Number.MAX_SAFE_INTEGER };

/** Runs a reader; the only error it may end with is one about the volume. */
async function read<T>(reader: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await reader();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toMatch(/^(volume|io)\//);
    if (error instanceof FormatError) expect(error.message).toMatch(/at offset \d+/);
    return undefined;
  }
}

/** Opens, lists, scans and reads what a device has. */
async function readAll(device: MemoryDevice): Promise<void> {
  const writes = device.events.length;
  const volume = await read(() => openNtfs(device));
  if (volume === undefined) return;
  expect(volume.free).toBeLessThanOrEqual(volume.size);
  for (const directory of ['/', '/many', '/dir']) {
    await read(() => {
      let count = 0;
      for (const item of volume.list(directory)) count += item.name.length;
      return count;
    });
  }
  const source = createVolumeSource(volume, 'volume');
  const scan = await read(() => source.scan({}));
  if (scan === undefined) return;
  const { tree } = scan;
  const piece = new Uint8Array(4096);
  for (let stream = 0; stream < tree.streamCount; stream++) {
    await read(() => source.locate(tree, stream));
    // The beginning and the end: a stream may claim terabytes.
    await read(() => {
      const bytes = source.open(tree, stream);
      bytes.read(0, piece);
      return bytes.read(Math.max(0, bytes.size - piece.length), piece);
    });
  }
  expect(device.events.length).toBe(writes);
}

/** A place in one of the structures, and what is put there. */
const damage = fc.record({
  block: fc.nat({ max: 100_000 }),
  at: fc.nat({ max: 1023 }),
  size: fc.constantFrom(1, 2, 4, 8),
  value: fc.oneof(
    fc.constantFrom(0n, 1n, 0x7fn, 0xffn, 0x7fffffffn, 0xffffffffn, 2n ** 63n, 2n ** 64n - 1n),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  ),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

describeWithTools(['mkntfs', 'ntfs-3g', 'setfattr'], 'a volume with damage', () => {
  let whole: MemoryDevice | undefined;
  const blocks: { offset: number; size: number }[] = [];

  function prepare(): MemoryDevice {
    if (whole !== undefined) return whole;
    const image = makeVolume(8 << 20);
    withMount(image, (root) => {
      const at = (...names: string[]) => path.join(root, ...names);
      mkdirSync(at('dir/below'), { recursive: true });
      mkdirSync(at('many'));
      writeFileSync(at('dir/file.bin'), noise(50_000, 1));
      writeFileSync(at('dir/small'), 'small');
      for (let i = 0; i < 100; i++) writeFileSync(at('many', `file with number ${i}`), `${i}`);
      writeFileSync(at('streams'), 'x');
      for (let i = 0; i < 30; i++) setAttribute(at('streams'), `user.stream ${i}`, noise(150, i));
      mkdirSync(at('compressed'));
      setAttribute(at('compressed'), 'system.ntfs_attrib_be', Buffer.from('00000810', 'hex'));
      writeFileSync(at('compressed/text'), 'text and text and '.repeat(9000));
      writeFileSync(at('sparse'), '');
      truncateSync(at('sparse'), 3_000_000);
      setAttribute(at('dir/small'), 'system.ntfs_object_id', noise(64, 2));
    });
    whole = memoryDeviceOfFile(image);
    const { mft, geometry } = openNtfs(whole);
    for (let record = 0; record < mft.count; record++) {
      const offset = mft.deviceOffset(record * geometry.recordSize);
      if (Buffer.from(whole.bytes(offset, 4)).toString('latin1') === 'FILE')
        blocks.push({ offset, size: geometry.recordSize });
    }
    for (let offset = 0; offset < whole.size; offset += 4096)
      if (Buffer.from(whole.bytes(offset, 4)).toString('latin1') === 'INDX')
        blocks.push({ offset, size: 4096 });
    return whole;
  }

  function damaged(changes: readonly Damage[], keepSequence: boolean): MemoryDevice {
    const device = prepare().copy();
    for (const { block, at, size, value } of changes) {
      const { offset, size: length } = blocks[block % blocks.length];
      const put = (view: DataView) => {
        for (let i = 0; i < size && at + i < length; i++)
          view.setUint8(at + i, Number((value >> BigInt(8 * i)) & 0xffn));
      };
      if (keepSequence) {
        editBlock(device, offset, length, put);
      } else {
        const bytes = device.bytes(offset, length);
        put(new DataView(bytes.buffer));
        device.write(offset, bytes);
      }
    }
    return device.copy();
  }

  it('of records and index blocks is read as far as it can be, or refused', async () => {
    prepare();
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 6 }), async (changes) => {
        await readAll(damaged(changes, changes[0].block % 4 !== 0));
      }),
      { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
    );
  });

  it('of the boot sector and the first records is read as far as it can be, or refused', async () => {
    prepare();
    await fc.assert(
      fc.asyncProperty(
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (changes, boot) => {
          const device = boot
            ? prepare().copy()
            : damaged(
                changes.map((change) => ({ ...change, block: change.block % 12 })),
                true,
              );
          if (boot) {
            for (const { at, size, value } of changes) {
              const bytes = Uint8Array.from({ length: size }, (_, i) =>
                Number((value >> BigInt(8 * i)) & 0xffn),
              );
              for (const sector of [0, device.size - 512]) device.write(sector + (at % 0x58), bytes);
            }
          }
          await readAll(device.copy());
        },
      ),
      { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
    );
  });
});

it('LZNT1: any bytes expand inside their room or are refused', () => {
  const output = new Uint8Array(65536);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 9000 }),
      fc.boolean(),
      fc.nat({ max: 65536 }),
      (bytes, looksRight, room) => {
        if (looksRight && bytes.length > 4) bytes[1] = 0xb0 | (bytes[1] & 15);
        const target = output.subarray(0, room);
        try {
          expect(decompressLznt1(bytes, target)).toBeLessThanOrEqual(room);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      },
    ),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(0.5) },
  );
});

it('run lists: any bytes are runs inside the volume or are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 5000 }), (bytes, highest) => {
      const runs = new RunList(100_000);
      try {
        runs.add(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, 0, highest, 0);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
      expect(runs.mapped).toBeLessThanOrEqual(200_000);
      for (let i = 0; i < runs.lcns.length; i++) {
        if (runs.lcns[i] >= 0) expect(runs.lcns[i] + runs.lengths[i]).toBeLessThanOrEqual(100_000);
      }
    }),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(0.5) },
  );
});

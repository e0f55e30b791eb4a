import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recogniseFileSystem } from '../../src-main/engine/disk/recognise';
import { createFatVolume } from '../../src-main/engine/fat/fatVolumeWriter';
import { openFat, type FatVolume } from '../../src-main/engine/fat/openFat';
import { AppError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import { damaged, mutations } from '../support/hostileWim';
import { memoryDevice } from '../support/memoryDevice';

const endless = { numRuns: Number.MAX_SAFE_INTEGER };
const SIZE = 34 * 2 ** 20;

const good = memoryDevice({ size: SIZE });
const writer = createFatVolume(good, { randomBytes, now: 133_500_000_000_000_000n, label: 'Fuzz' });
for (let i = 0; i < 12; i++) {
  writer.addFile(`/directory ${i % 3}/A long name of file ${i}.text`, randomBytes(i * 700));
  writer.addFile(`/S${i}.TXT`, randomBytes(i * 90));
}
writer.finish();
const boot = new DataView(good.bytes(0, 512).buffer);
const fatOffset = boot.getUint16(0x0e, true) * 512;
const dataOffset = fatOffset + 2 * boot.getUint32(0x24, true) * 512;
const parts = {
  boot: { offset: 0, length: 96 },
  fat: { offset: fatOffset, length: 512 },
  root: { offset: dataOffset, length: 512 },
  data: { offset: dataOffset, length: 120 * 512 },
};
const bytes = Object.fromEntries(
  Object.entries(parts).map(([name, { offset, length }]) => [name, good.bytes(offset, length)]),
);

/** Reads everything that is reachable, as far down as a person would look. */
function readAll(fat: FatVolume, path = '', depth = 0): void {
  for (const file of fat.list(path === '' ? '/' : path)) {
    expect(file.name).not.toMatch(/[/\\\0]/);
    if (file.isDirectory) {
      if (depth < 4) attempt(() => readAll(fat, `${path}/${file.name}`, depth + 1));
    } else {
      attempt(() => {
        const source = fat.open(file);
        const part = new Uint8Array(Math.min(source.size, 65536));
        expect(source.read(0, part)).toBe(part.length);
      });
    }
  }
}

/** The only error there may be is that of the volume, or of a path that is not what it was. */
function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toMatch(/^(volume\/malformed|disk\/truncated|io\/not-found|io\/not-a-directory)$/);
  }
}

it.each(Object.keys(parts) as (keyof typeof parts)[])('FAT32: damage to the %s', (name) => {
  const { offset, length } = parts[name];
  fc.assert(
    fc.property(mutations, fc.constantFrom(1, 2, 4, 32), (changes, align) => {
      const device = memoryDevice({ size: SIZE });
      for (const key of ['fat', 'data'] as const) device.write(parts[key].offset, bytes[key]);
      device.write(0, good.bytes(0, 512));
      device.write(offset, damaged(bytes[name], changes, align).subarray(0, length));
      recogniseFileSystem(device);
      attempt(() => {
        const fat = openFat(device);
        expect(fat.clusterSize).toBeGreaterThanOrEqual(512);
        expect(fat.used).toBeGreaterThanOrEqual(0);
        readAll(fat);
      });
    }),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(1.5) },
  );
});

import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openNtfs } from '../../src-main/engine/ntfs/read/openNtfs';
import { AttributeType } from '../../src-main/engine/ntfs/records/attribute';
import { AppError } from '../../src-shared/errors/appError';
import { attributeIn, editBlock, editRecord, scanDevice } from '../support/damagedVolumes';
import { memoryDeviceOfFile, type MemoryDevice } from '../support/memoryDevice';
import { makeVolume, setAttribute, withMount } from '../support/ntfsVolumes';
import { noise } from '../support/pipeline';
import { describeWithTools } from '../support/tools';

const { FILE_NAME, DATA, INDEX_ROOT, STANDARD_INFORMATION, ATTRIBUTE_LIST, VOLUME_INFORMATION } =
  AttributeType;

let whole: MemoryDevice;
const copy = () => whole.copy();
const recordOf = (name: string, device: MemoryDevice = whole): number => {
  const found = openNtfs(device, { skipState: true }).find(name)?.record;
  if (found === undefined) throw new Error(`${name} is not there`);
  return found;
};
/** The error of opening a device. */
function refusal(device: MemoryDevice): AppError {
  try {
    openNtfs(device);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it was opened');
}

function fill(root: string): void {
  const at = (...names: string[]) => path.join(root, ...names);
  mkdirSync(at('dir/below'), { recursive: true });
  mkdirSync(at('many'));
  writeFileSync(at('dir/file.bin'), noise(50_000, 1));
  writeFileSync(at('dir/below/deep.txt'), 'deep');
  writeFileSync(at('plain.bin'), noise(30_000, 2));
  writeFileSync(at('hiberfil.sys'), Buffer.concat([Buffer.from('hibr'), Buffer.alloc(8000)]));
  linkSync(at('plain.bin'), at('dir/second name'));
  for (let i = 0; i < 200; i++) writeFileSync(at('many', `file with number ${i}`), `${i}`);
  writeFileSync(at('streams'), 'x');
  for (let i = 0; i < 40; i++) setAttribute(at('streams'), `user.stream ${i}`, noise(150, i));
}

describeWithTools(['mkntfs', 'ntfs-3g', 'setfattr'], 'a damaged NTFS volume', () => {
  let everything: readonly string[];
  beforeAll(async () => {
    const image = makeVolume(16 << 20);
    withMount(image, fill);
    whole = memoryDeviceOfFile(image);
    everything = (await scanDevice(copy())).paths;
    expect(everything.length).toBeGreaterThan(200);
  });
  /** What is read of all, without what is named. */
  const without = (...names: string[]) =>
    everything.filter((name) => !names.some((gone) => name === gone || name.startsWith(`${gone}/`)));

  describe('boot sector', () => {
    it('is read from its copy, with a warning', async () => {
      const device = copy();
      device.write(0, new Uint8Array(512));
      const { volume, paths } = await scanDevice(device);
      expect(paths).toEqual(everything);
      expect(volume.warnings.join()).toMatch(/boot sector is damaged .*copy at the end/);
    });

    it('and its copy damaged: says so', () => {
      const device = copy();
      device.write(0, new Uint8Array(512));
      device.write(device.size - 512, new Uint8Array(512));
      expect(refusal(device)).toMatchObject({ code: 'volume/malformed', structure: 'NTFS boot sector' });
    });

    it.each([
      ['-FVE-FS-', 'volume/encrypted', /BitLocker/],
      ['ReFS\0\0\0\0', 'volume/unsupported', /ReFS/],
      ['EXFAT   ', 'volume/unsupported', /exFAT/],
    ] as const)('of another kind, %j, is told', (name, code, message) => {
      const device = copy();
      device.write(3, Buffer.from(name, 'latin1'));
      const error = refusal(device);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
    });

    it.each([
      ['bytesPerSector', 11, [0, 0]],
      ['sectorsPerCluster', 13, [0x81]],
      ['sectorsPerCluster', 13, [3]],
      ['numberOfSectors', 0x28, [255, 255, 255, 255, 255, 255, 255, 127]],
      ['mftLcn', 0x30, [255, 255, 255, 255, 255, 255, 255, 255]],
      ['clustersPerFileRecord', 0x40, [0x80]],
      ['clustersPerIndexBlock', 0x44, [0]],
    ] as const)('with an impossible %s is refused', (field, offset, bytes) => {
      const device = copy();
      for (const sector of [0, device.size - 512]) device.write(sector + offset, Uint8Array.from(bytes));
      expect(refusal(device)).toMatchObject({ code: 'volume/malformed', field });
    });
  });

  it('whose first records of $MFT are gone is read by $MFTMirr', async () => {
    const device = copy();
    const { geometry } = openNtfs(device);
    device.write(geometry.mftLcn * geometry.clusterSize, new Uint8Array(4 * 1024).fill(0x55));
    const { volume, paths } = await scanDevice(device);
    expect(paths).toEqual(everything);
    expect(volume.warnings.join()).toMatch(/Record 0 of \$MFT is damaged .*\$MFTMirr was read/);
    device.write(geometry.mftMirrorLcn * geometry.clusterSize, new Uint8Array(4 * 1024));
    expect(refusal(device).code).toBe('volume/malformed');
  });

  it('whose $MFT has a hole, with which it could claim any size, is refused', () => {
    const device = copy();
    editRecord(device, 0, (view) => {
      const { at } = attributeIn(view, DATA);
      const runs = at + view.getUint16(at + 0x20, true);
      const clusters = view.getUint32(at + 0x18, true) + 1;
      // One run of that many clusters, without a place.
      view.setUint32(runs, 0x04 | ((clusters & 0xffffff) << 8), true);
      view.setUint16(runs + 4, clusters >>> 24, true);
    });
    expect(refusal(device).message).toMatch(/\$MFT at offset \d+: it has a hole/);
  });

  it('loses a file whose record is torn, and only that, and says so', async () => {
    const device = copy();
    const { mft } = openNtfs(device);
    device.write(mft.deviceOffset(recordOf('/dir/file.bin') * 1024) + 510, Uint8Array.of(0x12, 0x34));
    const { damaged, paths } = await scanDevice(device);
    expect(paths).toEqual(without('/dir/file.bin'));
    expect(damaged).toEqual([
      expect.objectContaining({
        problem: expect.stringMatching(/a file is lost: .*offset \d+: it is torn/) as string,
      }),
    ]);
  });

  it('loses a file whose record was overwritten, and says so', async () => {
    const device = copy();
    const { mft } = openNtfs(device);
    device.write(mft.deviceOffset(recordOf('/dir/file.bin') * 1024), new Uint8Array(1024));
    const { damaged, paths } = await scanDevice(device);
    expect(paths).toEqual(without('/dir/file.bin'));
    expect(damaged.map(({ problem }) => problem)).toEqual([
      'a file is lost: the record is marked as in use, and nothing is in its place',
    ]);
  });

  it('tells the record that says it is a part of a record which does not name it', async () => {
    const device = copy();
    const lost = recordOf('/dir/below/deep.txt');
    // One bit of the reference to a base record, which is nothing in a record of a file.
    editRecord(device, lost, (view) => {
      view.setUint8(0x20, 1);
    });
    const second = recordOf('/dir/file.bin');
    const claimed = recordOf('/streams');
    editRecord(device, second, (view) => {
      view.setUint32(0x20, claimed, true);
    });
    const { scan, damaged, paths } = await scanDevice(device);
    expect(paths).toEqual(without('/dir/below/deep.txt', '/dir/file.bin'));
    const expected = [
      [lost, 1],
      [second, claimed],
    ].sort(([a], [b]) => a - b);
    expect(damaged).toEqual(
      expected.map(([record, base]) => ({
        path: `/$MFT: record ${record}`,
        problem: `it says that it is a part of record ${base}, which does not name it; a file may be lost`,
      })),
    );
    expect(scan.notKept).toEqual([]);
  });

  it('tells the files whose directory is gone', async () => {
    const device = copy();
    editRecord(device, recordOf('/dir'), (view) => {
      view.setUint16(0x16, 0, true);
    });
    const { damaged, paths } = await scanDevice(device);
    expect(paths).toEqual(without('/dir'));
    const told = damaged.map(({ path: where, problem }) => `${where}: ${problem}`).join('\n');
    expect(told).toMatch(/\(file\.bin\): orphaned: its directory, record \d+, is gone/);
    expect(told).toMatch(/\(below\): orphaned: .*and with it 1 more below/);
    expect(told).toMatch(/one of its names, second name, is orphaned/);
  });

  it('takes a reference with an old sequence number for one to a directory that is gone', async () => {
    const device = copy();
    editRecord(device, recordOf('/dir'), (view) => {
      view.setUint16(0x10, view.getUint16(0x10, true) + 1, true);
    });
    const { damaged, paths } = await scanDevice(device);
    expect(paths).toEqual(without('/dir/file.bin', '/dir/below', '/dir/second name'));
    expect(damaged.length).toBe(3);
  });

  it('keeps a file without the stream whose run list leaves the volume', async () => {
    const device = copy();
    editRecord(device, recordOf('/plain.bin'), (view) => {
      const { at } = attributeIn(view, DATA);
      const runs = at + view.getUint16(at + 0x20, true);
      view.setUint8(runs, 0x41);
      view.setUint32(runs + 2, 0x7fffffff, true);
    });
    const { damaged, paths } = await scanDevice(device);
    expect(paths).toEqual(everything);
    expect(damaged.map(({ path: where, problem }) => `${where}: ${problem}`).join('\n')).toMatch(
      /second name: run list at offset \d+: .*outside the volume[^]*second name: \$DATA is left out/,
    );
  });

  it.each([
    ['data larger than its clusters', 0x30, 1e12],
    ['allocated size of 8 EiB', 0x28, 2 ** 62],
    ['VCNs that are not those of the runs', 0x18, 77],
  ])('keeps a file without a stream of impossible size: %s', async (_what, field, value) => {
    const device = copy();
    editRecord(device, recordOf('/plain.bin'), (view) => {
      view.setBigUint64(attributeIn(view, DATA).at + field, BigInt(value), true);
    });
    const { damaged, paths } = await scanDevice(device);
    expect(paths).toEqual(everything);
    expect(damaged.length).toBeGreaterThan(0);
    expect(damaged[0].path).toMatch(/plain\.bin|second name/);
  });

  it('keeps what other records hold of a file when one of them is not its own', async () => {
    const device = copy();
    const record = recordOf('/streams');
    const list = openNtfs(device).contents(record);
    const before = list?.attributes.filter(({ type }) => type === DATA).length ?? 0;
    let extension = 0;
    // Entries for another record name the base itself: a loop.
    const redirect = (view: DataView, start: number, end: number) => {
      const entries: number[] = [];
      for (let at = start; at < end; at += view.getUint16(at + 4, true)) entries.push(at + 16);
      extension = view.getUint32(entries.at(-1) ?? 0, true);
      for (const at of entries) if (view.getUint32(at, true) === extension) view.setUint32(at, record, true);
    };
    let place = 0;
    let size = 0;
    editRecord(device, record, (view) => {
      const { at, resident, valueAt, valueLength } = attributeIn(view, ATTRIBUTE_LIST);
      if (resident) {
        redirect(view, valueAt, valueAt + valueLength);
        return;
      }
      // Its one run: how many bytes the length and the place have, then these.
      const runs = at + view.getUint16(at + 0x20, true);
      expect(view.getUint8(runs) & 15).toBe(1);
      for (let i = view.getUint8(runs) >> 4; i > 0; i--) place = place * 256 + view.getUint8(runs + 1 + i);
      size = view.getUint32(at + 0x30, true);
    });
    if (size > 0) {
      const bytes = device.bytes(place * 4096, size);
      redirect(new DataView(bytes.buffer), 0, size);
      device.write(place * 4096, bytes);
    }
    expect(extension).not.toBe(record);
    const { damaged, paths } = await scanDevice(device);
    expect(paths).toEqual(everything);
    const problems = damaged.map(({ problem }) => problem).join('\n');
    expect(problems).toMatch(/does not hold \d+ attributes that the list names/);
    const after =
      openNtfs(device)
        .contents(record)
        ?.attributes.filter(({ type }) => type === DATA).length ?? 0;
    expect(after).toBeLessThan(before);
  });

  it('ends at an index that comes back to a block, and scans without it', async () => {
    const device = copy();
    const volume = openNtfs(device);
    const contents = volume.contents(recordOf('/many'));
    const blocks = contents?.attributes.find(({ type }) => type === AttributeType.INDEX_ALLOCATION);
    const lcn = blocks?.runs?.lcns[0] ?? -1;
    editBlock(device, lcn * 4096, 4096, (view) => {
      // The first entry gets a child: the block itself.
      const entry = 0x18 + view.getUint32(0x18, true);
      view.setUint16(entry + 12, view.getUint16(entry + 12, true) | 1, true);
      view.setBigUint64(entry + view.getUint16(entry + 8, true) - 8, view.getBigUint64(0x10, true), true);
    });
    expect(() => [...openNtfs(device).list('/many')]).toThrow(
      /index block at offset \d+: the index comes to it twice/,
    );
    expect((await scanDevice(device)).paths).toEqual(everything);
  });

  it('has no way into directories that contain each other', async () => {
    const device = copy();
    const [outer, inner] = [recordOf('/dir'), recordOf('/dir/below')];
    editRecord(device, outer, (view) => {
      const { valueAt } = attributeIn(view, FILE_NAME);
      view.setUint32(valueAt, inner, true);
      view.setUint16(valueAt + 6, 0, true);
    });
    const { damaged, paths } = await scanDevice(device);
    expect(paths).toEqual(without('/dir'));
    expect(damaged.filter(({ problem }) => problem.includes('contains itself')).length).toBe(4);
  });

  it('leaves names out that no file can have', async () => {
    const device = copy();
    editRecord(device, recordOf('/dir/below/deep.txt'), (view) => {
      view.setUint16(attributeIn(view, FILE_NAME).valueAt + 0x42, '/'.charCodeAt(0), true);
    });
    editRecord(device, recordOf('/dir/file.bin'), (view) => {
      const { valueAt } = attributeIn(view, FILE_NAME);
      view.setUint8(valueAt + 0x40, 2);
      view.setUint32(valueAt + 0x42, 0x002e002e, true);
    });
    const { damaged, paths } = await scanDevice(device);
    expect(paths).toEqual(without('/dir/below/deep.txt', '/dir/file.bin'));
    expect(damaged.map(({ problem }) => problem).sort()).toEqual([
      'left out: its name has a character that no file can have',
      'left out: its name stands for another directory',
    ]);
  });

  it('leaves encrypted files out with their reason', async () => {
    const device = copy();
    editRecord(device, recordOf('/dir/file.bin'), (view) => {
      const { valueAt } = attributeIn(view, STANDARD_INFORMATION);
      view.setUint32(valueAt + 0x20, 0x4020, true);
    });
    const { scan, paths } = await scanDevice(device);
    expect(paths).toEqual(without('/dir/file.bin'));
    expect(scan.notKept).toEqual([
      {
        path: '/dir/file.bin',
        problem: 'left out: the file is encrypted (EFS), which can be read only by Windows',
      },
    ]);
  });

  it('says when $Secure does not have a descriptor', async () => {
    const device = copy();
    editRecord(device, recordOf('/plain.bin'), (view) => {
      view.setUint32(attributeIn(view, STANDARD_INFORMATION).valueAt + 0x34, 0xabcdef, true);
    });
    const { scan, paths } = await scanDevice(device);
    expect(paths).toEqual(everything);
    expect(scan.notKept[0].problem).toMatch(/security descriptor 11259375 is not in \$Secure/);
    await expect(scanDevice(device, { securityDescriptors: 'strict' })).rejects.toThrow(/not in \$Secure/);
    expect((await scanDevice(device, { securityDescriptors: 'none' })).scan.notKept).toEqual([]);
  });

  it('tells a case-sensitive directory', async () => {
    const device = copy();
    editRecord(device, recordOf('/dir'), (view) => {
      view.setUint32(attributeIn(view, STANDARD_INFORMATION).valueAt + 0x28, 1, true);
    });
    const { scan } = await scanDevice(device);
    expect(scan.notKept).toEqual([expect.objectContaining({ path: '/dir' })]);
  });

  it('tells that Windows is hibernated, that the volume is dirty and that its log is open', () => {
    const device = copy();
    expect(openNtfs(device)).toMatchObject({ isHibernated: true, isDirty: false, isLogOpen: false });
    expect(openNtfs(device).warnings.join()).toMatch(/hibernated/);
    const sleep = openNtfs(device)
      .contents(recordOf('/hiberfil.sys'))
      ?.attributes.find(({ type }) => type === DATA);
    device.write((sleep?.runs?.lcns[0] ?? -1) * 4096, Buffer.from('wake'));
    expect(openNtfs(device)).toMatchObject({ isHibernated: false, warnings: [] });
    device.write((sleep?.runs?.lcns[0] ?? -1) * 4096, Buffer.from('HIBR'));
    editRecord(device, 3, (view) => {
      const { valueAt } = attributeIn(view, VOLUME_INFORMATION);
      view.setUint16(valueAt + 10, 1, true);
    });
    const { geometry } = openNtfs(device, { skipState: true });
    const log =
      openNtfs(device)
        .contents(2)
        ?.attributes.find(({ type }) => type === DATA)?.runs?.lcns[0] ?? -1;
    for (const page of [0, 4096]) {
      // As a mounted volume has it: a client in use, and not marked clean.
      const bytes = new Uint8Array(4096);
      const view = new DataView(bytes.buffer);
      bytes.set(Buffer.from('RSTR'));
      view.setUint16(4, 0x1e, true);
      view.setUint16(6, 9, true);
      view.setUint16(0x18, 0x30, true);
      view.setUint16(0x3c, 0, true);
      device.write(log * geometry.clusterSize + page, bytes);
    }
    const volume = openNtfs(device);
    expect(volume).toMatchObject({ isHibernated: true, isDirty: true, isLogOpen: true });
    expect(volume.warnings.join()).toMatch(/marked dirty/);
  });

  it('whose root is gone cannot be scanned', async () => {
    const device = copy();
    editRecord(device, 5, (view) => {
      view.setUint16(0x16, 0, true);
    });
    await expect(scanDevice(device)).rejects.toThrow(/the root directory is not in use/);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(scanDevice(copy(), { signal: controller.signal })).rejects.toMatchObject({
      code: 'job/cancelled',
    });
  });

  it('leaves out what is excluded, and tells of no loss there', async () => {
    const device = copy();
    editRecord(device, recordOf('/dir/below'), (view) => {
      view.setUint16(0x16, 0, true);
    });
    const excludes = (name: string) => (name === '/many' ? '/many' : undefined);
    const { scan, damaged, paths } = await scanDevice(device, { excludes });
    expect(paths).toEqual(without('/many', '/dir/below'));
    expect(scan.excluded).toEqual([{ path: '/many', pattern: '/many' }]);
    expect(damaged.length).toBe(1);
    expect(scan.notKept).toEqual([]);
  });

  it('with a broken root of an index is refused by a listing', () => {
    const device = copy();
    editRecord(device, recordOf('/dir'), (view) => {
      view.setUint32(attributeIn(view, INDEX_ROOT).valueAt + 0x14, 0x7fffffff, true);
    });
    expect(() => [...openNtfs(device).list('/dir')]).toThrow(/\$INDEX_ROOT at offset/);
  });
});

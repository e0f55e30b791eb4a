import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockDevice } from '../../src-main/engine/disk/blockDevice';
import { layouts } from '../../src-main/engine/disk/layouts/layouts';
import { planLayout } from '../../src-main/engine/disk/layouts/planLayout';
import { readPartitions } from '../../src-main/engine/disk/partitions';
import { recogniseFileSystem } from '../../src-main/engine/disk/recognise';
import { sliceDevice } from '../../src-main/engine/disk/slice';
import { writePartitions } from '../../src-main/engine/disk/writePartitions';
import { memoryDevice, memoryDeviceOfFile } from '../support/memoryDevice';
import { plainFileDevice } from '../support/plainFileDevice';
import { describeWithTools, fixtures, requireTool, temporaryDirectory } from '../support/tools';

const MIB = 2 ** 20;

function run(command: string, ...args: string[]): string {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  const output = result.stdout + result.stderr;
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${output}`);
  return output;
}

interface SfdiskTable {
  readonly label: string;
  readonly id: string;
  readonly partitions?: readonly {
    readonly node: string;
    readonly start: number;
    readonly size: number;
    readonly type: string;
    readonly uuid?: string;
    readonly name?: string;
    readonly attrs?: string;
    readonly bootable?: boolean;
  }[];
}

function sfdisk(file: string): SfdiskTable {
  const json = spawnSync('sfdisk', ['--json', file], { encoding: 'utf8' }).stdout;
  return (JSON.parse(json) as { partitiontable: SfdiskTable }).partitiontable;
}

/** What both we and sfdisk say of a disk, in one form. */
function ours(device: BlockDevice) {
  const { table, diskId, partitions } = readPartitions(device);
  return {
    label: table === 'mbr' ? 'dos' : table,
    id: diskId,
    partitions: partitions
      .map((one) => ({
        number: one.number,
        start: one.offset / 512,
        size: one.size / 512,
        type: one.type.replace(/^0(.)$/, '$1'),
        id: one.id,
        name: one.name === '' ? undefined : one.name,
        active: one.active === true,
      }))
      .sort((a, b) => a.number - b.number),
  };
}

function theirs(file: string) {
  const table = sfdisk(file);
  return {
    label: table.label,
    id: table.id.toLowerCase().replace(/^0x/, ''),
    partitions: (table.partitions ?? [])
      .filter(({ type }) => !['5', 'f', '85'].includes(type))
      .map((one) => ({
        number: Number(/\d+$/.exec(one.node)?.[0]),
        start: one.start,
        size: one.size,
        type: one.type.toLowerCase(),
        id: one.uuid?.toLowerCase(),
        name: one.name,
        active: one.bootable === true,
      }))
      .sort((a, b) => a.number - b.number),
  };
}

describe('partition tables of the fixtures', () => {
  it.each([
    ['gpt-512-0p.raw.gz', 0],
    ['gpt-512-3p.raw.gz', 3],
    ['mbr-512-p0.bin', 0],
    ['mbr-512-p1.bin', 1],
    ['mbr-512-p1e2.bin.gz', 3],
  ])('%s holds %i partitions, as sfdisk says', (name, count) => {
    const stored = readFileSync(fixtures('partition', name));
    requireTool('sfdisk');
    const bytes = name.endsWith('.gz') ? gunzipSync(stored) : stored;
    const file = path.join(temporaryDirectory(), 'disk');
    writeFileSync(file, bytes);
    const device = memoryDeviceOfFile(file);
    expect(readPartitions(device).partitions).toHaveLength(count);
    expect(ours(device)).toEqual(theirs(file));
  });

  it('mbr-4096-p1e1.bin.gz: sectors of 4096 bytes, one primary and one logical', () => {
    const bytes = gunzipSync(readFileSync(fixtures('partition', 'mbr-4096-p1e1.bin.gz')));
    const device = memoryDevice({ size: bytes.length, sectorSize: 4096, contents: bytes });
    // fdisk -b 4096 -l: 1 at sectors 3 and 4, active; 5 at 9 and 10.
    expect(readPartitions(device)).toMatchObject({
      table: 'mbr',
      diskId: 'ce1e0256',
      partitions: [
        { number: 1, offset: 3 * 4096, size: 2 * 4096, type: '8e', active: true },
        { number: 5, offset: 9 * 4096, size: 2 * 4096, type: '83' },
      ],
      warnings: [],
    });
  });

  it('mbr-win-512.raw.tgz: three primary and four logical partitions of Windows', () => {
    const directory = temporaryDirectory();
    const archive = fixtures('partition', 'mbr-win-512.raw.tgz');
    run('tar', '-xSf', archive, '-C', directory);
    const file = path.join(directory, 'mbr-win-512.raw');
    const device = memoryDeviceOfFile(file);
    const { partitions, warnings } = readPartitions(device);
    expect(warnings).toEqual([]);
    expect(partitions.map(({ number }) => number)).toEqual([1, 2, 3, 5, 6, 7, 8]);
    // They were never formatted.
    for (const { offset } of partitions) {
      expect(recogniseFileSystem(memoryDeviceOfFile(file, { offset, length: MIB }))).toBe('none');
    }
    requireTool('sfdisk');
    expect(ours(device)).toEqual(theirs(file));
  });

  it('forensics-samples/fs.multiple.xz: exFAT and NTFS among others', () => {
    const packed = fixtures('ntfs', 'forensics-samples', 'fs.multiple.xz');
    const file = path.join(temporaryDirectory(), 'disk');
    const unpacked = spawnSync('xz', ['-dc', packed], { maxBuffer: 2 ** 29 });
    writeFileSync(file, unpacked.stdout);
    const { partitions } = readPartitions(memoryDeviceOfFile(file));
    const found = partitions.map(({ offset }) =>
      recogniseFileSystem(memoryDeviceOfFile(file, { offset, length: MIB })),
    );
    expect(partitions.map(({ offset }) => offset / 512)).toEqual([2048, 227328, 309248, 391168]);
    expect(found.slice(2)).toEqual(['exfat', 'ntfs']);
  });

  it('dfir_ntfs/vss_1_vol.tar.gz: a GPT that Windows made', () => {
    const directory = temporaryDirectory();
    run('tar', '-xzSf', fixtures('ntfs', 'dfir_ntfs', 'vss_1_vol.tar.gz'), '-C', directory);
    const file = path.join(directory, 'vss_1_vol.raw');
    const device = plainFileDevice(file);
    try {
      expect(readPartitions(device)).toMatchObject({
        table: 'gpt',
        partitions: [
          {
            number: 1,
            offset: 34 * 512,
            size: 65536 * 512,
            role: 'msr',
            name: 'Microsoft reserved partition',
          },
          {
            number: 2,
            offset: 67584 * 512,
            size: 10416128 * 512,
            role: 'data',
            name: 'Basic data partition',
          },
        ],
        warnings: [],
      });
      requireTool('sfdisk');
      expect(ours(device)).toEqual(theirs(file));
    } finally {
      device.close();
    }
  });

  it.each([
    ['ntfs3.raw.gz', 'none', 0, 0],
    ['ntfs_index.raw.gz', 'mbr', 1, 128],
  ])('dfir_ntfs/%s: table %s, volume %i at sector %i', (name, table, number, sector) => {
    const bytes = gunzipSync(readFileSync(fixtures('ntfs', 'dfir_ntfs', name)));
    const device = memoryDevice({ size: bytes.length, contents: bytes });
    const read = readPartitions(device);
    expect(read.table).toBe(table);
    expect(read.partitions).toMatchObject([{ number, offset: sector * 512 }]);
    const { offset, size } = read.partitions[0];
    expect(recogniseFileSystem(sliceDevice(device, offset, size, name))).toBe('ntfs');
  });

  it("CreatePartitions-UEFI.txt and -BIOS.txt: our layouts are Microsoft's", () => {
    const script = (name: string) =>
      readFileSync(fixtures('diskpart', 'wininstall', `CreatePartitions-${name}.txt`), 'utf8')
        .split(/\r?\n/)
        .filter((line) => line !== '' && !line.startsWith('rem '));
    for (const [name, layout] of [
      ['UEFI', layouts.uefi],
      ['BIOS', layouts.bios],
    ] as const) {
      const lines = script(name);
      const made = lines.flatMap((line, i) => {
        const created = /^create partition (\w+)(?: size=(\d+))?/.exec(line);
        if (!created) return [];
        const rest = lines.slice(i + 1);
        const next = rest.findIndex((other) => other.startsWith('create '));
        const own = next === -1 ? rest : rest.slice(0, next);
        const format = own
          .map((other) => /fs=(\w+) label="(.*?)"/.exec(other))
          .find((match) => match !== null);
        return [{ size: Number(created[2] ?? 0), fileSystem: format?.[1] ?? 'none', label: format?.[2] }];
      });
      expect(layout.partitions.map(({ fileSystem }) => fileSystem)).toEqual(
        made.map((one) => one.fileSystem),
      );
      expect(layout.partitions.slice(0, -1).map((one) => ('label' in one ? one.label : undefined))).toEqual(
        made.slice(0, -1).map(({ label }) => label),
      );
      const device = memoryDevice({ size: 8 * 2 ** 30 });
      const plan = planLayout(layout, device.size, 512);
      writePartitions(device, plan, { table: layout.table, randomBytes });
      const { partitions } = readPartitions(device);
      for (const [i, { size }] of made.entries())
        expect(partitions[i].size).toBeGreaterThanOrEqual(size * MIB);
      const recovery = partitions[partitions.length - 1];
      const id = lines.map((line) => /^set id="?(.*?)"?$/.exec(line)).find((match) => match !== null)?.[1];
      const attributes = lines
        .map((line) => /^gpt attributes=(.*)$/.exec(line))
        .find((match) => match !== null)?.[1];
      expect(recovery.type).toBe(id);
      expect(recovery.attributes).toBe(attributes);
      expect(partitions.filter(({ active }) => active === true).map(({ number }) => number)).toEqual(
        lines.includes('active') ? [1] : [],
      );
    }
  });
});

describeWithTools(['sgdisk', 'sfdisk', 'parted'], 'partition tables that we write', () => {
  const spec = fc.record({
    role: fc.constantFrom('data' as const, 'windows' as const, 'recovery' as const),
    size: fc.integer({ min: 8, max: 200 }).map((size) => `${size}MB`),
    fileSystem: fc.constant('ntfs' as const),
    name: fc.constantFrom('one', 'Größe', '数据'),
  });

  it('any GPT passes sgdisk, sfdisk and parted, and is read by them as by us', () => {
    const file = path.join(temporaryDirectory(), 'disk');
    fc.assert(
      fc.property(
        fc.array(spec, { minLength: 0, maxLength: 8 }),
        fc.integer({ min: 2000, max: 100_000 }),
        (partitions, megabytes) => {
          const device = memoryDevice({ size: megabytes * MIB });
          const plan = planLayout({ table: 'gpt', partitions }, device.size, 512);
          writePartitions(device, plan, { table: 'gpt', randomBytes });
          device.save(file);
          expect(run('sgdisk', '-v', file)).toContain('No problems found');
          expect(run('sfdisk', '-V', file)).toContain('No errors detected');
          expect(run('parted', '-s', file, 'unit', 's', 'print')).toContain('Partition Table: gpt');
          expect(ours(device)).toEqual(theirs(file));
          expect(ours(device).partitions).toHaveLength(partitions.length);
        },
      ),
      { numRuns: 12 },
    );
  });

  it.each(['uefi', 'bios', 'data'] as const)('layout %s is what sfdisk reads', (layout) => {
    const device = memoryDevice({ size: 32 * 2 ** 30 });
    const { table } = layouts[layout];
    writePartitions(device, planLayout(layout, device.size, 512), { table, randomBytes });
    const file = path.join(temporaryDirectory(), 'disk');
    device.save(file);
    expect(run('sfdisk', '-V', file)).toContain('No errors detected');
    expect(ours(device)).toEqual(theirs(file));
    const attributes = sfdisk(file).partitions?.map(({ attrs }) => attrs);
    if (layout === 'uefi') {
      expect(attributes).toEqual([undefined, undefined, undefined, 'RequiredPartition GUID:63']);
    }
  });

  it('tables of sgdisk and sfdisk are read as they read them', () => {
    const file = path.join(temporaryDirectory(), 'disk');
    memoryDevice({ size: 200 * MIB }).save(file);
    run(
      'sgdisk',
      '-n',
      '1:2048:+10M',
      '-t',
      '1:ef00',
      '-c',
      '1:EFI',
      '-n',
      '7:0:+20M',
      '-t',
      '7:2700',
      '-A',
      '7:set:0',
      file,
    );
    expect(ours(memoryDeviceOfFile(file))).toEqual(theirs(file));
    expect(readPartitions(memoryDeviceOfFile(file)).warnings).toEqual([]);
    const script = 'label: dos\n2048,20480,7,*\n22528,40960,5\n24576,8192,b\n34816,8192,83\n';
    memoryDevice({ size: 200 * MIB }).save(file);
    const made = spawnSync('sfdisk', [file], { input: script, encoding: 'utf8' });
    expect(made.status, made.stderr).toBe(0);
    expect(ours(memoryDeviceOfFile(file))).toEqual(theirs(file));
    expect(readPartitions(memoryDeviceOfFile(file)).partitions.map(({ number }) => number)).toEqual([
      1, 5, 6,
    ]);
  });

  it('a GPT of 4096-byte sectors passes sgdisk on a loop device', ({ skip }) => {
    const device = memoryDevice({ size: 4 * 2 ** 30, sectorSize: 4096 });
    writePartitions(device, planLayout('uefi', device.size, 4096), { table: 'gpt', randomBytes });
    const file = path.join(temporaryDirectory(), 'disk');
    device.save(file);
    const attached = spawnSync('losetup', ['--find', '--show', '--sector-size', '4096', file], {
      encoding: 'utf8',
    });
    if (attached.status !== 0) skip(`no loop devices here: ${attached.stderr}`);
    const loop = attached.stdout.trim();
    try {
      expect(run('sgdisk', '-v', loop)).toContain('No problems found');
      expect(run('sfdisk', '-V', loop)).toContain('No errors detected');
    } finally {
      run('losetup', '-d', loop);
    }
  });
});

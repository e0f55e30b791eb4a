// VHD and VHDX of ours read, checked and written by qemu and libvhdi, and theirs by us.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { copyDisk } from '../../src-main/engine/disk/copyDisk';
import { createDisk, type CreateDiskRequest } from '../../src-main/engine/disk/createDisk';
import { openDisk } from '../../src-main/engine/disk/openDisk';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { isRoot } from '../support/trees';
import { diskHost, pattern, readByExtents, writeByExtents } from '../support/virtualDisks';

const host = { ...diskHost(), breathe: () => Promise.resolve() };
const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** Over the largest blocks, and odd at the end. */
const SIZE = 70 * MIB + 13 * 512 * 1024 + 3 * 4096;

/** What is written to each disk: across blocks, and at both ends. */
const writes: readonly (readonly [offset: number, length: number])[] = [
  [0, 70_000],
  [32 * MIB - 100, 5000],
  [40 * MIB + 512, 3 * MIB],
  [64 * MIB - 2 * MIB, 4 * MIB],
  [20 * MIB - 1, 2],
  [SIZE - 66_000, 66_000],
];

function run(command: string, ...args: string[]): string {
  return runIn('.', command, ...args);
}

function runIn(cwd: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd });
  expect(`${status} ${stderr}`, `${command} ${args.join(' ')}\n${stdout}`).toBe('0 ');
  return stdout;
}

interface DiskInfo {
  readonly format: string;
  readonly 'virtual-size': number;
}

function qemuInfo(file: string): DiskInfo {
  return JSON.parse(run('qemu-img', 'info', '--output=json', file)) as DiskInfo;
}

/** The same writes as a sparse raw file, of `size` bytes. */
function rawFile(folder: string, size = SIZE): string {
  const file = path.join(folder, 'wanted.raw');
  const disk = createDisk(host, { path: file, size, format: 'raw' });
  writes.forEach(([offset, length], mark) => disk.write(offset, pattern(length, mark)));
  disk.flush();
  disk.close();
  return file;
}

const shapes: readonly (Omit<CreateDiskRequest, 'path' | 'size'> & { readonly title: string })[] = [
  { title: 'fixed VHD', format: 'vhd', kind: 'fixed' },
  { title: 'dynamic VHD', format: 'vhd' },
  { title: 'dynamic VHD of small blocks', format: 'vhd', blockSize: MIB / 2 },
  { title: 'fixed VHDX', format: 'vhdx', kind: 'fixed' },
  { title: 'dynamic VHDX', format: 'vhdx' },
  { title: 'dynamic VHDX of small blocks', format: 'vhdx', blockSize: MIB },
];

describeWithTools(['qemu-img', 'qemu-io'], 'disks of ours', () => {
  it.each(shapes)('$title is what qemu reads, checks, and writes on', ({ title: _title, ...shape }) => {
    const folder = temporaryDirectory();
    const file = path.join(folder, `disk.${shape.format}`);
    const disk = createDisk(host, { ...shape, path: file, size: SIZE });
    writes.forEach(([offset, length], mark) => {
      const bytes = pattern(length, mark);
      if (mark % 2 === 0) disk.write(offset, bytes);
      else writeByExtents(disk, offset, bytes);
    });
    disk.flush();
    disk.close();
    const qemuFormat = shape.format === 'vhd' ? 'vpc' : 'vhdx';
    const expected = shape.kind === 'fixed' && shape.format === 'vhd' ? 'raw' : qemuFormat;
    // qemu tells a fixed VHD only when it is told so.
    expect(qemuInfo(file).format).toBe(expected);
    const info = JSON.parse(run('qemu-img', 'info', '--output=json', '-f', qemuFormat, file)) as DiskInfo;
    expect(info['virtual-size']).toBe(SIZE);
    if (shape.format === 'vhdx') expect(run('qemu-img', 'check', file)).toContain('No errors');
    run('qemu-img', 'compare', '-f', qemuFormat, '-F', 'raw', file, rawFile(folder));

    // It writes into blocks that are there and into new ones; a VHDX of 4Kn takes whole sectors.
    const marks = [
      [40_960, 8192, 0x11],
      [50 * MIB, 3 * MIB, 0x22],
      [SIZE - 8192, 4096, 0x33],
    ] as const;
    for (const [offset, length, value] of marks) {
      run('qemu-io', '-f', qemuFormat, '-c', `write -P ${value} ${offset} ${length}`, file);
    }
    const again = openDisk(host, file, 'read');
    expect(again.warnings).toEqual([]);
    for (const [offset, length, value] of marks) {
      expect(Buffer.alloc(length, value).equals(readByExtents(again, offset, length))).toBe(true);
    }
    const [offset, length] = writes[3];
    expect(Buffer.from(pattern(length, 3)).equals(readByExtents(again, offset, length))).toBe(true);
    again.close();
  });

  // At 4 GiB the table of a VHDX of such sectors has the entry of a sector bitmap between those of blocks.
  it.each(['fixed', 'dynamic'] as const)('a %s VHDX of more than one chunk is read and written', (kind) => {
    const file = path.join(temporaryDirectory(), 'disk.vhdx');
    const disk = createDisk(host, { path: file, size: 9 * GIB, format: 'vhdx', kind, blockSize: MIB });
    const places = [4 * GIB - 2 * MIB, 8 * GIB - 2 * MIB];
    for (const place of places) disk.write(place, new Uint8Array(4 * MIB).fill(0x5a));
    disk.flush();
    disk.close();
    for (const place of places) {
      expect(run('qemu-io', '-f', 'vhdx', '-c', `read -P 90 ${place} 4M`, file)).not.toContain('failed');
      run('qemu-io', '-f', 'vhdx', '-c', `write -P 91 ${place + MIB} 4M`, file);
    }
    const again = openDisk(host, file, 'read');
    for (const place of places) {
      const wanted = Buffer.concat([Buffer.alloc(MIB, 90), Buffer.alloc(4 * MIB, 91)]);
      expect(wanted.equals(readByExtents(again, place, 5 * MIB))).toBe(true);
    }
    again.close();
    expect(run('qemu-img', 'check', file)).toContain('No errors');
  });

  it('only the blocks that hold something are in the file', () => {
    const folder = temporaryDirectory();
    const file = path.join(folder, 'disk.vhdx');
    const disk = createDisk(host, { path: file, size: 127 * GIB, format: 'vhdx' });
    disk.write(64 * GIB, pattern(1000, 1));
    disk.flush();
    const kinds = disk.extents(0, disk.size).map((extent) => extent.kind);
    expect(kinds).toEqual(['zero', 'file', 'zero']);
    disk.close();
    expect(statSync(file).size).toBe(4 * MIB + 32 * MIB);
    expect(statSync(file).blocks * 512).toBeLessThan(MIB);
  });
});

describeWithTools(['qemu-img', 'qemu-io'], "qemu's disks", () => {
  const made: readonly (readonly [title: string, format: string, options: string])[] = [
    ['fixed VHD', 'vpc', 'subformat=fixed,force_size=on'],
    ['dynamic VHD', 'vpc', 'subformat=dynamic,force_size=on'],
    ['fixed VHDX', 'vhdx', 'subformat=fixed'],
    ['dynamic VHDX', 'vhdx', 'subformat=dynamic'],
    ['dynamic VHDX of small blocks', 'vhdx', 'subformat=dynamic,block_size=1M'],
  ];
  it.each(made)('%s is read and written', (_title, format, options) => {
    const folder = temporaryDirectory();
    const wanted = rawFile(folder);
    const file = path.join(folder, 'disk');
    run('qemu-img', 'convert', '-S', '64k', '-O', format, '-o', options, wanted, file);
    const disk = openDisk(host, file, 'write');
    expect(disk).toMatchObject({ size: SIZE, warnings: [], format: format === 'vpc' ? 'vhd' : 'vhdx' });
    writes.forEach(([offset, length], mark) => {
      const bytes = new Uint8Array(length);
      disk.read(offset, bytes);
      expect(Buffer.from(pattern(length, mark)).equals(bytes)).toBe(true);
      expect(Buffer.from(bytes).equals(readByExtents(disk, offset, length))).toBe(true);
    });
    const raw = openDisk(host, wanted, 'write');
    for (const target of [disk, raw]) {
      target.write(50_000, pattern(9000, 77));
      target.write(30 * MIB - 77, pattern(5 * MIB, 78));
      target.flush();
      target.close();
    }
    if (format === 'vhdx') expect(run('qemu-img', 'check', file)).toContain('No errors');
    run('qemu-img', 'compare', '-f', format, '-F', 'raw', file, wanted);
  });

  it.each(['1M', '37M', '1000M', '40G'])('a VHD of %s has the size that its geometry says', (size) => {
    const file = path.join(temporaryDirectory(), 'disk.vhd');
    run('qemu-img', 'create', '-f', 'vpc', file, size);
    const disk = openDisk(host, file, 'read');
    expect(disk.size).toBe(qemuInfo(file)['virtual-size']);
    disk.close();
  });
});

describeWithTools(['qemu-img'], 'copies', () => {
  const formats = ['raw', 'vhd', 'vhdx'] as const;
  const ways = formats.flatMap((from) => formats.map((to) => [from, to] as const));
  it.each(ways)('%s to %s are the same to qemu', async (from, to) => {
    const folder = temporaryDirectory();
    const wanted = rawFile(folder);
    const raw = openDisk(host, wanted, 'read');
    const first = createDisk(host, { path: path.join(folder, 'first'), size: SIZE, format: from });
    const done: number[] = [];
    const written = await copyDisk(host, raw, first, { onProgress: (progress) => done.push(progress.done) });
    expect(done.at(-1)).toBe(SIZE);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    // Grains of 64 KiB around what was written, not the gigabytes between.
    expect(written).toBeLessThan(9 * MIB);
    const second = createDisk(host, { path: path.join(folder, 'second'), size: SIZE, format: to });
    expect(await copyDisk(host, first, second)).toBe(written);
    first.close();
    second.close();
    const qemuFormat = { raw: 'raw', vhd: 'vpc', vhdx: 'vhdx' }[to];
    run('qemu-img', 'compare', '-f', qemuFormat, '-F', 'raw', second.name, wanted);
  });
});

describeWithTools(['vhdiinfo', 'vhdimount'], 'libvhdi', () => {
  it.each(['vhd', 'vhdx'] as const)('tells of a dynamic %s what we do', (format) => {
    const file = path.join(temporaryDirectory(), `disk.${format}`);
    createDisk(host, { path: file, size: SIZE, format }).close();
    const told = run('vhdiinfo', file);
    expect(told).toContain('Dynamic');
    expect(told).toContain(`(${SIZE} bytes)`);
  });

  const chains = [
    ['vhd', 512],
    ['vhdx', 512],
    ['vhdx', 4096],
  ] as const;
  it.runIf(isRoot && existsSync('/dev/fuse')).each(chains)(
    'reads a chain of %ss of ours with sectors of %i bytes to the byte',
    (format, sectorSize) => {
      const folder = temporaryDirectory();
      const size = 5 * MIB + 4096 * 5;
      const model = new Uint8Array(size);
      let parent: string | undefined;
      for (let level = 0; level < 3; level++) {
        const file = path.join(folder, `level${level}.${format}`);
        const disk = createDisk(host, {
          path: file,
          size,
          format,
          sectorSize,
          ...(parent === undefined ? {} : { kind: 'differencing', parent }),
        });
        for (const [offset, length] of [
          [level * 1000, 1_000_000],
          // Of a VHD's block libvhdi takes for zeroes what follows the first run of sectors that are there.
          [3 * MIB - level * 700, format === 'vhd' ? 0 : 3000],
          [4 * MIB - 9000 + level * 700, 9000 - level * 700],
          [size - 5000, level * 1234],
        ]) {
          const bytes = pattern(length, level * 50 + 1);
          disk.write(offset, bytes);
          model.set(bytes, offset);
        }
        disk.flush();
        disk.close();
        parent = file;
      }
      const place = path.join(folder, 'mounted');
      mkdirSync(place);
      // It joins the parent's absolute path to the folder that it is given: here that is none.
      runIn(folder, 'vhdimount', path.basename(parent!), place);
      onTestFinished(() => void spawnSync('umount', [place]));
      writeFileSync(path.join(folder, 'model'), model);
      run('cmp', path.join(place, 'vhdi3'), path.join(folder, 'model'));
      run('umount', place);
    },
  );
});

describeWithTools(['qemu-img'], 'a file that was cut', () => {
  it.each(['vpc', 'vhdx'])('by half: a %s says so', (format) => {
    const file = path.join(temporaryDirectory(), 'disk');
    run('qemu-img', 'create', '-q', '-f', format, file, '40M');
    run('qemu-io', '-f', format, '-c', 'write -P 7 0 40M', file);
    truncateSync(file, statSync(file).size / 2);
    expect(() => openDisk(host, file, 'read')).toThrow(expect.objectContaining({ code: 'disk/truncated' }));
  });
});

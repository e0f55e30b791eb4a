// Disks that Hyper-V, Virtual PC and old versions of qemu made, and what qemu makes of them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { BlockDevice } from '../../src-main/engine/disk/blockDevice';
import { openDisk } from '../../src-main/engine/disk/openDisk';
import { fixtures, requireTool, temporaryDirectory } from '../support/tools';
import { diskHost, readByExtents } from '../support/virtualDisks';

const host = diskHost();
const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** A writable copy of a fixture, unpacked. */
function unpacked(...parts: string[]): string {
  const source = fixtures('vhd', ...parts);
  const target = path.join(temporaryDirectory(), path.basename(source).replace(/\.(gz|bz2)$/, ''));
  if (source.endsWith('.gz')) writeFileSync(target, gunzipSync(readFileSync(source)));
  else if (source.endsWith('.bz2')) {
    requireTool('bzip2');
    const { stdout } = spawnSync('bzip2', ['-dc', source], { maxBuffer: 256 * MIB });
    writeFileSync(target, stdout);
  } else writeFileSync(target, readFileSync(source));
  return target;
}

/** Parts of a disk that its file holds. */
function parts(disk: BlockDevice): { offset: number; length: number }[] {
  const found: { offset: number; length: number }[] = [];
  let at = 0;
  for (const extent of disk.extents(0, disk.size)) {
    const length = extent.kind === 'bytes' ? extent.bytes.length : extent.length;
    const last = found.at(-1);
    if (extent.kind !== 'zero') {
      if (last !== undefined && last.offset + last.length === at) last.length += length;
      else found.push({ offset: at, length });
    }
    at += length;
  }
  return found;
}

/** Bytes [offset, offset + length), whole MiB, as qemu reads them. */
function readWithQemu(file: string, offset: number, length: number): Buffer {
  const target = `${file}.part`;
  const range = [`skip=${offset / MIB}`, `count=${length / MIB}`, 'bs=1M'];
  const { status, stderr } = spawnSync('qemu-img', [
    ...['dd', '-f', 'vhdx', '-O', 'raw', ...range, `if=${file}`, `of=${target}`],
  ]);
  expect(`${status} ${stderr.toString()}`).toBe('0 ');
  return readFileSync(target);
}

function allEqual(bytes: Uint8Array, value: number): boolean {
  return Buffer.alloc(bytes.length, value).equals(bytes);
}

describe("Hyper-V's and Virtual PC's disks", () => {
  it.each([
    // Hyper-V goes by the size in the footer, Virtual PC by the geometry: sizes as qemu-img tells them.
    ['hyperv2012r2-dynamic.vhd.bz2', 136_365_211_648],
    ['virtualpc-dynamic.vhd.bz2', 136_363_130_880],
  ])('%s has its size, and holds nothing', (name, size) => {
    const disk = openDisk(host, unpacked('qemu-iotests', name), 'read');
    expect(disk).toMatchObject({ format: 'vhd', kind: 'dynamic', size, blockSize: 2 * MIB, warnings: [] });
    expect(disk.extents(0, size)).toEqual([{ kind: 'zero', length: size }]);
    disk.close();
  });

  it('a dynamic VHDX of Windows 8 holds what its test suite says', () => {
    const disk = openDisk(host, unpacked('qemu-iotests', 'iotest-dynamic-1G.vhdx.bz2'), 'read');
    expect(disk).toMatchObject({
      format: 'vhdx',
      kind: 'dynamic',
      size: GIB,
      blockSize: 32 * MIB,
      warnings: [],
    });
    expect(allEqual(readByExtents(disk, 0, 33 * MIB), 0xa5)).toBe(true);
    expect(allEqual(readByExtents(disk, 33 * MIB, 33 * MIB), 0x96)).toBe(true);
    expect(allEqual(readByExtents(disk, 66 * MIB, GIB - 66 * MIB), 0)).toBe(true);
    disk.close();
  });

  it('a VHDX of Windows 10 is what qemu reads', () => {
    requireTool('qemu-img');
    const file = unpacked('discutils', 'swap.vhdx.gz');
    const disk = openDisk(host, file, 'read');
    expect(disk).toMatchObject({ format: 'vhdx', kind: 'dynamic', size: 10 * GIB, warnings: [] });
    const held = parts(disk);
    expect(held.length).toBeGreaterThan(0);
    for (const { offset, length } of held) {
      expect(readWithQemu(file, offset, length).equals(readByExtents(disk, offset, length))).toBe(true);
    }
    disk.close();
  });
});

describe('a VHDX that was not closed properly', () => {
  const logs = [
    ['qemu-iotests', 'iotest-dirtylog-10G-4M.vhdx.bz2', 10 * GIB],
    ['discutils', 'vhdx-log-replay.vhdx.gz', GIB],
  ] as const;
  it.each(logs)('%s/%s: its log is replayed as qemu does', (folder, name, size) => {
    requireTool('qemu-img');
    const file = unpacked(folder, name);
    const before = readFileSync(file);
    const disk = openDisk(host, file, 'read');
    expect(disk).toMatchObject({ format: 'vhdx', kind: 'dynamic', size });
    expect(disk.warnings.join()).toContain('log');

    const repaired = `${file}.qemu`;
    copyFileSync(file, repaired);
    expect(spawnSync('qemu-img', ['check', '-r', 'all', repaired]).status).toBe(0);
    const theirs = openDisk(host, repaired, 'read');
    expect(theirs.warnings).toEqual([]);
    expect(parts(disk)).toEqual(parts(theirs));
    const held = parts(disk);
    expect(held.length).toBeGreaterThan(0);
    for (const { offset, length } of held) {
      const read = new Uint8Array(length);
      disk.read(offset, read);
      const wanted = readWithQemu(repaired, offset, length);
      expect(wanted.equals(read)).toBe(true);
      expect(wanted.equals(readByExtents(disk, offset, length))).toBe(true);
    }
    theirs.close();
    disk.close();
    // Reading it changed nothing.
    expect(before.equals(readFileSync(file))).toBe(true);

    // Opening it for writing replays the log for good: qemu then opens it as it is.
    openDisk(host, file, 'write').close();
    expect(statSync(file).size).toBeGreaterThanOrEqual(before.length);
    const check = spawnSync('qemu-img', ['check', file], { encoding: 'utf8' });
    expect(check.stdout).toContain('No errors');
    for (const { offset, length } of held) {
      expect(readWithQemu(file, offset, length).equals(readWithQemu(repaired, offset, length))).toBe(true);
    }
    const again = openDisk(host, file, 'read');
    expect(again.warnings).toEqual([]);
    again.close();
  });

  it('the one of qemu holds what its test suite says', () => {
    const disk = openDisk(host, unpacked('qemu-iotests', logs[0][1]), 'read');
    expect(allEqual(readByExtents(disk, 0, 18 * MIB), 0xa5)).toBe(true);
    disk.close();
  });
});

describe('VHDs whose checksums are wrong', () => {
  it('are read, with warnings, where both footers agree, and not written', () => {
    const folder = temporaryDirectory();
    for (const name of ['image.vhd', 'image-differential.vhd']) {
      writeFileSync(path.join(folder, name), readFileSync(fixtures('vhd', 'dfvfs', name)));
    }
    const disk = openDisk(host, path.join(folder, 'image-differential.vhd'), 'read');
    expect(disk).toMatchObject({ format: 'vhd', kind: 'differencing', size: 104_448 });
    expect(disk.parents).toEqual([path.join(folder, 'image.vhd')]);
    expect(disk.warnings.join()).toContain('checksum');
    expect(readByExtents(disk, 0, disk.size)).toHaveLength(disk.size);
    disk.close();
    expect(() => openDisk(host, path.join(folder, 'image.vhd'), 'write')).toThrow(
      expect.objectContaining({ code: 'disk/malformed', structure: 'VHD footer' }),
    );
  });
});

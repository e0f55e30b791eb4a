import { randomBytes as systemRandom } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { BlockDevice } from '../../src-main/engine/disk/blockDevice';
import type { CreateDiskRequest } from '../../src-main/engine/disk/createDisk';
import type { DiskHost } from '../../src-main/engine/disk/diskHost';
import type { FileSystem } from '../../src-main/engine/os';
import { createNodeFileSystem } from '../../src-main/platform/nodeFileSystem';

const EPOCH = 11_644_473_600_000n;

/** The system's files, time and random numbers for the code of disks. */
export function diskHost(files: FileSystem = createNodeFileSystem()): DiskHost {
  return {
    files,
    randomBytes: (length) => new Uint8Array(systemRandom(length)),
    now: () => (BigInt(Date.now()) + EPOCH) * 10_000n,
  };
}

/** Repeatable numbers in [0, limit). */
export function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** Bytes that tell where they were written and by which write. */
export function pattern(length: number, mark: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = ((i * 31) ^ (i >>> 8) ^ mark) & 0xff;
  return bytes;
}

/** Kinds of virtual disks: what `createDisk` is asked for, and kinds of the parents below a differencing disk. */
export interface DiskVariant extends Omit<CreateDiskRequest, 'path' | 'size' | 'parent'> {
  readonly title: string;
  /** Base first. */
  readonly below?: readonly Omit<CreateDiskRequest, 'path' | 'size' | 'parent'>[];
}

const MIB = 1024 * 1024;

export const variants: readonly DiskVariant[] = [
  { title: 'raw', format: 'raw' },
  { title: 'fixed VHD', format: 'vhd', kind: 'fixed' },
  { title: 'dynamic VHD', format: 'vhd', kind: 'dynamic' },
  { title: 'dynamic VHD of small blocks', format: 'vhd', kind: 'dynamic', blockSize: MIB / 2 },
  {
    title: 'differencing VHD',
    format: 'vhd',
    kind: 'differencing',
    below: [{ format: 'vhd', kind: 'fixed' }],
  },
  {
    title: 'chain of VHDs',
    format: 'vhd',
    kind: 'differencing',
    blockSize: MIB / 2,
    below: [
      { format: 'vhd', kind: 'dynamic' },
      { format: 'vhd', kind: 'differencing', blockSize: MIB / 2 },
      { format: 'vhd', kind: 'differencing' },
    ],
  },
  { title: 'fixed VHDX', format: 'vhdx', kind: 'fixed', blockSize: MIB },
  { title: 'dynamic VHDX', format: 'vhdx', kind: 'dynamic', blockSize: MIB },
  { title: 'dynamic VHDX of large blocks', format: 'vhdx' },
  { title: 'dynamic VHDX, 4Kn', format: 'vhdx', kind: 'dynamic', blockSize: 2 * MIB, sectorSize: 4096 },
  {
    title: 'differencing VHDX',
    format: 'vhdx',
    kind: 'differencing',
    blockSize: MIB,
    below: [{ format: 'vhdx', kind: 'dynamic', blockSize: 2 * MIB }],
  },
  {
    title: 'chain of VHDXs, 4Kn',
    format: 'vhdx',
    kind: 'differencing',
    blockSize: 2 * MIB,
    below: [
      { format: 'vhdx', kind: 'fixed', blockSize: MIB, sectorSize: 4096 },
      { format: 'vhdx', kind: 'differencing', blockSize: MIB },
      { format: 'vhdx', kind: 'differencing' },
    ],
  },
];

/** Reads a range as another thread would: by its extents, from the files themselves. */
export function readByExtents(device: BlockDevice, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const extent of device.extents(offset, length)) {
    if (extent.kind === 'bytes') {
      bytes.set(extent.bytes, at);
      at += extent.bytes.length;
      continue;
    }
    if (extent.kind === 'file') {
      const fd = openSync(extent.path, 'r');
      readSync(fd, bytes, at, extent.length, extent.offset);
      closeSync(fd);
    }
    at += extent.length;
  }
  if (at !== length) throw new Error(`extents of ${length} bytes at ${offset} have ${at}`);
  return bytes;
}

/** Writes a range as another thread would: makes room, then writes to the files themselves. */
export function writeByExtents(device: BlockDevice, offset: number, bytes: Uint8Array): void {
  device.allocate(offset, bytes.length);
  let at = 0;
  for (const extent of device.extents(offset, bytes.length)) {
    if (extent.kind !== 'file') throw new Error(`an extent is '${extent.kind}' after allocate`);
    const fd = openSync(extent.path, 'r+');
    writeSync(fd, bytes, at, extent.length, extent.offset);
    closeSync(fd);
    at += extent.length;
  }
  if (at !== bytes.length) throw new Error(`extents of ${bytes.length} bytes at ${offset} have ${at}`);
}

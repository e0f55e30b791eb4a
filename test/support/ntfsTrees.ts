import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { BlockDevice } from '../../src-main/engine/disk/blockDevice';
import { createNtfsTarget } from '../../src-main/engine/ntfs/write/ntfsTarget';
import type { NtfsFormatOptions } from '../../src-main/engine/ntfs/write/formatOptions';
import type { Placement } from '../../src-main/engine/pipeline/tasks';
import { FileAttribute } from '../../src-main/engine/tree/attributes';
import type { ApplyOptions, TargetRemark, TreeTarget } from '../../src-main/engine/tree/target';
import { NONE, StreamKind, Tree } from '../../src-main/engine/tree/tree';
import { AppError } from '../../src-shared/errors/appError';

/** Numbers that a seed repeats: mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A plain file as a disk that is read and written. */
export function fileDisk(path: string, size: number, sectorSize = 512): BlockDevice {
  const file = openSync(path, existsSync(path) ? 'r+' : 'w+');
  ftruncateSync(file, size);
  return {
    name: path,
    size,
    sectorSize,
    physicalSectorSize: sectorSize,
    writable: true,
    read: (offset, target) => readSync(file, target, 0, target.length, offset),
    write(offset, bytes) {
      if (offset < 0 || offset + bytes.length > size)
        throw new AppError('internal/bug', `a write of ${bytes.length} bytes at ${offset} leaves the disk`);
      writeSync(file, bytes, 0, bytes.length, offset);
    },
    flush: () => fsyncSync(file),
    extents: (offset, length) => [{ kind: 'file', path, offset, length }],
    allocate: () => undefined,
    close: () => closeSync(file),
  };
}

/** Options as a program gives them, with random numbers and a clock that tests can repeat. */
export function formatOptions(more: Partial<NtfsFormatOptions> = {}): NtfsFormatOptions {
  return {
    label: 'Test',
    randomBytes: (length) => Uint8Array.from({ length }, (_, i) => (i * 37 + 11) & 0xff),
    now: () => 133_500_000_000_000_000n,
    ...more,
  };
}

/** A tree with its data in memory. */
export class DataTree {
  readonly tree = new Tree();
  readonly data = new Map<number, Uint8Array>();

  /** @param time FILETIME of the root */
  constructor(time = 133_000_000_000_000_000n, attributes: number = FileAttribute.DIRECTORY) {
    this.tree.addEntry(NONE, '', this.tree.addInode(attributes, time, time + 10n, time + 20n));
  }

  directory(parent: number, name: string, attributes = 0, time = 133_100_000_000_000_001n): number {
    const inode = this.tree.addInode(FileAttribute.DIRECTORY | attributes, time, time + 1n, time + 2n);
    return this.tree.addEntry(parent, name, inode);
  }

  file(
    parent: number,
    name: string,
    bytes: Uint8Array = new Uint8Array(),
    time = 133_200_000_000_000_007n,
  ): number {
    const inode = this.tree.addInode(FileAttribute.ARCHIVE, time, time + 3n, time + 5n);
    if (bytes.length > 0) this.stream(inode, StreamKind.DATA, '', bytes);
    return this.tree.addEntry(parent, name, inode);
  }

  stream(inode: number, kind: StreamKind, name: string, bytes: Uint8Array): number {
    // Each stream is its own blob.
    const row = this.tree.addStream(inode, kind, name, this.data.size, bytes.length);
    this.data.set(row, bytes);
    return row;
  }

  readonly sizeOf = (stream: number): number => this.data.get(stream)?.length ?? 0;

  readonly reparseData = (inode: number): Uint8Array => {
    const stream = this.tree.findStream(inode, StreamKind.REPARSE);
    return this.data.get(stream) ?? new Uint8Array();
  };
}

/** Writes data to its place as threads do: piece by piece, the rest of the last extent zero. */
function writePlaced(placement: Placement | undefined, data: Uint8Array): void {
  if (placement === undefined) return;
  if (placement.kind !== 'extents') throw new Error('a volume places data in extents');
  const { extents, file } = placement;
  if (data.length === 0) return;
  const descriptor = openSync(file, 'r+');
  let at = 0;
  for (let i = 0; i < extents.length && at < data.length; i += 2) {
    const length = Math.min(extents[i + 1], data.length - at);
    writeSync(descriptor, data, at, length, extents[i]);
    if (length < extents[i + 1])
      writeSync(
        descriptor,
        new Uint8Array(extents[i + 1] - length),
        0,
        extents[i + 1] - length,
        extents[i] + length,
      );
    at += length;
  }
  closeSync(descriptor);
  if (at < data.length) throw new Error(`${placement.path}: room for ${at} of ${data.length} bytes`);
}

/** Formats a device and fills it with a tree. @returns what was not kept */
export function fillVolume(
  device: BlockDevice,
  tree: DataTree,
  options: NtfsFormatOptions,
  apply: ApplyOptions = {},
  root = 0,
): Promise<readonly TargetRemark[]> {
  return fillTarget(createNtfsTarget(device, options), tree, apply, root);
}

/** Applies a tree to a new volume as an apply does. @returns what was not kept */
export async function fillTarget(
  target: TreeTarget,
  { tree, data, sizeOf, reparseData }: DataTree,
  apply: ApplyOptions = {},
  root = 0,
): Promise<readonly TargetRemark[]> {
  await target.begin({ tree, root, options: apply, sizeOf, reparseData });
  for (let inode = 0; inode < tree.inodeCount; inode++) {
    const realization = target.realization(inode);
    if (realization === 'skipped') continue;
    for (const stream of tree.streams(inode)) {
      const bytes = data.get(stream) ?? new Uint8Array();
      if (tree.streamKind[stream] === StreamKind.DATA) {
        if (realization === 'file' && stream === tree.findStream(inode, StreamKind.DATA))
          writePlaced(target.placement(inode), bytes);
      } else {
        writePlaced(target.streamPlacement?.(stream), bytes);
      }
    }
  }
  return target.finish();
}

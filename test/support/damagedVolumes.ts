import {
  firstAttribute,
  newCursor,
  nextAttribute,
  type AttributeCursor,
} from '../../src-main/engine/ntfs/read/attributes';
import { openNtfs, type NtfsVolume } from '../../src-main/engine/ntfs/read/openNtfs';
import { createVolumeSource, type VolumeSource } from '../../src-main/engine/ntfs/read/volumeSource';
import type { ScanOptions, ScanResult, SourceRemark } from '../../src-main/engine/tree/source';
import type { MemoryDevice } from './memoryDevice';

/** Changes a record in place and keeps its update sequence right. */
export function editRecord(device: MemoryDevice, record: number, edit: (view: DataView) => void): void {
  const volume = openNtfs(device, { skipState: true });
  const size = volume.geometry.recordSize;
  editBlock(device, volume.mft.deviceOffset(record * size), size, edit);
}

/** The same for any block with an update sequence. */
export function editBlock(
  device: MemoryDevice,
  offset: number,
  size: number,
  edit: (view: DataView) => void,
): void {
  const bytes = device.bytes(offset, size);
  const view = new DataView(bytes.buffer);
  const array = view.getUint16(4, true);
  // One that was damaged before has no sequence to keep.
  if (array + 2 * (size / 512 + 1) > 512) {
    edit(view);
    device.write(offset, bytes);
    return;
  }
  for (let i = 1; i <= size / 512; i++)
    view.setUint16(i * 512 - 2, view.getUint16(array + 2 * i, true), true);
  edit(view);
  if (view.getUint16(4, true) === array) {
    for (let i = 1; i <= size / 512; i++) {
      view.setUint16(array + 2 * i, view.getUint16(i * 512 - 2, true), true);
      view.setUint16(i * 512 - 2, view.getUint16(array, true), true);
    }
  }
  device.write(offset, bytes);
}

/** The first attribute of a type in a record that {@link editRecord} gives; fails where there is none. */
export function attributeIn(view: DataView, type: number, skip = 0): AttributeCursor {
  const cursor = newCursor();
  firstAttribute(cursor, view.getUint16(0x14, true));
  while (nextAttribute(cursor, view, view.byteLength, 0)) {
    if (cursor.type === type && skip-- === 0) return cursor;
  }
  throw new Error(`the record has no attribute ${type.toString(16)}`);
}

export interface ScannedVolume {
  readonly volume: NtfsVolume;
  readonly source: VolumeSource;
  readonly scan: ScanResult;
  /** What is missing because the volume is damaged. */
  readonly damaged: readonly SourceRemark[];
  readonly paths: readonly string[];
}

export async function scanDevice(device: MemoryDevice, options: ScanOptions = {}): Promise<ScannedVolume> {
  const volume = openNtfs(device);
  const source = createVolumeSource(volume, 'volume');
  const scan = await source.scan(options);
  const paths = Array.from(scan.tree.preorder(), (entry) => scan.tree.path(entry));
  return { volume, source, scan, damaged: scan.damaged ?? [], paths };
}

import type { OpenFile } from '../os';
import type { BlockDevice, Extent } from './blockDevice';
import { assertInside, assertWritable, lengthWithin } from './ranges';

export interface FileDeviceOptions {
  /** How threads open it: an absolute path. */
  readonly path: string;
  /** What messages call it; the path where absent. */
  readonly name?: string;
  /** Bytes; what is over a multiple of the sector is left out. */
  readonly size: number;
  readonly sectorSize: number;
  readonly physicalSectorSize: number;
  readonly writable: boolean;
}

/** The device over a raw disk file or an open physical disk. Closing it closes the handle. */
export function fileDevice(
  handle: Pick<OpenFile, 'read' | 'write' | 'flush' | 'close'>,
  options: FileDeviceOptions,
): BlockDevice {
  const { path, sectorSize, physicalSectorSize, writable } = options;
  const device: BlockDevice = {
    name: options.name ?? path,
    size: options.size - (options.size % sectorSize),
    sectorSize,
    physicalSectorSize,
    writable,
    read(offset, target) {
      const length = lengthWithin(device, offset, target.length);
      if (length === 0) return 0;
      return handle.read(offset, length === target.length ? target : target.subarray(0, length));
    },
    write(offset, bytes) {
      assertWritable(device);
      assertInside(device, offset, bytes.length);
      if (bytes.length > 0) handle.write(offset, bytes);
    },
    flush() {
      if (writable) handle.flush();
    },
    extents(offset, length): Extent[] {
      const there = lengthWithin(device, offset, length);
      return there === 0 ? [] : [{ kind: 'file', path, offset, length: there }];
    },
    allocate(offset, length) {
      assertWritable(device);
      assertInside(device, offset, length);
    },
    close: () => handle.close(),
  };
  return device;
}

import type { BlockDevice } from './blockDevice';
import { assertInside, assertWritable, lengthWithin } from './ranges';

/**
 * A part of a device as a device of its own: a partition. Closing it does not close the device below: that is closed
 * by who opened it.
 * @param size a multiple of the device's sector size, as is `offset`
 * @throws RangeError when the part does not lie inside the device
 */
export function sliceDevice(device: BlockDevice, offset: number, size: number, name: string): BlockDevice {
  if (!(offset >= 0 && size >= 0 && offset + size <= device.size)) {
    throw new RangeError(`${size} bytes at ${offset} lie outside ${device.name}, which has ${device.size}`);
  }
  const slice: BlockDevice = {
    name,
    size,
    sectorSize: device.sectorSize,
    physicalSectorSize: device.physicalSectorSize,
    writable: device.writable,
    ...(device.wholeSectors === undefined ? {} : { wholeSectors: device.wholeSectors }),
    read(at, target) {
      const length = lengthWithin(slice, at, target.length);
      if (length === 0) return 0;
      return device.read(offset + at, length === target.length ? target : target.subarray(0, length));
    },
    write(at, bytes) {
      assertWritable(slice);
      assertInside(slice, at, bytes.length);
      device.write(offset + at, bytes);
    },
    flush: () => device.flush(),
    extents(at, length) {
      const there = lengthWithin(slice, at, length);
      return there === 0 ? [] : device.extents(offset + at, there);
    },
    allocate(at, length) {
      assertWritable(slice);
      assertInside(slice, at, length);
      device.allocate(offset + at, length);
    },
    close: () => undefined,
  };
  return slice;
}

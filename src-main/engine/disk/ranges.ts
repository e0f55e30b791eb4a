import { AppError } from '../../../src-shared/errors/appError';
import type { BlockDevice } from './blockDevice';

type Range = Pick<BlockDevice, 'name' | 'size'>;

/** Bytes of [offset, offset + length) that a device has: reads past the end are short. */
export function lengthWithin(device: Range, offset: number, length: number): number {
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new RangeError(`${offset} is no offset in ${device.name}`);
  }
  return Math.max(0, Math.min(length, device.size - offset));
}

/** @throws AppError `io/failed` when [offset, offset + length) is not inside the device. */
export function assertInside(device: Range, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && Number.isSafeInteger(offset + length) && offset + length <= device.size)
    return;
  throw new AppError(
    'io/failed',
    `cannot write to ${device.name}: ${length} bytes at ${offset} lie outside its ${device.size} bytes`,
    { path: device.name, offset, length, size: device.size },
  );
}

/** @throws AppError `io/read-only` when the device was opened for reading only. */
export function assertWritable(device: Pick<BlockDevice, 'name' | 'writable'>): void {
  if (device.writable) return;
  throw new AppError('io/read-only', `cannot write to ${device.name}: it is open for reading only`, {
    path: device.name,
  });
}

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { BlockDevice } from '../../src-main/engine/disk/blockDevice';
import { AppError } from '../../src-shared/errors/appError';

/** A plain file, or a part of it, as a disk that is only read. */
export function plainFileDevice(path: string, start = 0, length?: number, sectorSize = 512): BlockDevice {
  const file = openSync(path, 'r');
  const size = length ?? fstatSync(file).size - start;
  const refuse = (): never => {
    throw new AppError('io/read-only', `${path} is not writable`);
  };
  return {
    name: path,
    size,
    sectorSize,
    physicalSectorSize: sectorSize,
    writable: false,
    read(offset, target) {
      const count = Math.max(0, Math.min(target.length, size - offset));
      return count === 0 ? 0 : readSync(file, target, 0, count, start + offset);
    },
    write: refuse,
    flush: () => undefined,
    extents: (offset, count) => [{ kind: 'file', path, offset: start + offset, length: count }],
    allocate: refuse,
    close() {
      closeSync(file);
    },
  };
}

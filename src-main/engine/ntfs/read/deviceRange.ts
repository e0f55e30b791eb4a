import { FormatError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../../disk/blockDevice';

/**
 * Fills `target` from a device.
 * @throws FormatError `volume/malformed` when the device ends before
 */
export function readFully(device: BlockDevice, offset: number, target: Uint8Array, structure: string): void {
  const count = device.read(offset, target);
  if (count === target.length) return;
  throw new FormatError(
    {
      structure,
      offset,
      problem: `${target.length} bytes wanted, ${count} are there before the end of the volume`,
    },
    'volume/malformed',
  );
}

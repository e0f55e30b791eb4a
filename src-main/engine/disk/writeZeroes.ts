import type { BlockDevice } from './blockDevice';

const PIECE = 1 << 20;
const zeroes = new Uint8Array(PIECE);

/**
 * Makes a range read as zeroes. What a disk file does not hold reads so already and is left alone, so that a dynamic
 * one does not grow.
 */
export function writeZeroes(device: BlockDevice, offset: number, length: number): void {
  let at = offset;
  for (const extent of device.extents(offset, length)) {
    const size = extent.kind === 'bytes' ? extent.bytes.length : extent.length;
    if (extent.kind !== 'zero' && extent.kind !== 'hole') {
      for (let done = 0; done < size; done += PIECE) {
        device.write(at + done, zeroes.subarray(0, Math.min(PIECE, size - done)));
      }
    }
    at += size;
  }
}

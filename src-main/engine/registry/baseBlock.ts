import type { Infer } from '../binary/struct';
import { BaseBlock } from './records';

export type BaseBlock = Infer<typeof BaseBlock>;

/** Bytes that the checksum covers. */
const CHECKED = 508;

/** XOR of the words before the checksum; 0 and -1 are never stored. */
export function baseBlockChecksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, CHECKED);
  let checksum = 0;
  for (let i = 0; i < CHECKED; i += 4) checksum ^= view.getUint32(i, true);
  checksum >>>= 0;
  return checksum === 0xffffffff ? 0xfffffffe : checksum === 0 ? 1 : checksum;
}

/** Writes a base block into the beginning of a file, with its checksum. */
export function writeBaseBlock(file: Uint8Array, block: BaseBlock): void {
  file.set(BaseBlock.serialize(block));
  const checksum = baseBlockChecksum(file);
  new DataView(file.buffer, file.byteOffset, 512).setUint32(CHECKED, checksum, true);
}

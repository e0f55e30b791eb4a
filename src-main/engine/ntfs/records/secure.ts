import { at, u32, u64, type Infer } from '../../binary/struct';
import { volumeStruct } from './volumeStruct';

/**
 * Start of an entry of $Secure:$SDS; the descriptor follows. Entries are 16-byte aligned and never cross a block of
 * 256 KiB; every second such block repeats the one before it.
 */
export const SecurityEntry = volumeStruct('$SDS entry', 0x14, {
  hash: at(0x00, u32, 'securityHash of the descriptor'),
  securityId: at(0x04, u32, 'from 0x100 up'),
  offset: at(0x08, u64, 'of the entry in $SDS'),
  length: at(0x10, u32, 'bytes of the entry, this header included'),
});
export type SecurityEntry = Infer<typeof SecurityEntry>;

/** Bytes of a block of $SDS; the block after it is its copy. */
export const SECURITY_BLOCK_SIZE = 0x40000;
/** First security ID of a volume. */
export const FIRST_SECURITY_ID = 0x100;

/** Data of an entry of $SDH is {@link SecurityEntry} and 'II' in UTF-16; of $SII {@link SecurityEntry} alone. */
export const SDH_PADDING = 0x00490049;

/** Key of $SDH; that of $SII is the security ID alone. */
export const SecurityHashKey = volumeStruct('$SDH key', 0x08, {
  hash: at(0x00, u32, ''),
  securityId: at(0x04, u32, ''),
});
export type SecurityHashKey = Infer<typeof SecurityHashKey>;

/** Hash of a security descriptor as $SDS and $SDH have it: rotated left by three and added, word by word. */
export function securityHash(descriptor: Uint8Array): number {
  const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength);
  let hash = 0;
  for (let at = 0; at + 4 <= descriptor.length; at += 4)
    hash = (view.getUint32(at, true) + ((hash << 3) | (hash >>> 29))) >>> 0;
  return hash;
}

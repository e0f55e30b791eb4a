import type { Crypto, HashName } from '../os';

const HEADER = 36;
const RESERVE_PRESENT = 0x0004;
/** Size and marker of the reserved area that signing adds: 20 bytes, of which offset and size of the signature are two. */
const SIGNED_RESERVE = 20;
const SIGNED_MARK = 0x0010_0000;

/**
 * Authenticode hash of a cabinet: everything but the first reserved field and, in a signed one, the cabinet's number in
 * its set, the reserved area that names the signature, and the signature. The layout is that which osslsigncode's
 * signatures and Microsoft's have in common.
 * @returns undefined where the file is no cabinet, or its header leads out of it
 */
export function cabinetHash(bytes: Uint8Array, algorithm: HashName, crypto: Crypto): Uint8Array | undefined {
  const size = bytes.length;
  if (size < HEADER || bytes[0] !== 0x4d || bytes[1] !== 0x53 || bytes[2] !== 0x43 || bytes[3] !== 0x46)
    return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  const hash = crypto.start(algorithm);
  hash.update(bytes.subarray(0, 4));
  const reserved = (view.getUint16(30, true) & RESERVE_PRESENT) !== 0 && size >= 60;
  const isSigned =
    reserved && view.getUint32(36, true) === SIGNED_RESERVE && view.getUint32(40, true) === SIGNED_MARK;
  const signature = isSigned ? view.getUint32(44, true) : 0;
  if (signature === 0) {
    hash.update(bytes.subarray(8));
    return hash.digest();
  }
  if (signature < 60 || signature > size) return undefined;
  hash.update(bytes.subarray(8, 34));
  hash.update(bytes.subarray(56, signature));
  return hash.digest();
}

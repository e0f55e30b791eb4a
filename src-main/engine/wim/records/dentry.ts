import { at, bytes, struct, u16, u32, u64, type Infer } from '../../binary/struct';
import { SHA1_SIZE } from '../blobTable';

/**
 * The fixed part of a directory entry in a metadata resource. After it: the name and a terminating NUL, the short name
 * and a NUL (each only when its length is not 0), padding to 8 bytes, tagged items; `length` ends here. Then
 * `extraStreamCount` stream entries. A dentry whose length is 0 is 8 bytes long and ends a directory.
 *
 * A million dentries are read and written straight from typed arrays; this declaration is where the offsets come from.
 */
export const Dentry = struct('dentry', 0x66, {
  length: at(0x00, u64, 'bytes up to the stream entries, a multiple of 8; some writers do not round it'),
  attributes: at(0x08, u32, 'FileAttribute bits'),
  securityId: at(0x0c, u32, 'index of the security descriptor, 0xffffffff for none'),
  childrenOffset: at(0x10, u64, 'metadata offset of the first child; 0: not a directory, or no children'),
  unused1: at(0x18, u64, ''),
  unused2: at(0x20, u64, ''),
  creationTime: at(0x28, u64, 'FILETIME'),
  lastAccessTime: at(0x30, u64, 'FILETIME'),
  lastWriteTime: at(0x38, u64, 'FILETIME'),
  sha1: at(
    0x40,
    bytes(SHA1_SIZE),
    'of the only unnamed stream; zero when empty or when stream entries follow',
  ),
  unknown54: at(0x54, u32, ''),
  linkOrReparse: at(
    0x58,
    u64,
    'hard-link group; of a reparse point: tag u32, reserved u16, flags u16 (bit 0: not fixed up)',
  ),
  extraStreamCount: at(0x60, u16, ''),
  shortNameSize: at(0x62, u16, 'bytes, without the NUL'),
  nameSize: at(0x64, u16, 'bytes, without the NUL; 0 only for the root'),
});
export type Dentry = Infer<typeof Dentry>;

/** A stream of the dentry before it. The name and a NUL follow when `nameSize` is not 0; padded to 8 bytes. */
export const StreamEntry = struct('stream entry', 0x26, {
  length: at(0x00, u64, 'bytes of this entry, padding included'),
  reserved: at(0x08, u64, ''),
  sha1: at(0x10, bytes(SHA1_SIZE), ''),
  nameSize: at(0x24, u16, 'bytes, without the NUL; 0: an unnamed stream'),
});
export type StreamEntry = Infer<typeof StreamEntry>;

export const END_OF_DIRECTORY_SIZE = 8;
/** `linkOrReparse` flag: the target of this link was not made relative to the image. */
export const REPARSE_NOT_FIXED = 0x1;
/** Deepest directory that is read. NTFS paths end at 32,767 characters, 16,384 names. */
export const MAX_DEPTH = 16384;

/** Rounds up to a multiple of 8. */
export function align8(size: number): number {
  return Math.ceil(size / 8) * 8;
}

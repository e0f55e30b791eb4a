import { at, bytes, nested, struct, u16, u32, u64, type Infer } from '../../binary/struct';
import { ResourceHeader } from './resourceHeader';

/** "MSWIM\0\0\0" as a little-endian number. */
export const WIM_MAGIC = 0x0000_004d_4957_534dn;
/** "WLPWM\0\0\0": the pipable variant of wimlib, which no Microsoft tool reads. */
export const PIPABLE_MAGIC = 0x0000_004d_5750_4c57n;

export const WIM_HEADER_SIZE = 208;

/** Header versions. */
export const WimVersion = { DEFAULT: 0x10d00, SOLID: 0xe00 } as const;

/** Header flags. */
export const WimFlag = {
  COMPRESSED: 0x2,
  READ_ONLY: 0x4,
  SPANNED: 0x8,
  RESOURCE_ONLY: 0x10,
  METADATA_ONLY: 0x20,
  WRITE_IN_PROGRESS: 0x40,
  /** Absolute links of the images were made relative to the image ("rpfix"). */
  REPARSE_FIX: 0x80,
  XPRESS: 0x20000,
  LZX: 0x40000,
  LZMS: 0x80000,
  /** Second XPRESS bit, seen in files of some Windows versions. */
  XPRESS2: 0x200000,
} as const;

/** The first 208 bytes of every WIM part. A pipable WIM has a second, complete copy at its end. */
export const WimHeader = struct('WIM header', WIM_HEADER_SIZE, {
  magic: at(0x00, u64, 'WIM_MAGIC or PIPABLE_MAGIC'),
  headerSize: at(0x08, u32, 'always 208', WIM_HEADER_SIZE),
  version: at(0x0c, u32, 'WimVersion'),
  flags: at(0x10, u32, 'WimFlag bits'),
  chunkSize: at(0x14, u32, 'bytes in a chunk of every non-solid resource; 0 when uncompressed'),
  guid: at(0x18, bytes(16), 'the same in all parts of a split set'),
  partNumber: at(0x28, u16, 'from 1'),
  totalParts: at(0x2a, u16, '1 unless split'),
  imageCount: at(0x2c, u32, ''),
  blobTable: at(0x30, nested(ResourceHeader), ''),
  xmlData: at(0x48, nested(ResourceHeader), ''),
  bootMetadata: at(
    0x60,
    nested(ResourceHeader),
    'copy of the bootable image’s metadata resource header, or zero',
  ),
  bootIndex: at(0x78, u32, '1-based; 0: no image is bootable'),
  integrity: at(0x7c, nested(ResourceHeader), '4-byte aligned: the layout is packed'),
  unused: at(0x94, bytes(60), ''),
});
export type WimHeader = Infer<typeof WimHeader>;

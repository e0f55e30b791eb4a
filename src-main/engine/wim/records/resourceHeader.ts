import type { FieldType } from '../../binary/struct';
import { at, struct, u8, type Infer } from '../../binary/struct';
import { FormatError } from '../../../../src-shared/errors/appError';

/** Flags of a resource header. */
export const ResourceFlag = {
  /** The blob table entry is free; some old writers left such entries. */
  FREE: 0x01,
  METADATA: 0x02,
  COMPRESSED: 0x04,
  SPANNED: 0x08,
  SOLID: 0x10,
} as const;

/** Size that marks a blob table entry as a solid resource itself rather than a blob in it. */
export const SOLID_RESOURCE_SIZE = 0x1_0000_0000;

/** @throws FormatError for a number that no size or offset of anything can be, and that would be rounded here */
function safe(value: number, view: DataView, offset: number): number {
  if (Number.isSafeInteger(value)) return value;
  // The record is read from an array of its own, in which it may be nested: this is its place there.
  const place = view.byteOffset + offset;
  throw new FormatError({
    structure: 'resource header',
    offset: place,
    problem: 'an offset or size of 2^53 or more',
  });
}

/** 56-bit size. */
const u56: FieldType<number> = {
  size: 7,
  read: (view, offset) =>
    safe(
      view.getUint32(offset, true) + (view.getUint32(offset + 3, true) >>> 8) * 0x1_0000_0000,
      view,
      offset,
    ),
  write: (view, offset, value) => {
    view.setUint32(offset, value % 0x1_0000_0000, true);
    const high = Math.floor(value / 0x1_0000_0000);
    view.setUint8(offset + 4, high & 0xff);
    view.setUint8(offset + 5, (high >> 8) & 0xff);
    view.setUint8(offset + 6, (high >> 16) & 0xff);
  },
};

/** 64-bit size or offset that must be a safe integer. */
const offset64: FieldType<number> = {
  size: 8,
  read: (view, offset) =>
    safe(view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 0x1_0000_0000, view, offset),
  write: (view, offset, value) => view.setBigUint64(offset, BigInt(value), true),
};

/**
 * Where a resource lies in the file and how large it is, stored and expanded. 24 bytes, in the WIM header and at the
 * start of every blob table entry.
 */
export const ResourceHeader = struct('resource header', 24, {
  storedSize: at(0, u56, 'bytes in the file, chunk table included'),
  flags: at(7, u8, 'ResourceFlag bits'),
  offset: at(8, offset64, 'file offset; in a solid resource, offset within its expanded data'),
  size: at(16, offset64, 'bytes when expanded'),
});
export type ResourceHeader = Infer<typeof ResourceHeader>;

/** The header of a resource that is not there. */
export const NO_RESOURCE: Readonly<ResourceHeader> = { storedSize: 0, flags: 0, offset: 0, size: 0 };

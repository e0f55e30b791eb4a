import { at, bytes, nested, struct, u16, u32, u8, type Infer } from '../../binary/struct';

export const MBR_SIZE = 512;
export const MBR_MAGIC = 0xaa55;
/** Bytes before the disk signature. */
export const BOOT_CODE_SIZE = 440;
export const PROTECTIVE_TYPE = 0xee;
/** Partition types whose first sector holds a table of its own. */
export const extendedTypes: readonly number[] = [0x05, 0x0f, 0x85];
export const ACTIVE = 0x80;

/** A partition in a master or extended boot record. UEFI specification, section 5.2.1. */
export const MbrEntry = struct(
  'MBR entry',
  16,
  {
    status: at(0x0, u8, '0x80: active'),
    firstChs: at(0x1, bytes(3), 'head, sector and upper cylinder bits, cylinder'),
    type: at(0x4, u8, '0: not in use'),
    lastChs: at(0x5, bytes(3), 'as firstChs'),
    firstLba: at(0x8, u32, 'in an extended boot record relative to it, or to the extended partition'),
    sectors: at(0xc, u32, ''),
  },
  'disk/malformed',
);
export type MbrEntry = Infer<typeof MbrEntry>;

/** First 512 bytes of a disk, or of a logical partition's place in an extended one. */
export const BootRecord = struct(
  'MBR',
  MBR_SIZE,
  {
    bootCode: at(0x000, bytes(BOOT_CODE_SIZE), ''),
    signature: at(0x1b8, u32, 'what Windows tells disks apart by'),
    reserved: at(0x1bc, u16, '0; 0x5A5A: copy-protected'),
    entry1: at(0x1be, nested(MbrEntry), ''),
    entry2: at(0x1ce, nested(MbrEntry), ''),
    entry3: at(0x1de, nested(MbrEntry), ''),
    entry4: at(0x1ee, nested(MbrEntry), ''),
    magic: at(0x1fe, u16, '0xAA55'),
  },
  'disk/malformed',
);
export type BootRecord = Infer<typeof BootRecord>;

/** Offset of an entry (0 to 3) in a boot record. */
export function mbrEntryOffset(index: number): number {
  return BootRecord.fields.entry1.offset + index * MbrEntry.size;
}

export function mbrEntries(record: BootRecord): MbrEntry[] {
  return [record.entry1, record.entry2, record.entry3, record.entry4];
}

/**
 * Cylinder, head and sector of an address, as BIOSes of large disks count them: 255 heads, 63 sectors. Addresses that
 * do not fit are the largest ones, as the UEFI specification wants.
 */
export function chsOf(lba: number): Uint8Array {
  const cylinder = Math.floor(lba / (255 * 63));
  if (cylinder > 1023) return Uint8Array.of(0xfe, 0xff, 0xff);
  const head = Math.floor(lba / 63) % 255;
  const sector = (lba % 63) + 1;
  return Uint8Array.of(head, sector | ((cylinder >> 8) << 6), cylinder & 0xff);
}

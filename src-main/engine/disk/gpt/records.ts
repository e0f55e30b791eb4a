import { at, bytes, struct, u32, u64, type Infer } from '../../binary/struct';

/** 'EFI PART'. */
export const GPT_SIGNATURE = 0x5452_4150_2049_4645n;
export const GPT_REVISION = 0x0001_0000;
export const GPT_HEADER_SIZE = 92;
/** What Windows and everybody else writes: entries of 128 bytes, 128 of them. */
export const GPT_ENTRY_SIZE = 128;
export const GPT_ENTRY_COUNT = 128;

/** GUID partition table header. UEFI specification, section 5.3.2. */
export const GptHeader = struct(
  'GPT header',
  GPT_HEADER_SIZE,
  {
    signature: at(0x00, u64, 'EFI PART'),
    revision: at(0x08, u32, '1.0'),
    headerSize: at(0x0c, u32, 'bytes that the CRC covers, at least 92'),
    headerCrc: at(0x10, u32, 'of the header, with this field 0'),
    reserved: at(0x14, u32, '0'),
    currentLba: at(0x18, u64, 'where this copy lies'),
    otherLba: at(0x20, u64, 'where the other copy lies'),
    firstUsableLba: at(0x28, u64, ''),
    lastUsableLba: at(0x30, u64, 'inclusive'),
    diskId: at(0x38, bytes(16), 'GUID of the disk'),
    entriesLba: at(0x48, u64, 'first sector of the entry array of this copy'),
    entryCount: at(0x50, u32, ''),
    entrySize: at(0x54, u32, '128 times a power of two'),
    entriesCrc: at(0x58, u32, 'of entryCount times entrySize bytes'),
  },
  'disk/malformed',
);
export type GptHeader = Infer<typeof GptHeader>;

/** One partition. Larger entries begin with it. UEFI specification, section 5.3.3. */
export const GptEntry = struct(
  'GPT entry',
  GPT_ENTRY_SIZE,
  {
    type: at(0x00, bytes(16), 'GUID; zero: not in use'),
    id: at(0x10, bytes(16), 'GUID of this partition'),
    firstLba: at(0x20, u64, ''),
    lastLba: at(0x28, u64, 'inclusive'),
    attributes: at(0x30, u64, 'bit 0: needed by the platform; bit 63: no drive letter (basic data)'),
    name: at(0x38, bytes(72), 'UTF-16LE, ends at a NUL'),
  },
  'disk/malformed',
);
export type GptEntry = Infer<typeof GptEntry>;

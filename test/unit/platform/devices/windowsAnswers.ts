/** Answers to control codes, composed as winioctl.h and ntddstor.h lay them out on a 64-bit system. Hexadecimal. */
function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
}

function ascii(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

export const answers = {
  /** IOCTL_STORAGE_QUERY_PROPERTY, StorageDeviceProperty: a stick. */
  usbDescriptor: bytes(`
    28000000 72000000 00 00 01 00 28000000 32000000 44000000 4a000000 07000000 00000000 00000000
    ${ascii('SanDisk \0')}00 ${ascii('Ultra           \0')}00 ${ascii('1.00\0')}00
    ${ascii('4C530001230517111111\0')} 00000000 00000000 00000000 00000000 00000000`),
  /** The same: an NVMe disk, whose driver gives no maker. */
  nvmeDescriptor: bytes(`
    28000000 77000000 00 00 00 01 00000000 28000000 3f000000 48000000 11000000 00000000 00000000
    ${ascii('WD_BLACK SN850X 1000GB\0')} ${ascii('620331WD\0')}
    ${ascii('E823_8FA6_BF53_0001_001B_448B_4D2A_1F3C.\0')} 00000000 00000000`),
  /** StorageDeviceIdProperty: an EUI-64 and a vendor's name of the same disk. */
  nvmeIds: bytes(`
    0c000000 4c000000 02000000
    01000000 02000000 0800 1800 00000000 001b448b4d2a1f3c
    02000000 01000000 1400 0000 00000000 ${ascii('NVMe    WD_BLACK SN8')} 00000000`),
  /** StorageAccessAlignmentProperty: 512e. */
  alignment: bytes('1c000000 1c000000 40000000 00000000 00020000 00100000 00000000'),
  /** IOCTL_DISK_GET_DRIVE_GEOMETRY_EX: a terabyte, followed by partition and detection data. */
  geometry: bytes(`
    01db010000000000 0c000000 ff000000 3f000000 00020000 0060dbe0e8000000
    18000000 01000000 00000000 00000000 00000000 00000000`),
  /** IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS: a volume on disk 1. */
  extents: bytes('01000000 00000000 01000000 00000000 0000100000000000 0000e0ff18000000'),
} as const;

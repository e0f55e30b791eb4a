import { FormatError } from '../../../../src-shared/errors/appError';
import { at, bytes, struct, u16, u32, u64, u8 } from '../../../engine/binary/struct';

/**
 * What Windows answers about disks, as its headers lay it out on 64-bit systems (winioctl.h, ntddstor.h). The answers
 * come from drivers: lengths and offsets in them are checked as those of a file are.
 */

const DeviceDescriptor = struct('STORAGE_DEVICE_DESCRIPTOR', 36, {
  version: at(0, u32, 'size of the record in its oldest form'),
  size: at(4, u32, 'of all that follows, strings included'),
  deviceType: at(8, u8, 'SCSI peripheral type'),
  deviceTypeModifier: at(9, u8, ''),
  removableMedia: at(10, u8, 'boolean'),
  commandQueueing: at(11, u8, 'boolean'),
  vendorOffset: at(12, u32, 'of a string from the beginning of the record; 0: none'),
  productOffset: at(16, u32, 'as above'),
  revisionOffset: at(20, u32, 'as above'),
  serialOffset: at(24, u32, 'as above; some drivers say 0xffffffff for none'),
  busType: at(28, u32, 'STORAGE_BUS_TYPE'),
  rawLength: at(32, u32, 'of bus-specific data'),
});

const AlignmentDescriptor = struct('STORAGE_ACCESS_ALIGNMENT_DESCRIPTOR', 28, {
  version: at(0, u32, ''),
  size: at(4, u32, ''),
  cacheLine: at(8, u32, ''),
  cacheOffset: at(12, u32, ''),
  logicalSector: at(16, u32, 'bytes'),
  physicalSector: at(20, u32, 'bytes'),
  sectorOffset: at(24, u32, ''),
});

const GeometryEx = struct('DISK_GEOMETRY_EX', 32, {
  cylinders: at(0, u64, ''),
  mediaType: at(8, u32, '11: removable, 12: fixed'),
  tracksPerCylinder: at(12, u32, ''),
  sectorsPerTrack: at(16, u32, ''),
  bytesPerSector: at(20, u32, ''),
  diskSize: at(24, u64, 'bytes'),
});

const ExtentsHeader = struct('VOLUME_DISK_EXTENTS', 8, {
  count: at(0, u32, 'of extents that follow'),
  padding: at(4, u32, ''),
});

const DiskExtent = struct('DISK_EXTENT', 24, {
  disk: at(0, u32, 'number of the disk'),
  padding: at(4, u32, ''),
  start: at(8, u64, 'bytes'),
  length: at(16, u64, 'bytes'),
});

const IdDescriptor = struct('STORAGE_DEVICE_ID_DESCRIPTOR', 12, {
  version: at(0, u32, ''),
  size: at(4, u32, ''),
  count: at(8, u32, 'of identifiers that follow'),
});

const Identifier = struct('STORAGE_IDENTIFIER', 16, {
  codeSet: at(0, u32, '1: binary, 2: ASCII, 3: UTF-8'),
  type: at(4, u32, '2: EUI-64, 3: NAA'),
  size: at(8, u16, 'of the identifier'),
  next: at(10, u16, 'offset of the next record from this one'),
  association: at(12, u32, '0: of the device'),
});

const PropertyQuery = struct('STORAGE_PROPERTY_QUERY', 12, {
  property: at(0, u32, 'STORAGE_PROPERTY_ID'),
  query: at(4, u32, '0: the descriptor'),
  additional: at(8, bytes(4), ''),
});

/** Properties that are asked for. */
export const StorageProperty = { DEVICE: 0, DEVICE_ID: 2, ACCESS_ALIGNMENT: 6 } as const;

/** Names of STORAGE_BUS_TYPE. */
const busNames = [
  'other', 'scsi', 'atapi', 'ata', 'firewire', 'ssa', 'fibre', 'usb', 'raid', 'iscsi',
  'sas', 'sata', 'sd', 'mmc', 'virtual', 'virtual', 'spaces', 'nvme', 'scm', 'ufs',
]; // prettier-ignore

/** What the descriptor of a device says of it. */
export interface DeviceDescription {
  readonly model: string;
  readonly serial: string;
  readonly bus: string;
  readonly removable: boolean;
}

/** Input of IOCTL_STORAGE_QUERY_PROPERTY. */
export function propertyQuery(property: number): Uint8Array {
  return PropertyQuery.serialize({ property, query: 0, additional: new Uint8Array(4) });
}

/** @throws FormatError */
export function parseDeviceDescriptor(answer: Uint8Array): DeviceDescription {
  const descriptor = DeviceDescriptor.parse(answer);
  const end = Math.min(answer.length, descriptor.size);
  const text = (offset: number): string => {
    if (offset < DeviceDescriptor.size || offset >= end) return '';
    const stored = answer.subarray(offset, end);
    const nul = stored.indexOf(0);
    return printable(Buffer.from(nul < 0 ? stored : stored.subarray(0, nul)).toString('latin1'));
  };
  const [vendor, product] = [text(descriptor.vendorOffset), text(descriptor.productOffset)];
  const withVendor = vendor !== '' && vendor !== 'ATA' && vendor !== 'NVMe' && !product.startsWith(vendor);
  const serial = text(descriptor.serialOffset);
  return {
    model: withVendor ? `${vendor} ${product}`.trim() : product,
    serial: /^[0 ]*$/.test(serial) ? '' : serial,
    bus: busNames.at(descriptor.busType) ?? 'other',
    removable: descriptor.removableMedia !== 0,
  };
}

/** What devices say is what somebody wrote into them: one line of printable characters. */
function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
}

/** Logical and physical sector, bytes. @throws FormatError */
export function parseAlignment(answer: Uint8Array): { readonly logical: number; readonly physical: number } {
  const { logicalSector, physicalSector } = AlignmentDescriptor.parse(answer);
  return { logical: logicalSector, physical: physicalSector };
}

/** Bytes of the disk and of its sectors. @throws FormatError */
export function parseGeometry(answer: Uint8Array): { readonly size: number; readonly sector: number } {
  const { diskSize, bytesPerSector } = GeometryEx.parse(answer);
  if (diskSize > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw answerError('DISK_GEOMETRY_EX', 24, `a disk of ${diskSize} bytes`);
  }
  if (bytesPerSector !== 512 && bytesPerSector !== 4096) {
    throw answerError('DISK_GEOMETRY_EX', 20, `sectors of ${bytesPerSector} bytes`);
  }
  return { size: Number(diskSize), sector: bytesPerSector };
}

/** Numbers of the disks that a volume lies on, each once. @throws FormatError */
export function parseVolumeExtents(answer: Uint8Array): number[] {
  const { count } = ExtentsHeader.parse(answer);
  if (count > (answer.length - ExtentsHeader.size) / DiskExtent.size) {
    throw answerError('VOLUME_DISK_EXTENTS', 0, `${count} extents in ${answer.length} bytes`);
  }
  const disks = new Set<number>();
  for (let i = 0; i < count; i++) {
    const offset = ExtentsHeader.size + i * DiskExtent.size;
    disks.add(DiskExtent.parse(answer.subarray(offset), offset).disk);
  }
  return [...disks];
}

/** The world wide name of a disk: 'naa.5002538e40a1b2c3', 'eui.…'; undefined where it has none. @throws FormatError */
export function parseWorldWideName(answer: Uint8Array): string | undefined {
  const { count } = IdDescriptor.parse(answer);
  const found: string[] = [];
  let offset: number = IdDescriptor.size;
  for (let i = 0; i < count && offset + Identifier.size <= answer.length; i++) {
    const { codeSet, type, size, next, association } = Identifier.parse(answer.subarray(offset), offset);
    const value = answer.subarray(offset + Identifier.size, offset + Identifier.size + size);
    if (value.length < size) throw answerError('STORAGE_IDENTIFIER', offset, `${size} bytes are not there`);
    if (codeSet === 1 && association === 0 && size > 0 && (type === 2 || type === 3)) {
      found.push(`${type === 3 ? 'naa' : 'eui'}.${Buffer.from(value).toString('hex')}`);
    }
    if (next < Identifier.size) break;
    offset += next;
  }
  return found.find((name) => name.startsWith('naa')) ?? found.at(0);
}

function answerError(structure: string, offset: number, problem: string): FormatError {
  return new FormatError({ structure, offset, problem }, 'disk/unsupported');
}

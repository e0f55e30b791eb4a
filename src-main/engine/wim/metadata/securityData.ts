import { FormatError } from '../../../../src-shared/errors/appError';
import { align8 } from '../records/dentry';

const STRUCTURE = 'security data';

/** The security descriptors at the start of a metadata resource, and where the root dentry begins. */
export interface SecurityData {
  readonly descriptors: Uint8Array[];
  readonly end: number;
}

/**
 * Parses total size u32, count u32, count sizes u64, then the descriptors. Old writers left the total at 0 for an empty
 * table of 8 bytes.
 */
export function parseSecurityData(metadata: Uint8Array): SecurityData {
  if (metadata.length < 8) {
    throw new FormatError({
      structure: STRUCTURE,
      offset: 0,
      problem: 'the metadata resource has no room for it',
    });
  }
  const view = new DataView(metadata.buffer, metadata.byteOffset, metadata.byteLength);
  const total = view.getUint32(0, true);
  const count = view.getUint32(4, true);
  if (total > metadata.length) {
    throw new FormatError({
      structure: STRUCTURE,
      field: 'total size',
      offset: 0,
      problem: `${total} bytes in a metadata resource of ${metadata.length}`,
    });
  }
  const sizesEnd = 8 + count * 8;
  if (count > 0 && sizesEnd > total) {
    throw new FormatError({
      structure: STRUCTURE,
      field: 'count',
      offset: 4,
      problem: `${count} descriptors do not fit in ${total} bytes`,
    });
  }
  const descriptors: Uint8Array[] = [];
  let position = sizesEnd;
  for (let i = 0; i < count; i++) {
    const size = view.getUint32(8 + i * 8, true) + view.getUint32(12 + i * 8, true) * 0x1_0000_0000;
    if (size > total - position) {
      throw new FormatError({
        structure: STRUCTURE,
        field: `size of descriptor ${i}`,
        offset: 8 + i * 8,
        problem: `${size} bytes reach past the table's end at ${total}`,
      });
    }
    descriptors.push(metadata.slice(position, position + size));
    position += size;
  }
  return { descriptors, end: align8(Math.max(total, 8)) };
}

/** Serializes the descriptors, padded to 8 bytes. */
export function serializeSecurityData(descriptors: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const total = align8(8 + descriptors.length * 8 + descriptors.reduce((sum, one) => sum + one.length, 0));
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, total, true);
  view.setUint32(4, descriptors.length, true);
  let position = 8 + descriptors.length * 8;
  descriptors.forEach((descriptor, i) => {
    view.setBigUint64(8 + i * 8, BigInt(descriptor.length), true);
    bytes.set(descriptor, position);
    position += descriptor.length;
  });
  return bytes;
}

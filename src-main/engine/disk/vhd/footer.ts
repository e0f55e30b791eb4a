import { bytesEqual } from '../../binary/bytesEqual';
import { toNumber } from '../bigNumber';
import { malformed, unsupported } from '../diskFaults';
import { geometrySize, isLargest } from './geometry';
import {
  checksum,
  DiskType,
  FOOTER_CHECKSUM,
  FOOTER_COOKIE,
  FOOTER_SIZE,
  MAX_DISK_SIZE,
  SECTOR,
  SHORT_FOOTER_SIZE,
  VERSION_1,
  VhdFooter,
} from './records';

const STRUCTURE = 'VHD footer';

/** What the footer is looked for in. */
interface Bytes {
  readonly size: number;
  read(offset: number, target: Uint8Array): number;
}

/** The footer of a VHD as it was found. */
export interface FoundFooter {
  readonly footer: VhdFooter;
  /** Its 512 bytes, to be written anew. */
  readonly bytes: Uint8Array;
  /** Offset in the file. */
  readonly offset: number;
  /** Where the footer at the end begins; the file's size where it has none that is valid. */
  readonly dataEnd: number;
  readonly warnings: readonly string[];
  /** Why the file must not be written: its checksum is wrong, in both copies alike. */
  readonly problem?: string;
}

/**
 * Looks for the footer: at the end, where a dynamic disk whose end is lost or damaged still has a copy at the beginning.
 * @returns undefined when nothing says that the file is a VHD
 * @throws FormatError `disk/malformed` when there was a footer, and it is damaged without a copy that is good
 */
export function findFooter(file: Bytes, path: string): FoundFooter | undefined {
  const end = readEnd(file);
  if (end !== undefined && end.problem === undefined) {
    return { footer: end.footer, bytes: end.bytes, offset: end.offset, dataEnd: end.offset, warnings: [] };
  }
  const copy = readAt(file, 0, FOOTER_SIZE);
  if (copy !== undefined && copy.problem === undefined && copy.footer.diskType !== DiskType.FIXED) {
    const why = end === undefined ? 'there is none' : end.problem;
    return {
      footer: copy.footer,
      bytes: copy.bytes,
      offset: 0,
      dataEnd: file.size,
      warnings: [`The footer at the end of ${path} is damaged (${why}); its copy at the beginning is used.`],
    };
  }
  if (end !== undefined && copy !== undefined && bytesEqual(end.bytes, copy.bytes)) {
    // Two copies that say the same are not damage: a program wrote them that computes no checksum.
    return {
      ...end,
      dataEnd: end.offset,
      problem: end.problem ?? 'damaged',
      warnings: [`Both footers of ${path} have a wrong checksum, and agree: they are believed.`],
    };
  }
  if (end !== undefined) throw malformed(STRUCTURE, end.offset, end.problem ?? 'damaged');
  if (copy?.problem !== undefined)
    throw malformed(STRUCTURE, 0, `${copy.problem}, and at the end of the file is none`);
  return undefined;
}

interface Candidate {
  readonly footer: VhdFooter;
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** Why it is not valid. */
  readonly problem?: string;
}

function readEnd(file: Bytes): Candidate | undefined {
  const whole = readAt(file, file.size - FOOTER_SIZE, FOOTER_SIZE);
  return whole ?? readAt(file, file.size - SHORT_FOOTER_SIZE, SHORT_FOOTER_SIZE);
}

/** @returns undefined when no cookie is there */
function readAt(file: Bytes, offset: number, length: number): Candidate | undefined {
  if (offset < 0) return undefined;
  const bytes = new Uint8Array(FOOTER_SIZE);
  if (file.read(offset, bytes.subarray(0, length)) < length) return undefined;
  const footer = VhdFooter.parse(bytes, offset);
  if (footer.cookie !== FOOTER_COOKIE) return undefined;
  const found = { footer, bytes, offset };
  return footer.checksum === checksum(bytes, FOOTER_CHECKSUM)
    ? found
    : { ...found, problem: 'its checksum is wrong' };
}

/** @throws FormatError for a version or kind that is not known */
export function checkFooter(footer: VhdFooter, offset: number): void {
  if (footer.version >>> 16 !== VERSION_1 >>> 16) {
    throw unsupported(
      STRUCTURE,
      offset + 12,
      `version ${footer.version >>> 16} is not known`,
      'File Format Version',
    );
  }
  const { diskType } = footer;
  if (diskType !== DiskType.FIXED && diskType !== DiskType.DYNAMIC && diskType !== DiskType.DIFFERENCING) {
    throw unsupported(STRUCTURE, offset + 60, `disk type ${diskType} is not known`, 'Disk Type');
  }
}

/**
 * Size of the disk in bytes. The field for it and the geometry may differ, since a geometry is rounded: Virtual PC (and
 * qemu, in files of its compatible kind, "qemu") goes by the geometry and rounds the size it is given to one; Hyper-V,
 * Windows and the others go by the field. The largest geometry says nothing. Creators are told apart as in qemu's
 * block/vpc.c.
 */
export function diskSizeOf(footer: VhdFooter, offset: number): number {
  const creator = String.fromCharCode(...footer.creator);
  const byGeometry = creator === 'vpc ' || creator === 'qemu';
  const size =
    byGeometry && !isLargest(footer) && geometrySize(footer) > 0
      ? geometrySize(footer)
      : toNumber(footer.currentSize);
  if (size === 0 || size % SECTOR !== 0 || size > MAX_DISK_SIZE) {
    throw malformed(STRUCTURE, offset + 48, `a disk cannot have ${footer.currentSize} bytes`, 'Current Size');
  }
  return size;
}

/** A footer as it is stored, with its checksum. */
export function serializeFooter(footer: Omit<VhdFooter, 'checksum'>): Uint8Array {
  const bytes = VhdFooter.serialize({ ...footer, checksum: 0 });
  new DataView(bytes.buffer).setUint32(FOOTER_CHECKSUM, checksum(bytes, FOOTER_CHECKSUM));
  return bytes;
}

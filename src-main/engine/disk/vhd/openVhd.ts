import type { OpenFile } from '../../os';
import { ContainerFile } from '../containerFile';
import { malformed, truncated } from '../diskFaults';
import { fileDevice } from '../fileDevice';
import { withFacts } from '../rawDisk';
import { SparseDisk } from '../sparseDisk';
import type { VirtualDisk } from '../virtualDisk';
import { readDynamicHeader, readParentPlaces, type ParentPlaces } from './dynamicHeader';
import { checkFooter, diskSizeOf, type FoundFooter } from './footer';
import { DiskType, SECTOR } from './records';
import { VhdTable } from './vhdTable';

/** Opens the parent that a VHD asks for. */
export type VhdParentOpener = (
  places: ParentPlaces,
  uniqueId: Uint8Array,
) => { readonly device: VirtualDisk; readonly path: string };

/**
 * Opens a VHD whose footer was found.
 * @param path absolute
 * @throws FormatError `disk/malformed`, `disk/truncated`, `disk/unsupported`; AppError of `openParent`
 */
export function openVhd(
  file: OpenFile,
  path: string,
  writable: boolean,
  found: FoundFooter,
  openParent: VhdParentOpener,
): VirtualDisk {
  const { footer, offset, dataEnd } = found;
  checkFooter(footer, offset);
  if (writable && found.problem !== undefined) {
    throw malformed('VHD footer', offset + 64, found.problem, 'Checksum');
  }
  const size = diskSizeOf(footer, offset);
  if (footer.diskType === DiskType.FIXED) {
    if (size > dataEnd) {
      throw truncated(
        'VHD footer',
        offset + 48,
        `the disk has ${size} bytes, the file only ${dataEnd}`,
        'Current Size',
      );
    }
    const device = fileDevice(file, { path, size, sectorSize: SECTOR, physicalSectorSize: SECTOR, writable });
    const facts = { parents: [], warnings: found.warnings, allocated: file.size };
    return withFacts(device, { format: 'vhd', kind: 'fixed', ...facts });
  }
  const container = new ContainerFile(file, path, writable);
  const dynamic = readDynamicHeader(container, footer.dataOffset, size);
  const warnings = [...found.warnings];
  if (dynamic.problem !== undefined) {
    // Programs exist that do not look at it, and files of theirs. They can be read, with all else in order; changing
    // such a file is another matter.
    if (writable)
      throw malformed('VHD dynamic disk header', dynamic.headerOffset + 36, dynamic.problem, 'Checksum');
    warnings.push(`The header of ${path} may be damaged: ${dynamic.problem}.`);
  }
  const hasParent = footer.diskType === DiskType.DIFFERENCING;
  const table = new VhdTable(container, {
    ...dynamic,
    diskSize: size,
    hasParent,
    dataEnd,
    hasFooter: offset > 0,
    footer: found.bytes,
  });
  const parent = hasParent
    ? openParent(readParentPlaces(container, dynamic), dynamic.header.parentUniqueId)
    : undefined;
  const facts = {
    format: 'vhd',
    kind: hasParent ? 'differencing' : 'dynamic',
    size,
    sectorSize: SECTOR,
    physicalSectorSize: SECTOR,
    bitmapSector: SECTOR,
    warnings,
  } as const;
  return new SparseDisk(container, table, facts, parent);
}

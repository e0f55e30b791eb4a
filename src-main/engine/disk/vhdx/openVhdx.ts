import type { ContainerFile } from '../containerFile';
import { malformed } from '../diskFaults';
import { SparseDisk } from '../sparseDisk';
import type { VirtualDisk } from '../virtualDisk';
import { Bat, batCounts } from './bat';
import { type CurrentHeader, isZero, readHeaders, updateHeaders } from './headers';
import { readLog, replay } from './log';
import { readMetadata, type VhdxMetadata } from './metadata';
import { MIB } from './records';
import { readRegions } from './regions';
import { SpaceMap } from './spaceMap';
import { VhdxTable } from './vhdxTable';

/** Opens the parent that a VHDX asks for by its locator's entries. */
export type VhdxParentOpener = (
  locator: ReadonlyMap<string, string>,
  metadata: VhdxMetadata,
) => { readonly device: VirtualDisk; readonly path: string };

/**
 * Opens a VHDX, [MS-VHDX] of version 1. A log that was left behind is replayed: into the file when that is opened for
 * writing, else in memory over a file that stays as it is.
 * @param file closed by the caller when this throws
 * @returns the disk with what its children know it by
 * @throws FormatError `disk/malformed`, `disk/truncated`, `disk/unsupported`; AppError of `openParent`
 */
export function openVhdx(
  file: ContainerFile,
  newGuid: () => Uint8Array,
  openParent: VhdxParentOpener,
): { readonly disk: VirtualDisk; readonly identity: Uint8Array } {
  const warnings: string[] = [];
  let current = readHeaders(file, warnings);
  current = replayLog(file, current, newGuid, warnings);
  const space = new SpaceMap();
  space.claim(0, 1, 'VHDX header', 0);
  const logOffset = Number(current.header.logOffset);
  const hasLog =
    current.header.logLength >= MIB && logOffset >= MIB && logOffset + current.header.logLength <= file.size;
  if (hasLog) {
    space.claim(Math.floor(logOffset / MIB), Math.ceil(current.header.logLength / MIB), 'VHDX header', 0);
  }
  const regions = readRegions(file, space, warnings);
  const metadata = readMetadata(file, regions.metadata);
  const { blockSize, diskSize, sectorSize, hasParent } = metadata;
  const needed = batCounts(metadata).entries * 8;
  if (needed > regions.bat.length) {
    throw malformed(
      'VHDX BAT',
      regions.bat.offset,
      `the region has ${regions.bat.length} bytes, the disk needs ${needed}`,
    );
  }
  const bat = new Bat({ offset: regions.bat.offset, blockSize, diskSize, sectorSize, hasParent });
  bat.load(file, space);
  bat.checkBitmaps();
  const table = new VhdxTable(file, { bat, blockSize, sectorSize, current, newGuid });
  const parent = metadata.parent === undefined ? undefined : openParent(metadata.parent, metadata);
  const disk = new SparseDisk(
    file,
    table,
    {
      format: 'vhdx',
      kind: hasParent ? 'differencing' : metadata.leaveAllocated ? 'fixed' : 'dynamic',
      size: diskSize,
      sectorSize,
      physicalSectorSize: metadata.physicalSectorSize,
      bitmapSector: sectorSize,
      warnings,
    },
    parent,
  );
  return { disk, identity: current.header.dataWriteGuid };
}

function replayLog(
  file: ContainerFile,
  current: CurrentHeader,
  newGuid: () => Uint8Array,
  warnings: string[],
): CurrentHeader {
  if (isZero(current.header.logGuid)) return current;
  const overlay = readLog(file, current.header);
  if (!file.writable) {
    file.layOver(overlay);
    warnings.push(
      `${file.path} was not closed properly: ${overlay.count} changes of its log are read in place of the file's bytes.`,
    );
    return current;
  }
  // The file's GUID changes before its first change; the log's goes when everything in it has reached the medium.
  const begun = updateHeaders(file, current, { fileWriteGuid: newGuid() });
  replay(file, overlay);
  warnings.push(`${file.path} was not closed properly: its log was replayed.`);
  return updateHeaders(file, begun, { logGuid: new Uint8Array(16) });
}

import { AppError } from '../../../src-shared/errors/appError';
import type { DiskCreateRequest } from '../../../src-shared/model/disks';
import { formatGuid, parseGuid, randomGuid } from '../binary/guid';
import type { OpenFile } from '../os';
import type { DiskHost } from './diskHost';
import { type Opened, openDisk, openParentFile } from './openDisk';
import { relativePath } from './relativePath';
import { createVhd } from './vhd/createVhd';
import { MAX_DISK_SIZE as MAX_VHD_SIZE } from './vhd/records';
import { createVhdx } from './vhdx/createVhdx';
import { ParentKey } from './vhdx/parentLocator';
import { MAX_DISK_SIZE as MAX_VHDX_SIZE, MIB } from './vhdx/records';
import type { VirtualDisk } from './virtualDisk';

export type CreateDiskRequest = Omit<DiskCreateRequest, 'layout' | 'dryRun'>;

const KIB = 1024;
/** Block sizes that Hyper-V takes where none is said. */
const VHDX_BLOCK = 32 * MIB;
const VHDX_DIFFERENCING_BLOCK = 2 * MIB;
const VHD_BLOCK = 2 * MIB;
const PHYSICAL_SECTOR = 4096;

/** A request with everything decided. */
interface Decided {
  readonly kind: 'fixed' | 'dynamic' | 'differencing';
  readonly size: number;
  readonly sectorSize: number;
  readonly blockSize: number;
}

/**
 * Makes a new, empty disk file, sparse where the system has that, and opens it for writing. The size becomes a multiple
 * of the sector; a differencing disk has its parent's size and sector. A file that could not be made whole is removed.
 * @throws AppError `usage/invalid` for what the format does not have, `io/exists`, `io/no-space`
 */
export function createDisk(host: DiskHost, request: CreateDiskRequest): VirtualDisk {
  const { files } = host;
  const path = files.absolute(request.path);
  const parent = openParent(host, request);
  let decided: Decided;
  try {
    decided = decide(request, parent?.disk);
  } finally {
    parent?.disk.close();
  }
  if (request.overwrite === true && files.status(path)?.kind === 'file') files.remove(path);
  const file = files.create(path);
  try {
    try {
      make(host, file, path, request, decided, parent);
    } finally {
      file.close();
    }
    files.syncDirectory(files.directoryName(path));
    return openDisk(host, path, 'write', { sectorSize: decided.sectorSize });
  } catch (error) {
    files.remove(path);
    throw error;
  }
}

function openParent(host: DiskHost, { kind, format, parent }: CreateDiskRequest): Opened | undefined {
  if (kind !== 'differencing') return undefined;
  if (format === 'raw') throw invalid('a raw disk cannot be a differencing disk');
  if (parent === undefined) throw invalid('a differencing disk needs a parent');
  return openParentFile(host, parent);
}

/** @throws AppError `usage/invalid` */
function decide(request: CreateDiskRequest, parent: VirtualDisk | undefined): Decided {
  const { format } = request;
  const kind = request.kind ?? (format === 'raw' ? 'fixed' : 'dynamic');
  if (parent !== undefined && parent.format !== format) {
    throw invalid(
      `the parent of a ${format.toUpperCase()} must be one, too: ${parent.name} is ${parent.format}`,
    );
  }
  const sectorSize = parent?.sectorSize ?? request.sectorSize ?? 512;
  if (sectorSize !== 512 && (sectorSize !== 4096 || format === 'vhd')) {
    throw invalid(`a ${format.toUpperCase()} cannot have sectors of ${sectorSize} bytes`);
  }
  const size = parent?.size ?? Math.ceil(request.size / sectorSize) * sectorSize;
  const limit = { raw: Number.MAX_SAFE_INTEGER, vhd: MAX_VHD_SIZE, vhdx: MAX_VHDX_SIZE }[format];
  if (!(size > 0 && size <= limit)) {
    throw invalid(`a ${format.toUpperCase()} cannot have ${request.size} bytes: at most ${limit}`);
  }
  const usual = format === 'vhd' ? VHD_BLOCK : kind === 'differencing' ? VHDX_DIFFERENCING_BLOCK : VHDX_BLOCK;
  const blockSize = request.blockSize ?? usual;
  const allowed =
    format === 'vhdx'
      ? blockSize >= MIB && blockSize <= 256 * MIB && Number.isInteger(Math.log2(blockSize))
      : format === 'raw' || blockSize === 512 * KIB || blockSize === VHD_BLOCK;
  if (!allowed) {
    const choice = format === 'vhd' ? '512 KiB or 2 MiB' : 'a power of two from 1 MiB to 256 MiB';
    throw invalid(`a ${format.toUpperCase()} cannot have blocks of ${blockSize} bytes: ${choice}`);
  }
  return { kind, size, sectorSize, blockSize };
}

function make(
  host: DiskHost,
  file: OpenFile,
  path: string,
  { format, parent: parentPath }: CreateDiskRequest,
  { kind, size, sectorSize, blockSize }: Decided,
  parent: Opened | undefined,
): void {
  if (format === 'raw') {
    file.truncate(size);
    file.flush();
    return;
  }
  const { files } = host;
  const newGuid = (): Uint8Array => parseGuid(randomGuid((length) => host.randomBytes(length)));
  const identity = parent?.identity;
  const absolute = parentPath === undefined ? '' : files.absolute(parentPath);
  const relative = relativePath(host, path, absolute);
  if (format === 'vhdx') {
    const values = new Map<string, string>();
    if (identity !== undefined) values.set(ParentKey.LINKAGE, `{${formatGuid(identity)}}`);
    if (relative !== undefined) values.set(ParentKey.RELATIVE, relative);
    values.set(ParentKey.ABSOLUTE, /^[A-Za-z]:\\/.test(absolute) ? `\\\\?\\${absolute}` : absolute);
    createVhdx(file, {
      kind,
      diskSize: size,
      blockSize,
      sectorSize,
      physicalSectorSize: PHYSICAL_SECTOR,
      newGuid,
      ...(identity === undefined ? {} : { parent: values }),
    });
    return;
  }
  const shape = { kind, diskSize: size, blockSize, uniqueId: newGuid(), now: host.now() };
  if (identity === undefined) {
    createVhd(file, shape);
    return;
  }
  createVhd(file, {
    ...shape,
    parent: {
      uniqueId: identity,
      modifiedMs: files.status(absolute)?.modifiedMs ?? 0,
      name: files.baseName(absolute),
      relative: relative ?? files.baseName(absolute),
      absolute,
    },
  });
}

function invalid(message: string): AppError {
  return new AppError('usage/invalid', message);
}

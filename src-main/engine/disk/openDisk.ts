import { AppError } from '../../../src-shared/errors/appError';
import { bytesEqual } from '../binary/bytesEqual';
import { formatGuid, parseGuid, randomGuid } from '../binary/guid';
import type { OpenFile } from '../os';
import { ContainerFile } from './containerFile';
import { malformed } from './diskFaults';
import type { DiskAccess, DiskHost } from './diskHost';
import { type ChainLink, openParentDisk } from './parents';
import { openRaw, withFacts } from './rawDisk';
import { findFooter, type FoundFooter } from './vhd/footer';
import { openVhd } from './vhd/openVhd';
import { openVhdx } from './vhdx/openVhdx';
import { ParentKey } from './vhdx/parentLocator';
import { FILE_SIGNATURE, HEADER_OFFSETS, HEADER_SIGNATURE } from './vhdx/records';
import type { VirtualDisk } from './virtualDisk';

export interface OpenDiskOptions {
  /** Sector of a raw disk file, which does not tell its own: 512 or 4096. Found by its GPT where absent. */
  readonly sectorSize?: number;
}

/**
 * Opens a disk: a file of any format, which is told by its content and not by its name, or a physical disk. A
 * differencing disk is opened with its chain of parents, which are only read.
 *
 * Opening for writing locks the file, and replays the log of a VHDX that was not closed properly; what is written stays
 * in part in memory until `flush`, as the place of new blocks does.
 * @throws FormatError `disk/malformed`, `disk/truncated`, `disk/unsupported`
 * @throws AppError `disk/no-parent` with the parent's path, `disk/in-use`, `io/` codes
 */
export function openDisk(
  host: DiskHost,
  path: string,
  access: DiskAccess,
  options: OpenDiskOptions = {},
): VirtualDisk {
  const device = host.devices?.open(path, access);
  if (device !== undefined) {
    return withFacts(device, {
      format: 'raw',
      kind: 'physical',
      parents: [],
      warnings: [],
      allocated: device.size,
    });
  }
  return openFile(host, host.files.absolute(path), access, [], options).disk;
}

/** Opens a disk file for reading, to become a parent: with what its children will know it by. */
export function openParentFile(host: DiskHost, path: string): Opened {
  return openFile(host, host.files.absolute(path), 'read', [], {});
}

/** A disk with what its children know it by: none where it is no VHD or VHDX. */
export interface Opened {
  readonly disk: VirtualDisk;
  readonly identity?: Uint8Array;
}

function openFile(
  host: DiskHost,
  path: string,
  access: DiskAccess,
  below: readonly ChainLink[],
  options: OpenDiskOptions,
): Opened {
  const { files } = host;
  const writable = access === 'write';
  const chain = [...below, { path, identity: files.status(path)?.identity ?? path }];
  const file = writable ? files.openReadWrite(path) : files.openRead(path);
  try {
    if (writable) lock(file);
    const magic = new Uint8Array(8);
    file.read(0, magic);
    if (new DataView(magic.buffer).getBigUint64(0, true) === FILE_SIGNATURE) {
      return openVhdxFile(host, new ContainerFile(file, path, writable), chain);
    }
    const footer = findFooter(file, path);
    if (footer !== undefined) return openVhdFile(host, file, path, writable, footer, chain);
    return { disk: openUnmarked(file, path, writable, options) };
  } catch (error) {
    file.close();
    throw error;
  }
}

function openVhdxFile(host: DiskHost, file: ContainerFile, chain: readonly ChainLink[]): Opened {
  const newGuid = (): Uint8Array => parseGuid(randomGuid((length) => host.randomBytes(length)));
  return openVhdx(file, newGuid, (locator, { sectorSize }) => {
    const linkages = [ParentKey.LINKAGE, ParentKey.LINKAGE_2].flatMap((key) => {
      const guid = locator.get(key);
      return guid === undefined ? [] : [guid.replace(/[{}]/g, '').toLowerCase()];
    });
    const values = (key: string): string[] => {
      const value = locator.get(key);
      return value === undefined ? [] : [value];
    };
    let identity: Uint8Array | undefined;
    const parent = openParentDisk(host, {
      child: file.path,
      relative: values(ParentKey.RELATIVE),
      absolute: values(ParentKey.ABSOLUTE),
      name: values(ParentKey.VOLUME)[0] ?? '',
      chain,
      open: (path, links) => {
        const opened = openFile(host, path, 'read', links, {});
        identity = opened.identity;
        return opened.disk;
      },
      matches: ({ format }) =>
        format === 'vhdx' && identity !== undefined && linkages.includes(formatGuid(identity)),
    });
    if (parent.device.sectorSize !== sectorSize) {
      parent.device.close();
      throw malformed(
        'VHDX logical sector size',
        0,
        `${file.path} has sectors of ${sectorSize} bytes, its parent ${parent.path} of ${parent.device.sectorSize}`,
      );
    }
    return parent;
  });
}

function openVhdFile(
  host: DiskHost,
  file: OpenFile,
  path: string,
  writable: boolean,
  footer: FoundFooter,
  chain: readonly ChainLink[],
): Opened {
  const disk = openVhd(file, path, writable, footer, (places, uniqueId) => {
    let identity: Uint8Array | undefined;
    return openParentDisk(host, {
      child: path,
      ...places,
      chain,
      open: (parent, links) => {
        const opened = openFile(host, parent, 'read', links, {});
        identity = opened.identity;
        return opened.disk;
      },
      matches: ({ format }) => format === 'vhd' && identity !== undefined && bytesEqual(identity, uniqueId),
    });
  });
  return { disk, identity: footer.footer.uniqueId };
}

/** Files that are known by their first bytes and are no raw disks. */
const others: readonly (readonly [name: string, offset: number, bytes: readonly number[]])[] = [
  ['a WIM image', 0, [0x4d, 0x53, 0x57, 0x49, 0x4d, 0, 0, 0]],
  ['a WIM image', 0, [0x57, 0x4c, 0x50, 0x57, 0x4d, 0, 0, 0]],
  ['a VMDK disk', 0, [0x4b, 0x44, 0x4d, 0x56]],
  ['a QCOW disk', 0, [0x51, 0x46, 0x49, 0xfb]],
  ['a VDI disk', 0x40, [0x7f, 0x10, 0xda, 0xbe]],
];

/** A file that nothing marks as a virtual disk: raw, unless it looks like one that lost its mark. */
function openUnmarked(
  file: OpenFile,
  path: string,
  writable: boolean,
  { sectorSize }: OpenDiskOptions,
): VirtualDisk {
  if (HEADER_OFFSETS.some((offset) => hasHeader(file, offset))) {
    throw malformed('VHDX file identifier', 0, 'the signature is missing, while a header is there');
  }
  const start = new Uint8Array(512);
  const count = file.read(0, start);
  const other = others.find(([, offset, bytes]) => bytes.every((byte, i) => start[offset + i] === byte));
  if (count < start.length || other !== undefined) {
    const problem = other === undefined ? `it has only ${count} bytes` : `it is ${other[0]}`;
    throw new AppError('disk/not-a-disk', `cannot open ${path} as a disk: ${problem}`, { path });
  }
  const disk = openRaw(file, path, writable, sectorSize);
  const named = /\.(a?vhdx?)$/i.exec(path);
  if (named === null) return disk;
  const doubt = `named as a ${named[1].toUpperCase()}, and has nothing of one: it is a raw disk, or was cut or damaged`;
  if (writable) throw malformed('disk file', 0, `${path} is ${doubt}`);
  return Object.assign(disk, { warnings: [...disk.warnings, `${path} is ${doubt}.`] });
}

function hasHeader(file: OpenFile, offset: number): boolean {
  const bytes = new Uint8Array(4);
  return file.read(offset, bytes) === 4 && new DataView(bytes.buffer).getUint32(0, true) === HEADER_SIGNATURE;
}

/** @throws AppError `disk/in-use` */
function lock(file: OpenFile): void {
  try {
    file.lock();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'wim/busy') throw error;
    throw new AppError(
      'disk/in-use',
      `cannot write to ${file.name}: another program is writing it`,
      { path: file.name },
      error,
    );
  }
}

import { STATUS_FIELDS, StatusField, type DirectoryListing } from '../../engine/tree/directoryListing';
import { rawFs } from '../rawFs';
import { systemErrorName } from '../systemErrors';
import { readDirectoryNames } from './directoryNames';
import { nativePath } from './nativePath';
import { joinPath } from './paths';

/** Status of a file, as far as a scan looks at it. Node's own BigIntStats is one. */
export interface SourceStatus {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly mode: bigint;
  readonly nlink: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
  readonly rdev: bigint;
  readonly size: bigint;
  readonly blocks: bigint;
  readonly atimeNs: bigint;
  readonly mtimeNs: bigint;
}

/** Lists a directory with the status of its entries; undefined when anything in it cannot be read. */
export function listDirectory(path: string): DirectoryListing | undefined {
  try {
    const { names, undecodable } = readDirectoryNames(path);
    const status = new BigInt64Array(STATUS_FIELDS * names.length);
    names.forEach((name, i) => {
      const found = rawFs.lstatSync(nativePath(joinPath(path, name)), {
        bigint: true,
        throwIfNoEntry: false,
      });
      if (found === undefined) return;
      const at = i * STATUS_FIELDS;
      status[at + StatusField.DEVICE] = found.dev;
      status[at + StatusField.INODE] = found.ino;
      status[at + StatusField.MODE] = found.mode;
      status[at + StatusField.LINKS] = found.nlink;
      status[at + StatusField.USER] = found.uid;
      status[at + StatusField.GROUP] = found.gid;
      status[at + StatusField.SPECIAL_DEVICE] = found.rdev;
      status[at + StatusField.SIZE] = found.size;
      status[at + StatusField.BLOCKS] = found.blocks;
      status[at + StatusField.ACCESS_TIME] = found.atimeNs;
      status[at + StatusField.WRITE_TIME] = found.mtimeNs;
    });
    return { names, undecodable, status };
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return undefined;
  }
}

/** The status of entry `index` of a listing; undefined when it was gone. */
export function listedStatus({ status }: DirectoryListing, index: number): SourceStatus | undefined {
  const at = index * STATUS_FIELDS;
  if (status[at + StatusField.MODE] === 0n) return undefined;
  return {
    dev: BigInt.asUintN(64, status[at + StatusField.DEVICE]),
    ino: BigInt.asUintN(64, status[at + StatusField.INODE]),
    mode: status[at + StatusField.MODE],
    nlink: status[at + StatusField.LINKS],
    uid: status[at + StatusField.USER],
    gid: status[at + StatusField.GROUP],
    rdev: BigInt.asUintN(64, status[at + StatusField.SPECIAL_DEVICE]),
    size: status[at + StatusField.SIZE],
    blocks: status[at + StatusField.BLOCKS],
    atimeNs: status[at + StatusField.ACCESS_TIME],
    mtimeNs: status[at + StatusField.WRITE_TIME],
  };
}

import { toNamespacedPath } from 'node:path';
import { FileAttribute } from '../../engine/tree/attributes';
import { lastError, loadKernel32, openHandle } from './kernel32';

/**
 * File attributes and times of Windows. Node has no calls for the first, and holds the seconds of the second in 32
 * bits there, so that times before 1901 and after 2038 come out wrong.
 */

/** What Windows keeps of a file beside its data. Times are FILETIME. */
export interface FileFacts {
  readonly attributes: number;
  readonly creationTime: bigint;
  readonly accessTime: bigint;
  readonly writeTime: bigint;
}

const FILE_READ_ATTRIBUTES = 0x80;
const FILE_WRITE_ATTRIBUTES = 0x100;
/** Opens a link instead of its target. */
const FILE_FLAG_OPEN_REPARSE_POINT = 0x0020_0000;

/** Level GetFileExInfoStandard, whose result has 36 bytes; that of GetFileInformationByHandle begins alike. */
const STANDARD_LEVEL = 0;
const STANDARD_SIZE = 36;
const BY_HANDLE_SIZE = 52;

/** Attributes that SetFileAttributes sets; the others have calls of their own. */
const SETTABLE =
  FileAttribute.READONLY |
  FileAttribute.HIDDEN |
  FileAttribute.SYSTEM |
  FileAttribute.ARCHIVE |
  FileAttribute.NORMAL |
  FileAttribute.TEMPORARY |
  FileAttribute.OFFLINE |
  FileAttribute.NOT_CONTENT_INDEXED;

/** Attributes and times of what `path` names, a link itself. @throws WindowsError */
export function readFileFacts(path: string): FileFacts {
  const information = new Uint8Array(STANDARD_SIZE);
  if (loadKernel32().GetFileAttributesExW(toNamespacedPath(path), STANDARD_LEVEL, information) === 0) {
    throw lastError('GetFileAttributesEx', path);
  }
  return parseFileFacts(information);
}

/** Attributes and times of what `path` leads to, through links. @throws WindowsError */
export function readTargetFacts(path: string): FileFacts {
  const library = loadKernel32();
  const handle = openHandle(path, FILE_READ_ATTRIBUTES, 0);
  try {
    const information = new Uint8Array(BY_HANDLE_SIZE);
    if (library.GetFileInformationByHandle(handle, information) === 0) {
      throw lastError('GetFileInformationByHandle', path);
    }
    return parseFileFacts(information);
  } finally {
    library.CloseHandle(handle);
  }
}

/** Sets those attributes that can be set on an existing file. @throws WindowsError */
export function setFileAttributes(path: string, attributes: number): void {
  if (loadKernel32().SetFileAttributesW(toNamespacedPath(path), attributes & SETTABLE) === 0) {
    throw lastError('SetFileAttributes', path);
  }
}

/** Sets all three times (FILETIME) of a file, a directory or a link itself. @throws WindowsError */
export function setFileTimes(path: string, times: { creation: bigint; access: bigint; write: bigint }): void {
  const library = loadKernel32();
  const handle = openHandle(path, FILE_WRITE_ATTRIBUTES, FILE_FLAG_OPEN_REPARSE_POINT);
  try {
    const [creation, access, write] = [times.creation, times.access, times.write].map(
      (t) => new BigUint64Array([t]),
    );
    if (library.SetFileTime(handle, creation, access, write) === 0) throw lastError('SetFileTime', path);
  } finally {
    library.CloseHandle(handle);
  }
}

/** The beginning of WIN32_FILE_ATTRIBUTE_DATA and BY_HANDLE_FILE_INFORMATION: 32-bit words without padding. */
export function parseFileFacts(information: Uint8Array): FileFacts {
  const view = new DataView(information.buffer, information.byteOffset, information.byteLength);
  return {
    attributes: view.getUint32(0, true),
    creationTime: view.getBigUint64(4, true),
    accessTime: view.getBigUint64(12, true),
    writeTime: view.getBigUint64(20, true),
  };
}

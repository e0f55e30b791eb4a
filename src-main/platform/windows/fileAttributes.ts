import { createRequire } from 'node:module';
import { toNamespacedPath } from 'node:path';

/**
 * File attributes and the creation time of Windows, through kernel32; Node has calls for neither. Nothing here is
 * loaded before the first call, and nothing may be called on another system.
 */

type Koffi = typeof import('koffi');

interface Kernel32 {
  GetFileAttributesW(path: string): number;
  SetFileAttributesW(path: string, attributes: number): number;
  CreateFileW(
    path: string,
    access: number,
    share: number,
    security: null,
    disposition: number,
    flags: number,
    template: null,
  ): number | bigint;
  SetFileTime(
    handle: number | bigint,
    creation: BigUint64Array,
    access: BigUint64Array,
    write: BigUint64Array,
  ): number;
  CloseHandle(handle: number | bigint): number;
  GetLastError(): number;
}

const INVALID_FILE_ATTRIBUTES = 0xffff_ffff;
const FILE_WRITE_ATTRIBUTES = 0x100;
const SHARE_ALL = 7;
const OPEN_EXISTING = 3;
/** FILE_FLAG_BACKUP_SEMANTICS opens directories; FILE_FLAG_OPEN_REPARSE_POINT a link instead of its target. */
const OPEN_FLAGS = 0x0200_0000 | 0x0020_0000;

/** Attributes that SetFileAttributes sets; the others have calls of their own. */
const SETTABLE = 0x1 | 0x2 | 0x4 | 0x20 | 0x80 | 0x100 | 0x1000 | 0x2000;

let kernel32: Kernel32 | undefined;

/** A call of kernel32 that failed, with the code of GetLastError. */
export class WindowsError extends Error {
  readonly code: string;

  constructor(call: string, path: string, error: number) {
    super(`${call} '${path}' failed with Windows error ${error}`);
    this.name = 'WindowsError';
    this.code = nodeCodes.get(error) ?? `WINDOWS_${error}`;
  }
}

/** Windows errors that people meet, by the names that Node gives them. */
const nodeCodes = new Map([
  [2, 'ENOENT'],
  [3, 'ENOENT'],
  [5, 'EACCES'],
  [19, 'EROFS'],
  [32, 'EBUSY'],
  [112, 'ENOSPC'],
]);

/** File attributes of what `path` names, a link itself. @throws WindowsError */
export function getFileAttributes(path: string): number {
  const attributes = load().GetFileAttributesW(toNamespacedPath(path)) >>> 0;
  if (attributes === INVALID_FILE_ATTRIBUTES) throw lastError('GetFileAttributes', path);
  return attributes;
}

/** Sets those attributes that can be set on an existing file. @throws WindowsError */
export function setFileAttributes(path: string, attributes: number): void {
  if (load().SetFileAttributesW(toNamespacedPath(path), attributes & SETTABLE) === 0) {
    throw lastError('SetFileAttributes', path);
  }
}

/** Sets all three times (FILETIME) of a file, a directory or a link itself. @throws WindowsError */
export function setFileTimes(path: string, times: { creation: bigint; access: bigint; write: bigint }): void {
  const library = load();
  const full = toNamespacedPath(path);
  const handle = library.CreateFileW(
    full,
    FILE_WRITE_ATTRIBUTES,
    SHARE_ALL,
    null,
    OPEN_EXISTING,
    OPEN_FLAGS,
    null,
  );
  if (BigInt.asIntN(64, BigInt(handle)) === -1n) throw lastError('CreateFile', path);
  try {
    const [creation, access, write] = [times.creation, times.access, times.write].map(
      (t) => new BigUint64Array([t]),
    );
    if (library.SetFileTime(handle, creation, access, write) === 0) throw lastError('SetFileTime', path);
  } finally {
    library.CloseHandle(handle);
  }
}

function lastError(call: string, path: string): WindowsError {
  return new WindowsError(call, path, load().GetLastError());
}

function load(): Kernel32 {
  if (kernel32 === undefined) {
    const koffi = createRequire(__filename)('koffi') as Koffi;
    const library = koffi.load('kernel32.dll');
    kernel32 = {
      GetFileAttributesW: library.func('uint32_t __stdcall GetFileAttributesW(const char16_t *path)'),
      SetFileAttributesW: library.func(
        'int __stdcall SetFileAttributesW(const char16_t *path, uint32_t attributes)',
      ),
      CreateFileW: library.func(
        'intptr_t __stdcall CreateFileW(const char16_t *path, uint32_t access, uint32_t share, void *security, ' +
          'uint32_t disposition, uint32_t flags, void *template)',
      ),
      SetFileTime: library.func(
        'int __stdcall SetFileTime(intptr_t handle, const uint64_t *creation, const uint64_t *access, ' +
          'const uint64_t *write)',
      ),
      CloseHandle: library.func('int __stdcall CloseHandle(intptr_t handle)'),
      GetLastError: library.func('uint32_t __stdcall GetLastError()'),
    };
  }
  return kernel32;
}

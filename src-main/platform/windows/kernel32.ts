import { createRequire } from 'node:module';
import { toNamespacedPath } from 'node:path';

/**
 * Calls of Windows that Node has no equal for. Nothing here is loaded before the first call, and nothing may be called
 * on another system.
 */

type Koffi = typeof import('koffi');

/** A HANDLE; INVALID_HANDLE_VALUE is -1. */
export type Handle = number | bigint;

/** The calls that are used, as their libraries export them. */
export interface Kernel32 {
  GetFileAttributesExW(path: string, level: number, information: Uint8Array): number;
  GetFileInformationByHandle(handle: Handle, information: Uint8Array): number;
  SetFileAttributesW(path: string, attributes: number): number;
  CreateFileW(
    path: string,
    access: number,
    share: number,
    security: null,
    disposition: number,
    flags: number,
    template: null,
  ): Handle;
  SetFileTime(
    handle: Handle,
    creation: BigUint64Array,
    access: BigUint64Array,
    write: BigUint64Array,
  ): number;
  LockFileEx(
    handle: Handle,
    flags: number,
    reserved: number,
    lengthLow: number,
    lengthHigh: number,
    overlapped: Uint8Array,
  ): number;
  CloseHandle(handle: Handle): number;
  GetLastError(): number;
  /** Handle of a descriptor of Node's; exported by the program itself, Node as well as Electron. */
  uv_get_osfhandle(descriptor: number): Handle;
}

const SHARE_ALL = 7;
const OPEN_EXISTING = 3;

/** A call of Windows that failed, with the code of GetLastError. */
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
  [33, 'EAGAIN'],
  [50, 'ENOTSUP'],
  [53, 'ENOENT'],
  [87, 'EINVAL'],
  [112, 'ENOSPC'],
  [123, 'ENOENT'],
  [206, 'ENAMETOOLONG'],
]);

let kernel32: Kernel32 | undefined;

/** The error of the call that failed last; ask before anything else is called. */
export function lastError(call: string, path: string): WindowsError {
  return new WindowsError(call, path, loadKernel32().GetLastError());
}

/**
 * Opens a file or a directory.
 * @param flags beside FILE_FLAG_BACKUP_SEMANTICS, without which directories do not open
 * @throws WindowsError
 */
export function openHandle(path: string, access: number, flags: number): Handle {
  const all = 0x0200_0000 | flags;
  const full = toNamespacedPath(path);
  const handle = loadKernel32().CreateFileW(full, access, SHARE_ALL, null, OPEN_EXISTING, all, null);
  if (BigInt.asIntN(64, BigInt(handle)) === -1n) throw lastError('CreateFile', path);
  return handle;
}

/** Opens the libraries at the first call. */
export function loadKernel32(): Kernel32 {
  if (kernel32 === undefined) {
    const koffi = createRequire(__filename)('koffi') as Koffi;
    const library = koffi.load('kernel32.dll');
    const program = koffi.load(null);
    kernel32 = {
      GetFileAttributesExW: library.func(
        'int __stdcall GetFileAttributesExW(const char16_t *path, int level, void *information)',
      ),
      GetFileInformationByHandle: library.func(
        'int __stdcall GetFileInformationByHandle(intptr_t handle, void *information)',
      ),
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
      LockFileEx: library.func(
        'int __stdcall LockFileEx(intptr_t handle, uint32_t flags, uint32_t reserved, uint32_t lengthLow, ' +
          'uint32_t lengthHigh, void *overlapped)',
      ),
      CloseHandle: library.func('int __stdcall CloseHandle(intptr_t handle)'),
      GetLastError: library.func('uint32_t __stdcall GetLastError()'),
      uv_get_osfhandle: program.func('intptr_t uv_get_osfhandle(int descriptor)'),
    };
  }
  return kernel32;
}

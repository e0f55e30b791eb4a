import { createRequire } from 'node:module';
import { type Handle, lastError, loadKernel32 } from '../../windows/kernel32';

/** The calls of Windows that disks and volumes need. Each throws a WindowsError that names it. */
export interface WindowsDiskCalls {
  /** @param access 'query' needs no rights and gives none to the contents */
  open(path: string, access: 'query' | 'read' | 'write'): Handle;
  close(handle: Handle): void;
  /** Sends a control code. @returns what the driver answered, as long as it is */
  control(handle: Handle, code: number, input: Uint8Array | null, outputSize: number): Uint8Array;
  /** Whole sectors. @returns the bytes read */
  read(handle: Handle, offset: number, target: Uint8Array): number;
  /** Whole sectors. @returns the bytes written */
  write(handle: Handle, offset: number, bytes: Uint8Array): number;
  flush(handle: Handle): void;
  /** Names of all volumes: '\\?\Volume{…}\'. */
  volumes(): string[];
  /** Letters and folders under which a volume is seen. */
  placesOf(volume: string): string[];
  /** The volume that holds a file. */
  volumeOf(file: string): string;
  systemDirectory(): string;
  /** Strings of a value under HKEY_LOCAL_MACHINE; empty where there is none. */
  registryTexts(key: string, value: string): string[];
}

const GENERIC_READ = 0x8000_0000;
const GENERIC_WRITE = 0x4000_0000;
const SHARE_READ_WRITE = 3;
const OPEN_EXISTING = 3;
const ERROR_NO_MORE_FILES = 18;
/** Sign-extended to the size of a handle, as winreg.h does. */
const HKEY_LOCAL_MACHINE = 0x8000_0002 - 2 ** 32;
/** REG_SZ and REG_MULTI_SZ, for RegGetValue. */
const RRF_RT_TEXTS = 0x02 | 0x20;
/** Characters of the longest path that Windows gives. */
const LONGEST = 32_768;

type Call = (...args: readonly unknown[]) => number | bigint;

interface Bound {
  readonly DeviceIoControl: Call;
  readonly ReadFile: Call;
  readonly WriteFile: Call;
  readonly FlushFileBuffers: Call;
  readonly FindFirstVolumeW: Call;
  readonly FindNextVolumeW: Call;
  readonly FindVolumeClose: Call;
  readonly GetVolumePathNamesForVolumeNameW: Call;
  readonly GetVolumePathNameW: Call;
  readonly GetVolumeNameForVolumeMountPointW: Call;
  readonly GetSystemDirectoryW: Call;
  readonly RegGetValueW: Call;
}

const declarations: Readonly<Record<Exclude<keyof Bound, 'RegGetValueW'>, string>> = {
  DeviceIoControl:
    'int __stdcall DeviceIoControl(intptr_t handle, uint32_t code, void *input, uint32_t inputSize, ' +
    'void *output, uint32_t outputSize, void *returned, void *overlapped)',
  ReadFile:
    'int __stdcall ReadFile(intptr_t handle, void *buffer, uint32_t size, void *done, void *overlapped)',
  WriteFile:
    'int __stdcall WriteFile(intptr_t handle, const void *buffer, uint32_t size, void *done, void *overlapped)',
  FlushFileBuffers: 'int __stdcall FlushFileBuffers(intptr_t handle)',
  FindFirstVolumeW: 'intptr_t __stdcall FindFirstVolumeW(void *name, uint32_t length)',
  FindNextVolumeW: 'int __stdcall FindNextVolumeW(intptr_t find, void *name, uint32_t length)',
  FindVolumeClose: 'int __stdcall FindVolumeClose(intptr_t find)',
  GetVolumePathNamesForVolumeNameW:
    'int __stdcall GetVolumePathNamesForVolumeNameW(const char16_t *volume, void *names, uint32_t length, void *needed)',
  GetVolumePathNameW: 'int __stdcall GetVolumePathNameW(const char16_t *file, void *place, uint32_t length)',
  GetVolumeNameForVolumeMountPointW:
    'int __stdcall GetVolumeNameForVolumeMountPointW(const char16_t *place, void *volume, uint32_t length)',
  GetSystemDirectoryW: 'uint32_t __stdcall GetSystemDirectoryW(void *directory, uint32_t length)',
};

let bound: Bound | undefined;

/** Opens the libraries at the first call. */
function load(): Bound {
  if (bound !== undefined) return bound;
  const koffi = createRequire(__filename)('koffi') as typeof import('koffi');
  const kernel = koffi.load('kernel32.dll');
  const names = Object.keys(declarations) as (keyof typeof declarations)[];
  const calls = Object.fromEntries(names.map((name) => [name, kernel.func(declarations[name]) as Call]));
  const RegGetValueW = koffi
    .load('advapi32.dll')
    .func(
      'int32_t __stdcall RegGetValueW(intptr_t root, const char16_t *key, const char16_t *value, uint32_t flags, ' +
        'void *type, void *data, void *size)',
    ) as Call;
  bound = { ...(calls as Omit<Bound, 'RegGetValueW'>), RegGetValueW };
  return bound;
}

/** The calls themselves. Nothing is loaded before the first of them. */
export function windowsDiskCalls(): WindowsDiskCalls {
  return {
    open(path, access) {
      const rights = access === 'query' ? 0 : access === 'read' ? GENERIC_READ : GENERIC_READ + GENERIC_WRITE;
      const handle = loadKernel32().CreateFileW(path, rights, SHARE_READ_WRITE, null, OPEN_EXISTING, 0, null);
      if (BigInt.asIntN(64, BigInt(handle)) === -1n) throw lastError('CreateFile', path);
      return handle;
    },
    close: (handle) => void loadKernel32().CloseHandle(handle),
    control(handle, code, input, outputSize) {
      const output = new Uint8Array(Math.max(1, outputSize));
      const returned = new Uint32Array(1);
      const done = load().DeviceIoControl(
        handle,
        code,
        input,
        input?.length ?? 0,
        output,
        outputSize,
        returned,
        null,
      );
      if (done === 0) throw lastError('DeviceIoControl', `code 0x${code.toString(16)}`);
      return output.subarray(0, returned[0]);
    },
    read: (handle, offset, target) => transfer('ReadFile', handle, offset, target),
    write: (handle, offset, bytes) => transfer('WriteFile', handle, offset, bytes),
    flush(handle) {
      if (load().FlushFileBuffers(handle) === 0) throw lastError('FlushFileBuffers', 'the disk');
    },
    volumes() {
      const name = new Uint16Array(64);
      const find = load().FindFirstVolumeW(name, name.length);
      if (BigInt.asIntN(64, BigInt(find)) === -1n) throw lastError('FindFirstVolume', 'all volumes');
      const names = [textIn(name)];
      try {
        while (load().FindNextVolumeW(find, name, name.length) !== 0) names.push(textIn(name));
        if (loadKernel32().GetLastError() !== ERROR_NO_MORE_FILES)
          throw lastError('FindNextVolume', 'all volumes');
      } finally {
        load().FindVolumeClose(find);
      }
      return names;
    },
    placesOf(volume) {
      const names = new Uint16Array(LONGEST);
      const done = load().GetVolumePathNamesForVolumeNameW(volume, names, names.length, new Uint32Array(1));
      if (done === 0) throw lastError('GetVolumePathNamesForVolumeName', volume);
      return textsIn(names);
    },
    volumeOf(file) {
      const place = new Uint16Array(LONGEST);
      if (load().GetVolumePathNameW(file, place, place.length) === 0)
        throw lastError('GetVolumePathName', file);
      const volume = new Uint16Array(64);
      const done = load().GetVolumeNameForVolumeMountPointW(textIn(place), volume, volume.length);
      if (done === 0) throw lastError('GetVolumeNameForVolumeMountPoint', textIn(place));
      return textIn(volume);
    },
    systemDirectory() {
      const directory = new Uint16Array(LONGEST);
      if (load().GetSystemDirectoryW(directory, directory.length) === 0) {
        throw lastError('GetSystemDirectory', 'the system');
      }
      return textIn(directory);
    },
    registryTexts(key, value) {
      const data = new Uint16Array(LONGEST);
      const size = Uint32Array.of(data.byteLength);
      const result = load().RegGetValueW(HKEY_LOCAL_MACHINE, key, value, RRF_RT_TEXTS, null, data, size);
      return result === 0 ? textsIn(data.subarray(0, size[0] / 2)) : [];
    },
  };
}

/** Reads or writes at an offset, which goes into the OVERLAPPED record: of a handle like ours the call waits. */
function transfer(
  name: 'ReadFile' | 'WriteFile',
  handle: Handle,
  offset: number,
  buffer: Uint8Array,
): number {
  const overlapped = new Uint8Array(32);
  new DataView(overlapped.buffer).setBigUint64(16, BigInt(offset), true);
  const done = new Uint32Array(1);
  if (load()[name](handle, buffer, buffer.length, done, overlapped) === 0) throw lastError(name, 'the disk');
  return done[0];
}

/** UTF-16 up to the first NUL. */
function textIn(units: Uint16Array): string {
  const end = units.indexOf(0);
  return Buffer.from(units.buffer, units.byteOffset, (end < 0 ? units.length : end) * 2).toString('utf16le');
}

/** Strings one after the other, the last followed by an empty one. */
function textsIn(units: Uint16Array): string[] {
  const all = Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le');
  const end = all.indexOf('\0\0');
  return (end < 0 ? all : all.slice(0, end)).split('\0').filter((text) => text !== '');
}

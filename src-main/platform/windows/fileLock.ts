import { lastError, loadKernel32 } from './kernel32';

const LOCKFILE_FAIL_IMMEDIATELY = 1;
const LOCKFILE_EXCLUSIVE_LOCK = 2;

/** Upper half of the offset of the locked byte. A lock of Windows bars reading and writing: no file has data there. */
const LOCK_OFFSET_HIGH = 0x4000_0000;

/**
 * Takes an exclusive lock that ends with the descriptor: one byte far behind the end of the file, so that others can
 * still read.
 * @throws WindowsError `EAGAIN` when another open file has the lock
 */
export function lockDescriptor(descriptor: number, name: string): void {
  const library = loadKernel32();
  // OVERLAPPED on a 64-bit system: two pointer-sized words, the offset in two halves, an event.
  const overlapped = new Uint8Array(32);
  new DataView(overlapped.buffer).setUint32(20, LOCK_OFFSET_HIGH, true);
  const flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
  const handle = library.uv_get_osfhandle(descriptor);
  if (library.LockFileEx(handle, flags, 0, 1, 0, overlapped) === 0) throw lastError('LockFileEx', name);
}

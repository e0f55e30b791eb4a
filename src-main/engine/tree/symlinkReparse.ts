import { ReparseTag } from './attributes';

/**
 * Symbolic links as Windows keeps them: reparse data of the tags SYMLINK ([MS-FSCC] 2.1.2.4) and MOUNT_POINT
 * (2.1.2.5). A WIM stores the data without the tag and length words that precede it on a volume.
 */

/** Bit of the flags word of a SYMLINK: the target is relative to the directory of the link. */
const SYMLINK_RELATIVE = 1;

/** Room for reparse data after the 8 bytes of tag and length: 16 KiB in all. */
const REPARSE_DATA_LIMIT = 16_376;

/** Bytes before the names: four 16-bit words, and for SYMLINK the flags. */
const SYMLINK_NAMES = 12;
const MOUNT_POINT_NAMES = 8;

/** NT name of the drive that stands for the root where absolute links of other systems are stored. */
const ROOT_DRIVE = '\\??\\C:';
/** How it begins, which a person is not shown. */
const NT_PREFIX = '\\??\\';

/** Directories of the NT name space in which a link's first name is a device. */
const DEVICE_DIRECTORIES = ['\\??\\', '\\DosDevices\\', '\\Device\\'];

/** A link's target and how it is to be read. */
export interface LinkTarget {
  /** With `/` between names; without its drive or device. Empty when it is exactly the root. */
  readonly path: string;
  /** Relative to the directory of the link; else to the root of the volume (or of the image, when fixed up). */
  readonly relative: boolean;
  /** The name as it is stored, an NT path unless relative. */
  readonly substitute: string;
}

/**
 * Reparse data of a SYMLINK for a POSIX target. `/` and `\` change places, so that a name with a backslash survives.
 * @param target as readlink gives it; empty means the root of the image itself
 * @returns undefined when the target is too long for reparse data
 */
export function makeSymlinkData(target: string): Uint8Array | undefined {
  const swapped = swapSeparators(target);
  if (target !== '' && !target.startsWith('/')) return layOut(swapped, swapped, SYMLINK_RELATIVE);
  const substitute = ROOT_DRIVE + swapped;
  return layOut(substitute, substitute.slice(NT_PREFIX.length), 0);
}

/** Reparse data of a SYMLINK for a Windows target, as `readlink` of Node gives it. */
export function makeWindowsSymlinkData(target: string): Uint8Array | undefined {
  const substitute = ntPathOf(target);
  return substitute === undefined ? layOut(target, target, SYMLINK_RELATIVE) : layOut(substitute, target, 0);
}

/** NT path of an absolute path of Windows; undefined for one that is relative to a directory or to the drive. */
function ntPathOf(target: string): string | undefined {
  if (/^\\\\[?.]\\/.test(target)) return NT_PREFIX + target.slice(NT_PREFIX.length);
  if (target.startsWith('\\\\')) return `${NT_PREFIX}UNC${target.slice(1)}`;
  return /^[a-z]:/i.test(target) ? NT_PREFIX + target : undefined;
}

/** Path of Windows for an NT path; what is none stays as it is. */
export function windowsPathOf(substitute: string): string {
  if (/^\\\?\?\\UNC\\/i.test(substitute)) return `\\${substitute.slice(NT_PREFIX.length + 'UNC'.length)}`;
  if (/^\\\?\?\\[a-z]:/i.test(substitute)) return substitute.slice(NT_PREFIX.length);
  // Volumes named by their GUID have no other spelling.
  return substitute.startsWith(NT_PREFIX) ? `\\\\?\\${substitute.slice(NT_PREFIX.length)}` : substitute;
}

/**
 * Target of a link, read from the substitute name, which is the one that Windows follows.
 * @returns undefined when the data is not that of a SYMLINK or MOUNT_POINT, or is malformed
 */
export function parseLinkData(tag: number, data: Uint8Array): LinkTarget | undefined {
  const isSymlink = tag === ReparseTag.SYMLINK;
  if (!isSymlink && tag !== ReparseTag.MOUNT_POINT) return undefined;
  const names = isSymlink ? SYMLINK_NAMES : MOUNT_POINT_NAMES;
  if (data.length < names) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const start = names + view.getUint16(0, true);
  const length = view.getUint16(2, true);
  if (start % 2 !== 0 || length % 2 !== 0 || start + length > data.length) return undefined;
  const units: number[] = [];
  for (let at = start; at < start + length; at += 2) units.push(view.getUint16(at, true));
  const name = String.fromCharCode(...units);
  if (name.includes('\0')) return undefined;
  const relative = isSymlink && (view.getUint32(8, true) & SYMLINK_RELATIVE) !== 0;
  return { path: swapSeparators(relative ? name : withoutDevice(name)), relative, substitute: name };
}

/** `\??\C:\Users` is `\Users` on the volume. */
function withoutDevice(name: string): string {
  const directory = DEVICE_DIRECTORIES.find((prefix) => name.startsWith(prefix));
  if (directory === undefined) return name;
  const rest = name.slice(directory.length).replace(/^\\+/, '');
  const end = rest.indexOf('\\');
  return end < 0 ? '' : rest.slice(end);
}

function swapSeparators(text: string): string {
  return text.replace(/[\\/]/g, (separator) => (separator === '/' ? '\\' : '/'));
}

/** Substitute name, then print name, each with a terminating NUL that its length does not count. */
function layOut(substitute: string, print: string, flags: number): Uint8Array | undefined {
  const size = SYMLINK_NAMES + (substitute.length + 1 + print.length + 1) * 2;
  if (size > REPARSE_DATA_LIMIT) return undefined;
  const data = new Uint8Array(size);
  const view = new DataView(data.buffer);
  view.setUint16(2, substitute.length * 2, true);
  view.setUint16(4, (substitute.length + 1) * 2, true);
  view.setUint16(6, print.length * 2, true);
  view.setUint32(8, flags, true);
  let at = SYMLINK_NAMES;
  for (const name of [substitute, print]) {
    for (let i = 0; i < name.length; i++) view.setUint16(at + i * 2, name.charCodeAt(i), true);
    at += (name.length + 1) * 2;
  }
  return data;
}

import type { DriverArchitecture } from '../../../src-shared/model/drivers';

/** What a program's file says of itself. */
export interface PeFacts {
  readonly architecture: DriverArchitecture | undefined;
  /** File version of its version resource: major, minor, build, revision. */
  readonly version: readonly [number, number, number, number] | undefined;
}

/** IMAGE_FILE_MACHINE_*, from the PE format's documentation. */
const machines: ReadonlyMap<number, DriverArchitecture> = new Map([
  [0x014c, 'x86'],
  [0x8664, 'amd64'],
  [0xaa64, 'arm64'],
  [0x01c4, 'arm'],
  [0x0200, 'ia64'],
]);

/** Where the DOS header says where the PE header is. */
const PE_OFFSET = 0x3c;
const MZ = 0x5a4d;
const PE = 0x0000_4550;
/** VS_FIXEDFILEINFO: its signature, then its own version 1.0. */
const FIXED_INFO = 0xfeef_04bd;
const FIXED_INFO_VERSION = 0x0001_0000;
const FIXED_INFO_SIZE = 52;

/**
 * Architecture and version of a PE file.
 * @returns undefined for what is no PE file
 */
export function peFacts(bytes: Uint8Array): PeFacts | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < PE_OFFSET + 4 || view.getUint16(0, true) !== MZ) return undefined;
  const header = view.getUint32(PE_OFFSET, true);
  if (header + 6 > bytes.length || view.getUint32(header, true) !== PE) return undefined;
  return { architecture: machines.get(view.getUint16(header + 4, true)), version: fixedVersion(view) };
}

/** The signature stands on a 32-bit boundary wherever the resource lies, so that no resource tree need be walked. */
function fixedVersion(view: DataView): PeFacts['version'] {
  for (let at = 0; at + FIXED_INFO_SIZE <= view.byteLength; at += 4) {
    if (view.getUint32(at, true) !== FIXED_INFO) continue;
    if (view.getUint32(at + 4, true) !== FIXED_INFO_VERSION) continue;
    const high = view.getUint32(at + 8, true);
    const low = view.getUint32(at + 12, true);
    return [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff];
  }
  return undefined;
}

import type { DriverArchitecture } from '../../../../src-shared/model/drivers';
import { formatGuid } from '../../binary/guid';
import { at, bytes, struct, u16, u32, u64 } from '../../binary/struct';
import { isoTime } from '../../wim/fileTime';

/**
 * The Version value of a package in DriverDatabase, as it reads in hives that Windows 8.1 and 10 wrote; no documentation
 * names it.
 */
export const DriverVersion = struct('driver package version', 48, {
  origin: at(0x00, u16, '0xffff of an inbox package, 0xff00 of one that was added'),
  architecture: at(0x02, u16, 'PROCESSOR_ARCHITECTURE_*'),
  reserved: at(0x04, u32, '0'),
  classGuid: at(0x08, bytes(16), 'device setup class'),
  date: at(0x18, u64, 'FILETIME of DriverVer, 0 where there is none'),
  version: at(0x20, u64, 'four words, the highest first'),
  unknown: at(0x28, u64, '0 in all that were seen'),
});

export interface StoredVersion {
  readonly architecture?: DriverArchitecture;
  /** Lower case with braces. */
  readonly classGuid: string;
  /** 'YYYY-MM-DD', or ''. */
  readonly date: string;
  /** '1.2.3.4', or ''. */
  readonly version: string;
}

/** PROCESSOR_ARCHITECTURE_*, from the Windows SDK. */
const architectures: Readonly<Record<number, DriverArchitecture>> = {
  0: 'x86',
  5: 'arm',
  6: 'ia64',
  9: 'amd64',
  12: 'arm64',
};

/** @returns undefined for data of another length */
export function readDriverVersion(data: Uint8Array): StoredVersion | undefined {
  if (data.length !== DriverVersion.size) return undefined;
  const record = DriverVersion.parse(data);
  const words = [48n, 32n, 16n, 0n].map((shift) => (record.version >> shift) & 0xffffn);
  const architecture = architectures[record.architecture] as DriverArchitecture | undefined;
  return {
    ...(architecture === undefined ? {} : { architecture }),
    classGuid: `{${formatGuid(record.classGuid)}}`,
    date: record.date === 0n ? '' : dateOf(record.date),
    version: record.version === 0n && record.date === 0n ? '' : words.join('.'),
  };
}

function dateOf(fileTime: bigint): string {
  const text = isoTime(fileTime);
  return /^\d{4}-/.test(text) ? text.slice(0, 'YYYY-MM-DD'.length) : '';
}

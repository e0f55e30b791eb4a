import type { DiskErasure, DiskSummary } from '../../../../src-shared/model/disks';
import type { Sha1 } from '../../os';
import type { BlockDevice } from '../blockDevice';

/** Bytes at each end of a disk in which its partition tables lie: GPT with 128 entries, in sectors of any size. */
const TABLE = 64 * 1024;
const BOOT_SECTOR = 512;

/** What a plan rests on beside the contents of the disk. Everything in it is told by its value. */
export interface PlanGrounds {
  readonly request: Readonly<Record<string, unknown>>;
  readonly identity: string;
  readonly summary: DiskSummary;
  readonly erases: readonly DiskErasure[];
}

/**
 * A text that is another one when anything changes that a plan rests on: the disk, its tables, the boot sector of each
 * volume and what was found there, or what is asked for.
 */
export function fingerprintOf(
  sha1: Sha1,
  device: BlockDevice,
  { request, identity, summary, erases }: PlanGrounds,
): string {
  const digest = sha1.start();
  const { size, sectorSize, partitions } = summary;
  digest.update(
    new TextEncoder().encode(stable({ request, identity, size, sectorSize, partitions, erases })),
  );
  const edge = Math.min(TABLE, size);
  digest.update(bytesAt(device, 0, edge));
  digest.update(bytesAt(device, size - edge, edge));
  for (const { offset } of partitions) digest.update(bytesAt(device, offset, BOOT_SECTOR));
  return Array.from(digest.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesAt(device: BlockDevice, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, offset < device.size ? device.read(offset, bytes) : 0);
}

/** JSON whose keys are in order, so that equal values give equal texts. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

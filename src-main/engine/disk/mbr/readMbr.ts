import { readExactly } from '../../binary/byteSource';
import type { BlockDevice } from '../blockDevice';
import { malformed } from '../diskFaults';
import {
  ACTIVE,
  BootRecord,
  extendedTypes,
  MBR_MAGIC,
  MBR_SIZE,
  mbrEntries,
  mbrEntryOffset,
  type MbrEntry,
} from './records';

/** A partition of an MBR. Sectors are those of the device. */
export interface MbrPartition {
  /** 1 to 4, the place in the table; logical ones from 5 on. */
  readonly number: number;
  readonly kind: 'primary' | 'extended' | 'logical';
  readonly type: number;
  readonly active: boolean;
  readonly firstLba: number;
  readonly sectors: number;
}

export interface Mbr {
  readonly signature: number;
  readonly partitions: readonly MbrPartition[];
  readonly warnings: readonly string[];
}

/** Logical partitions that are read; Windows and Linux stop earlier. */
const MAX_LOGICAL = 256;
const structure = 'extended boot record';

/**
 * Reads a master boot record and the chain of extended ones.
 * @throws FormatError `disk/malformed` for no signature, partitions that overlap, a chain that leaves its extended
 *   partition or comes back to itself; `disk/truncated` for one that leaves the disk
 */
export function readMbr(device: BlockDevice): Mbr {
  const record = readRecord(device, 0, 'MBR');
  const partitions: MbrPartition[] = [];
  const warnings: string[] = [];
  for (const [index, entry] of mbrEntries(record).entries()) {
    if (entry.type === 0 || entry.sectors === 0) continue;
    if (entry.status !== 0 && entry.status !== ACTIVE) {
      fail('MBR', mbrEntryOffset(index), `partition ${index + 1} has status 0x${entry.status.toString(16)}`);
    }
    if (entry.firstLba === 0)
      fail('MBR', mbrEntryOffset(index), `partition ${index + 1} lies over the table`);
    const kind = extendedTypes.includes(entry.type) ? 'extended' : 'primary';
    partitions.push(partitionOf(entry, index + 1, kind, entry.firstLba));
  }
  checkOverlap(partitions);
  let number = 5;
  for (const extended of partitions.filter(({ kind }) => kind === 'extended')) {
    const logical = readChain(device, extended, number, warnings);
    checkOverlap(logical);
    number += logical.length;
    partitions.push(...logical);
  }
  const sectors = device.size / device.sectorSize;
  for (const { number, firstLba, sectors: count } of partitions) {
    if (firstLba + count > sectors) {
      warnings.push(`partition ${number} ends at sector ${firstLba + count}, the disk has ${sectors}`);
    }
  }
  return { signature: record.signature, partitions, warnings };
}

function readChain(
  device: BlockDevice,
  extended: MbrPartition,
  first: number,
  warnings: string[],
): MbrPartition[] {
  const logical: MbrPartition[] = [];
  const end = extended.firstLba + extended.sectors;
  const seen = new Set<number>();
  for (let lba = extended.firstLba; ;) {
    const base = lba * device.sectorSize;
    if (seen.has(lba)) fail(structure, base, 'the chain of extended boot records comes back to this one');
    seen.add(lba);
    if (seen.size > MAX_LOGICAL) fail(structure, base, `more than ${MAX_LOGICAL} extended boot records`);
    const [own, next, ...rest] = mbrEntries(readRecord(device, lba, structure));
    if (own.type !== 0 && own.sectors !== 0) {
      const partition = partitionOf(own, first + logical.length, 'logical', lba + own.firstLba);
      if (own.firstLba === 0 || partition.firstLba + partition.sectors > end) {
        fail(
          structure,
          base + mbrEntryOffset(0),
          `partition ${partition.number} is not within the extended one`,
        );
      }
      logical.push(partition);
    }
    if (rest.some(({ type }) => type !== 0)) {
      warnings.push(`an extended boot record at sector ${lba} has entries that are not used`);
    }
    if (next.type === 0 || next.sectors === 0) return logical;
    if (!extendedTypes.includes(next.type)) {
      fail(
        structure,
        base + mbrEntryOffset(1),
        `type 0x${next.type.toString(16)} where the next record must be`,
      );
    }
    lba = extended.firstLba + next.firstLba;
    if (lba >= end)
      fail(structure, base + mbrEntryOffset(1), 'the next record is not within the extended partition');
  }
}

function readRecord(device: BlockDevice, lba: number, name: string): BootRecord {
  const base = lba * device.sectorSize;
  const record = BootRecord.parse(readExactly(device, base, MBR_SIZE, name, 'disk/truncated'), base);
  if (record.magic !== MBR_MAGIC) fail(name, base + BootRecord.fields.magic.offset, 'no signature 55 AA');
  return record;
}

function partitionOf(
  entry: MbrEntry,
  number: number,
  kind: MbrPartition['kind'],
  firstLba: number,
): MbrPartition {
  const { type, status, sectors } = entry;
  return { number, kind, type, active: status === ACTIVE, firstLba, sectors };
}

function checkOverlap(partitions: readonly MbrPartition[]): void {
  const sorted = [...partitions].sort((a, b) => a.firstLba - b.firstLba);
  for (let i = 1; i < sorted.length; i++) {
    const [before, partition] = [sorted[i - 1], sorted[i]];
    if (before.firstLba + before.sectors > partition.firstLba) {
      const offset = partition.number <= 4 ? mbrEntryOffset(partition.number - 1) : 0;
      fail('MBR', offset, `partitions ${before.number} and ${partition.number} overlap`);
    }
  }
}

function fail(structure: string, offset: number, problem: string): never {
  throw malformed(structure, offset, problem);
}

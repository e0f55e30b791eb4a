import { FormatError } from '../../../src-shared/errors/appError';
import type { PartitionRole, PartitionTable } from '../../../src-shared/model/disks';
import type { BlockDevice } from './blockDevice';
import { readGpt, type Gpt } from './gpt/readGpt';
import { hasGptSignature } from './gpt/readGptCopy';
import { hasProtectiveEntry } from './mbr/protectiveMbr';
import { readMbr, type Mbr } from './mbr/readMbr';
import { BootRecord, MBR_MAGIC, MBR_SIZE, mbrEntries, PROTECTIVE_TYPE } from './mbr/records';
import { gptTypeOf, hexByte, mbrTypeOf } from './partitionTypes';
import { recogniseFileSystem } from './recognise';

/** A partition as its table tells it. What is in it is not looked at. Bytes. */
export interface DiskPartition {
  /** 1-based, by its place in the table; logical ones from 5 on; 0: the whole disk, which has no table. */
  readonly number: number;
  readonly offset: number;
  readonly size: number;
  /** GPT: type GUID, lower case. MBR: two hex digits. Empty for a whole disk. */
  readonly type: string;
  readonly typeName: string;
  /** By type alone: what Windows is on is 'data' here, too. */
  readonly role: PartitionRole;
  /** GPT: unique GUID, lower case. */
  readonly id?: string;
  /** GPT; may be empty. */
  readonly name?: string;
  /** GPT: attribute bits, as 0x and 16 hex digits. */
  readonly attributes?: string;
  /** MBR. */
  readonly active?: boolean;
}

export interface DiskPartitions {
  readonly table: PartitionTable;
  /** GPT: disk GUID; MBR: signature as 8 hex digits. */
  readonly diskId?: string;
  /** In the order of the table. Without the extended partition of an MBR, which only holds the logical ones. */
  readonly partitions: readonly DiskPartition[];
  readonly warnings: readonly string[];
}

/**
 * Reads the partition table of a disk. A partition may end beyond the disk (MBR only, with a warning): slices check.
 * A disk whose first sector is the boot sector of a file system is one partition, number 0; one without anything that
 * is known has no partitions.
 * @throws FormatError `disk/malformed` or `disk/truncated` for a table that cannot be used
 */
export function readPartitions(device: BlockDevice): DiskPartitions {
  const fileSystem = recogniseFileSystem(device);
  if (fileSystem !== 'none' && fileSystem !== 'unknown') {
    const whole: DiskPartition = {
      number: 0,
      offset: 0,
      size: device.size,
      type: '',
      typeName: 'Whole disk',
      role: 'data',
    };
    return { table: 'none', partitions: [whole], warnings: [] };
  }
  const sector = new Uint8Array(MBR_SIZE);
  const count = device.read(0, sector);
  const record = BootRecord.parse(sector);
  const hasMbr = count === MBR_SIZE && record.magic === MBR_MAGIC;
  if (hasProtectiveEntry(device)) return readGptDisk(device, record);
  if (hasMbr && mbrEntries(record).some(({ type }) => type !== 0)) {
    const mbr = readMbr(device);
    const left = hasGptSignature(device, device.sectorSize, 1);
    return describeMbr(device, mbr, left ? ['a GPT is left on this disk, its MBR does not use it'] : []);
  }
  if (hasMbr) return describeMbr(device, readMbr(device), []);
  return withoutMbr(device);
}

function readGptDisk(device: BlockDevice, record: BootRecord): DiskPartitions {
  const types = mbrEntries(record).map(({ type }) => type);
  const isHybrid = types.some((type) => type !== 0 && type !== PROTECTIVE_TYPE);
  const warnings = isHybrid ? ['the MBR names partitions beside the GPT (hybrid MBR); the GPT is used'] : [];
  return describeGpt(device, readGpt(device), warnings);
}

/**
 * What a disk without an MBR says. A GPT counts only as far as its primary copy: a backup alone is what an erased disk
 * has left, or one whose table was never finished.
 */
function withoutMbr(device: BlockDevice): DiskPartitions {
  const { sectorSize } = device;
  const empty: DiskPartitions = { table: 'none', partitions: [], warnings: [] };
  if (!hasGptSignature(device, sectorSize, 1)) {
    const isLeft = hasGptSignature(device, sectorSize, device.size / sectorSize - 1);
    return isLeft ? { ...empty, warnings: ['the backup of a GPT is left at the end of this disk'] } : empty;
  }
  try {
    const gpt = readGpt(device);
    if (gpt.used === 'primary') return describeGpt(device, gpt, ['the protective MBR of the GPT is missing']);
    return { ...empty, warnings: [...gpt.warnings, 'the protective MBR of the GPT is missing'] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return {
      ...empty,
      warnings: [`a damaged GPT without its protective MBR is left here: ${error.message}`],
    };
  }
}

function describeGpt(device: BlockDevice, gpt: Gpt, warnings: readonly string[]): DiskPartitions {
  const { sectorSize } = device;
  return {
    table: 'gpt',
    diskId: gpt.diskId,
    partitions: gpt.partitions.map((partition) => {
      const type = gptTypeOf(partition.type);
      return {
        number: partition.number,
        offset: partition.firstLba * sectorSize,
        size: (partition.lastLba - partition.firstLba + 1) * sectorSize,
        type: partition.type,
        typeName: type.name,
        role: type.role,
        id: partition.id,
        name: partition.name,
        attributes: `0x${partition.attributes.toString(16).padStart(16, '0')}`,
      };
    }),
    warnings: [...warnings, ...gpt.warnings],
  };
}

function describeMbr(device: BlockDevice, mbr: Mbr, warnings: readonly string[]): DiskPartitions {
  const { sectorSize } = device;
  return {
    table: 'mbr',
    diskId: mbr.signature.toString(16).padStart(8, '0'),
    partitions: mbr.partitions
      .filter(({ kind }) => kind !== 'extended')
      .map((partition) => {
        const type = mbrTypeOf(partition.type, partition.active);
        return {
          number: partition.number,
          offset: partition.firstLba * sectorSize,
          size: partition.sectors * sectorSize,
          type: hexByte(partition.type),
          typeName: type.name,
          role: type.role,
          active: partition.active,
        };
      }),
    warnings: [...warnings, ...mbr.warnings],
  };
}

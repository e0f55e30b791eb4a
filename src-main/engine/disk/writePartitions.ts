import { AppError } from '../../../src-shared/errors/appError';
import type { PartitionRole, PlannedPartition } from '../../../src-shared/model/disks';
import { randomGuid } from '../binary/guid';
import type { BlockDevice } from './blockDevice';
import { writeGpt } from './gpt/writeGpt';
import { mbrBootCode } from './mbr/bootCode';
import { writeMbr } from './mbr/writeMbr';
import { GptType, MbrType, RECOVERY_ATTRIBUTES } from './partitionTypes';
import { writeZeroes } from './writeZeroes';

/** What a table holds beside the planned partitions. */
export interface TableOptions {
  readonly table: 'gpt' | 'mbr';
  /** Source of GUIDs and of the disk signature. */
  readonly randomBytes: (length: number) => Uint8Array;
}

/** Zeroed at both ends of the disk and of each partition: every boot sector, superblock and table lies there. */
export const EDGE = 1 << 20;

const gptTypes: Readonly<Record<PartitionRole, string>> = {
  efi: GptType.EFI,
  msr: GptType.MSR,
  system: GptType.BASIC_DATA,
  windows: GptType.BASIC_DATA,
  recovery: GptType.RECOVERY,
  data: GptType.BASIC_DATA,
  other: GptType.BASIC_DATA,
};

const gptNames: Readonly<Record<PartitionRole, string>> = {
  efi: 'EFI system partition',
  msr: 'Microsoft reserved partition',
  system: 'Basic data partition',
  windows: 'Basic data partition',
  recovery: 'Recovery partition',
  data: 'Basic data partition',
  other: 'Basic data partition',
};

/**
 * Divides a disk: what was at its ends and where the new partitions begin and end is zeroed, then the table is written.
 * To format the partitions before the disk says that it has them, call the two steps by themselves.
 * @throws AppError `layout/invalid` for partitions that the disk or the table cannot hold; nothing is written then
 */
export function writePartitions(
  device: BlockDevice,
  plan: readonly PlannedPartition[],
  options: TableOptions,
): void {
  clearForPartitions(device, plan);
  writePartitionTable(device, plan, options);
}

/**
 * First step: zeroes the first and the last MiB of the disk, so that it has no table any more, and then those of every
 * place where a partition will be, so that no old file system shows up in it. Flushed.
 */
export function clearForPartitions(device: BlockDevice, plan: readonly PlannedPartition[]): void {
  checkPlan(device, plan);
  clearEdges(device, 0, device.size);
  device.flush();
  for (const { offset, bytes } of plan) clearEdges(device, offset, bytes);
  device.flush();
}

/** Zeroes the first and the last MiB of a range. */
export function clearEdges(device: BlockDevice, offset: number, length: number): void {
  const first = Math.min(EDGE, length);
  writeZeroes(device, offset, first);
  const last = Math.min(EDGE, length - first);
  writeZeroes(device, offset + length - last, last);
}

/** Second step: writes the table, its last sector last, and flushes. */
export function writePartitionTable(
  device: BlockDevice,
  plan: readonly PlannedPartition[],
  options: TableOptions,
): void {
  checkPlan(device, plan);
  const { sectorSize } = device;
  if (options.table === 'gpt') {
    writeGpt(device, {
      diskId: randomGuid(options.randomBytes),
      partitions: plan.map((partition) => ({
        number: partition.number,
        type: partition.type ?? gptTypes[partition.role],
        id: randomGuid(options.randomBytes),
        firstLba: partition.offset / sectorSize,
        lastLba: (partition.offset + partition.bytes) / sectorSize - 1,
        attributes: partition.role === 'recovery' ? RECOVERY_ATTRIBUTES : 0n,
        name: partition.name ?? gptNames[partition.role],
      })),
    });
    return;
  }
  const active = plan.find(({ role }) => role === 'system') ?? plan.find(({ role }) => role === 'windows');
  writeMbr(device, {
    signature: randomSignature(options.randomBytes),
    bootCode: mbrBootCode,
    partitions: plan.map((partition) => ({
      number: partition.number,
      type: mbrTypeByte(partition),
      active: partition === active,
      firstLba: partition.offset / sectorSize,
      sectors: partition.bytes / sectorSize,
    })),
  });
}

function mbrTypeByte(partition: PlannedPartition): number {
  if (partition.type !== undefined) return Number(partition.type);
  if (partition.role === 'recovery') return MbrType.RECOVERY;
  return partition.fileSystem === 'fat32' ? MbrType.FAT32_LBA : MbrType.NTFS;
}

/** Not 0, which stands for a disk that was never initialised. */
function randomSignature(randomBytes: (length: number) => Uint8Array): number {
  const bytes = Uint8Array.from(randomBytes(4));
  const signature = new DataView(bytes.buffer).getUint32(0, true);
  return signature === 0 ? 1 : signature;
}

function checkPlan(device: BlockDevice, plan: readonly PlannedPartition[]): void {
  let end = 0;
  for (const { number, offset, bytes } of [...plan].sort((a, b) => a.offset - b.offset)) {
    const refuse = (problem: string): never => {
      throw new AppError('layout/invalid', `partition ${number} ${problem}`);
    };
    if (offset % device.sectorSize !== 0 || bytes % device.sectorSize !== 0) refuse('is not whole sectors');
    if (bytes <= 0 || offset <= 0 || offset + bytes > device.size) refuse('does not lie on the disk');
    if (offset < end) refuse('lies over another one');
    end = offset + bytes;
  }
}

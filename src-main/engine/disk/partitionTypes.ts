import type { PartitionRole } from '../../../src-shared/model/disks';

/** What a type of a partition table means. */
export interface PartitionType {
  readonly name: string;
  readonly role: PartitionRole;
}

export const GptType = {
  EFI: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  MSR: 'e3c9e316-0b5c-4db8-817d-f92df00215ae',
  BASIC_DATA: 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7',
  RECOVERY: 'de94bba4-06d1-4d40-a16a-bfd50179d6ac',
} as const;

export const MbrType = { NTFS: 0x07, FAT32_LBA: 0x0c, RECOVERY: 0x27 } as const;

/** GPT attributes of a recovery partition: needed by the platform, and no drive letter. */
export const RECOVERY_ATTRIBUTES = 0x8000_0000_0000_0001n;

const gptTypes: Readonly<Record<string, PartitionType>> = {
  [GptType.EFI]: { name: 'EFI system partition', role: 'efi' },
  [GptType.MSR]: { name: 'Microsoft reserved partition', role: 'msr' },
  [GptType.BASIC_DATA]: { name: 'Basic data partition', role: 'data' },
  [GptType.RECOVERY]: { name: 'Recovery partition', role: 'recovery' },
  '5808c8aa-7e8f-42e0-85d2-e1e90434cfb3': { name: 'Logical disk manager metadata', role: 'other' },
  'af9b60a0-1431-4f62-bc68-3311714a69ad': { name: 'Logical disk manager data', role: 'other' },
  'e75caf8f-f680-4cee-afa3-b001e56efc2d': { name: 'Storage Spaces', role: 'other' },
  '558d43c5-a1ac-43c0-aac8-d1472b2923d1': { name: 'Storage replica', role: 'other' },
  '0fc63daf-8483-4772-8e79-3d69d8477de4': { name: 'Linux file system', role: 'other' },
  '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f': { name: 'Linux swap', role: 'other' },
  'e6d6d379-f507-44c2-a23c-238f2a3df928': { name: 'Linux LVM', role: 'other' },
  'a19d880f-05fc-4d3b-a006-743f0f84911e': { name: 'Linux RAID', role: 'other' },
  'bc13c2ff-59e6-4262-a352-b275fd6f7172': { name: 'Linux extended boot', role: 'other' },
  '44479540-f297-41b2-9af7-d131d5f0458a': { name: 'Linux root (x86)', role: 'other' },
  '4f68bce3-e8cd-4db1-96e7-fbcaf984b709': { name: 'Linux root (x86-64)', role: 'other' },
  '933ac7e1-2eb4-4f13-b844-0e14e2aef915': { name: 'Linux home', role: 'other' },
  '21686148-6449-6e6f-744e-656564454649': { name: 'BIOS boot partition', role: 'other' },
  '48465300-0000-11aa-aa11-00306543ecac': { name: 'Apple HFS+', role: 'other' },
  '7c3457ef-0000-11aa-aa11-00306543ecac': { name: 'Apple APFS', role: 'other' },
};

const mbrTypes: Readonly<Record<number, PartitionType>> = {
  0x01: { name: 'FAT12', role: 'data' },
  0x04: { name: 'FAT16 (up to 32 MB)', role: 'data' },
  0x05: { name: 'Extended partition', role: 'other' },
  0x06: { name: 'FAT16', role: 'data' },
  0x07: { name: 'NTFS or exFAT', role: 'data' },
  0x0b: { name: 'FAT32', role: 'data' },
  0x0c: { name: 'FAT32 (LBA)', role: 'data' },
  0x0e: { name: 'FAT16 (LBA)', role: 'data' },
  0x0f: { name: 'Extended partition (LBA)', role: 'other' },
  0x17: { name: 'Hidden NTFS', role: 'other' },
  0x27: { name: 'Recovery partition', role: 'recovery' },
  0x42: { name: 'Dynamic disk', role: 'other' },
  0x82: { name: 'Linux swap', role: 'other' },
  0x83: { name: 'Linux file system', role: 'other' },
  0x8e: { name: 'Linux LVM', role: 'other' },
  0xee: { name: 'GPT protective', role: 'other' },
  0xef: { name: 'EFI system partition', role: 'efi' },
  0xfd: { name: 'Linux RAID', role: 'other' },
};

/** @param type GUID, lower case */
export function gptTypeOf(type: string): PartitionType {
  const known = gptTypes[type] as PartitionType | undefined;
  return known ?? { name: `Unknown type ${type}`, role: 'other' };
}

/** An active partition that Windows could start from is the system partition. */
export function mbrTypeOf(type: number, active: boolean): PartitionType {
  const known = mbrTypes[type] as PartitionType | undefined;
  if (!known) return { name: `Unknown type 0x${hexByte(type)}`, role: 'other' };
  return active && known.role === 'data' ? { name: known.name, role: 'system' } : known;
}

export function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0');
}

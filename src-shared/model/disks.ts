/** Disks, their partitions, and what is asked of them. Sizes and offsets in bytes. Plain values, as in requests.ts. */

/** Container of a virtual disk. */
export type DiskFormat = 'raw' | 'vhd' | 'vhdx';
export type DiskKind = 'fixed' | 'dynamic' | 'differencing' | 'physical';
export type PartitionTable = 'gpt' | 'mbr' | 'none';
export type FileSystemName =
  'ntfs' | 'fat32' | 'fat16' | 'fat12' | 'exfat' | 'refs' | 'bitlocker' | 'unknown' | 'none';

/** What a partition is for, in Microsoft's layouts. */
export type PartitionRole = 'efi' | 'msr' | 'system' | 'windows' | 'recovery' | 'data' | 'other';

/** A partition, or the whole disk where it has no table (number 0). */
export interface PartitionSummary {
  /** 1-based, in the order of the table (logical ones from 5 on). */
  readonly number: number;
  readonly offset: number;
  readonly size: number;
  /** GPT: type GUID, lower case. MBR: two hex digits. */
  readonly type: string;
  /** The type in words: 'EFI system partition'. */
  readonly typeName: string;
  readonly role: PartitionRole;
  /** GPT: unique GUID, lower case. */
  readonly id?: string;
  /** GPT: its name. */
  readonly name?: string;
  /** GPT: attribute bits, as 0x and 16 hex digits. */
  readonly attributes?: string;
  /** MBR: marked active. */
  readonly active?: boolean;
  readonly fileSystem: FileSystemName;
  readonly label?: string;
  /** Of the file system. */
  readonly clusterSize?: number;
  readonly used?: number;
  readonly free?: number;
  /** Volume serial number, 16 (NTFS) or 8 (FAT) hex digits. */
  readonly serial?: string;
  /** It has \Windows. */
  readonly hasWindows?: boolean;
  /** First things found in its root, at most 10. */
  readonly found: readonly string[];
  /** Why it cannot be read, in words: BitLocker, hibernated, damaged. */
  readonly problem?: string;
}

/** A disk with what is on it. */
export interface DiskSummary {
  /** Path of the file or of the device. */
  readonly path: string;
  readonly format: DiskFormat;
  readonly kind: DiskKind;
  readonly size: number;
  /** Bytes that the file takes on its volume; the size for a physical disk. */
  readonly allocated: number;
  readonly sectorSize: number;
  readonly physicalSectorSize: number;
  readonly table: PartitionTable;
  /** GPT: disk GUID; MBR: signature as 8 hex digits. */
  readonly diskId?: string;
  readonly partitions: readonly PartitionSummary[];
  /** Of a dynamic or differencing disk. */
  readonly blockSize?: number;
  /** Files of the chain above a differencing disk, nearest first. */
  readonly parents?: readonly string[];
  /** What was noticed: a log that was replayed in memory, a GPT copy that is damaged. */
  readonly warnings: readonly string[];
}

/** A physical disk as the system tells it. */
export interface PhysicalDisk {
  /** '/dev/sdb', '\\\\.\\PhysicalDrive1': how it is opened, not what it is. */
  readonly path: string;
  /** Stable: WWN or serial, size and bus. What a plan is bound to. */
  readonly identity: string;
  /** What a person types to confirm; its model, or the path where it has none. */
  readonly name: string;
  readonly model: string;
  readonly serial: string;
  readonly wwn?: string;
  readonly size: number;
  readonly sectorSize: number;
  readonly physicalSectorSize: number;
  readonly bus: string;
  readonly removable: boolean;
  readonly readOnly: boolean;
  /** Where parts of it are mounted or what holds it, in words: '/ (ext4)', 'swap', 'LVM volume group vg0'. */
  readonly uses: readonly string[];
  /** Windows: where its volumes are seen ('D:\\'); they are taken off before it is written, so these are no uses. */
  readonly letters?: readonly string[];
  readonly isSystem: boolean;
  /** Why it may not be a target; absent where it may. */
  readonly refusal?: string;
}

/** A physical disk with what is on it. */
export interface ListedDisk extends PhysicalDisk {
  /** Absent where it cannot be read: see {@link unread}. */
  readonly summary?: DiskSummary;
  /** Why it cannot be read, in words. */
  readonly unread?: string;
}

/** A partition to be made. */
export interface PartitionSpec {
  readonly role: PartitionRole;
  /** '260MB', '1.5GB' (binary: 1 MB = 1,048,576 bytes), '50%' of the disk, or 'rest' (once). */
  readonly size: string;
  readonly fileSystem: 'ntfs' | 'fat32' | 'none';
  readonly label?: string;
  /** GPT: its name; from the role where absent. */
  readonly name?: string;
  /** GPT type GUID or MBR type byte ('0x07'); from the role where absent. */
  readonly type?: string;
  /** NTFS: bytes of a cluster; 4096 where absent. */
  readonly clusterSize?: number;
}

/** How a disk is divided. */
export interface DiskLayout {
  readonly table: 'gpt' | 'mbr';
  /** Bytes; 1 MiB where absent. */
  readonly alignment?: number;
  readonly partitions: readonly PartitionSpec[];
}
/** A layout, or the name of one of ours. */
export type LayoutChoice = 'uefi' | 'bios' | 'data' | DiskLayout;

/** A partition with its place, before it is made. */
export interface PlannedPartition extends PartitionSpec {
  readonly number: number;
  readonly offset: number;
  readonly bytes: number;
}

export interface DiskCreateRequest {
  readonly path: string;
  readonly size: number;
  readonly format: DiskFormat;
  /** Dynamic where absent (raw: sparse). */
  readonly kind?: 'fixed' | 'dynamic' | 'differencing';
  /** Of a differencing disk, whose size it has. */
  readonly parent?: string;
  readonly sectorSize?: number;
  readonly blockSize?: number;
  readonly layout?: LayoutChoice;
  /** Of the plan that was looked at: refused where the plan would be another one by now. */
  readonly fingerprint?: string;
  readonly overwrite?: boolean;
  readonly dryRun?: boolean;
}

export interface DiskPrepareRequest {
  /** A disk file or a physical disk. Everything on it goes. */
  readonly disk: string;
  readonly layout: LayoutChoice;
  /** Identity that the physical disk must (still) have. */
  readonly identity?: string;
  /** Of a physical disk: its name, typed by the person. */
  readonly confirmation?: string;
  /** Files that must not be on the disk: the image that will be applied. */
  readonly sources?: readonly string[];
  /** Of the plan that was looked at: refused where the plan would be another one by now. */
  readonly fingerprint?: string;
  /** A disk file that is not empty is prepared only with this. */
  readonly overwrite?: boolean;
  readonly dryRun?: boolean;
}

export interface DiskConvertRequest {
  readonly disk: string;
  readonly destination: string;
  readonly format: DiskFormat;
  readonly kind?: 'fixed' | 'dynamic';
  readonly blockSize?: number;
  /** Of the plan that was looked at: refused where the plan would be another one by now. */
  readonly fingerprint?: string;
  readonly overwrite?: boolean;
  readonly dryRun?: boolean;
}

export interface DiskWipeRequest {
  readonly disk: string;
  /** Every byte; else partition tables and the first and last MiB of the disk and of each partition. */
  readonly all?: boolean;
  readonly identity?: string;
  readonly confirmation?: string;
  /** Of the plan that was looked at: refused where the plan would be another one by now. */
  readonly fingerprint?: string;
  readonly overwrite?: boolean;
  readonly dryRun?: boolean;
}

export interface DiskRepairRequest {
  readonly disk: string;
  /** The copy that counts, where both are good and differ; the primary one where absent. */
  readonly from?: 'primary' | 'backup';
  readonly identity?: string;
  readonly confirmation?: string;
  readonly fingerprint?: string;
  readonly dryRun?: boolean;
}

export interface DiskInfoRequest {
  readonly disk: string;
}

/** What would be erased on a disk. */
export interface DiskErasure {
  readonly disk: string;
  /** 'Partition 2, NTFS "Windows", 40 GB'. */
  readonly what: string;
  readonly bytes: number;
  /** First things found there. */
  readonly found: readonly string[];
}

/** What would be done to a disk. */
export interface DiskPlan {
  readonly disk: string;
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
  readonly erases: readonly DiskErasure[];
  /** As it would be afterwards; empty for a wipe. */
  readonly partitions: readonly PlannedPartition[];
  readonly size: number;
  readonly table: PartitionTable;
  readonly spaceNeeded: number | null;
  readonly spaceFree: number | null;
  /** Changes when anything that the plan rests on changes. */
  readonly fingerprint: string;
  /** Of a physical disk. */
  readonly identity?: string;
  /** Of a physical disk: what the person has to type. */
  readonly confirmation?: string;
}

/** Result of a verb that made or changed a disk. */
export interface DiskReport {
  readonly disk: string;
  /** Present on a dry run: nothing was written. */
  readonly plan?: DiskPlan;
  /** As it is now; absent on a dry run. */
  readonly summary?: DiskSummary;
  /** What the check of the written disk found; empty is good. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

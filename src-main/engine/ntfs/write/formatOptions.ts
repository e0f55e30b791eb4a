import type { CompactOptions } from './compactRules';

/** How a volume is formatted. */
export interface NtfsFormatOptions {
  /** Volume label: up to 32 characters. */
  readonly label?: string;
  /** Bytes: a power of two from a sector to 2 MiB. Microsoft's default where it is absent. */
  readonly clusterSize?: number;
  /** Serial number of 64 bits; random where it is absent. */
  readonly serial?: bigint;
  randomBytes(length: number): Uint8Array;
  /** FILETIME. */
  now(): bigint;
  /** Bytes from the start of the disk to the volume, for the boot sector; 0 where it is absent. */
  readonly partitionOffset?: number;
  /** What messages call the volume; the device's name where it is absent. */
  readonly name?: string;
  /**
   * Keep no data of files in records: all of it lies in whole clusters. For devices that take only whole sectors, where
   * threads cannot write a few bytes each.
   */
  readonly wholeClusters?: boolean;
  /** Compress files as the system compresses its own (WOF), once they are written. */
  readonly compact?: CompactOptions;
  /** Lets other work run, now and then. */
  breathe?(): Promise<void>;
}

export const LABEL_LIMIT = 32;

import type { ByteSource } from '../binary/byteSource';

/** Where a run of a device's bytes lies. Lengths and offsets in bytes. */
export type Extent =
  /** In a file (or physical disk) of the system. */
  | { readonly kind: 'file'; readonly path: string; readonly offset: number; readonly length: number }
  /** Nowhere: it reads as zeroes, such as a block that a dynamic disk does not hold. */
  | { readonly kind: 'zero'; readonly length: number }
  /** A hole of a file system's run list. Reads as zeroes; compression units tell holes from zeroes. */
  | { readonly kind: 'hole'; readonly length: number }
  /** In memory: what the log of a disk that was not closed holds in place of the file's bytes. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/**
 * A disk, or a part of one. Devices are stacked: file, virtual disk, partition. Offsets and lengths are bytes and need
 * no alignment; a device that works in sectors reads, changes and writes them itself. Reads past the end are short, as
 * with any {@link ByteSource}; writes past the end are refused.
 */
export interface BlockDevice extends ByteSource {
  /** Bytes; a multiple of {@link sectorSize}. */
  readonly size: number;
  /** Logical sector: what addresses in partition tables count, 512 or 4096. */
  readonly sectorSize: number;
  /** What the medium writes at a time, 512 or 4096; at least {@link sectorSize}. */
  readonly physicalSectorSize: number;
  readonly writable: boolean;
  /** Threads that write through {@link extents} must not share a sector with others: physical disks of Windows. */
  readonly wholeSectors?: boolean;
  /**
   * Writes all of `bytes`.
   * @throws AppError `io/read-only` where the device is not writable, `io/no-space`, `disk/gone`, `io/failed`
   */
  write(offset: number, bytes: Uint8Array): void;
  /** Returns when everything written has reached the medium. */
  flush(): void;
  /**
   * Where a range lies, in order, without gaps: threads read and write there by themselves. Neighbouring extents of
   * one kind that touch are joined.
   */
  extents(offset: number, length: number): Extent[];
  /**
   * Makes room for a range that will be written through {@link extents}: afterwards these are all of kind 'file'. Tables
   * that tell where it lies are written by {@link flush} at the latest.
   */
  allocate(offset: number, length: number): void;
  /** Closes everything below, too. Flushes nothing. */
  close(): void;
}

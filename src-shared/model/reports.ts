import type { DiskReport } from './disks';

/** What happened: the result of each verb. Sizes in bytes. */

/** A path with a sentence about it. */
export interface Remark {
  readonly path: string;
  readonly problem: string;
}

/** A step of a plan, in words, with the space it needs where it writes. */
export interface PlanReport {
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
  /** Bytes that the destination needs at most; null when it cannot be told. */
  readonly spaceNeeded: number | null;
  readonly spaceFree: number | null;
}

/** Result of a verb that wrote a WIM. */
export interface WriteReport {
  readonly wim: string;
  /** Index of the image that was added or changed; 0 when that does not apply. */
  readonly image: number;
  readonly size: number;
  /** Bytes of blobs stored by this run, as they lie in the file. */
  readonly bytesStored: number;
  /** Bytes of blobs copied as they were, never recompressed. */
  readonly bytesCopied: number;
  /** Present on a dry run: nothing was written. */
  readonly plan?: PlanReport;
  readonly warnings: readonly string[];
}

export interface CaptureReport extends WriteReport {
  readonly directories: number;
  readonly files: number;
  readonly streams: number;
  /** Bytes of all streams, every hard link counted once. */
  readonly bytes: number;
  readonly bytesSavedBySingleInstancing: number;
  readonly bytesSavedByCompression: number;
  /** Streams whose data was taken from an earlier image without reading it. */
  readonly streamsReused: number;
  readonly excluded: readonly { readonly path: string; readonly pattern: string }[];
  /** What the image cannot hold, or the source could not give. */
  readonly notKept: readonly Remark[];
  /** Where the source is damaged, so that files or data are missing in the image. */
  readonly damaged?: readonly Remark[];
  /** Files that changed while they were read. */
  readonly changed: readonly Remark[];
}

/** Result of an update. */
export interface UpdateReport extends WriteReport {
  readonly excluded: readonly { readonly path: string; readonly pattern: string }[];
  readonly notKept: readonly Remark[];
  /** Files that changed while they were read. */
  readonly changed: readonly Remark[];
}

export interface ApplyReport {
  readonly target: string;
  readonly image: number;
  /** Without the target itself. */
  readonly directories: number;
  /** All names that are no directories. */
  readonly files: number;
  /** How many of {@link files} are further names of a file, hard links. */
  readonly links: number;
  readonly bytes: number;
  /** What the target cannot keep, or could not be set. */
  readonly notKept: readonly Remark[];
  /**
   * Files whose data is damaged in the WIM and was written all the same (--recover-data); where the volume that was
   * extracted from is damaged, so that files or data are missing.
   */
  readonly damaged: readonly Remark[];
  readonly plan?: PlanReport;
  /** Of the disk that the image went to: what would be erased (dry run), or what it is now. */
  readonly disk?: DiskReport;
  readonly warnings: readonly string[];
}

/** What the verification of a WIM found of one of its images. */
export interface VerifiedImage {
  readonly index: number;
  readonly name: string;
  /** Damaged or missing blobs that it names, and 1 for metadata that cannot be read. */
  readonly faults: number;
  /** Blobs that it names, each once; other images may name them, too. */
  readonly blobs: number;
  /** Bytes of those blobs. */
  readonly bytes: number;
}

export interface VerifyReport {
  readonly wim: string;
  readonly images: number;
  readonly blobs: number;
  readonly bytes: number;
  /** 'absent' when the file has no integrity table. */
  readonly integrity: 'ok' | 'absent' | 'failed';
  readonly faults: readonly Remark[];
  readonly perImage: readonly VerifiedImage[];
  readonly warnings: readonly string[];
}

export interface SplitReport {
  readonly parts: readonly { readonly path: string; readonly size: number }[];
  readonly plan?: PlanReport;
  readonly warnings: readonly string[];
}

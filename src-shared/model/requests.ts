import type { DiskFormat, LayoutChoice } from './disks';

/** What each verb of the engine is asked to do. Plain values: they travel through channels and make recipes. */

/** Compression as a person names it; the level is wimlib's scale of 1 to 100. */
export interface CompressionChoice {
  readonly format: 'none' | 'xpress' | 'lzx' | 'lzms';
  readonly level?: number;
}

/** An image of a WIM: its 1-based index, its name, or all of them. */
export type ImageChoice = number | string;
export const ALL_IMAGES = 'all';

/** A volume of a disk: 'auto' (the one with \\Windows, else the only NTFS one), a number, a label or a GUID. */
export type VolumeChoice = string;

/** System files kept compressed by the file system (WOF) when an image is applied to NTFS. */
export type CompactChoice = 'xpress4k' | 'xpress8k' | 'xpress16k' | 'lzx';

/** The disk that an image is applied to is made, or divided anew, first. */
export interface PrepareChoice {
  readonly layout: LayoutChoice;
  /** Of a disk file that is made: bytes. Absent: the disk is there already. */
  readonly size?: number;
  /** Of a disk file that is made; by its extension where absent. */
  readonly format?: DiskFormat;
  readonly kind?: 'fixed' | 'dynamic';
  readonly sectorSize?: number;
}

/** Options that every verb which writes a WIM shares. */
export interface WriteChoices {
  readonly compression?: CompressionChoice;
  /** Bytes; the format's default when absent. */
  readonly chunkSize?: number;
  /** true: write an integrity table; false: write none; absent: keep as it is. */
  readonly integrity?: boolean;
  readonly pipable?: boolean;
  /** Write the whole file anew instead of adding to its end. */
  readonly rebuild?: boolean;
  /** Compress again what is compressed already. */
  readonly recompress?: boolean;
  readonly threads?: number;
  /** Bytes that threads may use for data and codecs; half of the machine's memory when absent. */
  readonly memory?: number;
  /** Put new data into a solid resource; absent: as the WIM at hand has it. */
  readonly solid?: boolean;
  /** Of solid resources; LZMS when absent. */
  readonly solidCompression?: CompressionChoice;
  /** Of solid resources, bytes; the format's default when absent. */
  readonly solidChunkSize?: number;
  /** Leave the data of a solid resource in the order of the tree, instead of by extension and name. */
  readonly noSolidSort?: boolean;
  /** Keep the GUID instead of making a new one. */
  readonly retainGuid?: boolean;
}

export interface SourceChoices {
  readonly dereference?: boolean;
  readonly unixData?: boolean;
  /** true: --rpfix, false: --norpfix; absent: on for capture, and on for append when the WIM has the flag. */
  readonly fixReparsePoints?: boolean;
  readonly securityDescriptors?: 'none' | 'lenient' | 'strict';
  /** Text of a capture configuration (wimscript.ini); the documented defaults when absent. */
  readonly config?: string;
  /** No default exclusions either. */
  readonly noDefaultExclusions?: boolean;
}

export interface CaptureRequest extends WriteChoices, SourceChoices {
  /** A directory; or with `sourceList`, the text of a list of sources and their places. */
  readonly source: string;
  readonly sourceList?: string;
  /** `source` is a disk (raw, VHD or VHDX file, or a physical one): its volume that is captured. */
  readonly volume?: VolumeChoice;
  /** Destination; '-' writes a pipable WIM to standard output. */
  readonly wim: string;
  /** The last part of the source path when absent. */
  readonly name?: string;
  readonly description?: string;
  /** Property path (wimlib's syntax, "WINDOWS/EDITIONID") to value. */
  readonly properties?: readonly (readonly [name: string, value: string])[];
  readonly boot?: boolean;
  /** Verify the integrity table of the WIM that is read. */
  readonly verifyIntegrity?: boolean;
  /** WIM and image whose unchanged files are not read again. `wim` absent: the WIM appended to. */
  readonly updateOf?: { readonly wim?: string; readonly image: ImageChoice };
  /** WIMs whose blobs are left out: the result is a delta. */
  readonly deltaFrom?: readonly string[];
  readonly ref?: readonly string[];
  readonly wimboot?: boolean;
  /** append: make the WIM when it does not exist. */
  readonly create?: boolean;
  /** Overwrite an existing destination (capture). */
  readonly overwrite?: boolean;
  /** Say what would be done; write nothing. */
  readonly dryRun?: boolean;
}

export interface ApplyRequest {
  /** Path; '-' reads a pipable WIM from standard input. */
  readonly wim: string;
  /** The only image when absent. */
  readonly image?: ImageChoice;
  /** A directory; or a disk, with `volume` or `prepare`. */
  readonly target: string;
  /** `target` is a disk: its volume, which is formatted anew. */
  readonly volume?: VolumeChoice;
  /** `target` is a disk that is made or divided first; the image goes to its Windows volume. */
  readonly prepare?: PrepareChoice;
  readonly compact?: CompactChoice;
  /** A disk file that exists, or a volume that is not empty, is overwritten only with this. */
  readonly overwrite?: boolean;
  /** Identity that a physical disk must have. */
  readonly identity?: string;
  /** Of a physical disk: its name, typed by the person. */
  readonly confirmation?: string;
  /** Of the plan for the disk that was looked at; the disk is left alone when it is another one now. */
  readonly fingerprint?: string;
  readonly ref?: readonly string[];
  readonly verifyIntegrity?: boolean;
  readonly unixData?: boolean;
  readonly fixReparsePoints?: boolean;
  readonly securityDescriptors?: 'none' | 'lenient' | 'strict';
  readonly includeInvalidNames?: boolean;
  /** Keep data whose SHA-1 is wrong, and say so, instead of stopping. */
  readonly recoverData?: boolean;
  readonly strictSymlinks?: boolean;
  readonly strictTimestamps?: boolean;
  readonly strictShortNames?: boolean;
  /** Decompress into extents without holes, or leave zero runs out. */
  readonly sparse?: boolean;
  readonly threads?: number;
  /** Bytes that threads may use for data and codecs; half of the machine's memory when absent. */
  readonly memory?: number;
  readonly dryRun?: boolean;
}

export interface DeleteRequest extends WriteChoices {
  readonly wim: string;
  readonly image: ImageChoice;
  /** Leave the data of the deleted image in the file. */
  readonly soft?: boolean;
  readonly verifyIntegrity?: boolean;
  readonly dryRun?: boolean;
}

export interface DirRequest {
  /** A WIM; or with `volume`, a disk. */
  readonly wim: string;
  readonly image?: ImageChoice;
  readonly volume?: VolumeChoice;
  /** Path in the image; its root when absent. */
  readonly path?: string;
  readonly oneFileOnly?: boolean;
  readonly ref?: readonly string[];
}

export interface ExportRequest extends WriteChoices {
  readonly wim: string;
  readonly image: ImageChoice;
  readonly destination: string;
  readonly name?: string;
  readonly description?: string;
  readonly boot?: boolean;
  readonly ref?: readonly string[];
  readonly verifyIntegrity?: boolean;
  readonly wimboot?: boolean;
  readonly dryRun?: boolean;
}

export interface ExtractRequest {
  /** A WIM; or with `volume`, a disk. */
  readonly wim: string;
  readonly image?: ImageChoice;
  readonly volume?: VolumeChoice;
  /** Paths or globs; list files are read by the caller. */
  readonly paths: readonly string[];
  /** '-' for standard output: {@link toStdout}. */
  readonly destination: string;
  readonly toStdout?: boolean;
  readonly globs?: boolean;
  readonly nullGlob?: boolean;
  readonly preserveStructure?: boolean;
  readonly ref?: readonly string[];
  readonly verifyIntegrity?: boolean;
  readonly unixData?: boolean;
  readonly securityDescriptors?: 'none' | 'lenient' | 'strict';
  readonly includeInvalidNames?: boolean;
  readonly recoverData?: boolean;
  readonly strictSymlinks?: boolean;
  readonly threads?: number;
  readonly memory?: number;
  readonly dryRun?: boolean;
}

export interface InfoRequest {
  readonly wim: string;
  readonly image?: ImageChoice;
  readonly newName?: string;
  readonly newDescription?: string;
  readonly properties?: readonly (readonly [name: string, value: string])[];
  /** Make the image bootable; image 0 makes none bootable. */
  readonly boot?: boolean;
  readonly verifyIntegrity?: boolean;
  /** true: add an integrity table; false: remove it. */
  readonly integrity?: boolean;
  readonly readOnly?: boolean;
  readonly dryRun?: boolean;
}

export interface JoinRequest {
  readonly parts: readonly string[];
  readonly destination: string;
  readonly integrity?: boolean;
  readonly verifyIntegrity?: boolean;
  readonly dryRun?: boolean;
}

export interface OptimizeRequest extends WriteChoices {
  readonly wim: string;
  readonly verifyIntegrity?: boolean;
  readonly dryRun?: boolean;
}

export interface SplitRequest {
  readonly wim: string;
  readonly destination: string;
  /** Bytes. */
  readonly partSize: number;
  /**
   * Compress all data anew so, each file by itself, before it is divided: the only way to divide a solid WIM. It takes
   * room for one more copy beside the parts.
   */
  readonly compression?: CompressionChoice;
  readonly threads?: number;
  readonly memory?: number;
  readonly integrity?: boolean;
  readonly verifyIntegrity?: boolean;
  readonly dryRun?: boolean;
}

/** One change of an image, as `wimlib-imagex update` reads them. */
export type UpdateEdit =
  | {
      readonly kind: 'add';
      readonly source: string;
      readonly target: string;
      readonly choices?: SourceChoices;
      /** A file that is there already is an error instead of being replaced. */
      readonly noReplace?: boolean;
    }
  | { readonly kind: 'delete'; readonly path: string; readonly force?: boolean; readonly recursive?: boolean }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string };

export interface UpdateRequest extends WriteChoices, SourceChoices {
  readonly wim: string;
  readonly image?: ImageChoice;
  readonly edits: readonly UpdateEdit[];
  readonly verifyIntegrity?: boolean;
  readonly ref?: readonly string[];
  readonly dryRun?: boolean;
}

export interface VerifyRequest {
  readonly wim: string;
  readonly ref?: readonly string[];
  /** false: do not check the integrity table first. */
  readonly verifyIntegrity?: boolean;
  readonly threads?: number;
  readonly memory?: number;
}

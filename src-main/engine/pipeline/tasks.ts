import type { CompressionFormat } from '../codec/codec';
import type { Extent } from '../disk/blockDevice';
import type { ReadDriversOrder, ReadDriversResult } from '../drivers/packages/readDriversTask';
import type { DirectoryListing } from '../tree/directoryListing';
import type { ResourceColumns } from './resourceColumns';

/** A resource in a WIM file: the stored form of a blob. All numbers in bytes. */
export interface ResourceLocation {
  /** Path of the file (the part of a split WIM) that holds it. */
  readonly file: string;
  readonly offset: number;
  readonly storedSize: number;
  readonly size: number;
  /** 'none' when the resource is stored as it is. */
  readonly format: CompressionFormat;
  readonly chunkSize: number;
  /** Pipable resources have a header before each chunk instead of a chunk table in front. */
  readonly pipable: boolean;
  /** Set for a blob in a solid resource: `offset` and `storedSize` are those of the whole, `size` is the blob's. */
  readonly solid?: SolidRange;
}

/** The part of a solid resource that is a blob's. */
export interface SolidRange {
  /** Where the blob begins in the expanded data. */
  readonly start: number;
  /** Expanded bytes of the whole resource. */
  readonly size: number;
}

/** Where a stream's bytes are. Plain data, so that a worker thread can open it. */
export type StreamLocation =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Size and last write (ms since 1970, with fraction) when the source was scanned: what "changed" is told by. */
      readonly size: number;
      readonly modifiedMs: number;
    }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'resource'; readonly resource: ResourceLocation; readonly sha1: Uint8Array }
  /** Expanded already, into memory that all threads see. */
  | {
      readonly kind: 'shared';
      readonly memory: SharedArrayBuffer;
      readonly offset: number;
      readonly size: number;
      readonly sha1: Uint8Array;
    }
  | ExtentLocation;

/** A stream of a volume: where its bytes lie in the files (or physical disks) that the volume is kept in. */
export interface ExtentLocation {
  readonly kind: 'extents';
  /** Bytes of the stream, expanded. */
  readonly size: number;
  /** Bytes that were ever written; what follows reads as zeroes. */
  readonly validSize: number;
  /** Of the stored form, in order; they cover at least `validSize` bytes of it. */
  readonly extents: readonly Extent[];
  readonly encoding: StreamEncoding;
}

/** How a stream is stored in its extents. */
export type StreamEncoding =
  | { readonly kind: 'plain' }
  /** NTFS compression: units that are whole, holes, or LZNT1 followed by a hole. `unit` in bytes. */
  | { readonly kind: 'lznt1'; readonly unit: number }
  /** Compressed by WOF: a chunk table and chunks, `storedSize` bytes in all. */
  | {
      readonly kind: 'wof';
      readonly format: 'xpress' | 'lzx';
      readonly chunkSize: number;
      readonly storedSize: number;
    };

/** Where a worker writes a file's data and what it sets on it afterwards. */
export interface FilePlacement {
  readonly kind: 'file';
  readonly path: string;
  /**
   * Where something is at `path` that must outlast a failure: a name beside it that the file is written under, until
   * it is complete and takes that place. Absent where nothing is in the way.
   */
  readonly temporary?: string;
  /** FILETIMEs (100 ns since 1601). */
  readonly accessTime: bigint;
  readonly writeTime: bigint;
  /** Permission bits to set, where the target keeps them. */
  readonly mode?: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Extended attributes to set, name to value. */
  readonly xattrs?: readonly (readonly [name: string, value: Uint8Array])[];
  /** Leave runs of zeroes unwritten. */
  readonly sparse: boolean;
  /** File attributes of Windows to set, on Windows. */
  readonly attributes: number;
  /** FILETIME; set on systems that can. */
  readonly creationTime: bigint;
}

/** Where a worker writes the data of a stream on a volume that is being made. Its metadata is the target's own work. */
export interface ExtentPlacement {
  readonly kind: 'extents';
  /** Path of the entry, for messages. */
  readonly path: string;
  /** File (or physical disk) that keeps the volume. */
  readonly file: string;
  /**
   * Offset in `file` and length of each extent, in order of the data: room for the data or more. What is over in the
   * extent that holds the data's end is filled with zeroes.
   */
  readonly extents: Float64Array;
}

export type Placement = FilePlacement | ExtentPlacement;

/** How chunks are compressed. */
export interface Compression {
  readonly format: CompressionFormat;
  readonly chunkSize: number;
  /** 1 to 100, wimlib's scale. */
  readonly level: number;
}

/** What happened to a source file while it was read. */
export type ReadState =
  /** As it was when scanned. */
  | 'same'
  /** Differs from the scan, but was read whole and unchanged: size and time are those of the data. */
  | 'changed'
  /** Kept changing: the data may be a mixture of two states. */
  | 'torn'
  /** Gone since the scan. */
  | 'vanished'
  | 'unreadable'
  /** Grew beyond the room it was given; the caller reads it as a large one. */
  | 'outgrown';

export interface ReadOutcome {
  readonly state: ReadState;
  /** Bytes read into the slab. */
  readonly size: number;
  /** Last write of what was read, ms since 1970; 0 where unknown. */
  readonly modifiedMs: number;
  /** Why, for 'unreadable'. */
  readonly problem?: string;
}

/** A file that could not be written, with the reason. */
export interface PlacementFailure {
  readonly path: string;
  readonly problem: string;
  /** Error code of AppError: 'io/no-space' ends the whole job. */
  readonly code: string;
  /** The data is there; only owner, mode, extended attributes or times could not be set. */
  readonly metadataOnly?: boolean;
}

/** The outcome of unpacking one blob. */
export interface UnpackOutcome {
  /** 'ok'; 'mismatch': data decompressed but its SHA-1 differs; 'damaged': it does not decompress or cannot be read. */
  readonly state: 'ok' | 'mismatch' | 'damaged';
  readonly problem?: string;
  readonly failures?: readonly PlacementFailure[];
}

/** A blob that lies wholly in the chunks of a task. */
export interface SolidBlob {
  /** Offset in the expanded data of the whole resource. */
  readonly start: number;
  readonly size: number;
  readonly sha1: Uint8Array;
  readonly placements: readonly Placement[];
}

/** The part of a blob that lies in the chunks of a task. */
export interface SolidPart {
  /** Offset in the expanded data of the whole resource. */
  readonly start: number;
  readonly size: number;
  /** Where it goes in its files, which exist. */
  readonly offset: number;
  readonly placements: readonly Placement[];
  /** The blob ends with it. */
  readonly isEnd: boolean;
}

/** A piece of a stream on its way into a solid resource. */
export interface SolidPiece {
  readonly location: StreamLocation;
  /** Offset in the stream. */
  readonly offset: number;
  readonly size: number;
  /** Offset in the task's input. */
  readonly at: number;
  /** It is the whole stream. */
  readonly isWhole: boolean;
}

/** The work that threads do. Slabs are shared memory; the caller owns them and tells where in them things go. */
export interface Tasks {
  /** Lists directories of a source. */
  listDirectories: {
    in: { readonly paths: readonly string[] };
    out: { readonly listings: readonly (DirectoryListing | undefined)[] };
  };
  /** Reads driver packages: their INFs, and their files as far as they are to be checked. */
  readDrivers: { in: ReadDriversOrder; out: ReadDriversResult };
  /** Reads whole streams into a slab, one after the other, and hashes each. */
  readBatch: {
    in: {
      readonly slab: SharedArrayBuffer;
      readonly items: readonly {
        readonly location: StreamLocation;
        /** Offset in the slab and room there. */
        readonly offset: number;
        readonly room: number;
      }[];
    };
    out: {
      readonly items: readonly ReadOutcome[];
      /** 20 bytes an item. */
      readonly sha1: Uint8Array;
    };
  };
  /** Hashes a whole stream of any size without keeping it. */
  hashStream: {
    in: { readonly location: StreamLocation };
    out: ReadOutcome & { readonly sha1: Uint8Array };
  };
  /**
   * Makes resources of whole blobs that lie in `input`: chunk table and chunks, or the plain bytes when compression
   * does not shrink them (or is not wanted for an item). They are laid into `output` back to back.
   */
  packBatch: {
    in: {
      readonly input: SharedArrayBuffer;
      readonly output: SharedArrayBuffer;
      readonly compression: Compression;
      readonly items: readonly { readonly offset: number; readonly size: number; readonly store: boolean }[];
    };
    out: { readonly items: readonly { readonly storedSize: number; readonly compressed: boolean }[] };
  };
  /**
   * Reads bytes [offset, offset + length) of a stream into `input` and compresses them chunk by chunk into `output`,
   * back to back; a chunk that does not shrink is stored. With format 'none' only reads.
   */
  packRange: {
    in: {
      readonly location: StreamLocation;
      readonly offset: number;
      readonly length: number;
      readonly input: SharedArrayBuffer;
      readonly output: SharedArrayBuffer;
      readonly compression: Compression;
    };
    out: ReadOutcome & { readonly chunkSizes: Uint32Array };
  };
  /**
   * Reads pieces of streams into `input`, hashes those that are whole streams, and compresses what then lies there,
   * chunk by chunk, into `output`, back to back. A piece that could not be had is zeroes.
   */
  packSolid: {
    in: {
      readonly input: SharedArrayBuffer;
      readonly output: SharedArrayBuffer;
      /** Bytes of `input`. */
      readonly length: number;
      readonly compression: Compression;
      readonly pieces: readonly SolidPiece[];
    };
    out: {
      readonly pieces: readonly ReadOutcome[];
      /** 20 bytes for each piece; zero for one that is not a whole stream. */
      readonly sha1: Uint8Array;
      readonly chunkSizes: Uint32Array;
    };
  };
  /** Decompresses whole resources, checks their SHA-1 and writes each to its files. */
  unpackBatch: {
    in: {
      readonly resources: ResourceColumns;
      /** The files of each resource's data; absent where it is only checked. */
      readonly placements?: readonly (readonly Placement[])[];
      /** Write data whose SHA-1 differs, too, and zeroes for the chunks that do not decompress. */
      readonly keepCorrupt: boolean;
    };
    /** Of each resource. */
    out: { readonly items: readonly UnpackOutcome[] };
  };
  /**
   * The same for one large resource, of which only a window is held at a time: it is written while it is checked, and
   * taken back when it turns out to be damaged (unless that is to be kept).
   */
  unpackLarge: {
    in: {
      readonly resource: ResourceLocation;
      readonly sha1: Uint8Array;
      readonly placements: readonly Placement[];
      readonly keepCorrupt: boolean;
    };
    out: UnpackOutcome;
  };
  /**
   * Decompresses the chunks that hold bytes [offset, offset + length) of a resource (chunk-aligned) into `output` and
   * writes them at that offset into each file of `placements` (which exist).
   */
  unpackRange: {
    in: {
      readonly resource: ResourceLocation;
      readonly offset: number;
      readonly length: number;
      /**
       * File offset of each chunk of the range, and one more: the end of the last; what `readChunkOffsets` returns.
       * Empty for format 'none', and with `keepCorrupt` where the chunk table is damaged.
       */
      readonly chunkOffsets: Float64Array;
      /** Write what can be had of a damaged range, too, with zeroes for the chunks that do not decompress. */
      readonly keepCorrupt?: boolean;
      readonly output: SharedArrayBuffer;
      readonly placements: readonly Placement[];
    };
    out: { readonly problem?: string; readonly failures?: readonly PlacementFailure[] };
  };
  /**
   * Expands neighbouring chunks of a solid resource: blobs that lie wholly in them are checked and written to their
   * files, of the others the parts that lie in them are written, and laid into a slab to be hashed in order elsewhere.
   */
  unpackSolid: {
    in: {
      /** `solid.start` is not used. */
      readonly resource: ResourceLocation;
      /** First of the chunks. */
      readonly first: number;
      /** File offset of each chunk, and the end of the last. */
      readonly bounds: Float64Array;
      readonly blobs: readonly SolidBlob[];
      readonly parts: readonly SolidPart[];
      /** Takes the data of the parts, one behind the other. */
      readonly slab?: SharedArrayBuffer | undefined;
      readonly keepCorrupt: boolean;
      /** Lets files be written only as long as the job wants them; see TaskGate. */
      readonly gate: SharedArrayBuffer;
    };
    out: {
      /** One for each blob, then one for each part; none when the gate was closed. */
      readonly outcomes: readonly UnpackOutcome[];
    };
  };
  /** Reads whole streams and writes each to its files: from one tree to another, with no WIM between them. */
  copyStreams: {
    in: {
      readonly items: readonly {
        readonly location: StreamLocation;
        readonly placements: readonly Placement[];
      }[];
    };
    out: {
      readonly items: readonly {
        readonly outcome: ReadOutcome;
        readonly failures?: readonly PlacementFailure[];
      }[];
    };
  };
  /** Makes files without data. */
  createEmpty: {
    in: {
      readonly placements: readonly Placement[];
      /** The data comes through unpackRange and the metadata through finishFiles: only make the files. */
      readonly dataFollows?: boolean;
    };
    out: { readonly failures: readonly PlacementFailure[] };
  };
  /** Sets metadata on files whose data came through unpackRange, and gives those with a temporary name their own. */
  finishFiles: {
    in: { readonly placements: readonly Placement[] };
    out: { readonly failures: readonly PlacementFailure[] };
  };
  /** Gives back the memory that a thread keeps for the next task: codecs, and the last chunk of a solid resource. */
  release: { in: Readonly<Record<string, never>>; out: Readonly<Record<string, never>> };
}

export type TaskName = keyof Tasks;

/** Runs tasks, several at a time. */
export interface TaskRunner {
  /** How many tasks run at the same time. */
  readonly width: number;
  /** Runs one task; rejects when its worker dies or the task throws. */
  run<N extends TaskName>(name: N, input: Tasks[N]['in']): Promise<Tasks[N]['out']>;
  /** Starts the threads now, so that they are ready when the first task comes. */
  prepare(): void;
  /** Ends the threads. Tasks under way are rejected. */
  close(): Promise<void>;
}

/** One function a task: what a thread runs. */
export type TaskHandlers = {
  [N in TaskName]: (
    input: Tasks[N]['in'],
  ) => Tasks[N]['out'] | (N extends LaterTask ? Promise<Tasks[N]['out']> : never);
};

/** Tasks whose code is loaded when the first one is asked for: other jobs start without it. */
export type LaterTask = 'readDrivers';

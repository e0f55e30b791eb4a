import type { Placement } from '../pipeline/tasks';
import type { Tree } from './tree';

/** What a target can keep of an entry. */
export type Feature =
  | 'hardLinks'
  | 'symbolicLinks'
  | 'reparsePoints'
  | 'namedStreams'
  | 'securityDescriptors'
  | 'shortNames'
  | 'attributes'
  | 'creationTime'
  | 'objectIds'
  | 'extendedAttributes'
  | 'unixData'
  | 'sparse'
  | 'encryptedRaw';

/** How an image is applied. */
export interface ApplyOptions {
  /** Restore owner, group, mode, device numbers and extended attributes from UNIX data. */
  readonly unixData?: boolean;
  /** Undo the fix-up of absolute links: make them point into the target. */
  readonly fixReparsePoints?: boolean;
  readonly securityDescriptors?: 'none' | 'lenient' | 'strict';
  /** Make names the target cannot hold by replacing characters, instead of leaving the entries out. */
  readonly includeInvalidNames?: boolean;
  /** Fail when a symbolic link cannot be made. */
  readonly strictSymlinks?: boolean;
  readonly strictTimestamps?: boolean;
  readonly strictShortNames?: boolean;
}

/** An entry that was applied in part or not at all. */
export interface TargetRemark {
  readonly path: string;
  readonly problem: string;
}

/** What an aborted run leaves, by path. */
export interface TargetRemains {
  /** Files and links that were there before and have their new content for good. */
  readonly replaced: readonly string[];
  /** What this run made and could not remove again. */
  readonly left: readonly string[];
}

/** What one inode becomes on the target. */
export type Realization = 'file' | 'directory' | 'link' | 'special' | 'skipped';

/**
 * A directory tree that an image can be applied to. The order of calls: `begin`, `placement` for each inode that
 * `begin` realized as a file, `finish`; or `abort` at any point.
 *
 * Links are made in `finish`, after all data is written: nothing is ever written through a link of the image.
 */
export interface TreeTarget {
  readonly label: string;
  readonly keeps: ReadonlySet<Feature>;
  /**
   * Checks every name below `root`, makes the directories and decides what every inode becomes.
   * @param root entry of `tree` that lands at the target itself
   * @param bare directories that are made where they are missing, without giving them any metadata
   * @param reparseData reparse buffer of an inode that has one (data after the tag and length words)
   */
  begin(request: {
    readonly tree: Tree;
    readonly root: number;
    readonly options: ApplyOptions;
    readonly reparseData: (inode: number) => Uint8Array;
    /** Bytes of a stream's data. */
    readonly sizeOf: (stream: number) => number;
    readonly bare?: ReadonlySet<number>;
    readonly signal?: AbortSignal;
  }): Promise<void>;
  /** What `begin` decided for an inode. */
  realization(inode: number): Realization;
  /** Where a worker writes the unnamed data of an inode realized as a file. */
  placement(inode: number): Placement;
  /** Where a worker writes a named or raw encrypted stream; undefined for one that the target leaves out. */
  streamPlacement?(stream: number): Placement | undefined;
  /**
   * Bytes that the tree takes there, and those that are free: asked before `begin`. Without it, the sizes of the data
   * and the free space of the label's volume.
   */
  space?(request: {
    readonly tree: Tree;
    readonly root: number;
    readonly sizeOf: (stream: number) => number;
  }): { readonly needed: number; readonly free: number };
  /** What would be done before the first file is written, and what is warned of: for a plan. */
  describe?(): { readonly steps: readonly string[]; readonly warnings: readonly string[] };
  /** Makes links and special files, sets what is left of metadata, directories last. Returns what was not kept. */
  finish(): Promise<readonly TargetRemark[]>;
  /**
   * Removes what was made where nothing was before, and what is not complete. Files that took the place of older ones
   * are complete, and stay.
   */
  abort(): Promise<TargetRemains>;
}

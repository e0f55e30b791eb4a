import type { Progress } from '../../../src-shared/model/progress';
import type { StreamLocation } from '../pipeline/tasks';
import type { ListDirectories } from './directoryListing';
import type { Tree } from './tree';

/** What a scan leaves out, follows and keeps. */
export interface ScanOptions {
  /** Returns the pattern that excludes a path of the tree ('/Windows/Temp'), or undefined. */
  readonly excludes?: (path: string) => string | undefined;
  /** Follow symbolic links and store what they point to. */
  readonly dereference?: boolean;
  /** Keep owner, group, mode, device numbers and extended attributes of UNIX. */
  readonly unixData?: boolean;
  /** Make absolute links that point into the source relative to it, as ImageX does ("rpfix"). */
  readonly fixReparsePoints?: boolean;
  /** Security descriptors: 'none' leaves them out, 'strict' fails when one cannot be read. */
  readonly securityDescriptors?: 'none' | 'lenient' | 'strict';
  /** Lists directories in other threads, where there are any. */
  readonly listDirectories?: ListDirectories;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Something of the source that a WIM image cannot hold, or that could not be read. */
export interface SourceRemark {
  readonly path: string;
  /** What was not kept, in words. */
  readonly problem: string;
}

/** What a scan found. */
export interface ScanResult {
  readonly tree: Tree;
  readonly excluded: readonly { readonly path: string; readonly pattern: string }[];
  readonly notKept: readonly SourceRemark[];
  /** Where the source is damaged, so that files or data are missing. They are not in {@link notKept}. */
  readonly damaged?: readonly SourceRemark[];
}

/** A directory tree that can be captured: a directory, a volume, an image in a WIM. */
export interface TreeSource {
  /** What a message calls it: usually the path. */
  readonly label: string;
  scan(options: ScanOptions): Promise<ScanResult>;
  /** Where the bytes of a stream of the scanned tree are; a worker thread opens them from this. */
  locate(tree: Tree, stream: number): StreamLocation;
}

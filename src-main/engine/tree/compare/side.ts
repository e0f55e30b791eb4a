import type { Tree } from '../tree';

/** A tree that is compared, and what it can tell of its entries: what one side cannot tell is not compared. */
export interface ComparedSide {
  readonly tree: Tree;
  /** FileAttribute bits that say something. */
  readonly attributes: number;
  readonly creationTimes: boolean;
  readonly security: boolean;
  readonly shortNames: boolean;
  readonly namedStreams: boolean;
  /** Whether all reparse points are there; otherwise only links are. */
  readonly reparsePoints: boolean;
  /** SHA-1 of a stream's data; undefined when it has to be read for that. */
  digest(stream: number): Uint8Array | undefined;
  /** Bytes of a stream's data; undefined when that is not known. */
  size(stream: number): number | undefined;
  /** Reparse data; undefined when it cannot be had. */
  reparseData(stream: number): Uint8Array | undefined;
}

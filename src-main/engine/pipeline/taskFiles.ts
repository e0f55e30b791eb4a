import type { ByteSource } from '../binary/byteSource';
import type { DirectoryListing } from '../tree/directoryListing';
import type { FilePlacement } from './tasks';

/** Size and last write of an open file: what "unchanged" is told by. */
export interface InputStatus {
  readonly size: number;
  /** Milliseconds since 1970, with fraction. */
  readonly modifiedMs: number;
}

/** A file open for reading. `size` is its length when it was first asked for. */
export interface InputFile extends ByteSource {
  /** As the file is now. @throws AppError when it is not a regular file */
  status(): InputStatus;
  close(): void;
}

/** A file open for writing, or for setting its metadata. */
export interface OutputFile {
  /** Writes all of `bytes` at `offset`. */
  write(offset: number, bytes: Uint8Array): void;
  truncate(size: number): void;
  /**
   * Sets owner, mode, extended attributes and times as far as the placement names them, times last. One that cannot
   * be set does not keep the others from it.
   * @returns what could not be set, in words; undefined when all is set
   */
  applyMetadata(placement: FilePlacement): MetadataProblem | undefined;
  close(): void;
}

/** Metadata that a file could not be given. */
export interface MetadataProblem {
  readonly problem: string;
  /** Error code of AppError. */
  readonly code: string;
}

/**
 * The file calls of a worker thread, made for many small files: synchronous, and as few calls of the system as will
 * do. Every call throws an AppError that names the path.
 */
export interface TaskFiles {
  /** Opens for reading without waiting and, where that can be had, without touching the access time. */
  openRead(path: string): InputFile;
  /**
   * Makes an empty file for a placement, under its temporary name where it has one; a file or link of that name is
   * removed first, never written through.
   * @throws AppError `io/exists` when a directory is in the way
   */
  create(placement: FilePlacement): OutputFile;
  /** Opens an existing file for writing, not through a link. */
  openWrite(path: string): OutputFile;
  /** Opens an existing file to set its metadata, not through a link. */
  openForMetadata(path: string): OutputFile;
  /** Gives a file another name in its directory; a file or link of that name is replaced at that moment. */
  replace(from: string, to: string): void;
  /** Lists a directory with the status of what is in it; undefined when any of it cannot be read. */
  listDirectory(path: string): DirectoryListing | undefined;
  /** Removes a file. */
  remove(path: string): void;
}

import type { DriverRemark } from '../../../../src-shared/model/drivers';

/** A file of a container. */
export interface ContainerFile {
  /** From the container's root, '/' between names. Each name is one that Windows takes as a file's name. */
  readonly path: string;
  /** Bytes. In a folder it is found out when it is first asked for; NaN when the file has gone by then. */
  readonly size: number;
}

/**
 * What holds driver packages: a folder, a zip or a cabinet. Nothing of an archive is unpacked before it is read, and no
 * file of the system stays open between two calls for longer than a few archives need.
 */
export interface PackageContainer {
  /** Absolute path of the folder or the archive. */
  readonly label: string;
  readonly kind: 'folder' | 'zip' | 'cab';
  /** What was left out and why, as far as it is known: unsafe names, files that go on in a missing cabinet. */
  readonly remarks: readonly DriverRemark[];
  /** All files, links and devices left out. Of an archive in the order in which they are stored; a folder is walked now. */
  list(): readonly ContainerFile[];
  /** A file by its path, '/' or '\\' between names, case-insensitively as Windows does. */
  find(path: string): ContainerFile | undefined;
  /**
   * A file's data, whole. In an archive, reading files in the order of {@link list} decompresses everything once; out of
   * order costs more.
   * @param limit bytes; a larger file is refused before anything is read
   * @throws AppError `io/not-found`, `offline/too-large`, `archive/malformed`, `archive/unsupported`, `source/changed`
   */
  read(path: string, limit: number): Uint8Array;
  /**
   * A file's data piece by piece, in bounded memory. A piece is valid until the next one is taken. Only one file of a
   * container is read at a time.
   * @throws AppError as {@link read} while it is iterated
   */
  pieces(path: string): Iterable<Uint8Array>;
  /** Absolute path of the file on this machine; undefined in an archive, and where there is no such file. */
  sourcePath(path: string): string | undefined;
  /** What a message calls a file of it: 'C:\\net\\e1d.inf', 'C:\\pack.cab > net/e1d.inf'. */
  placeOf(path: string): string;
  close(): void;
}

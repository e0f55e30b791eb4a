/**
 * The files of an offline Windows, wherever they are: an image in a WIM, a folder, a volume of a disk. Paths are those
 * of the image, '/' or '\\' between names, from its root; case does not count, as in Windows. Links are never followed.
 */
export interface OfflineTree {
  /** What a message calls it: 'image 2 of lab.wim'. */
  readonly label: string;
  readonly kind: 'image' | 'folder' | 'volume';
  /** Why nothing can be changed there; undefined where it can. */
  readonly readOnly: string | undefined;
  find(path: string): OfflineEntry | undefined;
  /** What a directory holds; empty where there is none. */
  list(path: string): readonly OfflineEntry[];
  /**
   * A file's data.
   * @param limit bytes; a larger file is refused before it is read
   * @throws AppError `io/not-found`, `offline/too-large`, and what the reading of a damaged image or volume throws
   */
  read(path: string, limit: number): Uint8Array;
  close(): void;
}

export interface OfflineEntry {
  readonly name: string;
  /** As the image spells it, with '/'. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
  readonly size: number;
}

/** One change. All changes of a job are made together, or none. */
export type OfflineEdit =
  /** A file's new data; directories on the way are made. A file that is there keeps its metadata, but for its times. */
  | { readonly kind: 'write'; readonly path: string; readonly bytes: Uint8Array }
  /** A file of this machine. */
  | { readonly kind: 'copy'; readonly path: string; readonly source: string; readonly size: number }
  /** A file, or a directory that is empty by then. */
  | { readonly kind: 'delete'; readonly path: string };

import type { OpenFile } from '../os';
import { truncated } from './diskFaults';
import type { ExtentList } from './extentList';
import type { Overlay } from './overlay';

/** The file that a virtual disk is kept in, with what a log holds in place of its bytes. */
export class ContainerFile {
  /** Absolute: threads open it, too. */
  readonly path: string;
  readonly writable: boolean;
  private readonly file: OpenFile;
  private overlay: Overlay | undefined;

  constructor(file: OpenFile, path: string, writable: boolean) {
    this.file = file;
    this.path = path;
    this.writable = writable;
  }

  /** From now on these bytes are read in place of the file's own. Only for a file that is not written. */
  layOver(overlay: Overlay): void {
    this.overlay = overlay;
  }

  get size(): number {
    return this.overlay === undefined ? this.file.size : Math.max(this.file.size, this.overlay.end);
  }

  /**
   * Fills `target`.
   * @param structure what is being read, for the error
   * @throws FormatError `disk/truncated` when the file ends before
   */
  read(offset: number, target: Uint8Array, structure: string): void {
    let count = this.file.read(offset, target);
    if (this.overlay !== undefined) {
      const end = Math.min(offset + target.length, this.size);
      if (offset + count < end) {
        target.fill(0, count, end - offset);
        count = end - offset;
      }
      this.overlay.patch(offset, target.subarray(0, count));
    }
    if (count === target.length) return;
    throw truncated(structure, offset, `${target.length} bytes wanted, ${count} are there (${this.path})`);
  }

  /** Reads `length` bytes, which the caller has bounded. */
  take(offset: number, length: number, structure: string): Uint8Array {
    if (!Number.isSafeInteger(offset + length) || offset < 0 || offset + length > this.size) {
      throw truncated(
        structure,
        offset,
        `${length} bytes from here on lie outside ${this.path}, which has ${this.size}`,
      );
    }
    const bytes = new Uint8Array(length);
    this.read(offset, bytes, structure);
    return bytes;
  }

  write(offset: number, bytes: Uint8Array): void {
    this.file.write(offset, bytes);
  }

  /** Makes the file at least that long; what is new reads as zeroes and takes no room where the system can. */
  extendTo(size: number): void {
    if (this.file.size < size) this.file.truncate(size);
  }

  /** Cuts or extends the file. */
  truncate(size: number): void {
    this.file.truncate(size);
  }

  flush(): void {
    this.file.flush();
  }

  /** Where bytes of the file lie, with the overlay's in memory. */
  addExtents(offset: number, length: number, list: ExtentList): void {
    if (this.overlay === undefined) list.addFile(this.path, offset, length);
    else this.overlay.addExtents(this.path, this.file.size, offset, length, list);
  }

  close(): void {
    this.file.close();
  }
}

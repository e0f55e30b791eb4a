import type { BlockDevice } from '../../disk/blockDevice';

/** Largest write. */
const PIECE = 4 * 1024 * 1024;
/** Gaps up to this are written as zeroes, so that there are fewer writes. */
const SMALL_GAP = 256 * 1024;

/** Collects what is written to a device from a place on, and writes it in large pieces. */
export class SequentialWriter {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  private used = 0;

  /** @param position first byte on the device; @param size bytes that will be written, as far as known */
  constructor(
    private readonly device: BlockDevice,
    private position: number,
    size: number,
  ) {
    this.bytes = new Uint8Array(Math.min(PIECE, Math.max(size, 8192)));
    this.view = new DataView(this.bytes.buffer);
  }

  /** Bytes that fit before a write. */
  get room(): number {
    return this.bytes.length - this.used;
  }
  /** Bytes that are not written yet. */
  get pending(): number {
    return this.used;
  }

  /** Room for `length` bytes, zero, at most as many as {@link bytes} has; returns their offset in it. */
  reserve(length: number): number {
    if (length > this.room) this.flush();
    const offset = this.used;
    this.used += length;
    return offset;
  }

  /** Goes on so many bytes further. */
  skip(length: number): void {
    if (length <= Math.min(SMALL_GAP, this.room)) {
      this.used += length;
      return;
    }
    this.flush();
    this.position += length;
  }

  flush(): void {
    if (this.used === 0) return;
    const part = this.bytes.subarray(0, this.used);
    this.device.write(this.position, part);
    this.position += this.used;
    part.fill(0);
    this.used = 0;
  }
}

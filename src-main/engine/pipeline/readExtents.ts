import { FormatError } from '../../../src-shared/errors/appError';
import type { ByteSource } from '../binary/byteSource';
import type { Kernels } from '../codec/kernel';
import { expandStream, type ExpandedStream } from './encodedExtents';
import type { ExtentLocation } from './tasks';

/** Reads a stream of a volume from the files that the volume is kept in. */
export class ExtentReader {
  /** Offset of each extent in the stored form, found as reading goes on in order. */
  private index = 0;
  private start = 0;
  /** Of a stream that is not stored as it is, made when first read. */
  private expanded: ExpandedStream | undefined;

  /**
   * @param open gives the file of that path; it stays open as long as its owner wants
   * @param kernels what compressed streams are expanded with
   */
  constructor(
    private readonly location: ExtentLocation,
    private readonly open: (path: string) => Pick<ByteSource, 'name' | 'read'>,
    readonly kernels: Kernels,
  ) {}

  get size(): number {
    return this.location.size;
  }

  /**
   * Fills `target` with the stream's bytes from `offset` on; returns how many there are.
   * @throws AppError where a file cannot be read; FormatError where the stored form is damaged
   */
  read(offset: number, target: Uint8Array): number {
    const { size, validSize, encoding } = this.location;
    const count = Math.max(0, Math.min(target.length, size - offset));
    const valid = Math.max(0, Math.min(count, validSize - offset));
    const part = target.subarray(0, valid);
    if (encoding.kind === 'plain') {
      this.readStored(offset, part);
    } else {
      const readStored = (from: number, into: Uint8Array) => {
        this.readStored(from, into);
      };
      const { extents } = this.location;
      this.expanded ??= expandStream(encoding, extents, size, readStored, this.kernels);
      this.expanded.read(offset, part);
    }
    target.fill(0, valid, count);
    return count;
  }

  /**
   * Fills `target` with bytes of the stored form, holes as zeroes.
   * @throws FormatError `volume/malformed` when the extents end before
   */
  readStored(offset: number, target: Uint8Array): void {
    const { extents } = this.location;
    if (offset < this.start) this.index = this.start = 0;
    let done = 0;
    while (done < target.length) {
      const extent = extents.at(this.index);
      if (this.index >= extents.length || extent === undefined) {
        throw new FormatError(
          {
            structure: 'run list',
            offset: this.start,
            problem: `it ends before the data: ${target.length - done} bytes are missing`,
          },
          'volume/malformed',
        );
      }
      const length = extent.kind === 'bytes' ? extent.bytes.length : extent.length;
      const inside = offset + done - this.start;
      if (inside >= length) {
        this.start += length;
        this.index += 1;
        continue;
      }
      const part = target.subarray(done, done + Math.min(target.length - done, length - inside));
      switch (extent.kind) {
        case 'file':
          readWhole(this.open(extent.path), extent.offset + inside, part);
          break;
        case 'bytes':
          part.set(extent.bytes.subarray(inside, inside + part.length));
          break;
        case 'zero':
        case 'hole':
          part.fill(0);
          break;
      }
      done += part.length;
    }
  }
}

function readWhole(file: Pick<ByteSource, 'name' | 'read'>, offset: number, target: Uint8Array): void {
  const count = file.read(offset, target);
  if (count === target.length) return;
  throw new FormatError(
    {
      structure: 'disk',
      offset: offset + count,
      problem: `${file.name} ends here, ${target.length - count} bytes before the end of a stream's extent`,
    },
    'disk/truncated',
  );
}

import { AppError, FormatError } from '../../../src-shared/errors/appError';
import type { SequentialSource } from '../binary/sequentialSource';
import type { CompressionFormat } from '../codec/codec';
import { decompressorFor } from '../codec/codecs';
import type { Kernels } from '../codec/kernel';
import { chunkEntrySize } from '../pipeline/resourceChunks';
import { chunkFormat, checkHeader } from './openWim';
import { ResourceFlag } from './records/resourceHeader';
import { PIPABLE_MAGIC, WIM_HEADER_SIZE, WIM_MAGIC, WimHeader } from './records/wimHeader';
import { PIPABLE_BLOB_HEADER_SIZE, PIPABLE_BLOB_MAGIC } from './write/resourceOutput';

/** Bytes read ahead; no chunk that can be decompressed is larger. */
const BUFFER_SIZE = 4 << 20;
const STRUCTURE = 'pipable resource header';

/** A resource that comes next in the pipe, from the 40 bytes before it: magic u64, size u64, SHA-1, flags u32. */
export interface PipedResource {
  /** Bytes when expanded; the stored size is known only when all of it has been read. */
  readonly size: number;
  readonly sha1: Uint8Array;
  /** ResourceFlag bits. */
  readonly flags: number;
}

/** Reads a pipable WIM from its first byte to its last; nothing can be read twice. */
export class PipeReader {
  /** Bytes consumed so far. */
  position = 0;
  private readonly buffer = new Uint8Array(BUFFER_SIZE);
  private start = 0;
  private end = 0;
  private format: CompressionFormat = 'none';
  private chunkSize = 0;

  constructor(
    private readonly source: SequentialSource,
    private readonly kernels: Kernels,
  ) {}

  /**
   * The header that a pipable WIM begins with: it counts the images and tells the compression.
   * @throws AppError `wim/unsupported` for a WIM that is not pipable, `wim/not-a-wim`
   */
  readHeader(): WimHeader {
    const { name } = this.source;
    const magic =
      this.fill(8) < 8 ? 0n : new DataView(this.buffer.buffer, this.start, 8).getBigUint64(0, true);
    if (magic === WIM_MAGIC) {
      throw new AppError(
        'wim/unsupported',
        `${name} holds a normal WIM, which cannot be applied while it is read; give its path, or make it pipable first`,
      );
    }
    if (magic !== PIPABLE_MAGIC) throw new AppError('wim/not-a-wim', `${name} does not hold a WIM`);
    const header = WimHeader.parse(this.take(WIM_HEADER_SIZE, 'WIM header').slice());
    checkHeader(header, 0);
    if (header.partNumber !== 1) {
      throw new AppError(
        'wim/missing-part',
        `${name} begins with part ${header.partNumber} of a set; part 1 must come first`,
      );
    }
    const { format, chunkSize } = chunkFormat(header);
    // Here and not at the first chunk, where a target would have been begun.
    if (format !== 'none') decompressorFor(this.kernels, format, chunkSize);
    this.format = format;
    this.chunkSize = chunkSize;
    return header;
  }

  /**
   * The next resource; headers of further parts and the one at the end are passed over.
   * @returns undefined at the end of the pipe
   */
  next(): PipedResource | undefined {
    for (;;) {
      if (this.fill(1) === 0) return undefined;
      const at = this.position;
      const bytes = this.take(PIPABLE_BLOB_HEADER_SIZE, STRUCTURE);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const magic = view.getBigUint64(0, true);
      if (magic === PIPABLE_MAGIC) {
        this.skip(WIM_HEADER_SIZE - PIPABLE_BLOB_HEADER_SIZE, 'WIM header');
        continue;
      }
      const fail = (problem: string): never => {
        throw new FormatError({ structure: STRUCTURE, offset: at, problem });
      };
      if (magic !== PIPABLE_BLOB_MAGIC) fail('its magic is missing');
      const size = view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32;
      const flags = view.getUint32(36, true);
      if (size === 0 || !Number.isSafeInteger(size)) fail(`${size} bytes of data`);
      if ((flags & ResourceFlag.SOLID) !== 0) fail('a solid resource');
      if ((flags & ResourceFlag.COMPRESSED) !== 0 && this.format === 'none')
        fail('compressed, in a WIM that is not');
      return { size, sha1: bytes.slice(16, 36), flags };
    }
  }

  /**
   * Reads the data of the resource that {@link next} returned. Each piece is valid until the next is asked for.
   * @param room pieces of this size are made, the last one smaller; at least a chunk's size
   * @param onCorrupt told of a chunk that does not decompress; when it returns, the chunk becomes zeroes
   */
  *pieces(
    resource: PipedResource,
    room: Uint8Array,
    onCorrupt: (problem: string) => void,
  ): Generator<Uint8Array> {
    const compressed = (resource.flags & ResourceFlag.COMPRESSED) !== 0;
    const { chunkSize } = this;
    let used = 0;
    for (let done = 0; done < resource.size;) {
      const step = compressed ? chunkSize : Math.min(BUFFER_SIZE, room.length);
      const length = Math.min(step, resource.size - done);
      if (used + length > room.length) {
        yield room.subarray(0, used);
        used = 0;
      }
      const target = room.subarray(used, used + length);
      if (compressed) this.readChunk(target, onCorrupt);
      else target.set(this.take(length, 'resource'));
      used += length;
      done += length;
    }
    if (compressed) this.skip(this.tableSize(resource), 'chunk table');
    yield room.subarray(0, used);
  }

  /** The whole data of a resource; memory grows with what has arrived, not with what is claimed. */
  readWhole(resource: PipedResource): Uint8Array {
    const room = new Uint8Array(Math.max(1 << 20, this.chunkSize));
    let bytes = new Uint8Array(Math.min(resource.size, room.length));
    let used = 0;
    const refuse = (problem: string): never => {
      throw new FormatError({ structure: 'resource', offset: this.position, problem });
    };
    for (const piece of this.pieces(resource, room, refuse)) {
      if (used + piece.length > bytes.length) {
        const grown = new Uint8Array(Math.min(resource.size, used * 2 + piece.length));
        grown.set(bytes.subarray(0, used));
        bytes = grown;
      }
      bytes.set(piece, used);
      used += piece.length;
    }
    return bytes;
  }

  /** Passes over the data of the resource that {@link next} returned, a few MB at a time. */
  *skipResource(resource: PipedResource): Generator<void> {
    if ((resource.flags & ResourceFlag.COMPRESSED) === 0) {
      for (let left = resource.size; left > 0; left -= BUFFER_SIZE) {
        this.skip(Math.min(left, BUFFER_SIZE), 'resource');
        yield;
      }
      return;
    }
    let restedAt = 0;
    for (let done = 0; done < resource.size; done += this.chunkSize) {
      this.skip(this.chunkStored(Math.min(this.chunkSize, resource.size - done)), 'chunk');
      if (done - restedAt < BUFFER_SIZE) continue;
      restedAt = done;
      yield;
    }
    this.skip(this.tableSize(resource), 'chunk table');
  }

  /** Drops what has come and reads some more. @returns false at the end of the pipe */
  drain(): boolean {
    this.position += this.end - this.start;
    this.start = this.end = 0;
    return this.fill(1) > 0;
  }

  private tableSize({ size }: PipedResource): number {
    return (Math.ceil(size / this.chunkSize) - 1) * chunkEntrySize(size);
  }

  private readChunk(target: Uint8Array, onCorrupt: (problem: string) => void): void {
    const stored = this.take(this.chunkStored(target.length), 'chunk');
    if (stored.length === target.length) {
      target.set(stored);
      return;
    }
    try {
      decompressorFor(this.kernels, this.format, this.chunkSize).decompress(stored, target);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      onCorrupt(
        `the chunk that ends at byte ${this.position} of the pipe does not decompress: ${error.message}`,
      );
      target.fill(0);
    }
  }

  /** Stored size of the next chunk, from the 4 bytes before it. */
  private chunkStored(length: number): number {
    const at = this.position;
    const bytes = this.take(4, 'chunk header');
    const stored = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
    if (stored === 0 || stored > length) {
      throw new FormatError({
        structure: 'chunk header',
        offset: at,
        problem: `${stored} stored bytes for ${length} bytes`,
      });
    }
    return stored;
  }

  /** The next `length` bytes, up to the buffer's size: a view that is valid until the next call. */
  private take(length: number, structure: string): Uint8Array {
    const there = this.fill(length);
    if (there < length) this.endedEarly(structure, length, there);
    const bytes = this.buffer.subarray(this.start, this.start + length);
    this.start += length;
    this.position += length;
    return bytes;
  }

  private skip(length: number, structure: string): void {
    for (let left = length; left > 0;) {
      const there = Math.min(left, this.fill(1));
      if (there === 0) this.endedEarly(structure, length, length - left);
      this.start += there;
      this.position += there;
      left -= there;
    }
  }

  private endedEarly(structure: string, wanted: number, there: number): never {
    const problem = `${wanted} bytes wanted, ${there} came before ${this.source.name} ended`;
    throw new FormatError({ structure, offset: this.position, problem }, 'wim/truncated');
  }

  /** Reads until `length` bytes are in the buffer or the pipe ends. @returns bytes there */
  private fill(length: number): number {
    if (this.end - this.start >= length) return this.end - this.start;
    this.buffer.copyWithin(0, this.start, this.end);
    this.end -= this.start;
    this.start = 0;
    while (this.end < length) {
      const count = this.source.read(this.buffer.subarray(this.end));
      if (count === 0) break;
      this.end += count;
    }
    return this.end;
  }
}

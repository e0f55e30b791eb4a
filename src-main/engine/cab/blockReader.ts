import { FormatError } from '../../../src-shared/errors/appError';
import { readExactly } from '../binary/byteSource';
import type { FolderPart } from './cabinet';
import { BLOCK_SIZE, CabDataRecord, LARGEST_COMPRESSED_BLOCK } from './cabRecords';

/** A compressed block of a folder. */
export interface CabBlock {
  readonly data: Uint8Array;
  /** Expanded, bytes. */
  readonly size: number;
  /** Offset of its CFDATA, for errors. */
  readonly offset: number;
}

/** Where the next block begins. */
export interface BlockPlace {
  /** Index of the part. */
  readonly part: number;
  /** Index of the block within the part. */
  readonly block: number;
  /** Of its CFDATA in the part's file. */
  readonly offset: number;
}

/** Bytes that are read from the file at a time. */
const READ_AHEAD = 512 << 10;

/** Reads the blocks of a folder one after the other, through all cabinets that it lies in; checksums are checked. */
export class BlockReader {
  private part: number;
  private block: number;
  private offset: number;
  private window: Uint8Array = new Uint8Array(0);
  private windowAt = 0;

  /** @param place where to begin, as {@link BlockReader.place} told it; at the folder's start where it is absent */
  constructor(
    private readonly parts: readonly FolderPart[],
    place?: BlockPlace,
  ) {
    this.part = place?.part ?? 0;
    this.block = place?.block ?? 0;
    this.offset = place?.offset ?? parts.at(0)?.offset ?? 0;
  }

  /** Where {@link next} goes on. */
  place(): BlockPlace {
    return { part: this.part, block: this.block, offset: this.offset };
  }

  /** The next block, valid until the one after it; undefined behind the last. */
  next(): CabBlock | undefined {
    let front: Uint8Array | undefined;
    for (;;) {
      const piece = this.nextPiece();
      if (piece === undefined) {
        if (front === undefined) return undefined;
        fail(this.offset, 'the block goes on in a cabinet that is not there');
      }
      const data = front === undefined ? piece.data : joined(front, piece.data);
      if (data.length > LARGEST_COMPRESSED_BLOCK) {
        fail(piece.offset, `a block of ${data.length} bytes; ${LARGEST_COMPRESSED_BLOCK} are the most`);
      }
      if (piece.size > 0) return { ...piece, data };
      // Only the last block of a part may go on in the next one.
      if (this.block !== 0 || this.part === this.parts.length)
        fail(piece.offset, 'a block expands to nothing');
      front = data.slice();
    }
  }

  private nextPiece(): CabBlock | undefined {
    while (this.part < this.parts.length && this.block === this.parts[this.part].blocks)
      this.enter(this.part + 1);
    if (this.part === this.parts.length) return undefined;
    const part = this.parts[this.part];
    const { offset } = this;
    const record = CabDataRecord.parse(this.bytes(part, offset, CabDataRecord.size), offset);
    if (record.size > BLOCK_SIZE)
      fail(offset, `a block expands to ${record.size} bytes; ${BLOCK_SIZE} are the most`);
    const length = CabDataRecord.size + part.reserve + record.compressedSize;
    const whole = this.bytes(part, offset, length);
    const data = whole.subarray(CabDataRecord.size + part.reserve);
    // The format counts the reserved bytes in; most programs do not.
    if (record.checksum !== 0 && checksum(data, whole) !== record.checksum) {
      const all = whole.subarray(CabDataRecord.size);
      if (part.reserve === 0 || checksum(all, whole) !== record.checksum) {
        fail(offset, 'the data of the block does not have its checksum');
      }
    }
    this.offset = offset + length;
    this.block += 1;
    if (this.block === part.blocks) this.enter(this.part + 1);
    return { data, size: record.size, offset };
  }

  private enter(part: number): void {
    this.part = part;
    this.block = 0;
    this.offset = this.parts.at(part)?.offset ?? 0;
    this.window = new Uint8Array(0);
  }

  /** Bytes of the part's file; `offset` only grows within a part. */
  private bytes(part: FolderPart, offset: number, length: number): Uint8Array {
    if (offset + length > part.end) fail(offset, 'the blocks of the folder reach past its end');
    if (offset + length > this.windowAt + this.window.length || offset < this.windowAt) {
      const size = Math.max(length, Math.min(READ_AHEAD, part.end - offset));
      this.window = readExactly(part.source, offset, size, CabDataRecord.structure, 'archive/malformed');
      this.windowAt = offset;
    }
    return this.window.subarray(offset - this.windowAt, offset - this.windowAt + length);
  }
}

/**
 * Checksum of a CFDATA ([MS-CAB] 3.1): words of 32 bits XORed, the last one to three bytes with the first on top; then
 * the sizes in the record.
 * @param whole the record and what follows
 */
function checksum(data: Uint8Array, whole: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const words = data.length & ~3;
  let sum = 0;
  for (let i = 0; i < words; i += 4) sum ^= view.getUint32(i, true);
  let rest = 0;
  for (let i = words; i < data.length; i++) rest = (rest << 8) | data[i];
  sum ^= rest;
  sum ^= whole[4] | (whole[5] << 8) | (whole[6] << 16) | (whole[7] << 24);
  return sum >>> 0;
}

function joined(front: Uint8Array, back: Uint8Array): Uint8Array {
  const whole = new Uint8Array(front.length + back.length);
  whole.set(front);
  whole.set(back, front.length);
  return whole;
}

function fail(offset: number, problem: string): never {
  throw new FormatError({ structure: CabDataRecord.structure, offset, problem }, 'archive/malformed');
}

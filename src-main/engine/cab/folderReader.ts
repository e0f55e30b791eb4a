import { FormatError } from '../../../src-shared/errors/appError';
import { createBlockDecoder, type BlockDecoder } from './blockDecoder';
import { BlockReader } from './blockReader';
import { mostBytes, type CabFile, type CabFolder } from './cabinetSet';

/** A folder that can have no more than this is kept expanded while it is read, bytes. */
const KEPT_WHOLE = 32 << 20;

/**
 * Reads files of a cabinet. What was expanded last is gone on with: files in the order of their folder cost one pass,
 * and in a folder up to 32 MiB any order does. Memory: that much, or a block and the window of LZX.
 */
export class CabReader {
  private cursor: FolderCursor | undefined;

  /** A file's data piece by piece, each valid until the next one is taken. One file is read at a time. */
  *pieces(file: CabFile): Generator<Uint8Array, void, undefined> {
    const end = file.offset + file.size;
    for (let at = file.offset; at < end;) {
      // Another file may have been begun in between.
      const cursor = this.cursorFor(file.folder, at);
      const { bytes, start } = cursor.blockAt(at, file.name);
      const piece = bytes.subarray(at - start, Math.min(bytes.length, end - start));
      at += piece.length;
      yield piece;
    }
  }

  private cursorFor(folder: CabFolder, offset: number): FolderCursor {
    if (this.cursor?.folder !== folder || !this.cursor.reaches(offset))
      this.cursor = new FolderCursor(folder);
    return this.cursor;
  }
}

/** A place in a folder that is expanded, from which it goes forward. */
class FolderCursor {
  private readonly reader: BlockReader;
  private readonly decoder: BlockDecoder;
  /** Blocks that are kept, from the folder's start; undefined where only the last one is. */
  private readonly kept: { readonly bytes: Uint8Array; readonly start: number }[] | undefined;
  private last: Uint8Array = new Uint8Array(0);
  private lastStart = 0;
  private end = 0;
  /** A decoder that failed is in no state to go on. */
  private broken = false;

  constructor(readonly folder: CabFolder) {
    this.reader = new BlockReader(folder.parts);
    this.decoder = createBlockDecoder(folder.compression);
    this.kept = mostBytes(folder) <= KEPT_WHOLE ? [] : undefined;
  }

  reaches(offset: number): boolean {
    return (!this.broken && offset >= this.lastStart) || (this.kept !== undefined && offset < this.end);
  }

  /** The block that holds an offset, with the block's own. @param name for an error */
  blockAt(offset: number, name: string): { readonly bytes: Uint8Array; readonly start: number } {
    if (this.kept !== undefined && offset < this.end) return keptAt(this.kept, offset);
    while (offset >= this.end) this.advance(name);
    return { bytes: this.last, start: this.lastStart };
  }

  private advance(name: string): void {
    this.broken = true;
    const block = this.reader.next();
    if (block === undefined) {
      const problem = `the folder has ${this.end} bytes, and the file ${name} more`;
      throw new FormatError({ structure: 'CFFOLDER', offset: 0, problem }, 'archive/malformed');
    }
    const bytes = this.decoder.decode(block);
    this.last = this.kept === undefined ? bytes : bytes.slice();
    this.lastStart = this.end;
    this.kept?.push({ bytes: this.last, start: this.end });
    this.end += bytes.length;
    this.broken = false;
  }
}

/** The block that holds an offset; blocks are in order, and begin at 0. */
function keptAt<B extends { readonly start: number }>(blocks: readonly B[], offset: number): B {
  let low = 0;
  for (let high = blocks.length; high - low > 1;) {
    const middle = (low + high) >>> 1;
    if (blocks[middle].start <= offset) low = middle;
    else high = middle;
  }
  return blocks[low];
}

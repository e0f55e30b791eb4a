import { FormatError } from '../../../src-shared/errors/appError';
import { createBlockDecoder, type BlockDecoder } from './blockDecoder';
import { BlockReader } from './blockReader';
import type { CabFile, CabFolder } from './cabinetSet';
import { BLOCK_SIZE } from './cabRecords';
import { Checkpoints, type Checkpoint } from './checkpoints';

/** What a reader keeps in memory to be fast in any order. */
export interface ReaderMemory {
  /** Expanded blocks that are kept, those expanded last. */
  readonly blocks: number;
  /** Most bytes of checkpoints. */
  readonly checkpoints: number;
  /** Bytes of a folder between two checkpoints at least. */
  readonly nearest: number;
}

/** 32 MiB of blocks: a driver package is seldom larger, and lies in one piece. */
const usual: ReaderMemory = { blocks: 1024, checkpoints: 48 << 20, nearest: 1 << 20 };

/**
 * Reads files of a cabinet in any order. What was expanded last is kept, 32 MiB of it; what lies elsewhere is expanded
 * from the checkpoint before it. In a folder of 1 GiB they are 8 MiB apart in MSZIP's case or less, 32 to 96 MiB in that
 * of LZX with its largest window. Memory: 80 MiB, and the window of LZX.
 */
export class CabReader {
  /** Blocks that were expanded so far. */
  expanded = 0;
  private cursor: FolderCursor | undefined;
  private readonly checkpoints: Checkpoints;
  /** Where folders are damaged, or end. */
  private readonly faults = new Map<CabFolder, FolderFault>();

  constructor(private readonly memory: ReaderMemory = usual) {
    this.checkpoints = new Checkpoints(memory.checkpoints, memory.nearest);
  }

  /** A file's data piece by piece, each valid until the next one is taken. One file is read at a time. */
  *pieces(file: CabFile): Generator<Uint8Array, void, undefined> {
    const end = file.offset + file.size;
    for (let at = file.offset; at < end;) {
      // Another file may have been begun in between.
      const { bytes, start } = this.blockAt(file, at);
      const piece = bytes.subarray(at - start, Math.min(bytes.length, end - start));
      at += piece.length;
      yield piece;
    }
  }

  private blockAt({ folder, name }: CabFile, offset: number): KeptBlock {
    const known = this.cursor?.folder === folder ? this.cursor.find(offset) : undefined;
    if (known !== undefined) return known;
    const fault = this.faults.get(folder);
    if (fault !== undefined && offset >= fault.at) throw fault.errorFor(name);
    const cursor = this.cursorFor(folder, offset);
    while (offset >= cursor.end) this.advance(cursor, name);
    return cursor.last;
  }

  /** Where to go on from: the place where the last file ended, or a checkpoint that is nearer. */
  private cursorFor(folder: CabFolder, offset: number): FolderCursor {
    const from = this.checkpoints.before(folder, offset);
    const { cursor } = this;
    if (cursor?.folder === folder && !cursor.broken && cursor.end <= offset && (from?.at ?? 0) <= cursor.end)
      return cursor;
    this.cursor = new FolderCursor(folder, this.memory.blocks, from);
    return this.cursor;
  }

  private advance(cursor: FolderCursor, name: string): void {
    const { folder, end } = cursor;
    let more: boolean;
    try {
      more = cursor.advance();
    } catch (error) {
      // The same would come of it for each file behind.
      if (error instanceof FormatError) this.faults.set(folder, { at: end, errorFor: () => error });
      throw error;
    }
    if (!more) {
      const fault = { at: end, errorFor: (file: string) => endsBefore(file, end) };
      this.faults.set(folder, fault);
      throw fault.errorFor(name);
    }
    this.expanded += 1;
    this.checkpoints.offer(folder, cursor.end, cursor.reader.place(), cursor.decoder);
  }
}

/** What keeps a folder from being read further. */
interface FolderFault {
  readonly at: number;
  errorFor(name: string): FormatError;
}

function endsBefore(name: string, end: number): FormatError {
  const problem = `the folder has ${end} bytes, and the file ${name} more`;
  return new FormatError({ structure: 'CFFOLDER', offset: 0, problem }, 'archive/malformed');
}

interface KeptBlock {
  readonly bytes: Uint8Array;
  /** In the expanded folder. */
  readonly start: number;
}

/** A place in a folder that is expanded, from which it goes forward, and what lies before it. */
class FolderCursor {
  readonly reader: BlockReader;
  readonly decoder: BlockDecoder;
  /** Bytes of the folder before the next block. */
  end: number;
  /** A decoder that failed is in no state to go on. */
  broken = false;
  /** In order, without a gap. */
  private readonly kept: KeptBlock[] = [];

  /** @param from the folder's start where it is absent */
  constructor(
    readonly folder: CabFolder,
    private readonly most: number,
    from: Checkpoint | undefined,
  ) {
    this.reader = new BlockReader(folder.parts, from?.place);
    this.decoder = from?.decoder() ?? createBlockDecoder(folder.compression);
    this.end = from?.at ?? 0;
  }

  /** The block that was expanded last. */
  get last(): KeptBlock {
    return this.kept[this.kept.length - 1];
  }

  /** The block that holds an offset, where it is kept. */
  find(offset: number): KeptBlock | undefined {
    const { kept } = this;
    if (kept.length === 0 || offset < kept[0].start || offset >= this.end) return undefined;
    let low = 0;
    for (let high = kept.length; high - low > 1;) {
      const middle = (low + high) >>> 1;
      if (kept[middle].start <= offset) low = middle;
      else high = middle;
    }
    return kept[low];
  }

  /** Expands the next block. @returns whether there was one */
  advance(): boolean {
    this.broken = true;
    const block = this.reader.next();
    if (block === undefined) return false;
    const expanded = this.decoder.decode(block);
    const oldest = this.kept.length < this.most ? undefined : this.kept.shift();
    const bytes = new Uint8Array(oldest?.bytes.buffer ?? new ArrayBuffer(BLOCK_SIZE), 0, expanded.length);
    bytes.set(expanded);
    this.kept.push({ bytes, start: this.end });
    this.end += bytes.length;
    this.broken = false;
    return true;
  }
}

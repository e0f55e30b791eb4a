import { FormatError } from '../../../src-shared/errors/appError';
import { BIN_HEADER, BinHeader, Magic, NOWHERE, PAGE, offsetsOf } from './records';

const BIN = offsetsOf(BinHeader);
/** A hive that loads into memory as it is: no bin begins above this. */
const MOST_BYTES = 0x7ffff000;

/** What is wrong with the bins of a hive, as far as they could be walked. */
export interface BinFault {
  readonly offset: number;
  readonly problem: string;
}

/** The bins of a hive: where cells are read. Offsets count from the first bin; those in errors from the file's start. */
export class CellStore {
  /** Bytes of bins that can be read. */
  size = 0;
  readonly faults: BinFault[] = [];
  bytes: Uint8Array;
  view: DataView;
  /** Where the bin ends that a page lies in. */
  private binEnds: Uint32Array<ArrayBuffer>;

  /**
   * @param bins from the first bin on; what follows the last bin is not looked at
   * @param declared bytes of bins by the base block; undefined when it is not to be trusted
   */
  constructor(bins: Uint8Array, declared: number | undefined) {
    this.bytes = bins;
    this.view = new DataView(bins.buffer, bins.byteOffset, bins.length);
    this.binEnds = new Uint32Array(Math.ceil(bins.length / PAGE));
    this.walkBins(declared);
  }

  /** Copies the bins, so that they can be changed: those that were given never are. */
  makeOwn(): void {
    this.moveTo(this.size + 16 * PAGE);
  }

  /**
   * Adds a bin behind the last one. Its cells are up to the caller.
   * @param size multiple of 4096
   * @returns the bin's offset
   * @throws RangeError when the hive would be too large for its format
   */
  addBin(size: number): number {
    const at = this.size;
    if (size > MOST_BYTES - at) throw new RangeError(`a hive of ${at} bytes cannot take ${size} more`);
    if (at + size > this.bytes.length) this.moveTo(Math.max(at + size, Math.ceil((at * 1.25) / PAGE) * PAGE));
    this.bytes.fill(0, at, at + size);
    this.bytes.set(
      BinHeader.serialize({ magic: Magic.HBIN, offset: at, size, reserved: 0n, timestamp: 0n, spare: 0 }),
      at,
    );
    this.size = at + size;
    this.noteBin(at, this.size);
    return at;
  }

  /** Takes away the last bin, of which nothing is in use. */
  dropBin(at: number): void {
    this.size = at;
  }

  private moveTo(capacity: number): void {
    const bytes = new Uint8Array(capacity);
    bytes.set(this.bytes.subarray(0, this.size));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
    const ends = new Uint32Array(Math.ceil(capacity / PAGE));
    ends.set(this.binEnds.subarray(0, Math.ceil(this.size / PAGE)));
    this.binEnds = ends;
  }

  private walkBins(declared: number | undefined): void {
    const most = Math.min(this.bytes.length, MOST_BYTES);
    const end = Math.min(declared ?? most, most);
    let at = 0;
    while (at + BIN_HEADER <= end) {
      if (this.view.getUint32(at + BIN.magic, true) !== Magic.HBIN) {
        if (declared !== undefined) this.fault(at, 'no bin begins where one must');
        break;
      }
      const offset = this.view.getUint32(at + BIN.offset, true);
      if (offset !== at) this.fault(at, `the bin says that it is at ${PAGE + offset}`);
      const size = this.view.getUint32(at + BIN.size, true);
      if (size === 0 || size % PAGE !== 0) {
        this.fault(at, `the bin has a size of ${size}`);
        break;
      }
      const cut = size > end - at;
      if (cut) this.fault(at, `the bin has ${size} bytes, ${end - at} are left`);
      const binEnd = cut ? end : at + size;
      this.noteBin(at, binEnd);
      at = binEnd;
    }
    this.size = at;
    if (declared !== undefined && at < declared && this.faults.length === 0) {
      this.fault(at, `the file ends, ${declared - at} bytes of bins are missing`);
    }
  }

  private noteBin(from: number, to: number): void {
    this.binEnds.fill(to, from / PAGE, Math.ceil(to / PAGE));
  }

  private fault(at: number, problem: string): void {
    this.faults.push({ offset: PAGE + at, problem });
  }

  /** Where the bin ends that an offset lies in. */
  binEnd(offset: number): number {
    return this.binEnds[Math.floor(offset / PAGE)];
  }

  /**
   * Size of an allocated cell's content; the content begins at `offset + 4`.
   * @param least bytes that the record needs
   * @throws FormatError when there is no such cell
   */
  contentSize(offset: number, structure: string, least: number): number {
    const { view } = this;
    const fail = (problem: string): never => {
      throw new FormatError({ structure, offset: PAGE + offset, problem }, 'registry/malformed');
    };
    if (offset === NOWHERE) return fail('its offset points nowhere');
    if (offset % 8 !== 0 || offset < BIN_HEADER || offset + 8 > this.size)
      return fail('no cell can be there');
    const size = -view.getInt32(offset, true);
    if (size <= 0) return fail('its cell is free');
    if (size < 8 || size % 8 !== 0) return fail(`its cell has a size of ${size}`);
    if (offset + size > this.binEnd(offset)) return fail('its cell reaches over the end of the bin');
    if (size - 4 < least) return fail(`its cell holds ${size - 4} bytes, it needs ${least}`);
    return size - 4;
  }

  /**
   * Where the content of a cell with a record begins.
   * @param magic the letters that it begins with
   */
  record(offset: number, structure: string, magic: number, least: number): number {
    this.contentSize(offset, structure, least);
    const found = this.view.getUint16(offset + 4, true);
    if (found !== magic) {
      const problem = `0x${found.toString(16)} found where "${letters(magic)}" must be`;
      throw new FormatError({ structure, offset: PAGE + offset + 4, problem }, 'registry/malformed');
    }
    return offset + 4;
  }
}

function letters(magic: number): string {
  return String.fromCharCode(magic & 0xff, magic >> 8);
}

import { baseBlockChecksum, type BaseBlock } from './baseBlock';
import { marvin32 } from './marvin32';
import { BaseBlock as BaseBlockRecord, FileType, LogEntry, Magic, PAGE } from './records';

/** Sector of a log, whatever the disk's is: of format 1.3 on Windows 8 and later, and of all new logs. */
const SECTOR = 512;

/** One page that a log holds: where it belongs, from the first bin on, and its bytes. */
export interface LoggedPage {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** One write that a log holds: all of it was written, or it is not here. */
export interface LoggedWrite {
  readonly sequence: number;
  /** Bytes of all bins after it. */
  readonly binsSize: number;
  /** What the lowest bit of the base block's flags becomes; undefined where the format does not say. */
  readonly locked: boolean | undefined;
  readonly pages: readonly LoggedPage[];
}

export interface LogFile {
  readonly block: BaseBlock;
  /** Whether it is of the format that Windows 8.1 brought: many writes, each with its own sequence number. */
  readonly isNew: boolean;
  readonly writes: readonly LoggedWrite[];
  readonly length: number;
}

/** What a log holds that is whole. @returns undefined for a file that is empty or no log of which anything is usable */
export function readLog(file: Uint8Array): LogFile | undefined {
  if (file.length < 2 * SECTOR) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (view.getUint32(0, true) !== Magic.REGF) return undefined;
  const block = BaseBlockRecord.parse(file);
  if (block.checksum !== baseBlockChecksum(file)) return undefined;
  if (block.primarySequence !== block.secondarySequence || block.binsSize % PAGE !== 0) return undefined;
  const { length } = file;
  if (block.fileType === FileType.NEW_LOG) {
    return { block, isNew: true, writes: readEntries(file, view, block), length };
  }
  if (block.fileType !== FileType.LOG && block.fileType !== FileType.OLDEST_LOG) return undefined;
  const write = readDirtyPages(file, view, block);
  return write === undefined ? undefined : { block, isNew: false, writes: [write], length };
}

/** Log entries with sequence numbers that follow each other, up to the first that is not whole. */
function readEntries(file: Uint8Array, view: DataView, block: BaseBlock): LoggedWrite[] {
  const writes: LoggedWrite[] = [];
  let at = SECTOR;
  let sequence = block.primarySequence;
  while (at + LogEntry.size <= file.length && view.getUint32(at, true) === Magic.HVLE) {
    const entry = LogEntry.parse(file.subarray(at, at + LogEntry.size));
    const { size } = entry;
    if (size < LogEntry.size || size % SECTOR !== 0 || size > file.length - at) break;
    if (entry.sequence !== sequence || entry.binsSize === 0 || entry.binsSize % PAGE !== 0) break;
    if (marvin32(file.subarray(at, at + 32)) !== entry.hash2) break;
    if (marvin32(file.subarray(at + LogEntry.size, at + size)) !== entry.hash1) break;
    const pages = readPages(file.subarray(at, at + size), entry.pageCount, entry.binsSize);
    if (pages === undefined) break;
    writes.push({ sequence, binsSize: entry.binsSize, locked: (entry.flags & 1) !== 0, pages });
    sequence = (sequence + 1) >>> 0;
    at += size;
  }
  return writes;
}

/** Pages of one entry: first where each belongs and its size, then their bytes. */
function readPages(entry: Uint8Array, count: number, binsSize: number): LoggedPage[] | undefined {
  if (count > (entry.length - LogEntry.size) / 8) return undefined;
  const view = new DataView(entry.buffer, entry.byteOffset, entry.length);
  const pages: LoggedPage[] = [];
  let data = LogEntry.size + count * 8;
  for (let i = 0; i < count; i++) {
    const offset = view.getUint32(LogEntry.size + i * 8, true);
    const size = view.getUint32(LogEntry.size + i * 8 + 4, true);
    if (size > entry.length - data || offset + size > binsSize) return undefined;
    pages.push({ offset, bytes: entry.subarray(data, data + size) });
    data += size;
  }
  return pages;
}

/** The one write of an old log: a bitmap of pages of 512 bytes, then those whose bit is set. */
function readDirtyPages(file: Uint8Array, view: DataView, block: BaseBlock): LoggedWrite | undefined {
  const sector = SECTOR * Math.max(1, Math.min(8, block.clusteringFactor));
  if (file.length < sector + 4 || view.getUint32(sector, true) !== Magic.DIRT) return undefined;
  const bitmap = file.subarray(sector + 4, sector + 4 + block.binsSize / SECTOR / 8);
  if (bitmap.length < block.binsSize / SECTOR / 8) return undefined;
  let data = Math.ceil((sector + 4 + bitmap.length) / sector) * sector;
  const pages: LoggedPage[] = [];
  for (let i = 0; i < bitmap.length; i++) {
    for (let bit = 0; bit < 8; bit++) {
      if ((bitmap[i] & (1 << bit)) === 0) continue;
      if (data + SECTOR > file.length) return undefined;
      pages.push({ offset: (i * 8 + bit) * SECTOR, bytes: file.subarray(data, data + SECTOR) });
      data += SECTOR;
    }
  }
  return { sequence: block.primarySequence, binsSize: block.binsSize, locked: undefined, pages };
}

import { bytesEqual } from '../../binary/bytesEqual';
import { toNumber } from '../bigNumber';
import type { ContainerFile } from '../containerFile';
import { malformed, truncated, unsupported } from '../diskFaults';
import { Overlay } from '../overlay';
import { crc32c } from './crc32c';
import { isLogAligned } from './headers';
import {
  DATA_SECTOR_SIGNATURE,
  DATA_SIGNATURE,
  DataDescriptor,
  LOG_DESCRIPTOR_SIZE,
  LOG_ENTRY_SIGNATURE,
  LOG_SECTOR,
  LogEntryHeader,
  MAX_DISK_SIZE,
  type VhdxHeader,
  ZERO_SIGNATURE,
  ZeroDescriptor,
} from './records';

const STRUCTURE = 'VHDX log';
/** Changed places that are kept of a log at most: a log of 1 MiB holds half as many. */
const MAX_RUNS = 65_536;
/** The file that a replay makes is at most that long: the largest disk with all its tables fits. */
const MAX_FILE = 2 * MAX_DISK_SIZE;

/** A valid log entry: where it stands in the log, and its header. */
interface LogEntry {
  readonly at: number;
  readonly header: LogEntryHeader;
}

/**
 * What a log that is not empty changes, [MS-VHDX] 2.3.3: the entries of the active sequence, from its tail to its head.
 * @throws FormatError when no sequence of entries is valid, or the file is shorter than it was when they were written
 */
export function readLog(file: ContainerFile, header: VhdxHeader): Overlay {
  const base = toNumber(header.logOffset);
  const log = file.take(base, header.logLength, STRUCTURE);
  const entries = activeSequence(log, header.logGuid);
  if (entries === undefined) {
    throw malformed(STRUCTURE, base, 'the header says that it must be replayed, and it has no valid entries');
  }
  const last = entries[entries.length - 1].header;
  const flushed = toNumber(last.flushedFileOffset);
  if (file.size < flushed) {
    throw truncated(
      STRUCTURE,
      base,
      `the file had ${flushed} bytes when it was written, now it has ${file.size}`,
    );
  }
  const overlay = new Overlay();
  overlay.end = toNumber(last.lastFileOffset);
  if (overlay.end > MAX_FILE) {
    throw malformed(STRUCTURE, base, `the file cannot have ${last.lastFileOffset} bytes`, 'LastFileOffset');
  }
  for (const entry of entries) applyEntry(log, base, entry, overlay);
  return overlay;
}

/** The sequence of valid entries with the highest number, from its tail on; undefined where there is none. */
function activeSequence(log: Uint8Array, logGuid: Uint8Array): LogEntry[] | undefined {
  let active: LogEntry[] | undefined;
  let tail = 0;
  while (tail < log.length) {
    const candidate: LogEntry[] = [];
    let at = tail;
    let length = 0;
    for (;;) {
      const header = readEntry(log, at, logGuid);
      if (header === undefined) break;
      const before = candidate.at(-1)?.header.sequenceNumber;
      if (before !== undefined && header.sequenceNumber !== before + 1n) break;
      length += header.entryLength;
      if (length > log.length) break;
      candidate.push({ at, header });
      at = (at + header.entryLength) % log.length;
    }
    const newest = candidate.at(-1)?.header;
    if (newest !== undefined) {
      const first = candidate.findIndex((entry) => entry.at === newest.tail);
      const best = active?.at(-1)?.header.sequenceNumber ?? 0n;
      if (first >= 0 && newest.sequenceNumber > best) active = candidate.slice(first);
    }
    // The search goes on behind the candidate, until it is round.
    if (candidate.length === 0) tail += LOG_SECTOR;
    else if (at <= tail) break;
    else tail = at;
  }
  return active;
}

/** The header of the entry at `at`; undefined where there is none, or one that was not written whole. */
function readEntry(log: Uint8Array, at: number, logGuid: Uint8Array): LogEntryHeader | undefined {
  const header = LogEntryHeader.parse(log.subarray(at, at + LogEntryHeader.size));
  if (header.signature !== LOG_ENTRY_SIGNATURE || header.sequenceNumber === 0n) return undefined;
  if (!bytesEqual(header.logGuid, logGuid)) return undefined;
  const { entryLength, descriptorCount, tail } = header;
  if (entryLength === 0 || entryLength % LOG_SECTOR !== 0 || entryLength > log.length) return undefined;
  if (tail % LOG_SECTOR !== 0 || tail >= log.length) return undefined;
  const start = descriptorEnd(descriptorCount);
  if (start > entryLength) return undefined;
  const entry = entryBytes(log, at, entryLength);
  // Looked at before the checksum is computed: entries that claim each other's sectors are told by this, at no cost.
  if (!hasItsParts(entry, start, header)) return undefined;
  return header.checksum === crc32c(entry, 4) ? header : undefined;
}

/** Whether descriptors and data sectors are those of this entry, and as many as it says. */
function hasItsParts(entry: Uint8Array, start: number, header: LogEntryHeader): boolean {
  const view = new DataView(entry.buffer, entry.byteOffset, entry.length);
  const { sequenceNumber: number } = header;
  let dataSectors = 0;
  for (let index = 0; index < header.descriptorCount; index++) {
    const at = LogEntryHeader.size + index * LOG_DESCRIPTOR_SIZE;
    const signature = view.getUint32(at, true);
    if (signature === DATA_SIGNATURE) dataSectors++;
    else if (signature !== ZERO_SIGNATURE) return false;
    if (view.getBigUint64(at + 24, true) !== number) return false;
  }
  if (start + dataSectors * LOG_SECTOR !== entry.length) return false;
  for (let at = start; at < entry.length; at += LOG_SECTOR) {
    if (view.getUint32(at, true) !== DATA_SECTOR_SIGNATURE) return false;
    if (view.getUint32(at + 4, true) !== Number(number >> 32n)) return false;
    if (view.getUint32(at + LOG_SECTOR - 4, true) !== Number(number & 0xffffffffn)) return false;
  }
  return true;
}

/** Bytes of an entry's header and descriptors, with the rest of their last sector. */
function descriptorEnd(count: number): number {
  return Math.ceil((LogEntryHeader.size + count * LOG_DESCRIPTOR_SIZE) / LOG_SECTOR) * LOG_SECTOR;
}

/** An entry's bytes; one that goes over the end of the log continues at its beginning. */
function entryBytes(log: Uint8Array, at: number, length: number): Uint8Array {
  if (at + length <= log.length) return log.subarray(at, at + length);
  const bytes = new Uint8Array(length);
  bytes.set(log.subarray(at));
  bytes.set(log.subarray(0, at + length - log.length), log.length - at);
  return bytes;
}

function applyEntry(log: Uint8Array, base: number, { at, header }: LogEntry, overlay: Overlay): void {
  const entry = entryBytes(log, at, header.entryLength);
  let sector = descriptorEnd(header.descriptorCount);
  for (let index = 0; index < header.descriptorCount; index++) {
    const start = LogEntryHeader.size + index * LOG_DESCRIPTOR_SIZE;
    const bytes = entry.subarray(start, start + LOG_DESCRIPTOR_SIZE);
    const where = base + ((at + start) % log.length);
    const isData = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === DATA_SIGNATURE;
    if (isData) {
      const descriptor = DataDescriptor.parse(bytes);
      const offset = placeOf(descriptor.fileOffset, LOG_SECTOR, where, overlay);
      const data = entry.slice(sector, sector + LOG_SECTOR);
      data.set(descriptor.leadingBytes);
      data.set(descriptor.trailingBytes, LOG_SECTOR - 4);
      overlay.put(offset, data);
      sector += LOG_SECTOR;
    } else {
      const descriptor = ZeroDescriptor.parse(bytes);
      const length = toNumber(descriptor.length);
      if (!isLogAligned(length)) {
        throw malformed(STRUCTURE, where + 8, `a run of ${descriptor.length} zeroes`, 'ZeroLength');
      }
      overlay.putZeroes(placeOf(descriptor.fileOffset, length, where, overlay), length);
    }
    if (overlay.count > MAX_RUNS) {
      throw unsupported(STRUCTURE, where, `it changes more than ${MAX_RUNS} places of the file`);
    }
  }
}

function placeOf(value: bigint, length: number, where: number, overlay: Overlay): number {
  const offset = toNumber(value);
  if (!isLogAligned(offset)) {
    throw malformed(STRUCTURE, where + 16, `it cannot change the file at ${value}`, 'FileOffset');
  }
  // The last entry's length of the file should hold all that is replayed; where it does not, the file grows with it.
  if (offset + length > MAX_FILE) {
    throw malformed(STRUCTURE, where + 16, `${length} bytes at ${value} lie outside any file`, 'FileOffset');
  }
  overlay.end = Math.max(overlay.end, offset + length);
  return offset;
}

const ZEROES = 1024 * 1024;

/** Makes the changes of a log in the file itself. Doing it again does no harm. */
export function replay(file: ContainerFile, overlay: Overlay): void {
  // What is new of the file reads as zeroes: a run of them there, which may claim any length, needs no writing.
  const { size } = file;
  file.extendTo(overlay.end);
  const zeroes = new Uint8Array(ZEROES);
  overlay.forEach((offset, length, bytes) => {
    if (bytes !== undefined) {
      file.write(offset, bytes);
      return;
    }
    const end = Math.min(offset + length, size);
    for (let at = offset; at < end; at += ZEROES)
      file.write(at, zeroes.subarray(0, Math.min(ZEROES, end - at)));
  });
  file.flush();
}

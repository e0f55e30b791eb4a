import { bytesEqual } from '../../binary/bytesEqual';
import { toNumber } from '../bigNumber';
import type { ContainerFile } from '../containerFile';
import { malformed, unsupported } from '../diskFaults';
import { crc32c } from './crc32c';
import { HEADER_OFFSETS, HEADER_SIGNATURE, HEADER_SIZE, LOG_SECTOR, MIB, VhdxHeader } from './records';

/** Bytes of a log that is read at most. Hyper-V's logs have 1 MiB. */
const MAX_LOG = 64 * MIB;

/** The current header of a VHDX and where it stands. */
export interface CurrentHeader {
  readonly header: VhdxHeader;
  /** 0 or 1: which of the two. */
  readonly index: number;
}

/**
 * Reads both headers and picks the current one.
 * @param warnings takes a sentence about a header that is damaged
 * @throws FormatError when neither is valid, or both are and contradict each other
 */
export function readHeaders(file: ContainerFile, warnings: string[]): CurrentHeader {
  const found = HEADER_OFFSETS.map((offset) => readHeader(file, offset));
  const [first, second] = found;
  if (typeof first === 'string' && typeof second === 'string') {
    throw malformed('VHDX header', HEADER_OFFSETS[0], `${first}; and the second one: ${second}`);
  }
  let index = 0;
  if (typeof first === 'string') index = 1;
  else if (typeof second !== 'string') {
    if (second.sequenceNumber > first.sequenceNumber) index = 1;
    else if (second.sequenceNumber === first.sequenceNumber && !sameHeader(first, second)) {
      throw malformed(
        'VHDX header',
        HEADER_OFFSETS[1],
        'both have one sequence number and differ',
        'SequenceNumber',
      );
    }
  }
  const damaged = found[1 - index];
  if (typeof damaged === 'string') {
    warnings.push(`Header ${2 - index} of ${file.path} is damaged (${damaged}); the other one is used.`);
  }
  const header = found[index] as VhdxHeader;
  checkHeader(header, HEADER_OFFSETS[index]);
  return { header, index };
}

/** @returns the header, or why it is not valid */
function readHeader(file: ContainerFile, offset: number): VhdxHeader | string {
  if (offset + HEADER_SIZE > file.size) return 'it lies outside the file';
  const bytes = file.take(offset, HEADER_SIZE, 'VHDX header');
  const header = VhdxHeader.parse(bytes, offset);
  if (header.signature !== HEADER_SIGNATURE) return 'its signature is missing';
  if (header.checksum !== crc32c(bytes, 4)) return 'its checksum is wrong';
  return header;
}

function checkHeader(header: VhdxHeader, offset: number): void {
  if (header.version !== 1) {
    throw unsupported('VHDX header', offset + 66, `version ${header.version} is not known`, 'Version');
  }
  if (isZero(header.logGuid)) return;
  if (header.logVersion !== 0) {
    throw unsupported(
      'VHDX header',
      offset + 64,
      `log version ${header.logVersion} is not known`,
      'LogVersion',
    );
  }
  const logOffset = toNumber(header.logOffset);
  if (header.logLength === 0 || header.logLength % MIB !== 0) {
    throw malformed('VHDX header', offset + 68, `a log cannot have ${header.logLength} bytes`, 'LogLength');
  }
  if (header.logLength > MAX_LOG) {
    throw unsupported(
      'VHDX header',
      offset + 68,
      `a log of ${header.logLength} bytes is too long`,
      'LogLength',
    );
  }
  if (logOffset < MIB || logOffset % MIB !== 0) {
    throw malformed('VHDX header', offset + 72, `a log cannot lie at ${header.logOffset}`, 'LogOffset');
  }
}

function sameHeader(a: VhdxHeader, b: VhdxHeader): boolean {
  return bytesEqual(VhdxHeader.serialize(a), VhdxHeader.serialize(b));
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** A header as it is stored: 4 KiB with its checksum. */
export function serializeHeader(header: VhdxHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_SIZE);
  bytes.set(VhdxHeader.serialize(header));
  new DataView(bytes.buffer).setUint32(4, crc32c(bytes, 4), true);
  return bytes;
}

/**
 * Changes the header as [MS-VHDX] 2.2.2.1 has it: the one that is not current is written with a higher sequence number
 * and flushed, then the other, so that one is valid at any time and in the end both say the same.
 */
export function updateHeaders(
  file: ContainerFile,
  current: CurrentHeader,
  changes: Partial<Pick<VhdxHeader, 'fileWriteGuid' | 'dataWriteGuid' | 'logGuid'>>,
): CurrentHeader {
  let header = { ...current.header, ...changes };
  for (const index of [1 - current.index, current.index]) {
    header = { ...header, sequenceNumber: header.sequenceNumber + 1n };
    file.write(HEADER_OFFSETS[index], serializeHeader(header));
    file.flush();
  }
  return { header, index: current.index };
}

/** Whether a place can be one of the log's. */
export function isLogAligned(offset: number): boolean {
  return Number.isSafeInteger(offset) && offset % LOG_SECTOR === 0;
}

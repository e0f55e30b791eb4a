import { Inflate, inflateSync } from 'fflate';
import { AppError, FormatError } from '../../../src-shared/errors/appError';
import { assertRange, readExactly, type ByteSource } from '../binary/byteSource';
import { bytesEqual } from '../binary/bytesEqual';
import { crc32 } from '../binary/crc32';
import type { ZipEntry } from './zipDirectory';
import { LocalHeader, ZipMethod } from './zipRecords';

/** Files up to this size are expanded at once, bytes. */
const AT_ONCE = 1 << 20;
/** Compressed bytes that are expanded at a time: they become 16 MiB at most. */
const STEP = 16 << 10;
/** Bytes of a piece of stored data. */
const PIECE = 256 << 10;
/** Deflate cannot do better: 258 bytes take two bits. */
const BEST_RATIO = 1032;

/**
 * The data of a file, piece by piece, checked against its size and CRC when the last piece is out. A piece is valid
 * until the next one is taken.
 * @throws AppError `archive/malformed`; `archive/unsupported` for encryption and other methods than deflate
 */
export function* zipData(source: ByteSource, entry: ZipEntry): Generator<Uint8Array, void, undefined> {
  const { name, size, method } = entry;
  if (entry.encrypted) {
    throw new AppError('archive/unsupported', 'it is encrypted with a password', { path: name });
  }
  if (method !== ZipMethod.STORED && method !== ZipMethod.DEFLATE) {
    const message = `it is compressed by a method that is not read (${method})`;
    throw new AppError('archive/unsupported', message, { path: name, method });
  }
  const offset = dataOffset(source, entry);
  if (
    method === ZipMethod.STORED
      ? entry.compressedSize !== size
      : size > entry.compressedSize * BEST_RATIO + 64
  ) {
    fail(entry, `${entry.compressedSize} compressed bytes cannot be ${size}`);
  }
  let done = 0;
  let crc = 0;
  for (const piece of method === ZipMethod.STORED
    ? stored(source, offset, size)
    : inflated(source, offset, entry)) {
    done += piece.length;
    if (done > size) fail(entry, `the data has more than the ${size} bytes that it should have`);
    crc = crc32(piece, crc);
    yield piece;
  }
  if (done !== size) fail(entry, `the data has ${done} bytes instead of ${size}`);
  if (crc !== entry.crc) fail(entry, 'the data does not have its checksum');
}

/** Where the data begins: behind the local header, which must be that of the same file. */
function dataOffset(source: ByteSource, entry: ZipEntry): number {
  const { localOffset, rawName, compressedSize } = entry;
  const structure = LocalHeader.structure;
  const bytes = readExactly(source, localOffset, LocalHeader.size, structure, 'archive/malformed');
  const header = LocalHeader.parse(bytes, localOffset);
  const nameAt = localOffset + LocalHeader.size;
  const name = readExactly(source, nameAt, header.nameLength, structure, 'archive/malformed');
  if (!bytesEqual(name, rawName)) fail(entry, 'the file has another name than in the directory');
  if (header.method !== entry.method) fail(entry, 'the file has another method than in the directory');
  const offset = nameAt + header.nameLength + header.extraLength;
  assertRange(source, offset, compressedSize, 'zip data', 'archive/malformed');
  return offset;
}

function* stored(source: ByteSource, offset: number, size: number): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < size; at += PIECE) {
    yield readExactly(source, offset + at, Math.min(PIECE, size - at), 'zip data', 'archive/malformed');
  }
}

function* inflated(
  source: ByteSource,
  offset: number,
  entry: ZipEntry,
): Generator<Uint8Array, void, undefined> {
  const { size, compressedSize } = entry;
  if (size <= AT_ONCE && compressedSize <= 2 * AT_ONCE) {
    const bytes = readExactly(source, offset, compressedSize, 'zip data', 'archive/malformed');
    // One byte more than should come, to notice what is too much.
    yield inflating(entry, () => inflateSync(bytes, { out: new Uint8Array(size + 1) }));
    return;
  }
  let pieces: Uint8Array[] = [];
  const stream = new Inflate((piece) => void pieces.push(piece));
  for (let at = 0; at < compressedSize; at += STEP) {
    const length = Math.min(STEP, compressedSize - at);
    const bytes = readExactly(source, offset + at, length, 'zip data', 'archive/malformed');
    inflating(entry, () => stream.push(bytes, at + length === compressedSize));
    yield* pieces;
    pieces = [];
  }
}

/** Does what the library does; whatever it throws is a fault of the data. */
function inflating<T>(entry: ZipEntry, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return fail(entry, `the compressed data is damaged (${reason})`, error);
  }
}

function fail({ localOffset }: ZipEntry, problem: string, cause?: unknown): never {
  throw new FormatError({ structure: 'zip file', offset: localOffset, problem }, 'archive/malformed', cause);
}

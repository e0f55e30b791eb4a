import { FormatError } from '../../../src-shared/errors/appError';
import { CancelledError } from '../../../src-shared/errors/appError';
import type { Progress } from '../../../src-shared/model/progress';
import { bytesEqual } from '../binary/bytesEqual';
import { readExactly, type ByteSource } from '../binary/byteSource';
import type { EngineHost } from '../os';
import { SHA1_SIZE } from './blobTable';
import { WIM_HEADER_SIZE } from './records/wimHeader';
import type { WimPart } from './wim';

/** Bytes that one digest of a new integrity table covers, as in every tool. */
export const INTEGRITY_CHUNK_SIZE = 10_485_760;
const TABLE_HEADER_SIZE = 12;
const STRUCTURE = 'integrity table';
const READ_SIZE = 1 << 20;

export interface IntegrityOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** An integrity table: SHA-1s over byte 208 up to the end of the blob table. */
export interface IntegrityTable {
  readonly chunkSize: number;
  readonly digests: Uint8Array;
}

/** Parses the table; undefined when the part has none. @throws FormatError */
export function readIntegrityTable(part: WimPart): IntegrityTable | undefined {
  const { integrity, blobTable } = part.header;
  if (integrity.size === 0 && integrity.storedSize === 0) return undefined;
  const fail = (problem: string): never => {
    throw new FormatError({ structure: STRUCTURE, offset: integrity.offset, problem });
  };
  if (integrity.size !== integrity.storedSize) {
    fail(`an uncompressed table of ${integrity.size} bytes that takes ${integrity.storedSize} in the file`);
  }
  if (integrity.storedSize < TABLE_HEADER_SIZE) fail(`${integrity.storedSize} bytes`);
  const bytes = readExactly(part.file, integrity.offset, integrity.storedSize, STRUCTURE);
  const view = new DataView(bytes.buffer);
  const size = view.getUint32(0, true);
  const count = view.getUint32(4, true);
  const chunkSize = view.getUint32(8, true);
  const covered = blobTable.offset + blobTable.storedSize - WIM_HEADER_SIZE;
  if (covered < 0) fail('the blob table lies inside the header');
  if (size !== bytes.length || size !== TABLE_HEADER_SIZE + count * SHA1_SIZE) {
    fail(`size ${size} and ${count} digests in ${bytes.length} bytes`);
  }
  if (chunkSize === 0 || count !== Math.ceil(covered / chunkSize)) {
    fail(`${count} digests of ${chunkSize} bytes for ${covered} bytes`);
  }
  return { chunkSize, digests: bytes.subarray(TABLE_HEADER_SIZE) };
}

/**
 * Checks a part against its integrity table.
 * @returns false when it has none
 * @throws FormatError `wim/integrity` naming the first range that differs
 */
export async function checkIntegrity(
  host: EngineHost,
  part: WimPart,
  options: IntegrityOptions,
): Promise<boolean> {
  const table = readIntegrityTable(part);
  if (table === undefined) return false;
  const end = part.header.blobTable.offset + part.header.blobTable.storedSize;
  await digestChunks(
    host,
    part.file,
    table.chunkSize,
    end,
    'Verifying integrity',
    options,
    (index, digest) => {
      if (!bytesEqual(digest, table.digests.subarray(index * SHA1_SIZE, (index + 1) * SHA1_SIZE))) {
        throw new FormatError(
          {
            structure: STRUCTURE,
            offset: WIM_HEADER_SIZE + index * table.chunkSize,
            problem: `the ${table.chunkSize} bytes from here on are not what they were when ${part.path} was made`,
          },
          'wim/integrity',
        );
      }
      return true;
    },
  );
  return true;
}

/**
 * Makes the table for a file being written.
 * @param end end of its blob table
 * @param old table of the same file before more was added to it, and the end it covered; its whole chunks are reused
 */
export async function makeIntegrityTable(
  host: EngineHost,
  file: ByteSource,
  end: number,
  old: { readonly table: IntegrityTable; readonly end: number } | undefined,
  options: IntegrityOptions,
): Promise<Uint8Array> {
  const sensible = old !== undefined && old.table.chunkSize >= 4096 && old.table.chunkSize <= 1 << 27;
  const chunkSize = sensible ? old.table.chunkSize : INTEGRITY_CHUNK_SIZE;
  const count = Math.ceil((end - WIM_HEADER_SIZE) / chunkSize);
  const bytes = new Uint8Array(TABLE_HEADER_SIZE + count * SHA1_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint32(4, count, true);
  view.setUint32(8, chunkSize, true);
  const reusable = sensible ? Math.floor((old.end - WIM_HEADER_SIZE) / chunkSize) : 0;
  if (sensible) {
    bytes.set(old.table.digests.subarray(0, reusable * SHA1_SIZE), TABLE_HEADER_SIZE);
    assertLastRange(host, file, chunkSize, old, reusable);
  }
  await digestChunks(
    host,
    file,
    chunkSize,
    end,
    'Calculating integrity table',
    options,
    (index, digest) => bytes.set(digest, TABLE_HEADER_SIZE + index * SHA1_SIZE),
    reusable,
  );
  return bytes;
}

/**
 * The last range of the old table was not a whole one, so that it is digested anew with what was added. Before that it
 * must agree with the old table: a new digest would vouch for damage.
 * @throws FormatError `wim/integrity`
 */
function assertLastRange(
  host: EngineHost,
  file: ByteSource,
  chunkSize: number,
  old: { readonly table: IntegrityTable; readonly end: number },
  index: number,
): void {
  const start = WIM_HEADER_SIZE + index * chunkSize;
  const expected = old.table.digests.subarray(index * SHA1_SIZE, (index + 1) * SHA1_SIZE);
  if (start >= old.end || expected.length < SHA1_SIZE) return;
  const digest = host.sha1.start();
  for (let at = start; at < old.end; at += READ_SIZE) {
    digest.update(readExactly(file, at, Math.min(READ_SIZE, old.end - at), STRUCTURE));
  }
  if (bytesEqual(digest.digest(), expected)) return;
  throw new FormatError(
    {
      structure: STRUCTURE,
      offset: start,
      problem: `the last ${old.end - start} bytes that the old table covers are not what they were when it was made`,
    },
    'wim/integrity',
  );
}

async function digestChunks(
  host: EngineHost,
  file: ByteSource,
  chunkSize: number,
  end: number,
  phase: Progress['phase'],
  { signal, onProgress }: IntegrityOptions,
  take: (index: number, digest: Uint8Array) => void,
  first = 0,
): Promise<void> {
  const buffer = new Uint8Array(READ_SIZE);
  let index = first;
  for (let start = WIM_HEADER_SIZE + first * chunkSize; start < end; start += chunkSize, index++) {
    const digest = host.sha1.start();
    const stop = Math.min(start + chunkSize, end);
    for (let at = start; at < stop; at += READ_SIZE) {
      const piece = buffer.subarray(0, Math.min(READ_SIZE, stop - at));
      if (file.read(at, piece) !== piece.length) {
        throw new FormatError(
          { structure: STRUCTURE, offset: at, problem: 'the file ends here' },
          'wim/truncated',
        );
      }
      digest.update(piece);
      // Threads that work meanwhile are given more to do from here.
      await host.breathe();
    }
    take(index, digest.digest());
    onProgress?.({
      phase,
      filesDone: 0,
      filesTotal: 0,
      bytesDone: stop - WIM_HEADER_SIZE,
      bytesTotal: end - WIM_HEADER_SIZE,
    });
    if (signal?.aborted === true) throw new CancelledError();
  }
}

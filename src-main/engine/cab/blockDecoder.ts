import { inflateSync } from 'fflate';
import { AppError, FormatError } from '../../../src-shared/errors/appError';
import type { CabBlock } from './blockReader';
import { BLOCK_SIZE, CabCompression } from './cabRecords';
import { createLzxDecoder } from './lzx/lzxDecoder';

/** Expands the blocks of one folder, which build on each other. */
export interface BlockDecoder {
  /** @returns `block.size` bytes, valid until the next call */
  decode(block: CabBlock): Uint8Array;
  /** Keeps the state between two blocks: what it gives makes decoders that go on from here, as often as it is called. */
  save(): () => BlockDecoder;
  /** Most bytes that a saved state takes. */
  readonly stateSize: number;
}

/**
 * Makes a decoder.
 * @param compression typeCompress of the folder
 * @throws AppError `archive/unsupported`
 */
export function createBlockDecoder(compression: number): BlockDecoder {
  switch (compression & 0xf) {
    case CabCompression.NONE:
      return stored;
    case CabCompression.MSZIP:
      return mszipDecoder(new Uint8Array(0));
    case CabCompression.LZX:
      return createLzxDecoder((compression >>> 8) & 0x1f);
    case CabCompression.QUANTUM:
      throw new AppError('archive/unsupported', 'the cabinet is compressed by Quantum, which is not read');
    default:
      throw new AppError(
        'archive/unsupported',
        `the cabinet is compressed by an unknown method (${compression})`,
      );
  }
}

/** Blocks that are stored do not build on each other. */
const stored: BlockDecoder = {
  decode({ data, size, offset }) {
    if (data.length !== size) fail(offset, `a stored block of ${data.length} bytes stands for ${size}`);
    return data;
  },
  save: () => () => stored,
  stateSize: 0,
};

/** MSZIP, [MS-MCI]: "CK" and a deflate stream a block, with the blocks before it as its history. */
function mszipDecoder(before: Uint8Array<ArrayBuffer>): BlockDecoder {
  let history = before;
  return {
    decode({ data, size, offset }) {
      if (data.length < 2 || data[0] !== 0x43 || data[1] !== 0x4b)
        fail(offset, 'an MSZIP block does not begin with CK');
      let bytes: Uint8Array;
      try {
        // One byte more than should come, to notice what is too much.
        bytes = inflateSync(data.subarray(2), { out: new Uint8Array(size + 1), dictionary: history });
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unknown';
        return fail(offset, `the deflate data is damaged (${reason})`, error);
      }
      if (bytes.length !== size) fail(offset, `the block expands to other than ${size} bytes`);
      if (size === BLOCK_SIZE) history = bytes.slice();
      else {
        const both = new Uint8Array(history.length + size);
        both.set(history);
        both.set(bytes, history.length);
        history = both.slice(-BLOCK_SIZE);
      }
      return bytes;
    },
    save() {
      // Each history is a copy of its own that nothing changes.
      const saved = history;
      return () => mszipDecoder(saved);
    },
    stateSize: BLOCK_SIZE,
  };
}

function fail(offset: number, problem: string, cause?: unknown): never {
  throw new FormatError({ structure: 'CFDATA', offset, problem }, 'archive/malformed', cause);
}

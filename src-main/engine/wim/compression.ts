import { AppError, FormatError } from '../../../src-shared/errors/appError';
import type { CompressionFormat } from '../codec/codec';
import { WimFlag } from './records/wimHeader';

/** Legal chunk sizes of a format, powers of two, in bytes, and the one that tools use by default. */
interface ChunkSizes {
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

const chunkSizes: Readonly<Record<Exclude<CompressionFormat, 'none'>, ChunkSizes>> = {
  xpress: { min: 1 << 12, max: 1 << 16, default: 1 << 15 },
  lzx: { min: 1 << 15, max: 1 << 21, default: 1 << 15 },
  lzms: { min: 1 << 15, max: 1 << 30, default: 1 << 17 },
};

/** The chunk size a WIM of that format gets when nobody asks for another; 0 for uncompressed. */
export function defaultChunkSize(format: CompressionFormat): number {
  return format === 'none' ? 0 : chunkSizes[format].default;
}

/** The chunk size of a solid resource when nobody asks for another: wimlib's, which DISM's ESD files have, too. */
export function defaultSolidChunkSize(format: Exclude<CompressionFormat, 'none'>): number {
  return format === 'lzms' ? 1 << 26 : 1 << 15;
}

/** Whether a reader can expect a resource of that format in chunks of `size` bytes. */
export function isLegalChunkSize(format: CompressionFormat, size: number): boolean {
  if (format === 'none') return size === 0 || isPowerOfTwo(size);
  const { min, max } = chunkSizes[format];
  return isPowerOfTwo(size) && size >= min && size <= max;
}

/** @throws AppError `usage/invalid` that names the legal range */
export function assertChunkSizeChoice(format: CompressionFormat, size: number): void {
  if (isLegalChunkSize(format, size)) return;
  const range =
    format === 'none'
      ? 'a power of two'
      : `a power of two from ${chunkSizes[format].min} to ${chunkSizes[format].max}`;
  throw new AppError(
    'usage/invalid',
    `chunk size ${size} is not possible for ${format}: it must be ${range} bytes`,
  );
}

function isPowerOfTwo(size: number): boolean {
  return size > 0 && Number.isInteger(Math.log2(size));
}

/** The format that a header's flags name. @throws FormatError on a combination that no tool writes */
export function formatOfFlags(flags: number): CompressionFormat {
  if ((flags & WimFlag.COMPRESSED) === 0) return 'none';
  if ((flags & WimFlag.LZX) !== 0) return 'lzx';
  if ((flags & (WimFlag.XPRESS | WimFlag.XPRESS2)) !== 0) return 'xpress';
  if ((flags & WimFlag.LZMS) !== 0) return 'lzms';
  throw new FormatError(
    {
      structure: 'WIM header',
      field: 'flags',
      offset: 0x10,
      problem: `0x${flags.toString(16)} names no known compression`,
    },
    'wim/malformed',
  );
}

/** Header flags for a format. */
export function flagsOfFormat(format: CompressionFormat): number {
  switch (format) {
    case 'none':
      return 0;
    case 'xpress':
      return WimFlag.COMPRESSED | WimFlag.XPRESS;
    case 'lzx':
      return WimFlag.COMPRESSED | WimFlag.LZX;
    case 'lzms':
      return WimFlag.COMPRESSED | WimFlag.LZMS;
  }
}

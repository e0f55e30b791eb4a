import type { Compression } from '../pipeline/tasks';
import type { CompressionFormat } from './codec';
import { lzmsCompressorMemory } from './lzms/lzmsCompressor';

const MIB = 1 << 20;

/** Bytes that a decompressor for chunks of up to `chunkSize` bytes holds. */
export function decompressorMemory(format: CompressionFormat, chunkSize: number): number {
  switch (format) {
    case 'none':
      return 0;
    case 'xpress':
    case 'lzx':
      return 2 * chunkSize + MIB;
    case 'lzms':
      return 2 * chunkSize + MIB;
  }
}

/** Bytes that a compressor holds. */
export function compressorMemory({ format, chunkSize }: Compression): number {
  switch (format) {
    case 'none':
      return 0;
    case 'xpress':
      return 4 * MIB;
    case 'lzx':
      // Match cache and tree take some 40 times the chunk.
      return 40 * chunkSize + 2 * MIB;
    case 'lzms':
      return lzmsCompressorMemory(chunkSize);
  }
}

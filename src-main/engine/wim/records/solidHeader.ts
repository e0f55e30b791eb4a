import { at, struct, u32, u64, type Infer } from '../../binary/struct';

/**
 * What a solid resource begins with. Its chunk table follows: the stored size of every chunk, 4 bytes each, the first
 * one's too; then the chunks.
 */
export const SolidHeader = struct('solid resource', 16, {
  size: at(0x00, u64, 'bytes when expanded'),
  chunkSize: at(0x08, u32, 'bytes in a chunk, a power of two'),
  format: at(0x0c, u32, 'index into solidFormats'),
});
export type SolidHeader = Infer<typeof SolidHeader>;

/** Compression formats by the numbers of a {@link SolidHeader}. */
export const solidFormats = ['none', 'xpress', 'lzx', 'lzms'] as const;

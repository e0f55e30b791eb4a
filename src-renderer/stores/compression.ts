import type { WriteChoices } from '../../src-shared/model/requests';
import type { WimSummary } from '../../src-shared/model/summaries';

/** Ways to compress a new file, from the quickest to the smallest; `solid` is solid LZMS. */
export const compressionWays = ['xpress', 'lzx', 'lzms', 'solid', 'none'] as const;
export type CompressionWay = (typeof compressionWays)[number];

/** What a request says of a way. @param level 1 to 100; 0: the usual one @param chunkSize bytes; 0: the usual one */
export function compressionRequest(
  way: CompressionWay,
  { level = 0, chunkSize = 0 }: { readonly level?: number; readonly chunkSize?: number } = {},
): Pick<WriteChoices, 'compression' | 'chunkSize' | 'solid' | 'solidCompression' | 'solidChunkSize'> {
  if (way === 'solid') {
    return {
      solid: true,
      ...(level === 0 ? {} : { solidCompression: { format: 'lzms', level } }),
      ...(chunkSize === 0 ? {} : { solidChunkSize: chunkSize }),
    };
  }
  return {
    compression: { format: way, ...(level === 0 ? {} : { level }) },
    ...(chunkSize === 0 ? {} : { chunkSize }),
  };
}

/** The way in which a file was made. */
export function compressionWayOf({ attributes, compression }: WimSummary): CompressionWay {
  return attributes.solid ? 'solid' : compression;
}

/** Powers of two, in bytes, that a way can have as its chunk size. */
export function chunkSizesOf(way: CompressionWay): number[] {
  const [least, most] = exponents[way];
  return Array.from({ length: Math.max(0, most - least + 1) }, (_, i) => 2 ** (least + i));
}

/** Smallest and largest chunk size that is worth choosing: what Windows reads, where LZMS could have up to 1 GB. */
const exponents: Readonly<Record<CompressionWay, readonly [least: number, most: number]>> = {
  xpress: [12, 16],
  lzx: [15, 21],
  lzms: [15, 26],
  solid: [20, 26],
  none: [0, -1],
};

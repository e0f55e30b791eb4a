import { z } from 'zod';
import type { CompressionChoice, ImageChoice, WriteChoices } from '../model/requests';
import { count, text } from './shapes';

/** How a WIM is written: a part of many requests. */

export const flag = z.boolean().exactOptional();
export const image = z.union([count, text]) satisfies z.ZodType<ImageChoice>;

export const compression = z.object({
  format: z.enum(['none', 'xpress', 'lzx', 'lzms']),
  level: z.number().int().min(1).max(100_000).exactOptional(),
}) satisfies z.ZodType<CompressionChoice>;

export const writeChoices = {
  compression: compression.exactOptional(),
  chunkSize: count.exactOptional(),
  integrity: flag,
  pipable: flag,
  rebuild: flag,
  recompress: flag,
  threads: count.exactOptional(),
  memory: count.exactOptional(),
  solid: flag,
  solidCompression: compression.exactOptional(),
  solidChunkSize: count.exactOptional(),
  noSolidSort: flag,
  retainGuid: flag,
};
z.object(writeChoices) satisfies z.ZodType<WriteChoices>;

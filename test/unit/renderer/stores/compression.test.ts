import { expect, it } from 'vitest';
import { defaultSolidChunkSize, isLegalChunkSize } from '../../../../src-main/engine/wim/compression';
import {
  chunkSizesOf,
  compressionRequest,
  compressionWayOf,
  compressionWays,
} from '../../../../src-renderer/stores/compression';
import type { WimSummary } from '../../../../src-shared/model/summaries';

it.each(compressionWays)('offers for %s chunk sizes that files of it can have', (way) => {
  const sizes = chunkSizesOf(way);
  const format = way === 'solid' ? 'lzms' : way;
  expect(sizes.filter((size) => !isLegalChunkSize(format, size))).toEqual([]);
  expect(sizes.length > 1).toBe(way !== 'none');
  // Programs of Windows read no larger chunks of LZMS.
  expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(defaultSolidChunkSize('lzms'));
});

it.each(compressionWays)('asks for %s and finds it again in what was made', (way) => {
  const request = compressionRequest(way);
  const made = {
    compression: request.compression?.format ?? 'lzms',
    attributes: { solid: request.solid === true },
  } as WimSummary;
  expect(compressionWayOf(made)).toBe(way);
});

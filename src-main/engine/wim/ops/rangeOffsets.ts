import { FormatError } from '../../../../src-shared/errors/appError';
import { readChunkOffsets } from '../../pipeline/resourceChunks';
import type { ResourceLocation } from '../../pipeline/tasks';
import type { Wim } from '../wim';

/**
 * Places of the chunks of a range, for task `unpackRange`.
 * @param keepCorrupt none, instead of an error, where the chunk table is damaged: the task then takes chunk by chunk
 * @throws FormatError
 */
export function offsetsOfRange(
  wim: Wim,
  row: number,
  resource: ResourceLocation,
  position: number,
  length: number,
  keepCorrupt: boolean,
): Float64Array {
  if (resource.format === 'none') return new Float64Array();
  const first = position / resource.chunkSize;
  const count = Math.ceil(length / resource.chunkSize);
  try {
    return readChunkOffsets(wim.parts[wim.blobs.part[row]].file, resource, first, count);
  } catch (error) {
    if (!keepCorrupt || !(error instanceof FormatError)) throw error;
    return new Float64Array();
  }
}

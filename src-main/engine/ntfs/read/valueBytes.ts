import { FormatError } from '../../../../src-shared/errors/appError';
import type { ByteSource } from '../../binary/byteSource';
import { Lznt1Units } from '../../pipeline/encodedExtents';
import type { AttributeValue } from './attributeValue';
import { described, type ContentsSource } from './fileContents';
import { readFully } from './deviceRange';
import { HOLE } from './runList';
import { extentsOf } from './valueExtents';

/**
 * All bytes of a value that must be small.
 * @throws FormatError `volume/malformed` when it has more than `limit`
 */
export function readValue(source: ContentsSource, value: AttributeValue, limit: number): Uint8Array {
  if (value.bytes !== undefined) return value.bytes;
  if (value.size > limit) {
    throw new FormatError(
      {
        structure: described(value.type, value.name),
        offset: 0,
        problem: `${value.size} bytes, at most ${limit} are read`,
      },
      'volume/malformed',
    );
  }
  const bytes = new Uint8Array(value.size);
  valueSource(source, value).read(0, bytes);
  return bytes;
}

/**
 * The bytes of a value, holes and what was never written as zeroes, compressed data expanded.
 * Reading throws FormatError `volume/malformed` where the stored data is damaged.
 */
export function valueSource(
  { device, geometry }: Pick<ContentsSource, 'device' | 'geometry'>,
  value: AttributeValue,
): ByteSource {
  const { size, validSize, bytes, runs, unit } = value;
  const name = `${device.name}: ${described(value.type, value.name)}`;
  const { clusterSize } = geometry;
  const readStored = (offset: number, target: Uint8Array) => {
    let start = 0;
    let done = 0;
    if (runs === undefined) return;
    for (let i = 0; i < runs.lcns.length && done < target.length; i++) {
      const length = runs.lengths[i] * clusterSize;
      const inside = offset + done - start;
      if (inside < length) {
        const part = target.subarray(done, done + Math.min(length - inside, target.length - done));
        if (runs.lcns[i] === HOLE) part.fill(0);
        else readFully(device, runs.lcns[i] * clusterSize + inside, part, described(value.type, value.name));
        done += part.length;
      }
      start += length;
    }
  };
  const units =
    unit === 0 || runs === undefined
      ? undefined
      : new Lznt1Units(extentsOf(device, geometry, value, runs.clusters * clusterSize), unit, readStored);
  return {
    name,
    size,
    read(offset, target) {
      const count = Math.max(0, Math.min(target.length, size - offset));
      const valid = Math.max(0, Math.min(count, validSize - offset));
      if (bytes !== undefined) {
        target.set(bytes.subarray(offset, offset + count));
        return count;
      }
      const part = target.subarray(0, valid);
      if (units === undefined) readStored(offset, part);
      else units.read(offset, part);
      target.fill(0, valid, count);
      return count;
    },
  };
}

import type { BlockDevice, Extent } from '../../disk/blockDevice';
import type { AttributeValue } from './attributeValue';
import type { VolumeGeometry } from './geometry';
import { HOLE } from './runList';

/** Where the first `length` bytes of a non-resident value lie, holes included. Whole clusters count. */
export function extentsOf(
  device: BlockDevice,
  { clusterSize }: VolumeGeometry,
  { runs }: AttributeValue,
  length: number,
): Extent[] {
  const extents: Extent[] = [];
  if (runs === undefined) return extents;
  let left = length;
  for (let i = 0; i < runs.lcns.length && left > 0; i++) {
    const bytes = Math.min(runs.lengths[i] * clusterSize, left);
    if (runs.lcns[i] === HOLE) extents.push({ kind: 'hole', length: bytes });
    else for (const extent of device.extents(runs.lcns[i] * clusterSize, bytes)) extents.push(extent);
    left -= bytes;
  }
  return extents;
}

import { SECTOR } from './records';

export interface Geometry {
  readonly cylinders: number;
  readonly heads: number;
  readonly sectorsPerTrack: number;
}

/** The largest geometry there is: about 127 GiB. It says only that the disk is not smaller. */
const MAX_SECTORS = 65_535 * 16 * 255;

/** Bytes that a geometry addresses. */
export function geometrySize({ cylinders, heads, sectorsPerTrack }: Geometry): number {
  return cylinders * heads * sectorsPerTrack * SECTOR;
}

/** Whether a geometry is the largest there is, which larger disks have, too. */
export function isLargest(geometry: Geometry): boolean {
  return geometrySize(geometry) >= MAX_SECTORS * SECTOR;
}

/** The geometry of a disk of `size` bytes, rounded down: appendix "CHS Calculation" of the specification. */
export function geometryOf(size: number): Geometry {
  const sectors = Math.min(Math.floor(size / SECTOR), MAX_SECTORS);
  if (sectors >= 65_535 * 16 * 63) {
    return { cylinders: Math.floor(sectors / (16 * 255)), heads: 16, sectorsPerTrack: 255 };
  }
  let sectorsPerTrack = 17;
  let tracks = Math.floor(sectors / sectorsPerTrack);
  let heads = Math.max(4, Math.floor((tracks + 1023) / 1024));
  if (tracks >= heads * 1024 || heads > 16) {
    sectorsPerTrack = 31;
    heads = 16;
    tracks = Math.floor(sectors / sectorsPerTrack);
  }
  if (tracks >= heads * 1024) {
    sectorsPerTrack = 63;
    heads = 16;
    tracks = Math.floor(sectors / sectorsPerTrack);
  }
  return { cylinders: Math.floor(tracks / heads), heads, sectorsPerTrack };
}

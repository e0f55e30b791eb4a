import { struct, type Fields, type Struct } from '../../binary/struct';

/** A record of a volume: what it breaks is reported as `volume/malformed`. */
export function volumeStruct<F extends Fields>(structure: string, size: number, fields: F): Struct<F> {
  return struct(structure, size, fields, 'volume/malformed');
}

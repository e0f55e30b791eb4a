import { at, u16, u32, u8, type Infer } from '../../binary/struct';
import { volumeStruct } from './volumeStruct';

/** $EA_INFORMATION: what $EA holds. */
export const EaInformation = volumeStruct('$EA_INFORMATION', 8, {
  packedSize: at(0x00, u16, 'bytes of all EAs, packed: 5 + name + value each'),
  neededCount: at(0x02, u16, 'EAs with the flag NEED_EA'),
  querySize: at(0x04, u32, 'bytes of $EA as a query returns it'),
});
export type EaInformation = Infer<typeof EaInformation>;

/** An entry of $EA: the name (ASCII) and a NUL follow, then the value; padded to 4. */
export const EaEntry = volumeStruct('$EA entry', 8, {
  nextOffset: at(0x00, u32, 'bytes to the next entry: not 0 in the last one, either'),
  flags: at(0x04, u8, '0x80: NEED_EA'),
  nameLength: at(0x05, u8, 'bytes, without the NUL'),
  valueLength: at(0x06, u16, 'bytes'),
});
export type EaEntry = Infer<typeof EaEntry>;
/** All EAs of a file together. */
export const EA_LIMIT = 0x10000;
export const NEED_EA = 0x80;

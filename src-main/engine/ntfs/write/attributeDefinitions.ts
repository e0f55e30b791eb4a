import { AttributeDefinition, AttributeType } from '../records/attribute';

const INDEXABLE = 0x02;
const RESIDENT = 0x40;
const ANYWHERE = 0x80;
const NO_LIMIT = 0xffffffffffffffffn;

type Row = readonly [name: string, type: number, flags: number, minimum: bigint, maximum: bigint];

/** $AttrDef of NTFS 3.1. */
const rows: readonly Row[] = [
  ['$STANDARD_INFORMATION', AttributeType.STANDARD_INFORMATION, RESIDENT, 0x30n, 0x48n],
  ['$ATTRIBUTE_LIST', AttributeType.ATTRIBUTE_LIST, ANYWHERE, 0n, NO_LIMIT],
  ['$FILE_NAME', AttributeType.FILE_NAME, RESIDENT | INDEXABLE, 0x44n, 0x242n],
  ['$OBJECT_ID', AttributeType.OBJECT_ID, RESIDENT, 0n, 0x100n],
  ['$SECURITY_DESCRIPTOR', AttributeType.SECURITY_DESCRIPTOR, ANYWHERE, 0n, NO_LIMIT],
  ['$VOLUME_NAME', AttributeType.VOLUME_NAME, RESIDENT, 0x02n, 0x100n],
  ['$VOLUME_INFORMATION', AttributeType.VOLUME_INFORMATION, RESIDENT, 0x0cn, 0x0cn],
  ['$DATA', AttributeType.DATA, 0, 0n, NO_LIMIT],
  ['$INDEX_ROOT', AttributeType.INDEX_ROOT, RESIDENT, 0n, NO_LIMIT],
  ['$INDEX_ALLOCATION', AttributeType.INDEX_ALLOCATION, ANYWHERE, 0n, NO_LIMIT],
  ['$BITMAP', AttributeType.BITMAP, ANYWHERE, 0n, NO_LIMIT],
  ['$REPARSE_POINT', AttributeType.REPARSE_POINT, ANYWHERE, 0n, 0x4000n],
  ['$EA_INFORMATION', AttributeType.EA_INFORMATION, RESIDENT, 0x08n, 0x08n],
  ['$EA', AttributeType.EA, 0, 0n, 0x10000n],
  ['$LOGGED_UTILITY_STREAM', AttributeType.LOGGED_UTILITY_STREAM, ANYWHERE, 0n, 0x10000n],
  ['', 0, 0, 0n, 0n],
];

/** Contents of $AttrDef; the last row is empty. */
export function makeAttributeDefinitions(): Uint8Array {
  const bytes = new Uint8Array(rows.length * AttributeDefinition.size);
  rows.forEach(([name, type, flags, minimumSize, maximumSize], index) => {
    const field = new Uint8Array(128);
    for (let i = 0; i < name.length; i++) field[2 * i] = name.charCodeAt(i);
    const row = { name: field, type, displayRule: 0, collation: 0, flags, minimumSize, maximumSize };
    bytes.set(AttributeDefinition.serialize(row), index * AttributeDefinition.size);
  });
  return bytes;
}

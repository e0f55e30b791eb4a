import type { HeaderDetails, ResourceDetails } from '../../../src-shared/model/summaries';

/** Header flags by name, in ascending order of their bits. */
const headerFlags: readonly (readonly [flag: number, name: string])[] = [
  [0x00000001, 'RESERVED'],
  [0x00000002, 'COMPRESSION'],
  [0x00000004, 'READONLY'],
  [0x00000008, 'SPANNED'],
  [0x00000010, 'RESOURCE_ONLY'],
  [0x00000020, 'METADATA_ONLY'],
  [0x00000040, 'WRITE_IN_PROGRESS'],
  [0x00000080, 'RP_FIX'],
  [0x00010000, 'COMPRESS_RESERVED'],
  [0x00040000, 'COMPRESS_LZX'],
  [0x00020000, 'COMPRESS_XPRESS'],
  [0x00080000, 'COMPRESS_LZMS'],
  [0x00200000, 'COMPRESS_XPRESS_2'],
];

/** `info --header` in wimlib-imagex's fields and layout. */
export function renderHeader(header: HeaderDetails): string {
  const flags = headerFlags
    .filter(([flag]) => (header.flags & flag) !== 0)
    .map(([, name]) => `    WIM_HDR_FLAG_${name} is set\n`)
    .join('');
  return [
    row('Magic Characters', magicText(header.magic)),
    row('Header Size', header.headerSize),
    row('Version', hex(header.version)),
    row('Flags', hex(header.flags)),
    flags,
    row('Chunk Size', header.chunkSize),
    row('GUID', header.guid),
    row('Part Number', header.partNumber),
    row('Total Parts', header.totalParts),
    row('Image Count', header.imageCount),
    resource('Blob Table', 'Original_size', header.blobTable),
    resource('XML Data', 'Original Size', header.xmlData),
    resource('Boot Metadata', 'Original Size', header.bootMetadata),
    row('Boot Index', header.bootIndex),
    resource('Integrity', 'Original_size', header.integrityTable),
  ].join('');
}

function resource(name: string, lastField: string, details: ResourceDetails): string {
  return [
    row(`${name} Size`, details.storedSize),
    row(`${name} Flags`, hex(details.flags)),
    row(`${name} Offset`, details.offset),
    row(`${name} ${lastField}`, details.size),
  ].join('');
}

function row(name: string, value: string | number): string {
  return `${name.padEnd(28)}= ${value}\n`;
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** Letters as they are, other bytes as an octal escape. */
function magicText(magic: string): string {
  return magic.replace(/[^A-Za-z]/g, (character) => `\\${character.charCodeAt(0).toString(8)}`);
}

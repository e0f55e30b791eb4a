import type {
  BlobDetails,
  EntryDetails,
  HeaderDetails,
  ImageSummary,
  ResourceDetails,
  StreamDetails,
  WimSummary,
  WindowsSummary,
} from '../../../src-shared/model/summaries';

/**
 * Reads what wimlib-imagex printed back into the model. It looks names up and trims, so it knows nothing of columns:
 * when rendering gives the very text that was read, the layout is the same.
 */

type Fields = ReadonlyMap<string, string>;

function fieldsOf(text: string, separator: RegExp): Fields {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = separator.exec(line);
    if (match !== null) fields.set(match[1].trim(), line.slice(match[0].length).trim());
  }
  return fields;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** "Sat Jan 06 05:12:56 2018 UTC" as ISO 8601; the fraction is there to be dropped again. */
function isoTime(text: string): string {
  const [, month, day, clock, year] = text.split(/ +/);
  return `${year}-${String(months.indexOf(month) + 1).padStart(2, '0')}-${day}T${clock}.9999999Z`;
}

export function readInfo(text: string): WimSummary {
  const [head, ...blocks] = text.split(/^(?=Index:)/m);
  const wim = fieldsOf(head, /^([A-Z][A-Za-z ]*):/);
  const attributes = (wim.get('Attributes') ?? '').split(', ');
  const [partNumber, totalParts] = wim.get('Part Number')!.split('/').map(Number);
  const bootIndex = Number(wim.get('Boot Index'));
  return {
    path: wim.get('Path')!,
    guid: wim.get('GUID')!.slice(2),
    version: Number(wim.get('Version')),
    imageCount: Number(wim.get('Image Count')),
    compression: wim.get('Compression')!.toLowerCase() as WimSummary['compression'],
    chunkSize: parseInt(wim.get('Chunk Size')!),
    partNumber,
    totalParts,
    bootIndex,
    size: parseInt(wim.get('Size')!),
    fileSize: 0,
    attributes: {
      pipable: attributes.includes('Pipable'),
      integrity: attributes.includes('Integrity info'),
      relativeJunction: attributes.includes('Relative path junction'),
      resourceOnly: attributes.includes('Resource only'),
      metadataOnly: attributes.includes('Metadata only'),
      readOnly: attributes.includes('Readonly'),
      spanned: false,
      writeInProgress: false,
      solid: false,
    },
    images: blocks.map((block) => readImage(block, bootIndex)),
    leftoverBytes: 0,
    warnings: [],
  };
}

export function readImage(block: string, bootIndex: number): ImageSummary {
  const image = fieldsOf(block, /^([A-Z][A-Za-z ]*):/);
  const text = (name: string): string => image.get(name) ?? '';
  return {
    index: Number(text('Index')),
    name: text('Name'),
    description: text('Description'),
    displayName: text('Display Name'),
    displayDescription: text('Display Description'),
    directoryCount: Number(text('Directory Count')),
    fileCount: Number(text('File Count')),
    totalBytes: Number(text('Total Bytes')),
    hardLinkBytes: Number(text('Hard Link Bytes')),
    creationTime: isoTime(text('Creation Time')),
    lastModificationTime: isoTime(text('Last Modification Time')),
    flags: text('Flags'),
    wimboot: text('WIMBoot compatible') === 'yes',
    bootable: Number(text('Index')) === bootIndex,
    windows: image.has('Architecture') ? readWindows(image) : null,
  };
}

function readWindows(image: Fields): WindowsSummary {
  const text = (name: string): string => image.get(name) ?? '';
  const number = (name: string): number | null => (image.has(name) ? Number(image.get(name)) : null);
  return {
    architecture: text('Architecture'),
    productName: text('Product Name'),
    editionId: text('Edition ID'),
    installationType: text('Installation Type'),
    productType: text('Product Type'),
    productSuite: text('Product Suite'),
    hal: text('HAL'),
    languages: text('Languages')
      .split(' ')
      .filter((language) => language !== ''),
    defaultLanguage: text('Default Language'),
    systemRoot: text('System Root'),
    majorVersion: number('Major Version'),
    minorVersion: number('Minor Version'),
    build: number('Build'),
    servicePackBuild: number('Service Pack Build'),
    servicePackLevel: number('Service Pack Level'),
  };
}

export function readHeader(text: string): HeaderDetails {
  const header = fieldsOf(text, /^([A-Z][A-Za-z_ ]*)=/);
  const resource = (name: string, last: string): ResourceDetails => ({
    storedSize: Number(header.get(`${name} Size`)),
    flags: Number(header.get(`${name} Flags`)),
    offset: Number(header.get(`${name} Offset`)),
    size: Number(header.get(`${name} ${last}`)),
  });
  return {
    magic: header
      .get('Magic Characters')!
      .replace(/\\(\d+)/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    headerSize: Number(header.get('Header Size')),
    version: Number(header.get('Version')),
    flags: Number(header.get('Flags')),
    chunkSize: Number(header.get('Chunk Size')),
    guid: header.get('GUID')!,
    partNumber: Number(header.get('Part Number')),
    totalParts: Number(header.get('Total Parts')),
    imageCount: Number(header.get('Image Count')),
    bootIndex: Number(header.get('Boot Index')),
    blobTable: resource('Blob Table', 'Original_size'),
    xmlData: resource('XML Data', 'Original Size'),
    bootMetadata: resource('Boot Metadata', 'Original Size'),
    integrityTable: resource('Integrity', 'Original_size'),
  };
}

/** "23 => 40 bytes @ offset 208": the solid resource, and the offset inside it. */
function readSolid(
  fields: Fields,
): Pick<BlobDetails, 'solidResource'> & { readonly offset?: number; readonly storedSize?: number } {
  const match = /^(\d+) => (\d+) bytes @ offset (\d+)$/.exec(fields.get('Solid resource') ?? '');
  if (match === null) return {};
  return {
    offset: parseInt(fields.get('Solid offset')!),
    storedSize: 0,
    solidResource: { size: Number(match[1]), storedSize: Number(match[2]), offset: Number(match[3]) },
  };
}

export function readBlobs(text: string): BlobDetails[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const blob = fieldsOf(block, /^([A-Z][A-Za-z ]*)=/);
      const flags = blob.get('Flags') ?? '';
      return {
        sha1: blob.get('Hash')!.slice(2),
        size: parseInt(blob.get('Uncompressed size')!),
        storedSize: parseInt(blob.get('Compressed size')!),
        offset: parseInt(blob.get('Offset in WIM')!),
        partNumber: Number(blob.get('Part Number')),
        referenceCount: Number(blob.get('Reference Count')),
        compressed: flags.includes('COMPRESSED'),
        metadata: flags.includes('METADATA'),
        solid: flags.includes('SOLID'),
        ...readSolid(blob),
      };
    });
}

export function readEntries(text: string): EntryDetails[] {
  return text
    .split(/^-{20,}\n/m)
    .filter((block) => block !== '')
    .map(readEntry);
}

function readEntry(block: string): EntryDetails {
  const [head, ...streams] = block.split(/^\t/m);
  const entry = fieldsOf(head, /^([A-Z][A-Za-z ]*)=/);
  const quoted = (name: string): string => entry.get(name)!.slice(1, -1);
  const path = quoted('Full Path');
  const unix = /uid:(\d+) gid:(\d+) mode:0(\d+) rdev:(\S+)/.exec(entry.get('UNIX Data') ?? '');
  const guid = (name: string): string => entry.get(name)?.slice(2) ?? '0'.repeat(32);
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    shortName: quoted('Short Name'),
    attributes: Number(entry.get('Attributes')),
    securityDescriptor: entry.get('Security Descriptor') ?? null,
    creationTime: isoTime(entry.get('Creation Time')!),
    lastAccessTime: isoTime(entry.get('Last Access Time')!),
    lastWriteTime: isoTime(entry.get('Last Write Time')!),
    reparseTag: entry.has('Reparse Tag') ? Number(entry.get('Reparse Tag')) : null,
    linkCount: Number(entry.get('Link Count')),
    hardLinkGroup: String(BigInt(entry.get('Link Group ID')!)),
    unixData:
      unix === null
        ? null
        : { uid: Number(unix[1]), gid: Number(unix[2]), mode: parseInt(unix[3], 8), rdev: Number(unix[4]) },
    objectId: entry.has('Object ID')
      ? ['Object ID', 'Birth Volume ID', 'Birth Object ID', 'Domain ID'].map(guid).join('')
      : null,
    streams: streams.map(readStream),
  };
}

function readStream(text: string): StreamDetails {
  const stream = fieldsOf(text, /^([A-Z][A-Za-z ]*)=/);
  const title = text.slice(0, text.indexOf('\n'));
  const name = /"(.*)"/.exec(title)?.[1] ?? '';
  const missing = !stream.has('Uncompressed size');
  const number = (field: string): number => parseInt(stream.get(field) ?? '0');
  return {
    kind: title.startsWith('Named')
      ? 'named'
      : title.startsWith('Reparse')
        ? 'reparse'
        : title.startsWith('Raw')
          ? 'encrypted'
          : 'data',
    name,
    size: number('Uncompressed size'),
    storedSize: missing ? null : number('Compressed size'),
    sha1: stream.get('Hash')!.slice(2),
    offset: missing ? null : number('Offset in WIM'),
    compressed: (stream.get('Flags') ?? '').includes('COMPRESSED'),
    referenceCount: missing ? null : number('Reference Count'),
    partNumber: missing ? null : number('Part Number'),
    ...readSolid(stream),
  };
}

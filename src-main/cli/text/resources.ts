import type { BlobDetails, SolidDetails, StreamDetails } from '../../../src-shared/model/summaries';

/** What the listing of a blob and that of a stream have in common. */
interface ResourceListing {
  readonly sha1: string;
  readonly size: number;
  readonly storedSize: number;
  readonly offset: number;
  readonly partNumber: number;
  readonly referenceCount: number;
  readonly compressed: boolean;
  readonly metadata: boolean;
  readonly solid: boolean;
  readonly solidResource?: SolidDetails;
}

const NO_HASH = '0'.repeat(40);

/** One block of `info --blobs`. */
export function renderBlob(blob: BlobDetails): string {
  return renderResource(blob);
}

/** The block of a stream in `dir --detailed`; a stream whose data lies in another file shows its hash alone. */
export function renderStreamResource(stream: StreamDetails | null): string {
  if (stream?.sha1 === '') return `${row('Size', `${stream.size} bytes`)}\n`;
  if (stream === null || /^0*$/.test(stream.sha1)) return renderResource(emptyResource);
  if (stream.storedSize === null) return `${row('Hash', `0x${stream.sha1}`)}\n`;
  return renderResource({
    ...stream,
    storedSize: stream.storedSize,
    offset: stream.offset ?? 0,
    partNumber: stream.partNumber ?? 0,
    referenceCount: stream.referenceCount ?? 0,
    metadata: false,
    solid: stream.solidResource !== undefined,
  });
}

const emptyResource: ResourceListing = {
  sha1: NO_HASH,
  size: 0,
  storedSize: 0,
  offset: 0,
  partNumber: 0,
  referenceCount: 0,
  compressed: false,
  metadata: false,
  solid: false,
};

function renderResource(resource: ResourceListing): string {
  const flags = [
    resource.compressed ? 'WIM_RESHDR_FLAG_COMPRESSED  ' : '',
    resource.metadata ? 'WIM_RESHDR_FLAG_METADATA  ' : '',
    resource.solid ? 'WIM_RESHDR_FLAG_SOLID  ' : '',
  ].join('');
  return [
    row('Hash', `0x${resource.sha1}`),
    row('Uncompressed size', `${resource.size} bytes`),
    renderPlace(resource),
    row('Part Number', String(resource.partNumber)),
    row('Reference Count', String(resource.referenceCount)),
    row('Flags', flags),
    '\n',
  ].join('');
}

function renderPlace({ storedSize, offset, solidResource: whole }: ResourceListing): string {
  if (whole === undefined) {
    return row('Compressed size', `${storedSize} bytes`) + row('Offset in WIM', `${offset} bytes`);
  }
  return (
    row('Solid resource', `${whole.size} => ${whole.storedSize} bytes @ offset ${whole.offset}`) +
    row('Solid offset', `${offset} bytes`)
  );
}

function row(name: string, value: string): string {
  return `${name.padEnd(18)}= ${value}\n`;
}

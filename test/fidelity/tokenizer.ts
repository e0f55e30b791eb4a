// Reads a WIM into plain values, field by field, for comparing a file with its rewritten form. Its own reader of
// everything, so that a fault of the program's parser cannot hide the same fault of its writer.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeLzx, decodeXpress } from './decoders';

export interface ResourceTokens {
  readonly storedSize: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
}

export interface BlobTokens extends ResourceTokens {
  readonly part: number;
  readonly references: number;
  readonly sha1: string;
  /** SHA-1 of the bytes as they lie in the file. */
  readonly stored: string;
}

export interface DentryTokens {
  readonly path: string;
  readonly attributes: number;
  readonly securityId: number;
  /** 0: no child list; 1: one, perhaps empty. Where it lies is not compared. */
  readonly hasChildList: boolean;
  readonly unused: readonly string[];
  readonly times: readonly string[];
  readonly sha1: string;
  readonly unknown54: number;
  /** Of a reparse point its 8 bytes; elsewhere the first path of the hard link group, '' without one. */
  readonly link: string;
  readonly shortName: string;
  /** Bytes after the names, up to the dentry's end: tagged items. */
  readonly tagged: string;
  readonly streams: readonly { readonly name: string; readonly sha1: string; readonly reserved: string }[];
}

export interface ImageTokens {
  readonly securityDescriptors: readonly string[];
  readonly dentries: readonly DentryTokens[];
}

export interface WimTokens {
  readonly header: Readonly<Record<string, string | number>>;
  readonly bootMetadata: ResourceTokens;
  readonly blobs: readonly BlobTokens[];
  readonly metadata: readonly BlobTokens[];
  readonly xml: string;
  readonly images: readonly ImageTokens[];
  /** 'ok' when every chunk of the integrity table agrees with the file. */
  readonly integrity: 'absent' | 'ok' | 'wrong';
}

/** A WIM's parts, read from its bytes; every image needs its metadata in this file. */
export function tokenize(file: string): WimTokens {
  const bytes = readFileSync(file);
  const flags = bytes.readUInt32LE(0x10);
  const chunkSize = bytes.readUInt32LE(0x14);
  const format = (flags & 0x2) === 0 ? 'none' : (flags & 0x40000) !== 0 ? 'lzx' : 'xpress';
  const expand = (resource: ResourceTokens): Buffer => expandResource(bytes, resource, format, chunkSize);
  const all = blobTable(bytes, expand(resourceAt(bytes, 0x30)));
  const metadata = all.filter((blob) => (blob.flags & 0x02) !== 0);
  return {
    header: {
      magic: bytes.toString('latin1', 0, 8),
      headerSize: bytes.readUInt32LE(8),
      version: bytes.readUInt32LE(0x0c),
      flags,
      chunkSize,
      guid: bytes.toString('hex', 0x18, 0x28),
      part: bytes.readUInt16LE(0x28),
      parts: bytes.readUInt16LE(0x2a),
      imageCount: bytes.readUInt32LE(0x2c),
      bootIndex: bytes.readUInt32LE(0x78),
      unused: bytes.toString('hex', 0x94, 208),
    },
    bootMetadata: resourceAt(bytes, 0x60),
    blobs: all.filter((blob) => (blob.flags & 0x02) === 0).sort((a, b) => (a.sha1 < b.sha1 ? -1 : 1)),
    metadata,
    xml: expand(resourceAt(bytes, 0x48)).toString('utf16le'),
    images: metadata.map((resource) => image(expand(resource))),
    integrity: integrity(bytes),
  };
}

function resourceAt(bytes: Buffer, at: number): ResourceTokens {
  return {
    storedSize: Number(bytes.readBigUInt64LE(at) & 0xff_ffff_ffff_ffffn),
    flags: bytes[at + 7],
    offset: Number(bytes.readBigUInt64LE(at + 8)),
    size: Number(bytes.readBigUInt64LE(at + 16)),
  };
}

function blobTable(file: Buffer, table: Buffer): BlobTokens[] {
  const blobs: BlobTokens[] = [];
  for (let at = 0; at + 50 <= table.length; at += 50) {
    const resource = resourceAt(table, at);
    const stored = file.subarray(resource.offset, resource.offset + resource.storedSize);
    blobs.push({
      ...resource,
      part: table.readUInt16LE(at + 24),
      references: table.readUInt32LE(at + 26),
      sha1: table.toString('hex', at + 30, at + 50),
      stored: createHash('sha1').update(stored).digest('hex'),
    });
  }
  return blobs;
}

/** A resource's bytes; its chunk table (of 4-byte entries: nothing here nears 4 GiB) lacks the first chunk's offset. */
function expandResource(
  file: Buffer,
  { offset, storedSize, size, flags }: ResourceTokens,
  format: 'none' | 'xpress' | 'lzx',
  chunkSize: number,
): Buffer {
  if ((flags & 0x04) === 0) return file.subarray(offset, offset + size);
  const count = Math.ceil(size / chunkSize);
  const start = offset + (count - 1) * 4;
  const begins = Array.from({ length: count }, (_, i) =>
    i === 0 ? 0 : file.readUInt32LE(offset + (i - 1) * 4),
  );
  const chunks = begins.map((begin, i) => {
    const end = i + 1 < count ? start + begins[i + 1] : offset + storedSize;
    const stored = file.subarray(start + begin, end);
    const expanded = i + 1 < count ? chunkSize : size - i * chunkSize;
    if (stored.length === expanded) return stored;
    return format === 'lzx' ? decodeLzx(stored, expanded, chunkSize) : decodeXpress(stored, expanded);
  });
  return Buffer.concat(chunks);
}

const align8 = (value: number): number => (value + 7) & ~7;

function image(metadata: Buffer): ImageTokens {
  const count = metadata.length < 8 ? 0 : metadata.readUInt32LE(4);
  const securityDescriptors: string[] = [];
  let at = 8 + count * 8;
  for (let i = 0; i < count; i++) {
    const size = Number(metadata.readBigUInt64LE(8 + i * 8));
    securityDescriptors.push(metadata.toString('hex', at, at + size));
    at += size;
  }
  // A total of 0 stands for the 8 bytes of an empty one.
  const root = align8(Math.max(8, metadata.readUInt32LE(0)));
  const dentries: DentryTokens[] = [];
  const visit = (start: number, parent: string): number => {
    const { end, children, tokens } = dentry(metadata, start, parent);
    dentries.push(tokens);
    if (children !== 0) childList(children, tokens.path);
    return end;
  };
  const childList = (start: number, parent: string): void => {
    for (let next = start; metadata.readBigUInt64LE(next) > 8n;) next = visit(next, parent);
  };
  visit(root, '');
  // Some writers sort children and some do not. In sorted order each hard link group is named by its first path.
  dentries.sort((a, b) => (a.path < b.path ? -1 : 1));
  const names = new Map<string, string>();
  const named = dentries.map((entry) => {
    if ((entry.attributes & 0x400) !== 0 || entry.link === '') return entry;
    if (!names.has(entry.link)) names.set(entry.link, entry.path);
    return { ...entry, link: String(names.get(entry.link)) };
  });
  return { securityDescriptors, dentries: named };
}

function dentry(
  metadata: Buffer,
  start: number,
  parent: string,
): { readonly end: number; readonly children: number; readonly tokens: DentryTokens } {
  const hex = (at: number, size: number): string => metadata.toString('hex', at, at + size);
  const length = align8(Number(metadata.readBigUInt64LE(start)));
  const attributes = metadata.readUInt32LE(start + 8);
  const children = Number(metadata.readBigUInt64LE(start + 0x10));
  const shortSize = metadata.readUInt16LE(start + 0x62);
  const nameSize = metadata.readUInt16LE(start + 0x64);
  let at = start + 0x66;
  const name = metadata.toString('utf16le', at, at + nameSize);
  if (nameSize > 0) at += nameSize + 2;
  const shortName = metadata.toString('utf16le', at, at + shortSize);
  if (shortSize > 0) at += shortSize + 2;
  const path = parent === '' ? '/' : `${parent === '/' ? '' : parent}/${name}`;
  const group = hex(start + 0x58, 8);
  const grouped = (attributes & 0x400) === 0 && group !== '0000000000000000';
  // 7-Zip pads with 8 zero bytes more than it must, which are no tagged item.
  const tail = hex(start + align8(at - start), Math.max(0, length - align8(at - start)));
  const tagged = /^0*$/.test(tail) ? '' : tail;
  const streams: { name: string; sha1: string; reserved: string }[] = [];
  let end = start + length;
  for (let i = 0; i < metadata.readUInt16LE(start + 0x60); i++) {
    const streamNameSize = metadata.readUInt16LE(end + 0x24);
    streams.push({
      name: metadata.toString('utf16le', end + 0x26, end + 0x26 + streamNameSize),
      sha1: hex(end + 0x10, 20),
      reserved: hex(end + 8, 8),
    });
    end += align8(Number(metadata.readBigUInt64LE(end)));
  }
  const tokens = {
    path,
    attributes,
    securityId: metadata.readInt32LE(start + 0x0c),
    hasChildList: children !== 0,
    unused: [hex(start + 0x18, 8), hex(start + 0x20, 8)],
    times: [hex(start + 0x28, 8), hex(start + 0x30, 8), hex(start + 0x38, 8)],
    sha1: hex(start + 0x40, 20),
    unknown54: metadata.readUInt32LE(start + 0x54),
    link: (attributes & 0x400) !== 0 ? group : grouped ? group : '',
    shortName,
    tagged,
    streams,
  };
  return { end, children, tokens };
}

function integrity(bytes: Buffer): WimTokens['integrity'] {
  const table = resourceAt(bytes, 0x7c);
  if (table.offset === 0) return 'absent';
  const count = bytes.readUInt32LE(table.offset + 4);
  const chunk = bytes.readUInt32LE(table.offset + 8);
  const blobs = resourceAt(bytes, 0x30);
  const end = blobs.offset + blobs.storedSize;
  let right = count === Math.ceil((end - 208) / chunk);
  for (let i = 0; i < count && right; i++) {
    const begin = 208 + i * chunk;
    const sha1 = createHash('sha1')
      .update(bytes.subarray(begin, Math.min(begin + chunk, end)))
      .digest('hex');
    right = sha1 === bytes.toString('hex', table.offset + 12 + i * 20, table.offset + 32 + i * 20);
  }
  return right ? 'ok' : 'wrong';
}

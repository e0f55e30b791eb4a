import { createHash } from 'node:crypto';
import fc from 'fast-check';

/** FILE_ATTRIBUTE_DIRECTORY. */
export const DIRECTORY = 0x10;
const DENTRY_SIZE = 0x66;
const STREAM_SIZE = 0x26;
const HEADER_SIZE = 208;

/** A dentry with its lengths as they should be, unless a field says otherwise. */
export interface RawDentry {
  readonly name?: string;
  readonly attributes?: number;
  readonly security?: number;
  readonly children?: number;
  readonly sha1?: Uint8Array;
  /** Hard-link group; of a reparse point the tag and flags. */
  readonly link?: bigint;
  readonly length?: number;
  readonly nameSize?: number;
  readonly shortNameSize?: number;
  readonly streamCount?: number;
  readonly streams?: readonly RawStream[];
}

export interface RawStream {
  readonly name?: string;
  readonly sha1?: Uint8Array;
  readonly length?: number;
  readonly nameSize?: number;
}

const align8 = (size: number): number => Math.ceil(size / 8) * 8;

/** Writes a metadata resource piece by piece, with whatever lies its pieces are told to carry. */
export class MetadataBuilder {
  private bytes = Buffer.alloc(1 << 16);
  private used = 0;

  /** Security data; by default an empty table of 8 bytes. */
  security(total = 8, count = 0, sizes: readonly bigint[] = []): this {
    const at = this.take(8 + sizes.length * 8);
    this.bytes.writeUInt32LE(total, at);
    this.bytes.writeUInt32LE(count, at + 4);
    sizes.forEach((size, i) => this.bytes.writeBigUInt64LE(size, at + 8 + i * 8));
    return this;
  }

  /** @returns the dentry's offset */
  dentry(dentry: RawDentry = {}): number {
    const name = Buffer.from(dentry.name ?? '', 'utf16le');
    const size = align8(DENTRY_SIZE + (name.length === 0 ? 0 : name.length + 2));
    const at = this.take(size);
    const { bytes } = this;
    bytes.writeBigUInt64LE(BigInt(dentry.length ?? size), at);
    bytes.writeUInt32LE((dentry.attributes ?? 0x20) >>> 0, at + 0x08);
    bytes.writeInt32LE(dentry.security ?? -1, at + 0x0c);
    bytes.writeBigUInt64LE(BigInt(dentry.children ?? 0), at + 0x10);
    if (dentry.sha1 !== undefined) bytes.set(dentry.sha1, at + 0x40);
    bytes.writeBigUInt64LE(dentry.link ?? 0n, at + 0x58);
    bytes.writeUInt16LE(dentry.streamCount ?? dentry.streams?.length ?? 0, at + 0x60);
    bytes.writeUInt16LE(dentry.shortNameSize ?? 0, at + 0x62);
    bytes.writeUInt16LE(dentry.nameSize ?? name.length, at + 0x64);
    bytes.set(name, at + DENTRY_SIZE);
    for (const stream of dentry.streams ?? []) this.stream(stream);
    return at;
  }

  stream(stream: RawStream): number {
    const name = Buffer.from(stream.name ?? '', 'utf16le');
    const size = align8(STREAM_SIZE + (name.length === 0 ? 0 : name.length + 2));
    const at = this.take(size);
    this.bytes.writeBigUInt64LE(BigInt(stream.length ?? size), at);
    if (stream.sha1 !== undefined) this.bytes.set(stream.sha1, at + 0x10);
    this.bytes.writeUInt16LE(stream.nameSize ?? name.length, at + 0x24);
    this.bytes.set(name, at + STREAM_SIZE);
    return at;
  }

  /** Ends a directory. @returns the offset of the 8 zero bytes */
  end(): number {
    return this.take(8);
  }

  setChildren(dentry: number, children: number): void {
    this.bytes.writeBigUInt64LE(BigInt(children), dentry + 0x10);
  }

  setLength(dentry: number, length: number): void {
    this.bytes.writeBigUInt64LE(BigInt(length), dentry);
  }

  get position(): number {
    return this.used;
  }

  build(): Uint8Array {
    return new Uint8Array(this.bytes.subarray(0, this.used));
  }

  private take(size: number): number {
    const at = this.used;
    this.used += size;
    if (this.used > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(this.used, this.bytes.length * 2));
      this.bytes.copy(grown);
      this.bytes = grown;
    }
    return at;
  }
}

/** A root directory whose children are files of these names. */
export function flatMetadata(entries: readonly RawDentry[]): Uint8Array {
  const builder = new MetadataBuilder().security();
  const root = builder.dentry({ attributes: DIRECTORY });
  builder.end();
  builder.setChildren(root, builder.position);
  for (const entry of entries) builder.dentry(entry);
  builder.end();
  return builder.build();
}

export function sha1Of(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha1').update(bytes).digest());
}

/** A resource header's fields; what is not given is as it should be. */
export interface RawResource {
  readonly offset?: bigint;
  readonly storedSize?: bigint;
  readonly size?: bigint;
  readonly flags?: number;
}

export interface RawBlob extends RawResource {
  readonly data: Uint8Array;
  readonly sha1?: Uint8Array;
  readonly part?: number;
  readonly references?: number;
}

export interface RawWim {
  /** Metadata of each image; its blob table entry may lie like any other. */
  readonly images: readonly RawBlob[];
  readonly blobs?: readonly RawBlob[];
  readonly xml?: string;
  readonly blobTable?: RawResource;
  readonly xmlData?: RawResource;
  readonly integrity?: RawResource & { readonly data?: Uint8Array };
  readonly bootIndex?: number;
  readonly bootMetadata?: RawResource;
  readonly imageCount?: number;
  readonly headerFlags?: number;
  readonly chunkSize?: number;
  readonly part?: readonly [number: number, total: number];
  readonly version?: number;
}

function resourceHeader(real: Required<RawResource>, told: RawResource): Buffer {
  const { offset, storedSize, size, flags } = { ...real, ...told };
  const bytes = Buffer.alloc(24);
  bytes.writeBigUInt64LE(storedSize & 0xff_ffff_ffff_ffffn, 0);
  bytes.writeUInt8(flags, 7);
  bytes.writeBigUInt64LE(offset, 8);
  bytes.writeBigUInt64LE(size, 16);
  return bytes;
}

/** An uncompressed WIM of the parts given, telling of them what it is told to. */
export function buildWim(wim: RawWim): Uint8Array {
  const pieces: Buffer[] = [Buffer.alloc(HEADER_SIZE)];
  let position = HEADER_SIZE;
  const put = (bytes: Uint8Array, flags = 0): Required<RawResource> => {
    const size = BigInt(bytes.length);
    const header = { offset: BigInt(position), storedSize: size, size, flags };
    pieces.push(Buffer.from(bytes));
    position += bytes.length;
    return header;
  };
  const entries = [
    ...wim.images.map((image) => ({ blob: image, flags: 2 })),
    ...(wim.blobs ?? []).map((blob) => ({ blob, flags: 0 })),
  ].map(({ blob, flags }) => {
    const tail = Buffer.alloc(26);
    tail.writeUInt16LE(blob.part ?? 1, 0);
    tail.writeUInt32LE(blob.references ?? 1, 2);
    tail.set(blob.sha1 ?? sha1Of(blob.data), 6);
    return Buffer.concat([resourceHeader(put(blob.data, flags), blob), tail]);
  });
  const table = resourceHeader(put(Buffer.concat(entries)), wim.blobTable ?? {});
  const images = wim.images
    .map((_, i) => `<IMAGE INDEX="${i + 1}"><NAME>image ${i + 1}</NAME></IMAGE>`)
    .join('');
  const text = `\ufeff${wim.xml ?? `<WIM>${images}</WIM>`}`;
  const xml = resourceHeader(put(Buffer.from(text, 'utf16le')), wim.xmlData ?? {});
  const none = { offset: 0n, storedSize: 0n, size: 0n, flags: 0 };
  const digests = wim.integrity?.data;
  const integrity = resourceHeader(digests === undefined ? none : put(digests), wim.integrity ?? {});
  const header = pieces[0];
  header.write('MSWIM\0\0\0', 0, 'latin1');
  header.writeUInt32LE(HEADER_SIZE, 8);
  header.writeUInt32LE(wim.version ?? 0x10d00, 12);
  header.writeUInt32LE(wim.headerFlags ?? 0, 16);
  header.writeUInt32LE(wim.chunkSize ?? 0, 20);
  header.writeUInt16LE(wim.part?.[0] ?? 1, 40);
  header.writeUInt16LE(wim.part?.[1] ?? 1, 42);
  header.writeUInt32LE(wim.imageCount ?? wim.images.length, 44);
  table.copy(header, 0x30);
  xml.copy(header, 0x48);
  resourceHeader(none, wim.bootMetadata ?? {}).copy(header, 0x60);
  header.writeUInt32LE(wim.bootIndex ?? 0, 0x78);
  integrity.copy(header, 0x7c);
  return new Uint8Array(Buffer.concat(pieces));
}

/** One change to a run of bytes. Places are parts of 2^32 of the length, so that one mutation fits every file. */
export type Mutation =
  | { readonly kind: 'flip'; readonly place: number; readonly bit: number }
  | { readonly kind: 'set'; readonly place: number; readonly width: 1 | 2 | 4 | 8; readonly value: bigint }
  | { readonly kind: 'cut'; readonly place: number }
  | { readonly kind: 'copy'; readonly place: number; readonly from: number; readonly length: number }
  | { readonly kind: 'zero'; readonly place: number; readonly length: number };

const place = fc.oneof(fc.nat(0xffff_ffff), fc.nat(0xfff_ffff));
const number = fc.oneof(
  fc.constantFrom(0n, 1n, 7n, 8n, 0x7fn, 0xffn, 0xffffn, 0x7fff_ffffn, 0xffff_ffffn, 0x1_0000_0000n),
  fc.constantFrom(1n << 40n, (1n << 53n) - 1n, 1n << 53n, (1n << 56n) - 1n, 1n << 63n, (1n << 64n) - 1n),
  fc.bigInt({ min: 0n, max: 4096n }),
);

/** Random damage, printed and shrunk by fast-check. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), place, bit: fc.nat(7) }),
    fc.record({
      kind: fc.constant('set' as const),
      place,
      width: fc.constantFrom(1, 2, 4, 8),
      value: number,
    }),
    fc.record({
      kind: fc.constant('copy' as const),
      place,
      from: place,
      length: fc.integer({ min: 1, max: 300 }),
    }),
    fc.record({ kind: fc.constant('zero' as const), place, length: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ kind: fc.constant('cut' as const), place }),
  ),
  { minLength: 1, maxLength: 5 },
);

/**
 * A damaged copy of `bytes`.
 * @param align places are rounded down to a multiple of it: fields of records are hit more often
 */
export function damaged(bytes: Uint8Array, changes: readonly Mutation[], align = 1): Uint8Array {
  let result = Buffer.from(bytes);
  const at = (part: number): number => Math.floor(((part / 2 ** 32) * result.length) / align) * align;
  for (const change of changes) {
    const start = at(change.place);
    switch (change.kind) {
      case 'flip':
        if (start < result.length) result[start] ^= 1 << change.bit;
        break;
      case 'set': {
        const value = Buffer.alloc(8);
        value.writeBigUInt64LE(change.value);
        if (start < result.length) value.copy(result, start, 0, change.width);
        break;
      }
      case 'cut':
        result = result.subarray(0, start);
        break;
      case 'copy':
        if (start < result.length)
          result.copy(result, start, at(change.from), at(change.from) + change.length);
        break;
      case 'zero':
        result.fill(0, start, Math.min(start + change.length, result.length));
        break;
    }
  }
  return new Uint8Array(result);
}

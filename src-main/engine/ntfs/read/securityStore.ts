import { FormatError } from '../../../../src-shared/errors/appError';
import type { ByteSource } from '../../binary/byteSource';
import { AttributeType } from '../records/attribute';
import { SystemFile } from '../records/fileRecord';
import { SECURITY_BLOCK_SIZE, SecurityEntry, securityHash } from '../records/secure';
import { readContents, type ContentsSource } from './fileContents';
import { valueSource } from './valueBytes';

/** Entries are aligned so. */
const ALIGNMENT = 16;
/** Largest security descriptor: 64 KiB and what is above it. */
const LIMIT = SECURITY_BLOCK_SIZE - SecurityEntry.size;

/** The security descriptors of a volume, by their IDs, found in one pass over $Secure:$SDS. */
export class SecurityStore {
  private readonly places = new Map<
    number,
    { readonly offset: number; readonly length: number; readonly hash: number }
  >();
  private readonly data: ByteSource | undefined;

  /** @throws FormatError `volume/malformed` when $Secure cannot be read */
  constructor(source: ContentsSource) {
    const value = readContents(source, SystemFile.SECURE)?.attributes.find(
      ({ type, name }) => type === AttributeType.DATA && name === '$SDS',
    );
    // Windows NT 4 has none: descriptors are in the records.
    if (value === undefined) return;
    this.data = valueSource(source, value);
    // It has no holes, with which it could claim any size.
    this.findEntries(this.data, (value.runs?.mapped ?? 0) * source.geometry.clusterSize);
  }

  /**
   * @returns undefined for an ID that is not there
   * @throws FormatError `volume/malformed` when the descriptor differs from its hash
   */
  read(id: number): Uint8Array | undefined {
    const place = this.places.get(id);
    if (place === undefined || this.data === undefined) return undefined;
    const read = (offset: number) => {
      const bytes = new Uint8Array(place.length);
      const count = this.data?.read(offset, bytes);
      return count === bytes.length && securityHash(bytes) === place.hash ? bytes : undefined;
    };
    const bytes = read(place.offset) ?? read(place.offset + SECURITY_BLOCK_SIZE);
    if (bytes !== undefined) return bytes;
    throw new FormatError(
      {
        structure: '$SDS entry',
        offset: place.offset,
        problem: `security descriptor ${id} differs from its hash, and so does its copy`,
      },
      'volume/malformed',
    );
  }

  /** Each block of 256 KiB, or its copy where entries of it are damaged. */
  private findEntries(data: ByteSource, limit: number): void {
    const block = new Uint8Array(SECURITY_BLOCK_SIZE);
    for (let start = 0; start < Math.min(data.size, limit); start += 2 * SECURITY_BLOCK_SIZE) {
      for (const copy of [0, SECURITY_BLOCK_SIZE]) {
        const count = data.read(start + copy, block);
        this.findInBlock(block.subarray(0, count), start);
      }
    }
  }

  private findInBlock(block: Uint8Array, start: number): void {
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    const { hash, securityId, offset, length } = SecurityEntry.fields;
    for (let at = 0; at + SecurityEntry.size <= block.length;) {
      const size = view.getUint32(at + length.offset, true);
      const isEntry =
        size > SecurityEntry.size &&
        size - SecurityEntry.size <= LIMIT &&
        at + size <= block.length &&
        view.getUint32(at + offset.offset, true) +
          4294967296 * view.getUint32(at + offset.offset + 4, true) ===
          start + at;
      if (!isEntry) {
        at += ALIGNMENT;
        continue;
      }
      const id = view.getUint32(at + securityId.offset, true);
      if (!this.places.has(id)) {
        this.places.set(id, {
          offset: start + at + SecurityEntry.size,
          length: size - SecurityEntry.size,
          hash: view.getUint32(at + hash.offset, true),
        });
      }
      at += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    }
  }
}

import { Collation } from '../records/index';
import { FIRST_SECURITY_ID, SDH_PADDING } from '../records/secure';
import type { IndexEntries } from './indexPlan';
import { align8, sequenceOfRecord, writeReference, writeSize } from './recordWriter';

/** An index that is not of names, by the name of its attributes. */
export interface ViewIndex {
  readonly name: string;
  readonly collation: number;
  readonly entries: IndexEntries;
}

const ENTRY_HEADER = 0x10;

/** Writes the header of an entry whose key and data follow. */
function writeHeader(
  view: DataView,
  at: number,
  keyLength: number,
  dataOffset: number,
  dataLength: number,
): void {
  view.setUint16(at, dataOffset, true);
  view.setUint16(at + 0x02, dataLength, true);
  view.setUint16(at + 0x08, align8(dataOffset + dataLength), true);
  view.setUint16(at + 0x0a, keyLength, true);
}

/** Where the descriptors lie in $SDS: entry n has the security ID n + 0x100. */
export interface SecurityPlaces {
  readonly hashes: Uint32Array;
  /** Of the entry in $SDS. */
  readonly offsets: Float64Array;
  /** Of the entry, its header included. */
  readonly lengths: Uint32Array;
}

function writeSecurityData(
  view: DataView,
  at: number,
  { hashes, offsets, lengths }: SecurityPlaces,
  row: number,
): void {
  view.setUint32(at, hashes[row], true);
  view.setUint32(at + 0x04, row + FIRST_SECURITY_ID, true);
  writeSize(view, at + 0x08, offsets[row]);
  view.setUint32(at + 0x10, lengths[row], true);
}

/** $SDH: by hash, then security ID. */
export function securityHashIndex(places: SecurityPlaces): ViewIndex {
  const { hashes } = places;
  const order = Int32Array.from(hashes, (_, row) => row).sort((a, b) => hashes[a] - hashes[b] || a - b);
  return {
    name: '$SDH',
    collation: Collation.NTOFS_SECURITY_HASH,
    entries: {
      count: order.length,
      size: () => 0x30,
      write(position, view, at) {
        const row = order[position];
        writeHeader(view, at, 8, 0x18, 20);
        view.setUint16(at + 0x08, 0x30, true);
        view.setUint32(at + 0x10, hashes[row], true);
        view.setUint32(at + 0x14, row + FIRST_SECURITY_ID, true);
        writeSecurityData(view, at + 0x18, places, row);
        view.setUint32(at + 0x2c, SDH_PADDING, true);
      },
    },
  };
}

/** $SII: by security ID. */
export function securityIdIndex(places: SecurityPlaces): ViewIndex {
  return {
    name: '$SII',
    collation: Collation.NTOFS_ULONG,
    entries: {
      count: places.hashes.length,
      size: () => 0x28,
      write(position, view, at) {
        writeHeader(view, at, 4, 0x14, 20);
        view.setUint32(at + 0x10, position + FIRST_SECURITY_ID, true);
        writeSecurityData(view, at + 0x14, places, position);
      },
    },
  };
}

/** A file with what an index of $Extend knows it by. */
export interface IndexedFile<K> {
  readonly record: number;
  readonly key: K;
}

/** $Extend\$Reparse:$R: reparse tag and reference, no data. */
export function reparseIndex(files: readonly IndexedFile<number>[]): ViewIndex {
  const sorted = [...files].sort((a, b) => a.key - b.key || a.record - b.record);
  return {
    name: '$R',
    collation: Collation.NTOFS_ULONGS,
    entries: {
      count: sorted.length,
      size: () => 0x20,
      write(position, view, at) {
        const { key, record } = sorted[position];
        writeHeader(view, at, 12, ENTRY_HEADER + 12, 0);
        view.setUint16(at + 0x08, 0x20, true);
        view.setUint32(at + 0x10, key, true);
        writeReference(view, at + 0x14, record, sequenceOfRecord(record));
      },
    },
  };
}

/** $Extend\$ObjId:$O: by object ID, as four numbers. Keys have 64 bytes: the object ID and the birth IDs. */
export function objectIdIndex(files: readonly IndexedFile<Uint8Array>[]): ViewIndex {
  const sorted = files
    .map((file) => ({ ...file, words: new DataView(file.key.buffer, file.key.byteOffset, 16) }))
    .sort((a, b) => compareWords(a.words, b.words));
  return {
    name: '$O',
    collation: Collation.NTOFS_ULONGS,
    entries: {
      count: sorted.length,
      size: () => 0x58,
      write(position, view, at) {
        const { key, record } = sorted[position];
        writeHeader(view, at, 16, 0x20, 56);
        const bytes = new Uint8Array(view.buffer, view.byteOffset + at, 0x58);
        bytes.set(key.subarray(0, 16), 0x10);
        writeReference(view, at + 0x20, record, sequenceOfRecord(record));
        bytes.set(key.subarray(16, 64), 0x28);
      },
    },
  };
}

function compareWords(a: DataView, b: DataView): number {
  for (let at = 0; at < 16; at += 4) {
    const difference = a.getUint32(at, true) - b.getUint32(at, true);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** S-1-5-32-544, the Administrators. */
const ADMINISTRATORS = Uint8Array.of(1, 2, 0, 0, 0, 0, 0, 5, 0x20, 0, 0, 0, 0x20, 2, 0, 0);
/** First ID that $Quota gives to an owner; 1 stands for all that have none of their own. */
const FIRST_OWNER = 0x100;
const DEFAULT_OWNER = 1;
const QUOTA_DATA = 0x30;

/** $Extend\$Quota:$O: owner IDs by SID. The Administrators are there from the beginning. */
export function quotaOwnerIndex(): ViewIndex {
  return {
    name: '$O',
    collation: Collation.NTOFS_SID,
    entries: {
      count: 1,
      size: () => 0x28,
      write(_position, view, at) {
        writeHeader(view, at, ADMINISTRATORS.length, 0x20, 4);
        view.setUint16(at + 0x08, 0x28, true);
        new Uint8Array(view.buffer, view.byteOffset + at + 0x10, 16).set(ADMINISTRATORS);
        view.setUint32(at + 0x20, FIRST_OWNER, true);
        view.setUint32(at + 0x24, 0x20, true);
      },
    },
  };
}

/** $Extend\$Quota:$Q: limits by owner ID; none are set. @param now FILETIME */
export function quotaIndex(now: bigint): ViewIndex {
  const rows = [
    { owner: DEFAULT_OWNER, sid: new Uint8Array() },
    { owner: FIRST_OWNER, sid: ADMINISTRATORS },
  ];
  return {
    name: '$Q',
    collation: Collation.NTOFS_ULONG,
    entries: {
      count: rows.length,
      size: (position) => align8(0x14 + QUOTA_DATA + rows[position].sid.length),
      write(position, view, at) {
        const { owner, sid } = rows[position];
        writeHeader(view, at, 4, 0x14, QUOTA_DATA + sid.length);
        view.setUint32(at + 0x10, owner, true);
        view.setUint32(at + 0x14, 2, true);
        view.setUint32(at + 0x18, 1, true);
        view.setBigUint64(at + 0x24, now, true);
        writeSize(view, at + 0x2c, -1);
        writeSize(view, at + 0x34, -1);
        new Uint8Array(view.buffer, view.byteOffset + at + 0x14 + QUOTA_DATA, sid.length).set(sid);
      },
    },
  };
}

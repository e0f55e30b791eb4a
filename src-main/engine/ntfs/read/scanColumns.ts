import { growColumn, nextCapacity } from '../../binary/columns';
import { NONE, Tree } from '../../tree/tree';

/** How a stream's data is found again. */
export const Place = {
  /** In its record: resident, fragmented, compressed, or in need of a second look. */
  RECORD: 0xffffffff,
} as const;

/** A table that claims more is believed as records are found. */
const MAX_EXPECTED = 2 ** 22;

/** A file that WOF compressed. */
export interface WofFile {
  readonly format: 'xpress' | 'lzx';
  readonly chunkSize: number;
}

/** What few files have, by record number. */
export interface ScannedExtras {
  readonly reparse: Map<number, { readonly tag: number; readonly reserved: number }>;
  readonly wof: Map<number, WofFile>;
  readonly objectIds: Map<number, Uint8Array>;
  readonly extendedAttributes: Map<number, Uint8Array>;
  /** Descriptors in the record itself, as volumes of Windows NT have them. */
  readonly descriptors: Map<number, Uint8Array>;
  /** Directories whose names are case-sensitive. */
  readonly caseSensitive: Set<number>;
}

/**
 * What a pass over $MFT finds, in columns: by record number, and one row for each name and each stream. The names and
 * streams of a record are neighbours.
 */
export class ScanColumns {
  /** 1 for a file that was found. */
  found = new Uint8Array(64);
  isDirectory = new Uint8Array(64);
  sequence = new Uint16Array(64);
  attributes = new Uint32Array(64);
  /** In $Secure; 0 for none. */
  securityId = new Uint32Array(64);
  firstLink = new Int32Array(64);
  firstStream = new Int32Array(64);
  /** FILETIMEs: creation, last access, last write; low and high half. */
  times = new Uint32Array(64 * 6);
  /** One above the highest record found. */
  recordCount = 0;

  linkCount = 0;
  linkRecord = new Uint32Array(64);
  linkParent = new Uint32Array(64);
  linkParentSequence = new Uint16Array(64);
  linkSpace = new Uint8Array(64);
  nameUnits = new Uint8Array(64);
  /** Where the name is in the tree's names. */
  nameStart = new Uint32Array(64);

  streamCount = 0;
  streamRecord = new Uint32Array(64);
  streamKind = new Uint8Array(64);
  streamSize = new Float64Array(64);
  /** First cluster of a stream that lies in one run and is written whole; else {@link Place}. */
  streamPlace = new Uint32Array(64);
  /** Index in {@link streamNames}; 0 for none. */
  streamName = new Uint32Array(64);
  /** Few different names are in use. */
  readonly streamNames: string[] = [''];
  private readonly streamNameIndex = new Map<string, number>([['', 0]]);

  readonly extras: ScannedExtras = {
    reparse: new Map(),
    wof: new Map(),
    objectIds: new Map(),
    extendedAttributes: new Map(),
    descriptors: new Map(),
    caseSensitive: new Set(),
  };

  /** Takes the names at once, and the rest when it is built. */
  readonly tree = new Tree();

  /** @param records that are expected: room for them is made at once. It costs no memory until used */
  constructor(records: number) {
    const expected = Math.min(records, MAX_EXPECTED);
    this.growRecords(Math.max(64, expected));
    this.growLinks(Math.max(64, expected));
    this.growStreams(Math.max(64, expected));
  }

  addRecord(record: number, isDirectory: boolean, sequence: number): void {
    if (record >= this.found.length) this.growRecords(nextCapacity(this.found.length, record + 1));
    this.found[record] = 1;
    this.isDirectory[record] = isDirectory ? 1 : 0;
    this.sequence[record] = sequence;
    this.firstLink[record] = NONE;
    this.firstStream[record] = NONE;
    this.securityId[record] = 0;
    if (record >= this.recordCount) this.recordCount = record + 1;
  }

  /** Forgets the names and streams that were added since there were so many: the record is read anew. */
  takeBack(record: number, links: number, streams: number): void {
    this.linkCount = links;
    this.streamCount = streams;
    this.found[record] = 0;
    for (const few of Object.values(this.extras) as { delete(record: number): boolean }[]) few.delete(record);
  }

  /** @param view, start where the name's units lie */
  addLink(
    record: number,
    parent: number,
    parentSequence: number,
    space: number,
    view: DataView,
    start: number,
    units: number,
  ): void {
    const row = this.linkCount++;
    if (row >= this.linkRecord.length) this.growLinks(nextCapacity(row, row + 1));
    if (this.firstLink[record] === NONE) this.firstLink[record] = row;
    this.linkRecord[row] = record;
    this.linkParent[row] = parent;
    this.linkParentSequence[row] = parentSequence;
    this.linkSpace[row] = space;
    this.nameUnits[row] = units;
    this.nameStart[row] = this.tree.storeName(view, start, units);
  }

  addStream(record: number, kind: number, name: string, size: number, place: number): void {
    const row = this.streamCount++;
    if (row >= this.streamRecord.length) this.growStreams(nextCapacity(row, row + 1));
    if (this.firstStream[record] === NONE) this.firstStream[record] = row;
    this.streamRecord[row] = record;
    this.streamKind[row] = kind;
    this.streamSize[row] = size;
    this.streamPlace[row] = place;
    this.streamName[row] = name === '' ? 0 : this.nameIndex(name);
  }

  name(link: number): string {
    const start = this.nameStart[link];
    return String.fromCharCode(...this.tree.storedNames.subarray(start, start + this.nameUnits[link]));
  }

  /** Orders two names as an index does: by upper case, then by length, then as they are. */
  compareNames(a: number, b: number, upcase: Uint16Array): number {
    const names = this.tree.storedNames;
    const { nameUnits } = this;
    const startA = this.nameStart[a];
    const startB = this.nameStart[b];
    const length = Math.min(nameUnits[a], nameUnits[b]);
    let exact = 0;
    for (let i = 0; i < length; i++) {
      const unitA = names[startA + i];
      const unitB = names[startB + i];
      if (unitA === unitB) continue;
      const difference = upcase[unitA] - upcase[unitB];
      if (difference !== 0) return difference;
      if (exact === 0) exact = unitA - unitB;
    }
    return nameUnits[a] - nameUnits[b] || exact;
  }

  /** Index of a name in {@link streamNames}; 0 where no stream has it. */
  streamNameOf(name: string): number {
    return this.streamNameIndex.get(name) ?? 0;
  }

  private nameIndex(name: string): number {
    let index = this.streamNameIndex.get(name);
    if (index === undefined) {
      index = this.streamNames.length;
      this.streamNames.push(name);
      this.streamNameIndex.set(name, index);
    }
    return index;
  }

  private growRecords(capacity: number): void {
    this.found = growColumn(this.found, capacity);
    this.isDirectory = growColumn(this.isDirectory, capacity);
    this.sequence = growColumn(this.sequence, capacity);
    this.attributes = growColumn(this.attributes, capacity);
    this.securityId = growColumn(this.securityId, capacity);
    this.firstLink = growColumn(this.firstLink, capacity);
    this.firstStream = growColumn(this.firstStream, capacity);
    this.times = growColumn(this.times, capacity * 6);
  }

  private growLinks(capacity: number): void {
    this.linkRecord = growColumn(this.linkRecord, capacity);
    this.linkParent = growColumn(this.linkParent, capacity);
    this.linkParentSequence = growColumn(this.linkParentSequence, capacity);
    this.linkSpace = growColumn(this.linkSpace, capacity);
    this.nameUnits = growColumn(this.nameUnits, capacity);
    this.nameStart = growColumn(this.nameStart, capacity);
  }

  private growStreams(capacity: number): void {
    this.streamRecord = growColumn(this.streamRecord, capacity);
    this.streamKind = growColumn(this.streamKind, capacity);
    this.streamSize = growColumn(this.streamSize, capacity);
    this.streamPlace = growColumn(this.streamPlace, capacity);
    this.streamName = growColumn(this.streamName, capacity);
  }
}

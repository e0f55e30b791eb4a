import { FormatError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../../disk/blockDevice';
import { ATTRIBUTE_LIST_LIMIT, AttributeType, NonResidentAttribute } from '../records/attribute';
import { parseAttributeList, type ListedPart } from './attributeList';
import { firstAttribute, newCursor, nextAttribute, sizeAt, textAt, type AttributeCursor } from './attributes';
import {
  addRuns,
  checkCovered,
  readSizes,
  type AttributeValue,
  type NonResidentSizes,
} from './attributeValue';
import type { VolumeGeometry } from './geometry';
import { readRuns, type LoadedRecord, type MasterFileTable } from './masterFileTable';
import { RunList } from './runList';

/** A file with all of its attributes, from its base record and those that its attribute list names. */
export interface FileContents {
  readonly number: number;
  readonly sequence: number;
  /** FileRecordFlag bits. */
  readonly flags: number;
  /** In the order of the record. $ATTRIBUTE_LIST is not among them. */
  readonly attributes: readonly AttributeValue[];
  /** Records that its attribute list names, whether they are its own or not; none where it has no list. */
  readonly named: readonly number[];
  /** What is damaged and was left out, in words. */
  readonly problems: readonly string[];
}

/** Records of others that a list may name until it is given up: each is read, and each list could name them all. */
const MAX_FOREIGN = 64;

/** An attribute on its way: parts after the first add to its run list. */
interface Growing {
  readonly type: number;
  readonly name: string;
  readonly flags: number;
  readonly sizes: NonResidentSizes;
  readonly runs?: RunList;
  readonly bytes?: Uint8Array;
  readonly device: number;
  isDamaged: boolean;
}

/** What {@link readContents} reads from. */
export interface ContentsSource {
  readonly device: BlockDevice;
  readonly geometry: VolumeGeometry;
  readonly mft: MasterFileTable;
}

/**
 * Puts a file together. An attribute that is damaged is left out with a problem, the others are kept.
 * @returns undefined when the record is not in use or belongs to another file
 * @throws FormatError `volume/malformed` when the base record or its attribute list cannot be read
 */
export function readContents(source: ContentsSource, number: number): FileContents | undefined {
  const record = source.mft.read(number);
  if (record === undefined || record.header.base >= 0) return undefined;
  return new ContentsReader(source, record).read();
}

class ContentsReader {
  private readonly found: Growing[] = [];
  private readonly problems: string[] = [];
  private readonly cursor = newCursor();
  private foreign = 0;
  private named: readonly number[] = [];

  constructor(
    private readonly source: ContentsSource,
    private readonly base: LoadedRecord,
  ) {}

  read(): FileContents {
    const { base } = this;
    const list = this.attributeList();
    if (list === undefined) {
      this.take(base);
    } else {
      this.takeListed(list);
    }
    const { sequence, flags } = base.header;
    const attributes = this.finish();
    return { number: base.number, sequence, flags, attributes, named: this.named, problems: this.problems };
  }

  private attributeList(): ListedPart[] | undefined {
    const { base, cursor } = this;
    const { device, geometry } = this.source;
    firstAttribute(cursor, base.header.attributesAt);
    while (nextAttribute(cursor, base.view, base.header.end, base.device)) {
      if (cursor.type < AttributeType.ATTRIBUTE_LIST) continue;
      if (cursor.type !== AttributeType.ATTRIBUTE_LIST) return undefined;
      if (cursor.resident) return parseAttributeList(valueOf(cursor, base.view), base.device);
      const size = sizeAt(
        base.view,
        cursor.at + NonResidentAttribute.fields.dataSize.offset,
        base.device,
        'dataSize',
      );
      if (size > ATTRIBUTE_LIST_LIMIT) {
        throw new FormatError(
          { structure: 'attribute list', offset: base.device, problem: `${size} bytes are too many` },
          'volume/malformed',
        );
      }
      const runs = new RunList(geometry.clusters);
      addRuns(runs, cursor, base.view, base.device);
      return parseAttributeList(readRuns(device, runs, geometry.clusterSize, size), base.device);
    }
    return undefined;
  }

  /** Takes the attributes that the list names, record by record; each record is read once. */
  private takeListed(list: readonly ListedPart[]): void {
    const { base } = this;
    const wanted = new Map<number, Set<string>>();
    const sequences = new Map<number, number>();
    for (const part of list) {
      const keys = wanted.get(part.record) ?? new Set<string>();
      keys.add(keyOf(part.type, part.id, part.name));
      wanted.set(part.record, keys);
      sequences.set(part.record, part.sequence);
    }
    this.named = [...wanted.keys()];
    for (const [number, missing] of wanted) {
      const record = number === base.number ? base : this.extension(number, sequences.get(number) ?? 0);
      if (record === undefined) continue;
      this.take(record, missing);
      if (missing.size > 0)
        this.problems.push(`record ${number} does not hold ${missing.size} attributes that the list names`);
    }
  }

  private extension(number: number, sequence: number): LoadedRecord | undefined {
    const { base, source } = this;
    if (this.foreign >= MAX_FOREIGN) return undefined;
    try {
      const record = source.mft.read(number);
      const isOurs =
        record !== undefined &&
        record.header.base === base.number &&
        record.header.baseSequence === base.header.sequence &&
        (sequence === 0 || record.header.sequence === sequence);
      if (isOurs) return record;
      this.foreign++;
      this.problems.push(`record ${number}, which its attribute list names, is not one of its own`);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.foreign++;
      this.problems.push(error.message);
    }
    return undefined;
  }

  /** @param wanted keys of the attributes that are taken, and then no longer in it; absent: all */
  private take(record: LoadedRecord, wanted?: Set<string>): void {
    const { cursor } = this;
    const { view } = record;
    try {
      firstAttribute(cursor, record.header.attributesAt);
      while (nextAttribute(cursor, view, record.header.end, record.device)) {
        if (cursor.type === AttributeType.ATTRIBUTE_LIST) continue;
        const name = textAt(view, cursor.nameAt, cursor.nameUnits);
        if (wanted === undefined || wanted.delete(keyOf(cursor.type, cursor.id, name)))
          this.takeAttribute(record, name);
      }
    } catch (error) {
      // What lies behind a damaged attribute cannot be found.
      if (!(error instanceof FormatError)) throw error;
      this.problems.push(error.message);
    }
  }

  private takeAttribute({ view, device }: LoadedRecord, name: string): void {
    const { cursor } = this;
    const { geometry } = this.source;
    const { type, flags } = cursor;
    const sizes = { size: 0, validSize: 0, allocatedSize: 0, unit: 0 };
    if (cursor.resident) {
      sizes.size = sizes.validSize = cursor.valueLength;
      const bytes = valueOf(cursor, view);
      this.found.push({ type, name, flags, sizes, bytes, device, isDamaged: false });
      return;
    }
    let growing = this.found.find(
      (known) => known.type === type && known.name === name && known.runs !== undefined,
    );
    try {
      const lowest = sizeAt(
        view,
        cursor.at + NonResidentAttribute.fields.lowestVcn.offset,
        device,
        'lowestVcn',
      );
      if (lowest === 0) {
        growing = {
          type,
          name,
          flags,
          sizes,
          runs: new RunList(geometry.clusters),
          device,
          isDamaged: false,
        };
        this.found.push(growing);
        readSizes(sizes, cursor, view, geometry.clusterSize, device);
      }
      if (growing?.runs === undefined) {
        this.problems.push(`a part of ${described(type, name)} has no beginning`);
        return;
      }
      addRuns(growing.runs, cursor, view, device);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.problems.push(error.message);
      if (growing !== undefined) growing.isDamaged = true;
    }
  }

  private finish(): AttributeValue[] {
    const { clusterSize } = this.source.geometry;
    const values: AttributeValue[] = [];
    for (const { type, name, flags, sizes, runs, bytes, device, isDamaged } of this.found) {
      if (isDamaged) {
        this.problems.push(`${described(type, name)} is left out`);
        continue;
      }
      const { size, validSize, unit } = sizes;
      if (bytes !== undefined) {
        values.push({ type, name, flags, size, validSize, unit, bytes });
      } else if (runs !== undefined) {
        try {
          checkCovered(runs, sizes, clusterSize, device);
          values.push({ type, name, flags, size, validSize, unit, runs });
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
          this.problems.push(`${described(type, name)} is left out: ${error.message}`);
        }
      }
    }
    return values;
  }
}

/** Tells an attribute from the others of its record. */
function keyOf(type: number, id: number, name: string): string {
  return `${type} ${id} ${name}`;
}

function valueOf(cursor: AttributeCursor, view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + cursor.valueAt, cursor.valueLength).slice();
}

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(AttributeType).map(([name, type]) => [type, `$${name}`]),
);

/** '$DATA "stream"': an attribute in a message. */
export function described(type: number, name: string): string {
  const typeName = TYPE_NAMES.get(type) ?? `attribute 0x${type.toString(16)}`;
  return name === '' ? typeName : `${typeName} "${name}"`;
}

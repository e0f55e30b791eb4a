import { FormatError } from '../../../../src-shared/errors/appError';
import { AttributeFlag, NonResidentAttribute } from '../records/attribute';
import { sizeAt, type AttributeCursor } from './attributes';
import { type RunList } from './runList';

/** An attribute put together from all of its parts. Sizes in bytes. */
export interface AttributeValue {
  readonly type: number;
  readonly name: string;
  /** AttributeFlag bits. */
  readonly flags: number;
  readonly size: number;
  /** Bytes written; what follows reads as zeroes. */
  readonly validSize: number;
  /** Resident: the value. */
  readonly bytes?: Uint8Array;
  /** Non-resident: where it lies. */
  readonly runs?: RunList;
  /** Bytes of a compression unit; 0 where the data is not compressed. */
  readonly unit: number;
}

const { fields } = NonResidentAttribute;
const LOWEST_VCN = fields.lowestVcn.offset;
const HIGHEST_VCN = fields.highestVcn.offset;
const RUN_LIST_OFFSET = fields.runListOffset.offset;
const COMPRESSION_UNIT = fields.compressionUnit.offset;
const ALLOCATED_SIZE = fields.allocatedSize.offset;
const DATA_SIZE = fields.dataSize.offset;
const INITIALIZED_SIZE = fields.initializedSize.offset;
const FLAGS = fields.flags.offset;

/** Largest compression unit: 16 clusters of the largest size that can be compressed. */
const MAX_UNIT = 1024 * 1024;

/** The sizes of a non-resident attribute's first part. */
export interface NonResidentSizes {
  size: number;
  validSize: number;
  allocatedSize: number;
  unit: number;
}

/**
 * Reads and checks the sizes of a non-resident attribute.
 * @param into an object to fill: no new one is made for each of a million files
 * @throws FormatError `volume/malformed`, or `volume/unsupported` for an unknown way of compression
 */
export function readSizes(
  into: NonResidentSizes,
  cursor: AttributeCursor,
  view: DataView,
  clusterSize: number,
  device: number,
): void {
  const { at } = cursor;
  into.allocatedSize = sizeAt(view, at + ALLOCATED_SIZE, device, 'allocatedSize');
  into.size = sizeAt(view, at + DATA_SIZE, device, 'dataSize');
  const initialized = sizeAt(view, at + INITIALIZED_SIZE, device, 'initializedSize');
  into.validSize = Math.min(initialized, into.size);
  if (into.size > into.allocatedSize) {
    throw new FormatError(
      {
        structure: 'attribute',
        field: 'dataSize',
        offset: device + at + DATA_SIZE,
        problem: `${into.size} bytes do not fit in the ${into.allocatedSize} allocated`,
      },
      'volume/malformed',
    );
  }
  into.unit = 0;
  const compression = cursor.flags & AttributeFlag.COMPRESSION_MASK;
  if (compression === 0) return;
  if (compression !== AttributeFlag.COMPRESSED) {
    throw new FormatError(
      {
        structure: 'attribute',
        field: 'flags',
        offset: device + at + FLAGS,
        problem: `compression ${compression} is not known`,
      },
      'volume/unsupported',
    );
  }
  const exponent = view.getUint8(at + COMPRESSION_UNIT);
  const unit = exponent > 20 ? Infinity : clusterSize * 2 ** exponent;
  if (exponent === 0 || unit > MAX_UNIT) {
    throw new FormatError(
      {
        structure: 'attribute',
        field: 'compressionUnit',
        offset: device + at + COMPRESSION_UNIT,
        problem: `2 to the power of ${exponent} clusters are no unit of compression`,
      },
      'volume/malformed',
    );
  }
  into.unit = unit;
}

/**
 * Adds the run list of the part under a cursor.
 * @throws FormatError `volume/malformed`
 */
export function addRuns(runs: RunList, cursor: AttributeCursor, view: DataView, device: number): void {
  const { at, length } = cursor;
  const offset = view.getUint16(at + RUN_LIST_OFFSET, true);
  if (offset < NonResidentAttribute.size || offset > length) {
    throw new FormatError(
      {
        structure: 'attribute',
        field: 'runListOffset',
        offset: device + at + RUN_LIST_OFFSET,
        problem: `${offset} lies outside`,
      },
      'volume/malformed',
    );
  }
  const lowest = sizeAt(view, at + LOWEST_VCN, device, 'lowestVcn');
  const highest =
    view.getInt32(at + HIGHEST_VCN + 4, true) * 4294967296 + view.getUint32(at + HIGHEST_VCN, true);
  runs.add(view, at + offset, at + length, lowest, highest, device);
}

/**
 * Checks that the runs hold as many bytes as the attribute says are written.
 * @throws FormatError `volume/malformed`
 */
export function checkCovered(
  runs: RunList,
  sizes: NonResidentSizes,
  clusterSize: number,
  device: number,
): void {
  if (runs.clusters * clusterSize >= sizes.size) return;
  throw new FormatError(
    {
      structure: 'run list',
      offset: device,
      problem: `${runs.clusters} clusters do not hold the ${sizes.size} bytes of the attribute`,
    },
    'volume/malformed',
  );
}

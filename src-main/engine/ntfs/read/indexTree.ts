import { FormatError } from '../../../../src-shared/errors/appError';
import type { ByteSource } from '../../binary/byteSource';
import { AttributeType } from '../records/attribute';
import {
  BLOCK_HEADER_OFFSET,
  INDEX_MAGIC,
  IndexBlock,
  IndexEntryFlag,
  IndexHeader,
  IndexRoot,
  ROOT_HEADER_OFFSET,
} from '../records/index';
import { described, type ContentsSource, type FileContents } from './fileContents';
import { undoSequence } from './sequenceNumbers';
import { valueSource } from './valueBytes';

/** Entries of an index are at least so long. */
const ENTRY_SIZE = 0x10;
/** Deepest index that is walked: one of 2 entries a node with 2 to the power of 32 entries. */
const MAX_LEVELS = 32;

/** A node while it is walked. */
interface Node {
  readonly view: DataView;
  /** Offset of its index header. */
  readonly headerAt: number;
  readonly end: number;
  /** Next entry. */
  at: number;
  /** Its entry's children were walked. */
  isEntered: boolean;
  readonly blockOffset: number;
}

/** An entry: where it lies in memory, until the next one is asked for. */
export interface IndexEntryPlace {
  readonly view: DataView;
  readonly at: number;
  readonly length: number;
  readonly keyLength: number;
}

/**
 * Walks an index in order, through its B+ tree.
 * @param name '$I30' of a directory, '$O' and others of system files
 * @throws FormatError `volume/malformed` for a damaged node, also for one that is met twice
 */
export function* walkIndex(
  source: Pick<ContentsSource, 'device' | 'geometry'>,
  contents: FileContents,
  name: string,
): Generator<IndexEntryPlace> {
  const root = contents.attributes.find(
    (value) => value.type === AttributeType.INDEX_ROOT && value.name === name,
  );
  if (root?.bytes === undefined) return;
  const allocation = contents.attributes.find(
    (value) => value.type === AttributeType.INDEX_ALLOCATION && value.name === name,
  );
  const { blockSize } = IndexRoot.parse(root.bytes, 0);
  const blocks = allocation === undefined ? undefined : valueSource(source, allocation);
  const { clusterSize } = source.geometry;
  if (blocks !== undefined && !(blockSize >= 512 && blockSize <= 2 ** 21 && blockSize % 512 === 0))
    throw malformed(ROOT_STRUCTURE, 8, `a block of ${blockSize} bytes is impossible`);
  // Numbers of blocks count clusters, or units of 512 bytes where a block is smaller than a cluster.
  const unit = blockSize >= clusterSize ? clusterSize : 512;
  const met = new Set<number>();
  const stack: Node[] = [openNode(viewOf(root.bytes), ROOT_HEADER_OFFSET, -1)];
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const { view, at } = node;
    if (at + ENTRY_SIZE > node.end)
      throw malformed(
        'index entry',
        at,
        `the node in ${described(AttributeType.INDEX_ROOT, name)} has no last entry`,
      );
    const length = view.getUint16(at + 8, true);
    const keyLength = view.getUint16(at + 10, true);
    const flags = view.getUint16(at + 12, true);
    const hasChild = (flags & IndexEntryFlag.HAS_CHILD) !== 0;
    if (
      length < ENTRY_SIZE + (hasChild ? 8 : 0) ||
      length % 8 !== 0 ||
      at + length > node.end ||
      ENTRY_SIZE + keyLength > length
    )
      throw malformed(
        'index entry',
        Math.max(0, node.blockOffset) + at,
        `${length} bytes with a key of ${keyLength} are impossible here`,
      );
    if (hasChild && !node.isEntered) {
      node.isEntered = true;
      const number =
        view.getUint32(at + length - 8, true) + 4294967296 * view.getUint32(at + length - 4, true);
      if (met.has(number)) throw malformed('index block', number * unit, 'the index comes to it twice');
      if (stack.length > MAX_LEVELS) throw malformed('index block', number * unit, 'the index is too deep');
      met.add(number);
      stack.push(readBlock(blocks, number, unit, blockSize));
      continue;
    }
    node.isEntered = false;
    node.at = at + length;
    if ((flags & IndexEntryFlag.LAST) !== 0) stack.pop();
    else yield { view, at, length, keyLength };
  }
}

const ROOT_STRUCTURE = '$INDEX_ROOT';

function readBlock(blocks: ByteSource | undefined, number: number, unit: number, blockSize: number): Node {
  const offset = number * unit;
  if (blocks === undefined || !Number.isSafeInteger(offset) || offset + blockSize > blocks.size)
    throw malformed('index block', offset, 'it lies outside of $INDEX_ALLOCATION');
  const bytes = new Uint8Array(blockSize);
  blocks.read(offset, bytes);
  const header = IndexBlock.parse(bytes, offset);
  if (header.magic !== INDEX_MAGIC) throw malformed('index block', offset, 'it does not begin with INDX');
  const view = viewOf(bytes);
  undoSequence(view, 0, blockSize, header.sequenceOffset, header.sequenceCount, 'index block', offset);
  if (header.vcn !== BigInt(number))
    throw malformed('index block', offset, `it says that it is ${header.vcn}, where ${number} must be`);
  return openNode(view, BLOCK_HEADER_OFFSET, offset);
}

function openNode(view: DataView, headerAt: number, blockOffset: number): Node {
  const structure = blockOffset < 0 ? ROOT_STRUCTURE : 'index block';
  const base = Math.max(0, blockOffset) + headerAt;
  if (headerAt + IndexHeader.size > view.byteLength) throw malformed(structure, base, 'it is too short');
  const entriesOffset = view.getUint32(headerAt + IndexHeader.fields.entriesOffset.offset, true);
  const indexLength = view.getUint32(headerAt + IndexHeader.fields.indexLength.offset, true);
  if (
    entriesOffset < IndexHeader.size ||
    indexLength < entriesOffset ||
    headerAt + indexLength > view.byteLength
  )
    throw malformed(structure, base, `entries from ${entriesOffset} to ${indexLength} are impossible`);
  return {
    view,
    headerAt,
    at: headerAt + entriesOffset,
    end: headerAt + indexLength,
    isEntered: false,
    blockOffset,
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function malformed(structure: string, offset: number, problem: string): FormatError {
  return new FormatError({ structure, offset, problem }, 'volume/malformed');
}

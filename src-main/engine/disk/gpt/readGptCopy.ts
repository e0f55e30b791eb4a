import { readExactly, type ByteSource } from '../../binary/byteSource';
import { crc32 } from '../../binary/crc32';
import { formatGuid } from '../../binary/guid';
import type { BlockDevice } from '../blockDevice';
import { malformed } from '../diskFaults';
import type { GptContents, GptPartition } from './gpt';
import { GPT_ENTRY_SIZE, GPT_HEADER_SIZE, GPT_REVISION, GPT_SIGNATURE, GptEntry, GptHeader } from './records';

/** One copy of the table, checked. */
export interface GptCopy extends GptContents {
  readonly lba: number;
  readonly otherLba: number;
  readonly entriesLba: number;
  /** The entry array as it is stored. */
  readonly entries: Uint8Array<ArrayBuffer>;
}

/** Largest entry array that is read, bytes: 64 times the usual one. */
const MAX_ENTRIES = 1 << 20;
const NO_TYPE = '00000000-0000-0000-0000-000000000000';

/** Whether a sector begins as a GPT header does. */
export function hasGptSignature(source: ByteSource, sectorSize: number, lba: number): boolean {
  const start = new Uint8Array(8);
  if (lba < 0 || source.read(lba * sectorSize, start) < 8) return false;
  return new DataView(start.buffer).getBigUint64(0, true) === GPT_SIGNATURE;
}

/**
 * Reads and checks the copy whose header lies at `lba`.
 * @throws FormatError `disk/malformed` for anything that the UEFI specification does not allow in a valid copy
 */
export function readGptCopy(device: BlockDevice, lba: number): GptCopy {
  const { sectorSize } = device;
  const base = lba * sectorSize;
  const bytes = readExactly(device, base, sectorSize, GptHeader.structure, 'disk/truncated');
  const header = GptHeader.parse(bytes, base);
  const fail = (field: keyof typeof GptHeader.fields, problem: string): never => {
    const offset = base + GptHeader.fields[field].offset;
    throw malformed(GptHeader.structure, offset, problem, field);
  };
  const sectors = device.size / sectorSize;
  const lbaOf = (field: 'otherLba' | 'firstUsableLba' | 'lastUsableLba' | 'entriesLba'): number => {
    const value = header[field];
    if (value >= BigInt(Number.MAX_SAFE_INTEGER) / BigInt(sectorSize))
      fail(field, `sector ${value} is on no disk`);
    return Number(value);
  };

  if (header.signature !== GPT_SIGNATURE) fail('signature', 'no "EFI PART" here');
  if (header.revision !== GPT_REVISION)
    fail('revision', `version 0x${header.revision.toString(16)} is not known`);
  const { headerSize, entryCount, entrySize } = header;
  if (headerSize < GPT_HEADER_SIZE || headerSize > sectorSize) {
    fail('headerSize', `${headerSize} is not from ${GPT_HEADER_SIZE} to ${sectorSize}`);
  }
  const covered = bytes.slice(0, headerSize);
  covered.fill(0, 0x10, 0x14);
  if (crc32(covered) !== header.headerCrc) fail('headerCrc', 'the CRC of the header does not match');
  if (header.currentLba !== BigInt(lba))
    fail('currentLba', `it says that it lies in sector ${header.currentLba}`);

  const otherLba = lbaOf('otherLba');
  const firstUsableLba = lbaOf('firstUsableLba');
  const lastUsableLba = lbaOf('lastUsableLba');
  const entriesLba = lbaOf('entriesLba');
  if (firstUsableLba > lastUsableLba + 1)
    fail('firstUsableLba', `${firstUsableLba} lies after the last usable sector`);
  if (firstUsableLba < 2) fail('firstUsableLba', 'partitions may lie over the protective MBR or the header');
  if (lastUsableLba >= sectors)
    fail('lastUsableLba', `${lastUsableLba} is beyond the disk's ${sectors} sectors`);
  if (entrySize < GPT_ENTRY_SIZE || entrySize % GPT_ENTRY_SIZE !== 0 || (entrySize & (entrySize - 1)) !== 0) {
    fail('entrySize', `${entrySize} is not 128 times a power of two`);
  }
  const arraySize = entryCount * entrySize;
  if (arraySize > MAX_ENTRIES) fail('entryCount', `${entryCount} entries of ${entrySize} bytes are too many`);
  const arrayEnd = entriesLba + Math.ceil(arraySize / sectorSize);
  if (entriesLba < 2 || arrayEnd > sectors)
    fail('entriesLba', `the array at sector ${entriesLba} is not on the disk`);
  if (entriesLba <= lba && arrayEnd > lba) fail('entriesLba', 'the array lies over the header');
  if (entriesLba <= lastUsableLba && arrayEnd > firstUsableLba) {
    fail('entriesLba', 'the array lies where partitions may be');
  }
  if (lba >= firstUsableLba && lba <= lastUsableLba)
    fail('firstUsableLba', 'partitions may lie over the header');

  if (otherLba >= firstUsableLba && otherLba <= lastUsableLba) {
    fail('otherLba', 'the other copy lies where partitions may be');
  }

  const entries = readExactly(
    device,
    entriesLba * sectorSize,
    arraySize,
    'GPT entry array',
    'disk/truncated',
  ) as Uint8Array<ArrayBuffer>;
  if (crc32(entries) !== header.entriesCrc) fail('entriesCrc', 'the CRC of the entry array does not match');
  const usable = { first: firstUsableLba, last: lastUsableLba };
  return {
    lba,
    otherLba,
    entriesLba,
    entries,
    diskId: formatGuid(header.diskId),
    firstUsableLba,
    lastUsableLba,
    entrySize,
    entryCount,
    partitions: parseEntries(entries, entrySize, usable, entriesLba * sectorSize),
  };
}

/** @throws FormatError where a partition lies outside of the usable sectors or over another one */
function parseEntries(
  entries: Uint8Array,
  entrySize: number,
  usable: { readonly first: number; readonly last: number },
  base: number,
): GptPartition[] {
  const partitions: GptPartition[] = [];
  for (let at = 0; at < entries.length; at += entrySize) {
    const entry = GptEntry.parse(entries.subarray(at, at + entrySize), base + at);
    const type = formatGuid(entry.type);
    if (type === NO_TYPE) continue;
    const number = at / entrySize + 1;
    if (
      entry.firstLba > entry.lastLba ||
      entry.firstLba < BigInt(usable.first) ||
      entry.lastLba > BigInt(usable.last)
    ) {
      throw malformed(
        GptEntry.structure,
        base + at + GptEntry.fields.firstLba.offset,
        `partition ${number}, sectors ${entry.firstLba} to ${entry.lastLba}, is not within ${usable.first} to ${usable.last}`,
        'firstLba',
      );
    }
    partitions.push({
      number,
      type,
      id: formatGuid(entry.id),
      firstLba: Number(entry.firstLba),
      lastLba: Number(entry.lastLba),
      attributes: entry.attributes,
      name: decodeName(entry.name),
    });
  }
  const sorted = [...partitions].sort((a, b) => a.firstLba - b.firstLba);
  for (const [i, partition] of sorted.entries()) {
    const before = sorted.at(i - 1);
    if (i === 0 || before === undefined || before.lastLba < partition.firstLba) continue;
    throw malformed(
      GptEntry.structure,
      base + (partition.number - 1) * entrySize + GptEntry.fields.firstLba.offset,
      `partitions ${before.number} and ${partition.number} overlap`,
      'firstLba',
    );
  }
  return partitions;
}

function decodeName(bytes: Uint8Array): string {
  const name = new TextDecoder('utf-16le').decode(bytes);
  const end = name.indexOf('\0');
  return end === -1 ? name : name.slice(0, end);
}

import { AppError } from '../../../../src-shared/errors/appError';
import { crc32 } from '../../binary/crc32';
import { parseGuid } from '../../binary/guid';
import type { BlockDevice } from '../blockDevice';
import { protectiveMbr } from '../mbr/protectiveMbr';
import type { GptPartition } from './gpt';
import {
  GPT_ENTRY_COUNT,
  GPT_ENTRY_SIZE,
  GPT_HEADER_SIZE,
  GPT_REVISION,
  GPT_SIGNATURE,
  GptEntry,
  GptHeader,
} from './records';

/** Characters of a partition's name, UTF-16 code units. */
export const MAX_GPT_NAME = 36;

/** Sectors of a GUID partition table of 128 entries, as everybody writes it. */
export interface GptGeometry {
  readonly entrySectors: number;
  readonly firstUsableLba: number;
  /** Inclusive. */
  readonly lastUsableLba: number;
  readonly lastLba: number;
}

export function gptGeometry(diskSize: number, sectorSize: number): GptGeometry {
  const entrySectors = Math.ceil((GPT_ENTRY_COUNT * GPT_ENTRY_SIZE) / sectorSize);
  const lastLba = Math.floor(diskSize / sectorSize) - 1;
  return {
    entrySectors,
    firstUsableLba: 2 + entrySectors,
    lastUsableLba: lastLba - entrySectors - 1,
    lastLba,
  };
}

/**
 * Writes a GUID partition table: the backup copy first, then the entries of the primary one, its header, and at last
 * the protective MBR, which turns the disk into a GPT disk; flushed in between.
 * @param table `partitions` lie within {@link gptGeometry} and do not overlap, numbered from 1 to 128
 * @throws AppError `layout/invalid` where they do not
 */
export function writeGpt(
  device: BlockDevice,
  table: { readonly diskId: string; readonly partitions: readonly GptPartition[] },
): void {
  const { sectorSize } = device;
  const geometry = gptGeometry(device.size, sectorSize);
  checkPartitions(table.partitions, geometry);
  const entries = serializeEntries(table.partitions);
  const copy = (currentLba: number, otherLba: number, entriesLba: number): Uint8Array =>
    serializeGptHeader(sectorSize, {
      currentLba,
      otherLba,
      entriesLba,
      firstUsableLba: geometry.firstUsableLba,
      lastUsableLba: geometry.lastUsableLba,
      diskId: table.diskId,
      entryCount: GPT_ENTRY_COUNT,
      entrySize: GPT_ENTRY_SIZE,
      entries,
    });
  const { lastLba } = geometry;
  const backupEntriesLba = lastLba - geometry.entrySectors;
  device.write(backupEntriesLba * sectorSize, entries);
  device.write(lastLba * sectorSize, copy(lastLba, 1, backupEntriesLba));
  device.flush();
  device.write(2 * sectorSize, entries);
  device.write(sectorSize, copy(1, lastLba, 2));
  device.flush();
  device.write(0, protectiveMbr(device.size, sectorSize));
  device.flush();
}

/** A whole sector that holds a header whose CRCs are right. */
export function serializeGptHeader(
  sectorSize: number,
  copy: {
    readonly currentLba: number;
    readonly otherLba: number;
    readonly entriesLba: number;
    readonly firstUsableLba: number;
    readonly lastUsableLba: number;
    readonly diskId: string;
    readonly entryCount: number;
    readonly entrySize: number;
    readonly entries: Uint8Array;
  },
): Uint8Array<ArrayBuffer> {
  const header: GptHeader = {
    signature: GPT_SIGNATURE,
    revision: GPT_REVISION,
    headerSize: GPT_HEADER_SIZE,
    headerCrc: 0,
    reserved: 0,
    currentLba: BigInt(copy.currentLba),
    otherLba: BigInt(copy.otherLba),
    firstUsableLba: BigInt(copy.firstUsableLba),
    lastUsableLba: BigInt(copy.lastUsableLba),
    diskId: parseGuid(copy.diskId),
    entriesLba: BigInt(copy.entriesLba),
    entryCount: copy.entryCount,
    entrySize: copy.entrySize,
    entriesCrc: crc32(copy.entries),
  };
  header.headerCrc = crc32(GptHeader.serialize(header));
  const sector = new Uint8Array(sectorSize);
  sector.set(GptHeader.serialize(header));
  return sector;
}

function serializeEntries(partitions: readonly GptPartition[]): Uint8Array<ArrayBuffer> {
  const entries = new Uint8Array(GPT_ENTRY_COUNT * GPT_ENTRY_SIZE);
  for (const partition of partitions) {
    const name = new Uint8Array(MAX_GPT_NAME * 2);
    const view = new DataView(name.buffer);
    for (let i = 0; i < partition.name.length; i++) view.setUint16(i * 2, partition.name.charCodeAt(i), true);
    const entry = GptEntry.serialize({
      type: parseGuid(partition.type),
      id: parseGuid(partition.id),
      firstLba: BigInt(partition.firstLba),
      lastLba: BigInt(partition.lastLba),
      attributes: partition.attributes,
      name,
    });
    entries.set(entry, (partition.number - 1) * GPT_ENTRY_SIZE);
  }
  return entries;
}

function checkPartitions(partitions: readonly GptPartition[], geometry: GptGeometry): void {
  let end = geometry.firstUsableLba;
  const numbers = new Set<number>();
  for (const { number, firstLba, lastLba, name } of [...partitions].sort((a, b) => a.firstLba - b.firstLba)) {
    const refuse = (problem: string): never => {
      throw new AppError('layout/invalid', `partition ${number} ${problem}`);
    };
    if (!Number.isInteger(number) || number < 1 || number > GPT_ENTRY_COUNT || numbers.has(number)) {
      refuse('has a number that is not free');
    }
    numbers.add(number);
    if (name.length > MAX_GPT_NAME) refuse(`has a name of more than ${MAX_GPT_NAME} characters`);
    if (lastLba < firstLba || lastLba > geometry.lastUsableLba) refuse('does not lie on the disk');
    if (firstLba < end) refuse('lies over the table or over another partition');
    end = lastLba + 1;
  }
}

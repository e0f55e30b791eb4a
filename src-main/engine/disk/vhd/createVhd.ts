import type { OpenFile } from '../../os';
import { swapped, utf16leBytes } from '../utf16';
import { serializeFooter } from './footer';
import { geometryOf } from './geometry';
import {
  checksum,
  DiskType,
  DynamicHeader,
  FOOTER_COOKIE,
  FOOTER_SIZE,
  HEADER_CHECKSUM,
  HEADER_COOKIE,
  HEADER_SIZE,
  LOCATOR_SIZE,
  NOWHERE,
  ParentLocator,
  SECTOR,
  VERSION_1,
  WINDOWS_ABSOLUTE,
  WINDOWS_RELATIVE,
} from './records';

export interface VhdShape {
  readonly kind: 'fixed' | 'dynamic' | 'differencing';
  /** Bytes; a multiple of 512. */
  readonly diskSize: number;
  readonly blockSize: number;
  /** 16 bytes. */
  readonly uniqueId: Uint8Array;
  /** FILETIME of creation. */
  readonly now: bigint;
  readonly parent?: VhdParent;
}

export interface VhdParent {
  readonly uniqueId: Uint8Array;
  /** Milliseconds since 1970: last change of its file. */
  readonly modifiedMs: number;
  readonly name: string;
  readonly relative: string;
  readonly absolute: string;
}

const TABLE_OFFSET = FOOTER_SIZE + HEADER_SIZE;
/** "win ": Hyper-V's and qemu's sign that the size is the field's and not the geometry's. */
const CREATOR = [0x77, 0x69, 0x6e, 0x20];
/** "Wi2k" */
const SYSTEM = [0x57, 0x69, 0x32, 0x6b];
/** 2000-01-01 UTC. */
const EPOCH_FILETIME = 125_911_584_000_000_000n;
const EPOCH_MS = 946_684_800_000;

/** Bytes of a new VHD, of which a dynamic or differencing one has no blocks yet. */
export function vhdOverhead(shape: Pick<VhdShape, 'kind' | 'diskSize' | 'blockSize'>): number {
  if (shape.kind === 'fixed') return FOOTER_SIZE;
  return TABLE_OFFSET + tableBytes(shape) + FOOTER_SIZE;
}

function tableBytes({ diskSize, blockSize }: Pick<VhdShape, 'diskSize' | 'blockSize'>): number {
  return Math.ceil((Math.ceil(diskSize / blockSize) * 4) / SECTOR) * SECTOR;
}

/** Makes an empty file a VHD without data. What makes it one, the footer, is written last, after a flush. */
export function createVhd(file: OpenFile, shape: VhdShape): void {
  const footer = footerOf(shape);
  if (shape.kind === 'fixed') {
    file.truncate(shape.diskSize);
    file.flush();
    file.write(shape.diskSize, footer);
    file.flush();
    return;
  }
  const size = tableBytes(shape);
  const table = new Uint8Array(Math.min(size, 1024 * 1024)).fill(0xff);
  for (let at = 0; at < size; at += table.length) {
    file.write(TABLE_OFFSET + at, table.subarray(0, Math.min(table.length, size - at)));
  }
  const end = writeHeader(file, shape, TABLE_OFFSET + size);
  file.flush();
  file.write(end, footer);
  file.write(0, footer);
  file.flush();
}

function footerOf({ kind, diskSize, uniqueId, now }: VhdShape): Uint8Array {
  const types = {
    fixed: DiskType.FIXED,
    dynamic: DiskType.DYNAMIC,
    differencing: DiskType.DIFFERENCING,
  };
  return serializeFooter({
    cookie: FOOTER_COOKIE,
    features: 2,
    version: VERSION_1,
    dataOffset: kind === 'fixed' ? NOWHERE : BigInt(FOOTER_SIZE),
    timestamp: seconds(Number((now - EPOCH_FILETIME) / 10_000_000n)),
    creator: Uint8Array.from(CREATOR),
    creatorVersion: 0x000a_0000,
    creatorSystem: Uint8Array.from(SYSTEM),
    originalSize: BigInt(diskSize),
    currentSize: BigInt(diskSize),
    ...geometryOf(diskSize),
    diskType: types[kind],
    uniqueId,
    savedState: 0,
    reserved: new Uint8Array(427),
  });
}

/** Writes header and parent locators' texts. @returns where the footer belongs */
function writeHeader(file: OpenFile, shape: VhdShape, textsAt: number): number {
  const { parent } = shape;
  const locators = new Uint8Array(192);
  const parentName = new Uint8Array(512);
  let end = textsAt;
  if (parent !== undefined) {
    parentName.set(swapped(utf16leBytes(parent.name)).subarray(0, 510));
    const texts = [
      [WINDOWS_RELATIVE, parent.relative],
      [WINDOWS_ABSOLUTE, parent.absolute],
    ] as const;
    texts.forEach(([platform, path], index) => {
      const text = utf16leBytes(path);
      const dataSpace = Math.ceil(text.length / SECTOR) * SECTOR;
      const padded = new Uint8Array(dataSpace);
      padded.set(text);
      file.write(end, padded);
      const locator = {
        platform,
        dataSpace,
        dataLength: text.length,
        reserved: 0,
        dataOffset: BigInt(end),
      };
      locators.set(ParentLocator.serialize(locator), index * LOCATOR_SIZE);
      end += dataSpace;
    });
  }
  const header = DynamicHeader.serialize({
    cookie: HEADER_COOKIE,
    dataOffset: NOWHERE,
    tableOffset: BigInt(TABLE_OFFSET),
    version: VERSION_1,
    maxTableEntries: Math.ceil(shape.diskSize / shape.blockSize),
    blockSize: shape.blockSize,
    checksum: 0,
    parentUniqueId: parent?.uniqueId ?? new Uint8Array(16),
    parentTimestamp: parent === undefined ? 0 : seconds((parent.modifiedMs - EPOCH_MS) / 1000),
    reserved: 0,
    parentName,
    locators,
    reserved2: new Uint8Array(256),
  });
  new DataView(header.buffer).setUint32(HEADER_CHECKSUM, checksum(header, HEADER_CHECKSUM));
  file.write(FOOTER_SIZE, header);
  return end;
}

function seconds(value: number): number {
  return Math.min(0xffff_ffff, Math.max(0, Math.floor(value)));
}

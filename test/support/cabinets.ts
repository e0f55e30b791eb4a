import { deflateRawSync } from 'node:zlib';

/** A folder of a cabinet that a test makes. */
export interface MadeFolder {
  /** typeCompress */
  readonly compression: number;
  /** Compressed data, and what it expands to. */
  readonly blocks: readonly {
    readonly data: Uint8Array;
    readonly size: number;
    readonly checksum?: number;
  }[];
  /** Offset of the first CFDATA, where it is to be wrong. */
  readonly dataOffset?: number;
}

export interface MadeFile {
  readonly name: string;
  readonly size: number;
  readonly offset: number;
  /** iFolder */
  readonly folder: number;
  readonly utf8?: boolean;
}

export interface CabinetChoices {
  readonly setId?: number;
  readonly index?: number;
  readonly previous?: string;
  readonly next?: string;
}

/** A cabinet with whatever tables it is told to have. */
export function makeCabinet(
  folders: readonly MadeFolder[],
  files: readonly MadeFile[],
  { setId = 7, index = 0, previous, next }: CabinetChoices = {},
): Buffer {
  const text = (value: string): Buffer => Buffer.from(`${value}\0`, 'utf8');
  const neighbours = [previous, next].flatMap((name) =>
    name === undefined ? [] : [text(name), text('Disk')],
  );
  const fileRecords = files.map(({ name, size, offset, folder, utf8 = false }) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(size, 0);
    record.writeUInt32LE(offset, 4);
    record.writeUInt16LE(folder, 8);
    record.writeUInt16LE(0x5821, 10);
    record.writeUInt16LE(0x20 | (utf8 ? 0x80 : 0), 14);
    return Buffer.concat([record, text(name)]);
  });
  const front = Buffer.concat(neighbours);
  const filesAt = 36 + front.length + 8 * folders.length;
  const dataAt = filesAt + fileRecords.reduce((sum, { length }) => sum + length, 0);
  const data: Buffer[] = [];
  let at = dataAt;
  const folderRecords = folders.map(({ compression, blocks, dataOffset }) => {
    const record = Buffer.alloc(8);
    record.writeUInt32LE(dataOffset ?? at, 0);
    record.writeUInt16LE(blocks.length, 4);
    record.writeUInt16LE(compression, 6);
    for (const block of blocks) {
      const head = Buffer.alloc(8);
      head.writeUInt16LE(block.data.length, 4);
      head.writeUInt16LE(block.size, 6);
      head.writeUInt32LE(block.checksum ?? checksumOf(block.data, head), 0);
      data.push(head, Buffer.from(block.data));
      at += 8 + block.data.length;
    }
    return record;
  });
  const header = Buffer.alloc(36);
  header.write('MSCF', 'latin1');
  header.writeUInt32LE(at, 8);
  header.writeUInt32LE(filesAt, 16);
  header.set([3, 1], 24);
  header.writeUInt16LE(folders.length, 26);
  header.writeUInt16LE(files.length, 28);
  header.writeUInt16LE((previous === undefined ? 0 : 1) | (next === undefined ? 0 : 2), 30);
  header.writeUInt16LE(setId, 32);
  header.writeUInt16LE(index, 34);
  return Buffer.concat([header, front, ...folderRecords, ...fileRecords, ...data]);
}

/** [MS-CAB] 3.1 */
function checksumOf(data: Uint8Array, head: Buffer): number {
  let sum = head.readUInt32LE(4);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i + 4 <= data.length; i += 4) sum ^= view.getUint32(i, true);
  const rest = [...data.subarray(data.length & ~3)];
  sum ^= rest.reduce((value, byte) => (value << 8) | byte, 0);
  return sum >>> 0;
}

/** Stored blocks of 32 KiB. */
export function storedFolder(data: Uint8Array): MadeFolder {
  const blocks: { data: Uint8Array; size: number }[] = [];
  for (let at = 0; at < data.length; at += 0x8000) {
    const block = data.subarray(at, at + 0x8000);
    blocks.push({ data: block, size: block.length });
  }
  return { compression: 0, blocks };
}

/** MSZIP: blocks of 32 KiB, each with the one before as its history. */
export function mszipFolder(data: Uint8Array): MadeFolder {
  const { blocks } = storedFolder(data);
  const compressed = blocks.map(({ data: block, size }, i) => {
    const dictionary = i === 0 ? undefined : Buffer.from(blocks[i - 1].data);
    const deflated = deflateRawSync(block, { level: 1, ...(dictionary && { dictionary }) });
    return { data: Buffer.concat([Buffer.from('CK'), deflated]), size };
  });
  return { compression: 1, blocks: compressed };
}

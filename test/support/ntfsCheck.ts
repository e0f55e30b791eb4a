import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Checks a volume as chkdsk does, written for the tests alone: every record and index block, who owns which clusters,
 * links and their copies in the indexes. Returns what is wrong, in words.
 */
export function checkNtfs(image: string): string[] {
  const file = openSync(image, 'r');
  try {
    return new Check(file).run();
  } finally {
    closeSync(file);
  }
}

interface Attribute {
  readonly type: number;
  readonly name: string;
  readonly flags: number;
  readonly resident: boolean;
  readonly value: Buffer;
  readonly runs: readonly (readonly [start: number, count: number])[];
  readonly size: number;
  readonly allocated: number;
  readonly indexed: boolean;
}

interface FileRecord {
  readonly number: number;
  readonly sequence: number;
  readonly flags: number;
  readonly links: number;
  readonly base: number;
  readonly attributes: Attribute[];
}

interface IndexEntry {
  readonly reference: string;
  readonly key: Buffer;
  readonly data: Buffer;
}

class Check {
  private readonly problems: string[] = [];
  private readonly sector: number;
  private readonly clusterSize: number;
  private readonly recordSize: number;
  private readonly clusters: number;
  private readonly owners = new Map<number, string>();
  private upcase: Buffer = Buffer.alloc(0);

  constructor(private readonly file: number) {
    const boot = this.read(0, 512);
    this.sector = boot.readUInt16LE(0x0b);
    const power = boot[0x0d];
    this.clusterSize = this.sector * (power <= 0x80 ? power : 2 ** (256 - power));
    const record = boot.readInt8(0x40);
    this.recordSize = record > 0 ? record * this.clusterSize : 2 ** -record;
    const sectors = Number(boot.readBigUInt64LE(0x28));
    this.clusters = Math.floor((sectors * this.sector) / this.clusterSize);
    const copy = this.read(sectors * this.sector, 512);
    if (!copy.equals(boot)) this.problems.push('the copy of the boot sector differs');
  }

  run(): string[] {
    const boot = this.read(0, 512);
    const mftStart = Number(boot.readBigUInt64LE(0x30)) * this.clusterSize;
    const mft = this.parse(0, this.read(mftStart, this.recordSize));
    if (mft === undefined) return ['$MFT has no record'];
    const table = this.valueOf(mft, 0x80);
    const bitmap = this.valueOf(mft, 0xb0);
    const records = new Map<number, FileRecord>();
    for (let number = 0; number * this.recordSize < table.length; number++) {
      const bytes = Buffer.from(table.subarray(number * this.recordSize, (number + 1) * this.recordSize));
      const record = this.parse(number, bytes);
      const isUsed = record !== undefined && (record.flags & 1) !== 0;
      const isMarked = ((bitmap[number >> 3] >> (number & 7)) & 1) === 1;
      if (isUsed !== isMarked) this.problems.push(`record ${number}: in use ${isUsed}, marked ${isMarked}`);
      if (isUsed) records.set(number, record);
    }
    this.joinExtensions(records);
    this.upcase = this.valueOf(records.get(10), 0x80);
    this.checkMirror(boot, table);
    this.checkClusters(records);
    this.checkNames(records);
    this.checkSecurity(records);
    return this.problems;
  }

  private read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.file, bytes, 0, length, position);
    return bytes;
  }

  /** Puts back what the update sequence number stands for. */
  private unprotect(bytes: Buffer, what: string): boolean {
    const array = bytes.readUInt16LE(4);
    const count = bytes.readUInt16LE(6);
    if (count !== 1 + bytes.length / 512) this.problems.push(`${what}: update sequence array of ${count}`);
    const number = bytes.readUInt16LE(array);
    if (number === 0) this.problems.push(`${what}: update sequence number 0`);
    for (let i = 1; i < count; i++) {
      if (bytes.readUInt16LE(i * 512 - 2) !== number) {
        this.problems.push(`${what}: torn`);
        return false;
      }
      bytes.writeUInt16LE(bytes.readUInt16LE(array + 2 * i), i * 512 - 2);
    }
    return true;
  }

  private parse(number: number, bytes: Buffer): FileRecord | undefined {
    const what = `record ${number}`;
    if (bytes.toString('latin1', 0, 4) !== 'FILE') {
      this.problems.push(`${what}: no record`);
      return undefined;
    }
    if (!this.unprotect(bytes, what)) return undefined;
    const attributes: Attribute[] = [];
    const ids = new Set<number>();
    let at = bytes.readUInt16LE(0x14);
    let last = '';
    while (bytes.readUInt32LE(at) !== 0xffffffff) {
      const length = bytes.readUInt32LE(at + 4);
      const id = bytes.readUInt16LE(at + 0x0e);
      if (length % 8 !== 0 || at + length > bytes.length) {
        this.problems.push(`${what}: attribute of ${length} bytes`);
        return undefined;
      }
      if (ids.has(id) || id >= bytes.readUInt16LE(0x28)) this.problems.push(`${what}: identifier ${id}`);
      ids.add(id);
      const attribute = this.parseAttribute(bytes.subarray(at, at + length), what);
      const order = attribute.type.toString(16).padStart(8, '0') + attribute.name.toUpperCase();
      if (order < last) this.problems.push(`${what}: attributes out of order`);
      last = order;
      attributes.push(attribute);
      at += length;
    }
    if (bytes.readUInt32LE(0x18) !== at + 8) this.problems.push(`${what}: bytes in use`);
    if (bytes.readUInt32LE(0x1c) !== this.recordSize) this.problems.push(`${what}: bytes allocated`);
    if (bytes.readUInt32LE(0x2c) !== number) this.problems.push(`${what}: has another number`);
    return {
      number,
      sequence: bytes.readUInt16LE(0x10),
      flags: bytes.readUInt16LE(0x16),
      links: bytes.readUInt16LE(0x12),
      base: bytes.readUInt32LE(0x20),
      attributes,
    };
  }

  private parseAttribute(bytes: Buffer, what: string): Attribute {
    const nameAt = bytes.readUInt16LE(0x0a);
    const plain = {
      type: bytes.readUInt32LE(0),
      name: bytes.toString('utf16le', nameAt, nameAt + 2 * bytes[9]),
      flags: bytes.readUInt16LE(0x0c),
    };
    if (bytes[8] === 0) {
      const size = bytes.readUInt32LE(0x10);
      const at = bytes.readUInt16LE(0x14);
      if (at + size > bytes.length) this.problems.push(`${what}: value leaves its attribute`);
      const value = Buffer.from(bytes.subarray(at, at + size));
      return { ...plain, resident: true, value, runs: [], size, allocated: size, indexed: bytes[0x16] === 1 };
    }
    const number = (offset: number): number => Number(bytes.readBigInt64LE(offset));
    const runs = this.parseRuns(bytes, bytes.readUInt16LE(0x20), what);
    const clusters = runs.reduce((sum, [, count]) => sum + count, 0);
    const taken = runs.reduce((sum, [start, count]) => sum + (start < 0 ? 0 : count), 0);
    if (number(0x10) === 0) {
      if (number(0x18) !== clusters - 1) this.problems.push(`${what}: highest VCN`);
      if (number(0x28) !== clusters * this.clusterSize) this.problems.push(`${what}: allocated size`);
      if (number(0x30) > number(0x28) || number(0x38) > number(0x30)) this.problems.push(`${what}: sizes`);
      const sparse = (plain.flags & 0x8000) !== 0;
      if (sparse && number(0x40) !== taken * this.clusterSize) this.problems.push(`${what}: size taken`);
      if (!sparse && taken !== clusters && plain.name !== '$Bad') this.problems.push(`${what}: holes`);
    }
    const allocated = (plain.flags & 0x8000) === 0 ? number(0x28) : taken * this.clusterSize;
    return {
      ...plain,
      resident: false,
      value: Buffer.alloc(0),
      runs,
      size: number(0x30),
      allocated,
      indexed: false,
    };
  }

  private parseRuns(bytes: Buffer, start: number, what: string): [number, number][] {
    const runs: [number, number][] = [];
    let place = 0;
    for (let at = start; bytes[at] !== 0;) {
      const countSize = bytes[at] & 15;
      const placeSize = bytes[at] >> 4;
      const count = bytes.readIntLE(at + 1, countSize);
      if (placeSize > 0) place += bytes.readIntLE(at + 1 + countSize, placeSize);
      if (count <= 0 || place < 0 || place + (placeSize > 0 ? count : 0) > this.clusters)
        this.problems.push(`${what}: run of ${count} at ${place}`);
      runs.push([placeSize === 0 ? -1 : place, count]);
      at += 1 + countSize + placeSize;
    }
    return runs;
  }

  private valueOf(record: FileRecord | undefined, type: number, name = ''): Buffer {
    const attribute = record?.attributes.find((one) => one.type === type && one.name === name);
    return attribute === undefined ? Buffer.alloc(0) : this.valueOfAttribute(attribute);
  }

  private valueOfAttribute({ resident, value, runs, size }: Attribute): Buffer {
    if (resident) return value;
    const parts = runs.map(([start, count]) =>
      start < 0
        ? Buffer.alloc(count * this.clusterSize)
        : this.read(start * this.clusterSize, count * this.clusterSize),
    );
    return Buffer.concat(parts).subarray(0, size);
  }

  private joinExtensions(records: Map<number, FileRecord>): void {
    const byBase = new Map<number, FileRecord[]>();
    for (const record of records.values())
      if (record.base !== 0) byBase.set(record.base, [...(byBase.get(record.base) ?? []), record]);
    for (const record of records.values()) {
      const list = record.attributes.find(({ type }) => type === 0x20);
      if (record.base !== 0) continue;
      const own = [...record.attributes];
      const extensions = byBase.get(record.number) ?? [];
      if (list === undefined) {
        if (extensions.length > 0) this.problems.push(`record ${record.number}: extensions without a list`);
        continue;
      }
      const value = this.valueOfAttribute(list);
      let listed = 0;
      let last = '';
      for (let at = 0; at < value.length; at += value.readUInt16LE(at + 4), listed++) {
        const type = value.readUInt32LE(at);
        const name = value.toString('utf16le', at + value[at + 7], at + value[at + 7] + 2 * value[at + 6]);
        const order = type.toString(16).padStart(8, '0') + name.toUpperCase();
        if (order < last) this.problems.push(`record ${record.number}: list out of order`);
        last = order;
        const holder = records.get(value.readUInt32LE(at + 0x10));
        if (holder?.sequence !== value.readUInt16LE(at + 0x16))
          this.problems.push(`record ${record.number}: listed sequence number`);
        if (holder?.attributes.some((one) => one.type === type && one.name === name) !== true)
          this.problems.push(`record ${record.number}: attribute ${type} ${name} is not where it is listed`);
      }
      for (const extension of extensions) {
        record.attributes.push(...extension.attributes);
        own.push(...extension.attributes);
      }
      if (listed !== own.length - 1)
        this.problems.push(`record ${record.number}: ${listed} listed of ${own.length - 1}`);
    }
  }

  private checkMirror(boot: Buffer, table: Buffer): void {
    const size = Math.max(4 * this.recordSize, this.clusterSize);
    const mirror = this.read(Number(boot.readBigUInt64LE(0x38)) * this.clusterSize, size);
    if (!mirror.equals(table.subarray(0, size))) this.problems.push('$MFTMirr differs');
  }

  /** Every cluster has one owner, and $Bitmap says so. */
  private checkClusters(records: ReadonlyMap<number, FileRecord>): void {
    const used = new Uint8Array(this.clusters);
    for (const record of records.values()) {
      if (record.base !== 0) continue;
      for (const { runs, type, name } of record.attributes) {
        if (name === '$Bad') continue;
        for (const [start, count] of runs) {
          for (let cluster = start; start >= 0 && cluster < start + count; cluster++) {
            if (used[cluster]++ > 0)
              this.problems.push(`cluster ${cluster}: record ${record.number} and another one`);
            else if (this.owners.size < 1) this.owners.set(cluster, `${record.number} ${type}`);
          }
        }
      }
    }
    const bitmap = this.valueOf(records.get(6), 0x80);
    for (let cluster = 0; cluster < bitmap.length * 8; cluster++) {
      const marked = (bitmap[cluster >> 3] >> (cluster & 7)) & 1;
      const expected = cluster < this.clusters ? used[cluster] : 1;
      if (marked !== expected) this.problems.push(`cluster ${cluster}: marked ${marked}, used ${expected}`);
      if (this.problems.length > 50) return;
    }
  }

  /** Names and their copies in the directories' indexes. */
  private checkNames(records: ReadonlyMap<number, FileRecord>): void {
    const found = new Map<string, Buffer>();
    for (const record of records.values()) {
      if (record.base !== 0 || (record.flags & 2) === 0) continue;
      const entries = this.indexEntries(record, '$I30');
      let last: Buffer | undefined;
      for (const { reference, key } of entries) {
        if (last !== undefined && this.compareNames(last, key) >= 0)
          this.problems.push(`record ${record.number}: "${nameOf(last)}" before "${nameOf(key)}"`);
        last = key;
        found.set(`${reference} ${key.toString('latin1', 0, 8)} ${nameOf(key)} ${key[0x41]}`, key);
      }
    }
    let names = 0;
    for (const record of records.values()) {
      if (record.base !== 0) continue;
      const own = record.attributes.filter(({ type }) => type === 0x30);
      if (own.length !== record.links) this.problems.push(`record ${record.number}: ${record.links} links`);
      const data = record.attributes.find(({ type, name }) => type === 0x80 && name === '');
      for (const { value, indexed } of own) {
        names++;
        const reference = `${record.number} ${record.sequence}`;
        const copy = found.get(
          `${reference} ${value.toString('latin1', 0, 8)} ${nameOf(value)} ${value[0x41]}`,
        );
        if (copy === undefined || !copy.equals(value) || !indexed)
          this.problems.push(`record ${record.number}: "${nameOf(value)}" differs in its directory`);
        if (record.number >= 64) this.checkCopies(record, value, data);
      }
    }
    if (names !== found.size) this.problems.push(`${names} names, ${found.size} in directories`);
  }

  /** What $FILE_NAME repeats. */
  private checkCopies(record: FileRecord, name: Buffer, data: Attribute | undefined): void {
    const information = record.attributes.find(({ type }) => type === 0x10)?.value ?? Buffer.alloc(0x48);
    const what = `record ${record.number}`;
    if (!information.subarray(0, 0x20).equals(name.subarray(8, 0x28))) this.problems.push(`${what}: times`);
    const index = (record.flags & 2) !== 0 ? 0x10000000 : 0;
    if ((information.readUInt32LE(0x20) | index) >>> 0 !== name.readUInt32LE(0x38))
      this.problems.push(`${what}: attributes`);
    const size = Number(name.readBigUInt64LE(0x30));
    const allocated = Number(name.readBigUInt64LE(0x28));
    if (size !== (index === 0 ? (data?.size ?? 0) : 0)) this.problems.push(`${what}: size`);
    const expected = data?.resident === true ? Math.ceil(data.size / 8) * 8 : (data?.allocated ?? 0);
    if (index === 0 && allocated !== expected)
      this.problems.push(`${what}: allocated ${allocated}, ${expected}`);
    const reparse = record.attributes.find(({ type }) => type === 0xc0);
    const marked = (information.readUInt32LE(0x20) & 0x400) !== 0;
    if (marked !== (reparse !== undefined)) this.problems.push(`${what}: reparse attribute`);
    if (reparse !== undefined && this.valueOfAttribute(reparse).readUInt32LE(0) !== name.readUInt32LE(0x3c))
      this.problems.push(`${what}: reparse tag`);
  }

  private indexEntries(record: FileRecord, name: string): IndexEntry[] {
    const root = this.valueOf(record, 0x90, name);
    const blocks = this.valueOf(record, 0xa0, name);
    const entries: IndexEntry[] = [];
    const size = root.readUInt32LE(8);
    const unit = size / root[0x0c];
    let visited = 0;
    const visit = (node: Buffer, header: number): void => {
      const end = header + node.readUInt32LE(header + 4);
      for (let at = header + node.readUInt32LE(header); at < end;) {
        const length = node.readUInt16LE(at + 8);
        const flags = node.readUInt16LE(at + 12);
        if ((flags & 1) !== 0) {
          const vcn = node.readUInt32LE(at + length - 8);
          const block = Buffer.from(blocks.subarray(vcn * unit, vcn * unit + size));
          if (block.toString('latin1', 0, 4) !== 'INDX' || block.readUInt32LE(0x10) !== vcn)
            this.problems.push(`record ${record.number}: index block ${vcn}`);
          else if (visited++ < 1e6 && this.unprotect(block, `index block ${vcn}`)) visit(block, 0x18);
        }
        if ((flags & 2) === 0) {
          const keyLength = node.readUInt16LE(at + 10);
          entries.push({
            reference: `${node.readUInt32LE(at)} ${node.readUInt16LE(at + 6)}`,
            key: node.subarray(at + 16, at + 16 + keyLength),
            data: node.subarray(
              at + node.readUInt16LE(at),
              at + node.readUInt16LE(at) + node.readUInt16LE(at + 2),
            ),
          });
        }
        at += length;
      }
    };
    visit(root, 0x10);
    if (visited * size !== blocks.length)
      this.problems.push(`record ${record.number}: ${visited} blocks in use`);
    return entries;
  }

  private compareNames(a: Buffer, b: Buffer): number {
    const length = Math.min(a[0x40], b[0x40]);
    const up = (key: Buffer, i: number): number =>
      this.upcase.readUInt16LE(2 * key.readUInt16LE(0x42 + 2 * i));
    for (let i = 0; i < length; i++) if (up(a, i) !== up(b, i)) return up(a, i) - up(b, i);
    if (a[0x40] !== b[0x40]) return a[0x40] - b[0x40];
    for (let i = 0; i < length; i++) {
      const difference = a.readUInt16LE(0x42 + 2 * i) - b.readUInt16LE(0x42 + 2 * i);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** $SDS, its copies and its two indexes; every security ID in use. */
  private checkSecurity(records: ReadonlyMap<number, FileRecord>): void {
    const secure = records.get(9);
    if (secure === undefined) return;
    const stream = this.valueOf(secure, 0x80, '$SDS');
    const byId = this.indexEntries(secure, '$SII');
    const byHash = this.indexEntries(secure, '$SDH');
    const ids = new Set<number>();
    byId.forEach(({ key, data }, i) => {
      const id = key.readUInt32LE(0);
      ids.add(id);
      if (i > 0 && byId[i - 1].key.readUInt32LE(0) >= id) this.problems.push('$SII out of order');
      const at = Number(data.readBigUInt64LE(8));
      const length = data.readUInt32LE(16);
      const entry = stream.subarray(at, at + length);
      if (!entry.subarray(0, 20).equals(data.subarray(0, 20)))
        this.problems.push(`security ID ${id}: header`);
      if (!entry.equals(stream.subarray(at + 0x40000, at + 0x40000 + length)))
        this.problems.push(`security ID ${id}: copy`);
      let hash = 0;
      for (let word = 20; word + 4 <= length; word += 4)
        hash = (entry.readUInt32LE(word) + ((hash << 3) | (hash >>> 29))) >>> 0;
      if (hash !== entry.readUInt32LE(0)) this.problems.push(`security ID ${id}: hash`);
    });
    if (byHash.length !== byId.length) this.problems.push('$SDH and $SII differ');
    byHash.forEach(({ key }, i) => {
      if (i === 0) return;
      const before = byHash[i - 1].key;
      const difference =
        before.readUInt32LE(0) - key.readUInt32LE(0) || before.readUInt32LE(4) - key.readUInt32LE(4);
      if (difference >= 0) this.problems.push('$SDH out of order');
    });
    for (const record of records.values()) {
      const information = record.attributes.find(({ type }) => type === 0x10)?.value;
      if (information === undefined || information.length < 0x48) continue;
      if (!ids.has(information.readUInt32LE(0x34)))
        this.problems.push(`record ${record.number}: security ID`);
    }
    this.checkExtend(records);
  }

  /** $ObjId and $Reparse name the files that have such attributes, and no others. */
  private checkExtend(records: ReadonlyMap<number, FileRecord>): void {
    const inReparse = this.indexEntries(records.get(26) as FileRecord, '$R').map(({ key }) =>
      key.toString('hex'),
    );
    const inObjects = this.indexEntries(records.get(25) as FileRecord, '$O').map(
      ({ key, data }) => key.toString('hex') + data.subarray(0, 8).toString('hex'),
    );
    const wantedReparse: string[] = [];
    const wantedObjects: string[] = [];
    for (const record of records.values()) {
      if (record.base !== 0) continue;
      const reference = Buffer.alloc(8);
      reference.writeUInt32LE(record.number);
      reference.writeUInt16LE(record.sequence, 6);
      const point = record.attributes.find(({ type }) => type === 0xc0);
      if (point !== undefined)
        wantedReparse.push(this.valueOfAttribute(point).toString('hex', 0, 4) + reference.toString('hex'));
      const id = record.attributes.find(({ type }) => type === 0x40);
      if (id !== undefined) wantedObjects.push(id.value.toString('hex', 0, 16) + reference.toString('hex'));
    }
    const byWords = (a: string, b: string): number => {
      const [x, y] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')];
      for (let at = 0; at + 4 <= x.length; at += 4)
        if (x.readUInt32LE(at) !== y.readUInt32LE(at)) return x.readUInt32LE(at) - y.readUInt32LE(at);
      return 0;
    };
    if (inReparse.join() !== wantedReparse.sort(byWords).join()) this.problems.push('$Reparse');
    if (inObjects.join() !== wantedObjects.sort(byWords).join()) this.problems.push('$ObjId');
  }
}

/** Name of a $FILE_NAME. */
function nameOf(key: Buffer): string {
  return key.toString('utf16le', 0x42, 0x42 + 2 * key[0x40]);
}

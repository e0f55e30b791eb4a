import { FileAttribute, ReparseTag } from '../../src-main/engine/tree/attributes';
import { StreamKind } from '../../src-main/engine/tree/tree';
import { makeXattrItem } from '../../src-main/engine/tree/unixData';
import { DataTree, randomNumbers } from './ntfsTrees';

const letters = [
  'a',
  'b',
  'c',
  'A',
  'B',
  'x',
  '1',
  '~',
  '_',
  '-',
  ' ',
  '.',
  'ü',
  'Ü',
  'é',
  '文',
  '\u{1d11e}',
  '\u0131',
  'ß',
];
/** Sizes around where data leaves a record, and around clusters. */
const sizes = [
  0, 1, 100, 509, 510, 511, 512, 513, 600, 650, 680, 700, 720, 760, 900, 1022, 1024, 4095, 4096, 4097, 9000,
  70_000,
];
const FIRST_TIME = 120_000_000_000_000_000n;

/** Makes trees with every kind of metadata that a volume keeps. The same seed makes the same tree. */
export class RandomNtfsTree extends DataTree {
  private readonly directories: number[] = [0];
  private readonly files: number[] = [];
  private readonly names = new Map<number, Set<string>>();
  private shortNames = 0;
  private readonly random: () => number;

  constructor(seed: number, entries: number) {
    super();
    this.random = randomNumbers(seed);
    for (let i = 0; i < 8; i++) this.tree.securityDescriptors.push(this.descriptor(i));
    for (let i = 0; i < entries; i++) this.addRandom();
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
  private chance(share: number): boolean {
    return this.random() < share;
  }
  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }

  private bytes(length: number): Uint8Array {
    const start = this.below(251);
    return Uint8Array.from({ length }, (_, i) => (start + i * 7 + (i >>> 8)) & 0xff);
  }

  private time(): bigint {
    return FIRST_TIME + BigInt(Math.floor(this.random() * 2 ** 50));
  }

  /** Owner, group and one entry that differs. */
  private descriptor(number: number): Uint8Array {
    const hex =
      `0100048030000000400000000000000014000000` +
      `02001c000100000000001400${(0x120089 + number).toString(16).padStart(8, '0').match(/../g)?.reverse().join('')}` +
      `010100000000000512000000` +
      `01020000000000052000000020020000` +
      `010100000000000512000000`;
    return Uint8Array.from(Buffer.from(hex, 'hex'));
  }

  private name(parent: number): string | undefined {
    const length = this.chance(0.03) ? 255 - this.below(3) : 1 + this.below(14);
    let name = '';
    while (name.length < length) name += this.pick(letters);
    name = name
      .slice(0, 255)
      .replace(/[\ud800-\udbff]$/, 'q')
      .replace(/[. ]$/, 'z')
      .replace(/^ /, 'y');
    const taken = this.names.get(parent) ?? new Set();
    this.names.set(parent, taken);
    if (taken.has(name)) return undefined;
    taken.add(name);
    return name;
  }

  private addRandom(): void {
    const parent = this.pick(this.directories);
    const name = this.name(parent);
    if (name === undefined) return;
    const kind = this.random();
    if (kind < 0.12) this.directories.push(this.addDirectory(parent, name));
    else if (kind < 0.2 && this.files.length > 0) this.tree.addEntry(parent, name, this.pick(this.files));
    else this.addFile(parent, name);
  }

  private addDirectory(parent: number, name: string): number {
    const entry = this.directory(
      parent,
      name,
      this.pick([0, FileAttribute.HIDDEN, FileAttribute.COMPRESSED, 0x2000]),
    );
    this.decorate(this.tree.inode[entry]);
    return entry;
  }

  private addFile(parent: number, name: string): void {
    const { tree } = this;
    const attributes = this.pick([FileAttribute.ARCHIVE, FileAttribute.NORMAL, 0x21, 0x26, 0x2000, 0x1020]);
    const inode = tree.addInode(attributes, this.time(), this.time(), this.time());
    const isLink = this.chance(0.1);
    if (isLink) this.addReparse(inode);
    else if (this.chance(0.9)) this.stream(inode, StreamKind.DATA, '', this.bytes(this.pick(sizes)));
    this.decorate(inode);
    const short =
      !isLink && this.chance(0.2) ? `SH${(this.shortNames++).toString(36).toUpperCase()}~1.T` : '';
    tree.addEntry(parent, name, inode, short);
    // A file has one short name: those with one get no further names.
    if (short === '' && !isLink) this.files.push(inode);
  }

  private addReparse(inode: number): void {
    const { tree } = this;
    const tag = this.pick([ReparseTag.SYMLINK, ReparseTag.MOUNT_POINT, 0x80000014, 0xa000001d, 0x00000123]);
    tree.attributes[inode] = (tree.attributes[inode] & ~FileAttribute.NORMAL) | FileAttribute.REPARSE_POINT;
    tree.extrasOf(inode).reparseTag = tag;
    this.stream(inode, StreamKind.REPARSE, '', this.reparseValue(tag));
  }

  private reparseValue(tag: number): Uint8Array {
    if (tag !== ReparseTag.SYMLINK && tag !== ReparseTag.MOUNT_POINT)
      return this.bytes(this.pick([16, 40, 400, 700, 2000, 8000, 16_000]));
    const target = Buffer.from(`\\??\\C:\\${'target'.repeat(1 + this.below(80))}`, 'utf16le');
    const header = tag === ReparseTag.SYMLINK ? 12 : 8;
    const value = Buffer.alloc(header + target.length);
    value.writeUInt16LE(0, 0);
    value.writeUInt16LE(target.length, 2);
    value.writeUInt16LE(0, 4);
    value.writeUInt16LE(target.length, 6);
    target.copy(value, header);
    return new Uint8Array(value);
  }

  /** Descriptor, named streams, object ID, extended attributes. */
  private decorate(inode: number): void {
    const { tree } = this;
    if (this.chance(0.8)) tree.securityId[inode] = this.below(8);
    if (this.chance(0.15)) {
      const count = this.chance(0.2) ? 12 + this.below(30) : 1 + this.below(4);
      for (let i = 0; i < count; i++)
        this.stream(
          inode,
          StreamKind.NAMED,
          `${this.pick(['s', 'Zone.', 'ä', 'Long'.repeat(20)])}${i}`,
          this.bytes(this.pick(sizes)),
        );
    }
    const tagged = [];
    if (this.chance(0.1)) tagged.push({ tag: 1, data: this.objectId(inode) });
    if (this.chance(0.1)) {
      const count = this.chance(0.2) ? 20 : 1 + this.below(3);
      const pairs = Array.from(
        { length: count },
        (_, i) => [`EA.${i}${'N'.repeat(this.below(20))}`, this.bytes(this.below(300))] as const,
      );
      tagged.push(makeXattrItem(pairs));
    }
    if (tagged.length > 0) tree.extrasOf(inode).tagged = tagged;
  }

  private objectId(inode: number): Uint8Array {
    const id = new Uint8Array(64);
    id.set(this.bytes(16));
    new DataView(id.buffer).setUint32(0, Math.imul(inode, 2_654_435_761) >>> 0, true);
    if (this.chance(0.5)) id.set(this.bytes(48), 16);
    return id;
  }
}

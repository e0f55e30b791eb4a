import { FileAttribute } from '../../src-main/engine/tree/attributes';
import { StreamKind } from '../../src-main/engine/tree/tree';
import { DataTree, randomNumbers } from './ntfsTrees';

const names = [
  ...[
    'a',
    'A',
    'b',
    'B',
    '.',
    '..',
    '',
    'x/y',
    'x\\y',
    'nul\0l',
    '$MFT',
    '$mft',
    '$Extend',
    '$extend2',
    '.x',
    'a:b',
    'con',
  ],
  ...[
    'trailing.',
    'trailing ',
    'x'.repeat(255),
    'x'.repeat(256),
    'y'.repeat(60_000),
    '\ud800',
    '\uffff',
    'SHORT~1.TXT',
    'short~1.txt',
    '\u0001',
  ],
];
const shortNames = [
  '',
  '',
  '',
  'SHORT~1.TXT',
  'short~1.txt',
  'A',
  'TOOLONGNAME.TEXT',
  '*',
  'B B',
  '.',
  'x'.repeat(300),
  'AA.BB.CC',
];
const streamNames = [
  's',
  'S',
  'a:b',
  '',
  'x/y',
  'z'.repeat(255),
  'z'.repeat(256),
  'nul\0l',
  '$DATA',
  'ok 1',
  'ok 2',
];
const sizes = [0, 1, 7, 500, 800, 5000, 20_000];

/** Makes trees of which much cannot be on a volume. The same seed makes the same tree. */
export class HostileNtfsTree extends DataTree {
  private readonly random: () => number;
  private readonly parents = [0];
  private readonly inodes: number[] = [];

  constructor(seed: number, entries: number) {
    super();
    this.random = randomNumbers(seed);
    this.tree.securityDescriptors.push(new Uint8Array(), new Uint8Array(300_000), new Uint8Array(20).fill(1));
    for (let i = 0; i < entries; i++) this.add(i);
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }

  private add(number: number): void {
    const { tree } = this;
    const parent = this.pick(this.parents);
    const name = this.random() < 0.6 ? this.pick(names) : `${this.pick(names).slice(0, 200)}${number}`;
    const isOld = this.random() < 0.15 && this.inodes.length > 0;
    const inode = isOld ? this.pick(this.inodes) : this.addHostileInode();
    const entry = tree.addEntry(parent, name, inode, this.pick(shortNames));
    // Some have children that are no directories.
    if (this.random() < 0.3) this.parents.push(entry);
    if (this.random() < 0.01)
      for (let i = 0; i < 1100; i++) tree.addEntry(parent, `link ${number} ${i}`, inode);
  }

  private addHostileInode(): number {
    const { tree } = this;
    const directory = this.random() < 0.3 ? FileAttribute.DIRECTORY : 0;
    const attributes = this.random() < 0.5 ? 0x20 : this.below(2 ** 32);
    const times = [this.below(2 ** 53), this.below(2 ** 53), 0].map(BigInt);
    const security = this.below(4) - 1;
    const inode = tree.addInode((attributes | directory) >>> 0, times[0], times[1], 2n ** 64n - 1n, security);
    this.inodes.push(inode);
    const streams = this.random() < 0.02 ? 700 : this.below(4);
    for (let i = 0; i < streams; i++)
      this.addHostileStream(inode, streams > 4 ? `many ${i}${'n'.repeat(150)}` : undefined);
    if (this.random() < 0.5)
      tree.extrasOf(inode).reparseTag = this.pick([0, 1, 2, 0xa000000c, 0x123, 0x80000017]);
    if (this.random() < 0.4) {
      tree.extrasOf(inode).tagged = Array.from({ length: 1 + this.below(3) }, () => ({
        tag: this.pick([1, 2, 2, 0x337dd873, 0x337dd874, 99, -1]),
        data: this.bytes(this.pick([0, 3, 16, 40, 64, 70_000])),
      }));
    }
    return inode;
  }

  private addHostileStream(inode: number, name: string | undefined): void {
    const { DATA, NAMED, REPARSE, ENCRYPTED_RAW } = StreamKind;
    const kind =
      name === undefined
        ? this.pick([DATA, DATA, DATA, NAMED, NAMED, REPARSE, REPARSE, ENCRYPTED_RAW])
        : NAMED;
    this.stream(
      inode,
      kind,
      kind === NAMED ? (name ?? this.pick(streamNames)) : '',
      this.bytes(this.pick(sizes)),
    );
  }

  private bytes(length: number): Uint8Array {
    const start = this.below(256);
    return new Uint8Array(length).map((_, i) => start + (i % 13));
  }
}

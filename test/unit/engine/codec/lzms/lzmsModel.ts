// LZMS in its plainest form, written from the description of the format and not from the kernel: what both the reference
// decoder and the writer of streams keep in step. Slow, and free of every trick.

const offsetRuns: readonly (readonly [bits: number, slots: number])[] = [
  [0, 8],
  [2, 9],
  [3, 7],
  [4, 10],
  [5, 15],
  [6, 15],
  [7, 20],
  [8, 20],
  [9, 30],
  [10, 33],
  [11, 40],
  [12, 42],
  [13, 45],
  [14, 60],
  [15, 73],
  [16, 80],
  [17, 85],
  [18, 95],
  [19, 105],
  [20, 6],
  [30, 1],
];
const lengthRuns: readonly (readonly [bits: number, slots: number])[] = [
  [0, 26],
  [1, 4],
  [2, 6],
  [3, 4],
  [4, 5],
  [5, 2],
  [6, 1],
  [7, 1],
  [8, 1],
  [9, 1],
  [10, 1],
  [16, 1],
  [30, 1],
];

/** A range of values that share a codeword and differ in plain bits. */
export interface Slot {
  readonly base: number;
  readonly bits: number;
}

function slotsOf(runs: readonly (readonly [bits: number, slots: number])[]): Slot[] {
  const slots: Slot[] = [];
  let base = 1;
  for (const [bits, count] of runs) {
    for (let i = 0; i < count; i++) {
      slots.push({ base, bits });
      base += 2 ** bits;
    }
  }
  return slots;
}

export const offsetSlots = slotsOf(offsetRuns);
export const lengthSlots = slotsOf(lengthRuns);

/** Number of the slot that holds a value. */
export function slotOf(slots: readonly Slot[], value: number): number {
  return slots.findLastIndex((slot) => slot.base <= value);
}

/** Slots of the offsets of a chunk. */
export function offsetSlotCount(size: number): number {
  return size < 2 ? 0 : slotOf(offsetSlots, size - 1) + 1;
}

interface Node {
  readonly weight: number;
  readonly leaf: boolean;
  readonly order: number;
  readonly children: readonly Node[];
}

/** Depths of the leaves, ascending. */
function depths(node: Node, depth = 0): number[] {
  return node.leaf ? [depth] : node.children.flatMap((child) => depths(child, depth + 1));
}

/** Code lengths by frequency: leaves before inner nodes when equal, and the lower symbol gets the longer codeword. */
export function codeLengths(frequencies: readonly number[]): number[] {
  if (frequencies.length < 2) return frequencies.length === 0 ? [] : [1, 1];
  const symbols = frequencies.map((_, symbol) => symbol);
  symbols.sort((a, b) => frequencies[a] - frequencies[b] || a - b);
  let nodes: Node[] = symbols.map((symbol, order) => ({
    weight: frequencies[symbol],
    leaf: true,
    order,
    children: [],
  }));
  for (let order = 0; nodes.length > 1; order++) {
    nodes.sort((a, b) => a.weight - b.weight || Number(b.leaf) - Number(a.leaf) || a.order - b.order);
    const [first, second, ...others] = nodes;
    nodes = [
      ...others,
      { weight: first.weight + second.weight, leaf: false, order, children: [first, second] },
    ];
  }
  const sorted = depths(nodes[0]).sort((a, b) => b - a);
  const lengths: number[] = [];
  symbols.forEach((symbol, i) => (lengths[symbol] = sorted[i]));
  return lengths;
}

/** An adaptive Huffman code with its canonical codewords. */
export class AdaptiveCode {
  /** Codes that chunks start with, by the number of symbols. */
  private static readonly first = new Map<number, Pick<AdaptiveCode, 'codewords' | 'symbols'>>();

  private readonly frequencies: number[];
  private left: number;
  /** Codeword, as text of 0 and 1, of each symbol, and the reverse. */
  codewords: readonly string[] = [];
  symbols: ReadonlyMap<string, number> = new Map();

  constructor(
    symbols: number,
    private readonly period: number,
  ) {
    this.frequencies = new Array<number>(symbols).fill(1);
    this.left = period;
    const first = AdaptiveCode.first.get(symbols);
    if (first === undefined) {
      this.build();
      AdaptiveCode.first.set(symbols, { codewords: this.codewords, symbols: this.symbols });
    } else {
      // Nobody changes these: a rebuilt code has new ones.
      this.codewords = first.codewords;
      this.symbols = first.symbols;
    }
  }

  private build(): void {
    const lengths = codeLengths(this.frequencies);
    const order = lengths.map((_, symbol) => symbol);
    order.sort((a, b) => lengths[a] - lengths[b] || a - b);
    const codewords: string[] = [];
    const decoded = new Map<string, number>();
    let codeword = 0;
    let length = 0;
    for (const symbol of order) {
      codeword *= 2 ** (lengths[symbol] - length);
      length = lengths[symbol];
      const text = codeword.toString(2).padStart(length, '0');
      codewords[symbol] = text;
      decoded.set(text, symbol);
      codeword++;
    }
    this.codewords = codewords;
    this.symbols = decoded;
  }

  /** Counts a symbol that was coded. */
  count(symbol: number): void {
    if (symbol < this.frequencies.length) this.frequencies[symbol]++;
    this.left--;
    if (this.left > 0) return;
    this.build();
    this.frequencies.forEach((frequency, i) => (this.frequencies[i] = Math.floor(frequency / 2) + 1));
    this.left = this.period;
  }
}

/** A class of binary decisions. */
export class Decisions {
  private history = 0;
  private readonly recent: number[][];

  constructor(private readonly historyBits: number) {
    // 32 zeros, and then 0101... of which the oldest is first.
    const start = Array.from({ length: 64 }, (_, i) => (i < 32 ? 0 : i % 2));
    this.recent = Array.from({ length: 2 ** historyBits }, () => [...start]);
  }

  /** Chance of a zero in 64ths. */
  get chance(): number {
    const zeros = this.recent[this.history].filter((decision) => decision === 0).length;
    return Math.min(Math.max(zeros, 1), 63);
  }

  record(decision: number): void {
    const recent = this.recent[this.history];
    recent.shift();
    recent.push(decision);
    this.history = (this.history * 2 + decision) % 2 ** this.historyBits;
  }
}

/** A queue of recent sources, which takes a source in one item late. */
export class RecentSources<T> {
  private waiting: T | undefined;

  constructor(private queue: readonly T[]) {}

  /** The source of a repeat. */
  at(index: number): T {
    return this.queue[index];
  }

  /** Goes on after an item: its source when it was of this kind, and which repeat it was if it was one. */
  pass(source?: T, repeat?: number): void {
    let queue = this.queue.filter((_, index) => index !== repeat);
    if (this.waiting !== undefined) queue = [this.waiting, ...queue];
    this.waiting = source;
    this.queue = queue.slice(0, source === undefined ? 4 : 3);
  }
}

export interface Pair {
  readonly power: number;
  readonly raw: number;
}

/** Everything that changes from item to item. */
export class LzmsModel {
  readonly main = new Decisions(4);
  readonly match = new Decisions(5);
  readonly lz = new Decisions(6);
  readonly lzRepeat = [new Decisions(6), new Decisions(6)];
  readonly delta = new Decisions(6);
  readonly deltaRepeat = [new Decisions(6), new Decisions(6)];
  readonly literals = new AdaptiveCode(256, 1024);
  readonly lengths = new AdaptiveCode(lengthSlots.length, 512);
  readonly powers = new AdaptiveCode(8, 512);
  readonly offsets: AdaptiveCode;
  readonly raws: AdaptiveCode;
  readonly recent = new RecentSources<number>([1, 2, 3, 4]);
  readonly recentPairs = new RecentSources<Pair>([1, 2, 3, 4].map((raw) => ({ power: 0, raw })));

  constructor(size: number) {
    this.offsets = new AdaptiveCode(offsetSlotCount(size), 1024);
    this.raws = new AdaptiveCode(offsetSlotCount(size), 1024);
  }
}

/** The x86 filter, one byte at a time. */
export function filterX86(data: Uint8Array, undo: boolean): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const last = new Map<number, number>();
  let code = -1024;
  for (let at = 1; at < data.length - 16;) {
    const [a, b, c] = data.subarray(at, at + 3);
    let size = 0;
    let reach = 1023;
    if (a === 0xe8) [size, reach] = [1, 511];
    else if (a === 0xff && b === 0x15) size = 2;
    else if (a === 0xf0 && b === 0x83 && c === 5) size = 3;
    else if ((a === 0x48 || a === 0x4c) && b === 0x8d && c % 8 === 5) size = 3;
    else if (a === 0x48 && b === 0x8b && (c === 5 || c === 13)) size = 3;
    if (size === 0) {
      at += a === 0xe9 ? 5 : 1;
      continue;
    }
    const place = at + size;
    const near = at - code <= reach;
    const before = view.getUint32(place, true);
    if (near) view.setUint32(place, undo ? before - at : before + at, true);
    const relative = undo ? view.getUint32(place, true) : before;
    const target = (relative + at) % 65536;
    const end = place + 3;
    if (end - (last.get(target) ?? -65536) <= 65535) code = end;
    last.set(target, end);
    at = place + 4;
  }
}

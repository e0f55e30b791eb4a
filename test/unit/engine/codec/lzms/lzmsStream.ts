// Writes LZMS chunks item by item, also such as no encoder would write; see lzmsModel.ts.
import {
  lengthSlots,
  LzmsModel,
  offsetSlots,
  slotOf,
  type AdaptiveCode,
  type Decisions,
  type Pair,
  type Slot,
} from './lzmsModel';

/** A chunk being written. */
export class LzmsStream {
  private readonly model: LzmsModel;
  /** Lower end of the range, all of it, and how often it was shifted. */
  private low = 0n;
  private shifts = 0;
  private range = 2 ** 32 - 1;
  private back = '';

  /** @param size bytes that the chunk will have when decompressed: it decides how offsets are coded */
  constructor(size: number) {
    this.model = new LzmsModel(size);
  }

  private decide(decisions: Decisions, decision: number): void {
    if (this.range < 65536) {
      this.range *= 65536;
      this.low <<= 16n;
      this.shifts++;
    }
    const bound = Math.floor(this.range / 64) * decisions.chance;
    if (decision === 0) {
      this.range = bound;
    } else {
      this.low += BigInt(bound);
      this.range -= bound;
    }
    decisions.record(decision);
  }

  private symbol(code: AdaptiveCode, symbol: number): void {
    if (symbol >= code.codewords.length) throw new RangeError(`symbol ${symbol} is not in the code`);
    this.back += code.codewords[symbol];
    code.count(symbol);
  }

  private value(code: AdaptiveCode, slots: readonly Slot[], value: number): void {
    const slot = slotOf(slots, value);
    this.symbol(code, slot);
    const { base, bits } = slots[slot];
    if (bits > 0) this.back += (value - base).toString(2).padStart(bits, '0');
  }

  private repeat(decisions: readonly Decisions[], index: number): void {
    this.decide(decisions[0], Math.min(index, 1));
    if (index > 0) this.decide(decisions[1], index - 1);
  }

  literal(byte: number): this {
    this.decide(this.model.main, 0);
    this.symbol(this.model.literals, byte);
    this.model.recent.pass();
    this.model.recentPairs.pass();
    return this;
  }

  literals(bytes: Iterable<number>): this {
    for (const byte of bytes) this.literal(byte);
    return this;
  }

  text(text: string): this {
    return this.literals(Buffer.from(text, 'latin1'));
  }

  private lzItem(): void {
    this.decide(this.model.main, 1);
    this.decide(this.model.match, 0);
    this.model.recentPairs.pass();
  }

  match(offset: number, length: number): this {
    this.lzItem();
    this.decide(this.model.lz, 0);
    this.value(this.model.offsets, offsetSlots, offset);
    this.model.recent.pass(offset);
    this.value(this.model.lengths, lengthSlots, length);
    return this;
  }

  /** @returns by which offset it repeats */
  repeatMatch(index: number, length: number): number {
    this.lzItem();
    this.decide(this.model.lz, 1);
    this.repeat(this.model.lzRepeat, index);
    const offset = this.model.recent.at(index);
    this.model.recent.pass(offset, index);
    this.value(this.model.lengths, lengthSlots, length);
    return offset;
  }

  private deltaItem(): void {
    this.decide(this.model.main, 1);
    this.decide(this.model.match, 1);
    this.model.recent.pass();
  }

  delta(power: number, raw: number, length: number): this {
    this.deltaItem();
    this.decide(this.model.delta, 0);
    this.symbol(this.model.powers, power);
    this.value(this.model.raws, offsetSlots, raw);
    this.model.recentPairs.pass({ power, raw });
    this.value(this.model.lengths, lengthSlots, length);
    return this;
  }

  /** @returns the pair that it repeats */
  repeatDelta(index: number, length: number): Pair {
    this.deltaItem();
    this.decide(this.model.delta, 1);
    this.repeat(this.model.deltaRepeat, index);
    const pair = this.model.recentPairs.at(index);
    this.model.recentPairs.pass(pair, index);
    this.value(this.model.lengths, lengthSlots, length);
    return pair;
  }

  /** The compressed chunk. */
  bytes(): Uint8Array {
    const front = this.shifts + 2;
    const back = Math.ceil(this.back.length / 16);
    const bytes = Buffer.alloc(2 * (front + back));
    for (let i = 0; i < front; i++) {
      bytes.writeUInt16LE(Number((this.low >> BigInt(16 * (front - 1 - i))) & 0xffffn), 2 * i);
    }
    for (let i = 0; i < back; i++) {
      const bits = this.back.slice(16 * i, 16 * i + 16).padEnd(16, '0');
      bytes.writeUInt16LE(parseInt(bits, 2), bytes.length - 2 - 2 * i);
    }
    return new Uint8Array(bytes);
  }
}

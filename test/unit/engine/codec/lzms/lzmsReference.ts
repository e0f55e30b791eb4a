// A decoder for LZMS to compare with, slow and plain; see lzmsModel.ts.
import {
  filterX86,
  lengthSlots,
  LzmsModel,
  offsetSlots,
  type AdaptiveCode,
  type Decisions,
  type Slot,
} from './lzmsModel';

class Front {
  private range = 2 ** 32 - 1;
  private code: number;
  private next = 4;

  constructor(private readonly data: Uint8Array) {
    this.code = this.word(0) * 65536 + this.word(2);
  }

  private word(at: number): number {
    return at + 1 < this.data.length ? this.data[at] + this.data[at + 1] * 256 : 0;
  }

  decide(decisions: Decisions): number {
    if (this.range < 65536) {
      this.range *= 65536;
      this.code = this.code * 65536 + this.word(this.next);
      this.next += 2;
    }
    const bound = Math.floor(this.range / 64) * decisions.chance;
    const decision = this.code < bound ? 0 : 1;
    if (decision === 0) {
      this.range = bound;
    } else {
      this.range -= bound;
      this.code -= bound;
    }
    decisions.record(decision);
    return decision;
  }
}

class Back {
  private used = 0;

  constructor(private readonly data: Uint8Array) {}

  private bit(): number {
    const at = this.data.length - 2 - 2 * Math.floor(this.used / 16);
    const shift = 15 - (this.used % 16);
    this.used++;
    return at < 0 ? 0 : ((this.data[at] + this.data[at + 1] * 256) >> shift) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  symbol(code: AdaptiveCode): number {
    if (code.codewords.length === 0) return 0;
    let text = '';
    for (;;) {
      text += String(this.bit());
      const symbol = code.symbols.get(text);
      if (symbol === undefined) continue;
      code.count(symbol);
      return symbol;
    }
  }

  value(code: AdaptiveCode, slots: readonly Slot[]): number {
    const { base, bits } = slots[this.symbol(code)];
    return base + this.bits(bits);
  }
}

/** What the decoder says of a chunk that cannot be. */
export class Impossible extends Error {}

/**
 * The data of a chunk of `size` bytes.
 * @throws Impossible
 */
export function decodeReference(data: Uint8Array, size: number): Uint8Array {
  if (data.length < 4 || data.length % 2 !== 0) throw new Impossible('no stream');
  const front = new Front(data);
  const back = new Back(data);
  const model = new LzmsModel(size);
  const output = new Uint8Array(size);
  let at = 0;

  const repeat = (decisions: readonly Decisions[]): number => {
    if (front.decide(decisions[0]) === 0) return 0;
    return 1 + front.decide(decisions[1]);
  };

  while (at < size) {
    if (front.decide(model.main) === 0) {
      output[at] = back.symbol(model.literals);
      at++;
      model.recent.pass();
      model.recentPairs.pass();
      continue;
    }
    if (front.decide(model.match) === 0) {
      let offset: number;
      if (front.decide(model.lz) === 0) {
        offset = back.value(model.offsets, offsetSlots);
        model.recent.pass(offset);
      } else {
        const index = repeat(model.lzRepeat);
        offset = model.recent.at(index);
        model.recent.pass(offset, index);
      }
      model.recentPairs.pass();
      const length = back.value(model.lengths, lengthSlots);
      if (offset > at || length > size - at) throw new Impossible('match');
      for (let i = 0; i < length; i++, at++) output[at] = output[at - offset];
      continue;
    }
    let pair: { readonly power: number; readonly raw: number };
    if (front.decide(model.delta) === 0) {
      const power = back.symbol(model.powers);
      pair = { power, raw: back.value(model.raws, offsetSlots) };
      model.recentPairs.pass(pair);
    } else {
      const index = repeat(model.deltaRepeat);
      pair = model.recentPairs.at(index);
      model.recentPairs.pass(pair, index);
    }
    model.recent.pass();
    const length = back.value(model.lengths, lengthSlots);
    const span = 2 ** pair.power;
    const offset = pair.raw * span;
    if (offset + span > at || length > size - at) throw new Impossible('delta match');
    for (let i = 0; i < length; i++, at++) {
      output[at] = output[at - span] + output[at - offset] - output[at - offset - span];
    }
  }
  filterX86(output, true);
  return output;
}

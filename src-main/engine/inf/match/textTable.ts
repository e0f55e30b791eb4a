import { growColumn, nextCapacity } from '../../binary/columns';

/** A text table as plain values. */
export interface PackedTexts {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each text starts in `bytes`, and where the last one ends. */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly count: number;
}

/**
 * Texts, each kept once, by number. They lie in one byte array with an open hash table beside: a million of them take
 * about half of what strings in a map would.
 */
export class TextTable {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 12);
  #starts: Uint32Array<ArrayBuffer> = new Uint32Array(64);
  #count = 0;
  /** Number + 1 of the text in each slot; 0: free. */
  #slots: Uint32Array<ArrayBuffer> = new Uint32Array(128);
  /** The text that is looked up, in bytes; grows with the longest. */
  #key: Uint8Array<ArrayBuffer> = new Uint8Array(256);
  readonly #fold: boolean;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  /** @param fold whether texts that differ in the case of ASCII letters only are one; the first one is kept */
  constructor(fold: boolean, packed?: PackedTexts) {
    this.#fold = fold;
    if (packed === undefined) return;
    this.#bytes = packed.bytes;
    this.#starts = packed.starts;
    this.#count = packed.count;
    this.#rehash(nextPowerOfTwo(packed.count * 2));
  }

  get count(): number {
    return this.#count;
  }

  /** Number of a text, which is added where it is not there. */
  intern(text: string): number {
    const length = this.#encode(text);
    const slot = this.#slotOf(this.#key, 0, length);
    const found = this.#slots[slot] ?? 0;
    if (found !== 0) return found - 1;
    return this.#append(slot, length);
  }

  /** Number of a text; undefined where it is not there. */
  find(text: string): number | undefined {
    const length = this.#encode(text);
    const found = this.#slots[this.#slotOf(this.#key, 0, length)] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  text(number: number): string {
    return this.#decoder.decode(this.#bytes.subarray(this.#starts[number], this.#starts[number + 1]));
  }

  pack(): PackedTexts {
    return {
      bytes: this.#bytes.slice(0, this.#starts[this.#count]),
      starts: this.#starts.slice(0, this.#count + 1),
      count: this.#count,
    };
  }

  #append(slot: number, length: number): number {
    const start = this.#starts[this.#count] ?? 0;
    if (start + length > this.#bytes.length) {
      this.#bytes = growColumn(this.#bytes, nextCapacity(this.#bytes.length, start + length));
    }
    if (this.#count + 2 > this.#starts.length) {
      this.#starts = growColumn(this.#starts, nextCapacity(this.#starts.length, this.#count + 2));
    }
    this.#bytes.set(this.#key.subarray(0, length), start);
    this.#starts[this.#count + 1] = start + length;
    this.#slots[slot] = ++this.#count;
    if (this.#count * 2 > this.#slots.length) this.#rehash(this.#slots.length * 2);
    return this.#count - 1;
  }

  /** Bytes of a text in `#key`. @returns how many */
  #encode(text: string): number {
    if (text.length > this.#key.length) this.#key = new Uint8Array(text.length * 2);
    const key = this.#key;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return this.#encodeWide(text);
      key[index] = code;
    }
    return text.length;
  }

  #encodeWide(text: string): number {
    const encoded = this.#encoder.encode(text);
    if (encoded.length > this.#key.length) this.#key = new Uint8Array(encoded.length * 2);
    this.#key.set(encoded);
    return encoded.length;
  }

  /** The slot that holds the text, or a free one where it belongs. */
  #slotOf(bytes: Uint8Array, start: number, length: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(bytes, start, length) & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0 || this.#same(entry - 1, bytes, start, length)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #same(number: number, bytes: Uint8Array, start: number, length: number): boolean {
    const from = this.#starts[number] ?? 0;
    if ((this.#starts[number + 1] ?? 0) - from !== length) return false;
    for (let index = 0; index < length; index++) {
      const one = this.#bytes[from + index] ?? 0;
      const other = bytes[start + index] ?? 0;
      if (one !== other && !(this.#fold && lower(one) === lower(other))) return false;
    }
    return true;
  }

  /** FNV-1a, with a last stir so that the low bits, which choose the slot, depend on all of them. */
  #hash(bytes: Uint8Array, start: number, length: number): number {
    let hash = 0x811c9dc5;
    for (let index = start; index < start + length; index++) {
      const byte = bytes[index] ?? 0;
      hash = Math.imul(hash ^ (this.#fold ? lower(byte) : byte), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) >>> 0;
  }

  #rehash(slots: number): void {
    this.#slots = new Uint32Array(Math.max(128, slots));
    for (let number = 0; number < this.#count; number++) {
      const start = this.#starts[number] ?? 0;
      const slot = this.#slotOf(this.#bytes, start, (this.#starts[number + 1] ?? 0) - start);
      // A packed table may hold a text twice when it is not ours; the first one counts.
      if (this.#slots[slot] === 0) this.#slots[slot] = number + 1;
    }
  }
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

function nextPowerOfTwo(value: number): number {
  let power = 128;
  while (power <= value) power *= 2;
  return power;
}

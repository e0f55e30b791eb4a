/**
 * Thousands of small values as a few arrays. Between threads every object and every property of it is cloned by itself,
 * which costs more than many a small file; an array is copied at once, and its buffer is moved.
 */

/** What travels. */
export interface Parcel {
  readonly numbers: Float64Array;
  readonly times: BigUint64Array;
  /** Texts joined by NUL, or as a list when one of them holds a NUL itself. */
  readonly texts: string | readonly string[];
  /** Values that are rare enough to be cloned one by one. */
  readonly others: readonly unknown[];
}

const SEPARATOR = '\0';

/** Fills a parcel; {@link ParcelReader} takes the values out in the same order. */
export class ParcelWriter {
  private numbers = new Float64Array(1024);
  private numberCount = 0;
  private times = new BigUint64Array(256);
  private timeCount = 0;
  private readonly texts: string[] = [];
  private readonly others: unknown[] = [];

  number(value: number): void {
    if (this.numberCount === this.numbers.length) {
      const grown = new Float64Array(2 * this.numbers.length);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    this.numbers[this.numberCount++] = value;
  }

  /** @param value 64 bits, unsigned */
  time(value: bigint): void {
    if (this.timeCount === this.times.length) {
      const grown = new BigUint64Array(2 * this.times.length);
      grown.set(this.times);
      this.times = grown;
    }
    this.times[this.timeCount++] = value;
  }

  text(value: string): void {
    this.texts.push(value);
  }

  other(value: unknown): void {
    this.others.push(value);
  }

  finish(): Parcel {
    const joinable = !this.texts.some((text) => text.includes(SEPARATOR));
    return {
      numbers: this.numbers.slice(0, this.numberCount),
      times: this.times.slice(0, this.timeCount),
      texts: joinable && this.texts.length > 0 ? this.texts.join(SEPARATOR) : this.texts,
      others: this.others,
    };
  }
}

/** Takes the values out of a parcel, in the order in which they were put in. */
export class ParcelReader {
  private readonly numbers: Float64Array;
  private readonly times: BigUint64Array;
  private readonly texts: readonly string[];
  private readonly others: readonly unknown[];
  private numberAt = 0;
  private timeAt = 0;
  private textAt = 0;
  private otherAt = 0;

  constructor({ numbers, times, texts, others }: Parcel) {
    this.numbers = numbers;
    this.times = times;
    this.texts = typeof texts === 'string' ? texts.split(SEPARATOR) : texts;
    this.others = others;
  }

  number(): number {
    return this.numbers[this.numberAt++];
  }

  time(): bigint {
    return this.times[this.timeAt++];
  }

  text(): string {
    return this.texts[this.textAt++];
  }

  /** A value whose type writer and reader agree on. */
  other<T>(): T {
    return this.others[this.otherAt++] as T;
  }
}

/** The buffers of a parcel that can be moved instead of copied. */
export function buffersOf({ numbers, times }: Parcel): ArrayBuffer[] {
  return [numbers.buffer as ArrayBuffer, times.buffer as ArrayBuffer];
}

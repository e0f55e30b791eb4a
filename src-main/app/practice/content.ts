/**
 * What the files of the practice bench hold: made up, the same at every making, and of the kinds that a PC's files are
 * of, so that compression and single instancing show what they do on one.
 */

/** `program` and `database` shrink to about half, `text` to a fifth, `media` hardly, `blank` to almost nothing. */
export type ContentKind = 'program' | 'text' | 'media' | 'database' | 'blank';

/** Bytes that are made at once: well under a millisecond or two. */
const PIECE = 1 << 17;

/** A row of numbers that is the same for the same seed (xorshift32). */
export class Numbers {
  private state: number;

  constructor(seed: string) {
    this.state = hashOf(seed) || 1;
  }

  /** The next of 32 bits. */
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor((this.next() / 2 ** 32) * limit);
  }

  /** From `low` to `high`, small ones more often, as sizes of files are. */
  size(low: number, high: number): number {
    return Math.round(low * (high / low) ** (this.next() / 2 ** 32));
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Pieces of a file's content, `size` bytes in all. */
export function* contentOf(kind: ContentKind, seed: string, size: number): Generator<Uint8Array> {
  const numbers = new Numbers(`${kind}:${seed}`);
  const fill = fillers[kind];
  for (let done = 0; done < size; done += PIECE) {
    const piece = new Uint8Array(Math.min(PIECE, size - done));
    fill(piece, numbers);
    const head = done === 0 ? heads[kind] : '';
    for (let i = 0; i < head.length && i < piece.length; i++) piece[i] = head.charCodeAt(i);
    yield piece;
  }
}

const heads: Readonly<Record<ContentKind, string>> = {
  program: 'MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0',
  text: '',
  media: '',
  database: 'regf\x01\0\0\0',
  blank: '',
};

const fillers: Readonly<Record<ContentKind, (piece: Uint8Array, numbers: Numbers) => void>> = {
  program: fillProgram,
  text: fillText,
  media: fillNoise,
  database: fillDatabase,
  blank: () => undefined,
};

function fillNoise(piece: Uint8Array, numbers: Numbers): void {
  const words = new Uint32Array(Math.ceil(piece.length / 4));
  for (let i = 0; i < words.length; i++) words[i] = numbers.next();
  piece.set(new Uint8Array(words.buffer, 0, piece.length));
}

/** Stretches of few different bytes, of words that come again, and of zeros, as machine code and its tables have. */
function fillProgram(piece: Uint8Array, numbers: Numbers): void {
  const phrases = Array.from({ length: 64 }, () => [numbers.next(), numbers.next()]);
  const words = new Uint32Array(Math.ceil(piece.length / 4));
  for (let i = 0; i < words.length;) {
    const length = 4 + numbers.below(24);
    const way = numbers.below(8);
    for (let end = Math.min(words.length, i + length); i < end; i++) {
      if (way === 0) words[i] = 0;
      else if (way < 4) words[i] = phrases[numbers.below(64)][i & 1];
      else words[i] = way < 6 ? numbers.next() & 0x0f3f_0f07 : numbers.next();
    }
  }
  piece.set(new Uint8Array(words.buffer, 0, piece.length));
}

/** Pages with a head, records that are alike, and room at their end. */
function fillDatabase(piece: Uint8Array, numbers: Numbers): void {
  const text = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  for (let page = 0; page < piece.length; page += 4096) {
    text.write('hbin', page, 'latin1');
    const used = 1024 + numbers.below(2600);
    for (let at = page + 32; at < page + used && at + 40 < piece.length; at += 40) {
      text.write(`${numbers.of(words)}-${numbers.next().toString(16)}`, at, 34, 'latin1');
    }
  }
}

const words = (
  'adapter archive backup buffer cache channel client component config console container counter default device ' +
  'directory driver error event export file filter folder handle image index install kernel language layout library ' +
  'license list local lock manager media memory message module monitor network object option package page panel ' +
  'partition path pipe policy port printer process profile program property queue record registry remote report ' +
  'resource restore result route runtime sample schedule schema script search section security server service session ' +
  'setting setup share shell signal source stack start state storage stream string support switch system table target ' +
  'task template test thread token trace update user value version view volume window worker'
).split(' ');

function fillText(piece: Uint8Array, numbers: Numbers): void {
  const text = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  for (let at = 0; at < piece.length;) {
    const day = String(1 + numbers.below(28)).padStart(2, '0');
    const line = `2025-03-${day} ${numbers.of(words)} ${numbers.of(words)}.${numbers.of(words)}=${numbers.below(9999)}; ${numbers.of(words)}\r\n`;
    at += text.write(line, at, 'latin1');
  }
}

/** A name of a file or component, such as "netfilter". */
export function madeUpName(numbers: Numbers): string {
  return numbers.of(words).slice(0, 3 + numbers.below(4)) + numbers.of(words).slice(0, 3 + numbers.below(5));
}

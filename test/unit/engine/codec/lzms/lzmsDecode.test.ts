// Streams written by hand: what an encoder seldom or never writes, and every fault the decoder must name. What comes out of
// longer streams and of damaged ones is compared with a plain reference decoder.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLzmsDecompressor } from '../../../../../src-main/engine/codec/lzms/lzms';
import { FormatError } from '../../../../../src-shared/errors/appError';
import { randomBytes, sample } from '../lzxSamples';
import { filterX86 } from './lzmsModel';
import { decodeReference, Impossible } from './lzmsReference';
import { lzmsKernel, randomChunk } from './lzmsSamples';
import { LzmsStream } from './lzmsStream';

const K = 1024;
let kernel: WebAssembly.Module;
beforeAll(async () => {
  kernel = await lzmsKernel();
});

function decode(stream: LzmsStream | Uint8Array, size: number, chunkSize = 32 * K): Uint8Array {
  const output = new Uint8Array(size);
  createLzmsDecompressor(kernel, chunkSize).decompress(
    stream instanceof LzmsStream ? stream.bytes() : stream,
    output,
  );
  return output;
}

function text(stream: LzmsStream, size: number): string {
  return Buffer.from(decode(stream, size)).toString('latin1');
}

/** What the decoder finds wrong; undefined when it decodes. */
function problemOf(stream: LzmsStream | Uint8Array, size: number, chunkSize?: number): string | undefined {
  try {
    decode(stream, size, chunkSize);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    expect(error.structure).toBe('LZMS chunk');
    expect(error.offset).toBeGreaterThanOrEqual(0);
    return error.message;
  }
  return undefined;
}

/** The reference's answer, or undefined when the stream cannot be. */
function expected(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return decodeReference(packed, size);
  } catch (error) {
    if (error instanceof Impossible) return undefined;
    throw error;
  }
}

/** A decoder, its answer or undefined; any other failure than a FormatError is thrown. */
function decoder(chunkSize: number): (packed: Uint8Array, size: number) => Uint8Array | undefined {
  const decompressor = createLzmsDecompressor(kernel, chunkSize);
  return (packed, size) => {
    const output = new Uint8Array(size);
    try {
      decompressor.decompress(packed, output);
    } catch (error) {
      if (error instanceof FormatError) return undefined;
      throw error;
    }
    return output;
  };
}

function expectSame(found: Uint8Array | undefined, wanted: Uint8Array | undefined): void {
  expect(found === undefined).toBe(wanted === undefined);
  if (found !== undefined && wanted !== undefined) expect(Buffer.compare(found, wanted)).toBe(0);
}

describe('LZMS decoder: valid streams', () => {
  it('decodes literals, and matches that overlap themselves', () => {
    expect(text(new LzmsStream(3).text('abc'), 3)).toBe('abc');
    for (let offset = 1; offset <= 40; offset++) {
      for (const length of [1, 2, 15, 16, 17, 33, 100]) {
        const start = Buffer.from(sample('noise', offset, offset)).toString('latin1');
        const stream = new LzmsStream(offset + length + 1).text(start).match(offset, length).text('!');
        const copied = start.repeat(1 + Math.ceil(length / offset)).slice(0, offset + length);
        expect(text(stream, offset + length + 1)).toBe(`${copied}!`);
      }
    }
  });

  it('decodes chunks of 0, 1 and 2 bytes', () => {
    expect(decode(new Uint8Array(4), 0)).toEqual(new Uint8Array(0));
    expect(text(new LzmsStream(1).text('x'), 1)).toBe('x');
    expect(text(new LzmsStream(2).text('x').match(1, 1), 2)).toBe('xx');
  });

  it('starts with recent offsets 1, 2 and 3', () => {
    for (const [index, copied] of ['ccc', 'bcb', 'abc'].entries()) {
      const stream = new LzmsStream(6).text('abc');
      expect(stream.repeatMatch(index, 3)).toBe(index + 1);
      expect(text(stream, 6)).toBe(`abc${copied}`);
    }
  });

  it('takes an offset into the queue one item late', () => {
    const stream = new LzmsStream(18).text('abcdefgh').match(8, 2);
    // 8 is waiting: the queue is still 1, 2, 3.
    expect(stream.repeatMatch(0, 1)).toBe(1);
    // Now 1 waits, and 8 came in.
    expect(stream.repeatMatch(0, 2)).toBe(8);
    stream.literal(0x7a);
    expect(stream.repeatMatch(0, 2)).toBe(8);
    expect(stream.repeatMatch(2, 2)).toBe(3);
    expect(text(stream, 18)).toBe('abcdefghabbdezghzg');
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('decodes delta matches of power %i', (power) => {
    const span = 2 ** power;
    for (const raw of [1, 2, 7]) {
      for (const length of [1, 2, span, span + 1, 3 * span + 5]) {
        const start = sample('noise', (raw + 1) * span, power + raw);
        const size = start.length + length;
        const wanted = new Uint8Array(size);
        wanted.set(start);
        for (let i = start.length; i < size; i++) {
          wanted[i] = wanted[i - span] + wanted[i - raw * span] - wanted[i - raw * span - span];
        }
        filterX86(wanted, true);
        const stream = new LzmsStream(size).literals(start).delta(power, raw, length);
        expect(Buffer.compare(decode(stream, size), wanted)).toBe(0);
      }
    }
  });

  it('repeats delta matches by power and offset together', () => {
    const stream = new LzmsStream(60)
      .literals(sample('noise', 40, 9))
      .delta(1, 2, 3)
      .delta(2, 5, 2);
    expect(stream.repeatDelta(0, 3)).toEqual({ power: 1, raw: 2 });
    expect(stream.repeatDelta(0, 3)).toEqual({ power: 2, raw: 5 });
    expect(stream.repeatMatch(0, 2)).toBe(1);
    expect(stream.repeatDelta(2, 4)).toEqual({ power: 0, raw: 1 });
    expect(stream.repeatDelta(0, 3)).toEqual({ power: 2, raw: 5 });
    const packed = stream.bytes();
    expectSame(decode(packed, 60), decodeReference(packed, 60));
  });

  it('reads zeros where the data is used up, at both ends', () => {
    const chunk = randomChunk(700, randomBytes(5));
    for (let size = 4; size < chunk.packed.length; size += 6) {
      const packed = chunk.packed.subarray(0, size);
      expectSame(decoder(32 * K)(packed, chunk.size), expected(packed, chunk.size));
    }
    // Nothing but zeros: literals of the first codeword for ever, through many rebuilds of their code.
    expectSame(decoder(32 * K)(new Uint8Array(4), 32 * K), expected(new Uint8Array(4), 32 * K));
    const ones = new Uint8Array(6).fill(0xff);
    expectSame(decoder(32 * K)(ones, 32 * K), expected(ones, 32 * K));
  });

  it('undoes the x86 filter where there is code', () => {
    const decompress = decoder(256 * K);
    for (const [kind, size] of [
      ['x86', 300],
      ['x86', 90_000],
      ['calls', 400],
    ] as const) {
      const plain = kind === 'x86' ? x86Sample(size, size) : sample(kind, size);
      const filtered = Uint8Array.from(plain);
      filterX86(filtered, false);
      const packed = new LzmsStream(size).literals(filtered).bytes();
      expectSame(decompress(packed, size), plain);
    }
  });

  it('leaves the last 16 bytes alone, and the first', () => {
    for (let size = 5; size < 60; size++) {
      const stored = new Uint8Array(size);
      for (let at = 0; at + 4 < size; at += 5) stored.set([0xe8, size - at, 0, 0, 0], at);
      const wanted = Uint8Array.from(stored);
      filterX86(wanted, true);
      const found = decode(new LzmsStream(size).literals(stored), size);
      expect(Buffer.compare(found, wanted)).toBe(0);
    }
  });

  it('decodes a chunk of 128 MiB in its own memory', () => {
    const size = 128 * K * K;
    const decompressor = createLzmsDecompressor(kernel, size);
    const stream = new LzmsStream(size)
      .text('abc')
      .match(3, size - 4)
      .text('!');
    const found = decompressor.decompressInPlace?.(stream.bytes(), size);
    expect(found?.length).toBe(size);
    expect(Buffer.from(found?.subarray(size - 5) ?? []).toString('latin1')).toBe('abca!');
    const pattern = Buffer.alloc(3 * K * K, 'abc');
    for (const at of [0, 63 * K * K, 126 * K * K - 3 * K * K]) {
      expect(pattern.equals(found?.subarray(at, at + pattern.length) ?? pattern.subarray(1))).toBe(true);
    }
  });

  it('rebuilds the codes of large chunks, which have many slots', () => {
    const size = 8 * K * K;
    const next = randomBytes(21);
    const number = (below: number): number => (next() * 65536 + next() * 256 + next()) % below;
    const stream = new LzmsStream(size).literals(sample('noise', 3000, 2)).match(2999, 4_000_000);
    let at = 4_003_000;
    for (let i = 0; i < 3500; i++) {
      const length = 1 + number(number(50) === 0 ? 900 : 30);
      if (next() < 100) stream.delta(number(3), 1 + number(900_000), length);
      else stream.match(1 + number(number(3) === 0 ? at : 5000), length);
      at += length;
    }
    const packed = stream.match(77, size - at).bytes();
    expectSame(decoder(size)(packed, size), decodeReference(packed, size));
  });

  it('carries nothing over from one chunk to the next', () => {
    const decompress = decoder(64 * K);
    const next = randomBytes(77);
    const chunks = Array.from({ length: 12 }, (_, i) => randomChunk([3000, 20_000, 40, 9000][i % 4], next));
    const whole = chunks.map(({ packed, size }) => decodeReference(packed, size));
    for (let i = 0; i < 60; i++) {
      const at = next() % chunks.length;
      expectSame(decompress(chunks[at].packed, chunks[at].size), whole[at]);
      // A damaged chunk in between.
      decompress(chunks[at].packed.subarray(0, 40), 9000);
    }
  });

  it('gives a view in place that the next chunk overwrites, and copies otherwise', () => {
    const decompressor = createLzmsDecompressor(kernel, 32 * K);
    const one = decompressor.decompressInPlace?.(new LzmsStream(3).text('abc').bytes(), 3);
    expect(Buffer.from(one ?? []).toString()).toBe('abc');
    const copy = new Uint8Array(3);
    decompressor.decompress(new LzmsStream(3).text('xyz').bytes(), copy);
    decompressor.decompress(new LzmsStream(3).text('123').bytes(), new Uint8Array(3));
    expect(Buffer.from(copy).toString()).toBe('xyz');
    expect(Buffer.from(one ?? []).toString()).toBe('123');
  });
});

describe('LZMS decoder: faults', () => {
  it('names data that is no stream', () => {
    for (const size of [0, 1, 2, 3]) expect(problemOf(new Uint8Array(size), 10)).toMatch(/shorter/);
    expect(problemOf(new Uint8Array(5), 10)).toMatch(/odd/);
    expect(problemOf(new Uint8Array(40_000), 10, 32 * K)).toMatch(/too large/);
  });

  it('names matches that cannot be', () => {
    expect(problemOf(new LzmsStream(100).match(1, 1), 100)).toMatch(/reaches back/);
    expect(problemOf(new LzmsStream(100).text('abc').match(4, 2), 100)).toMatch(
      /^LZMS chunk.*match reaches back/,
    );
    expect(problemOf(new LzmsStream(100).text('abc').match(3, 98), 100)).toMatch(/exceeds the chunk/);
    expect(problemOf(new LzmsStream(100).text('abc').match(3, 1_073_809_578), 100)).toMatch(
      /exceeds the chunk/,
    );
    expect(problemOf(new LzmsStream(100).text('abcd').delta(0, 4, 1), 100)).toMatch(
      /delta match reaches back/,
    );
    expect(problemOf(new LzmsStream(100).text('abcd').delta(1, 2, 1), 100)).toMatch(
      /delta match reaches back/,
    );
    expect(problemOf(new LzmsStream(100).text('abcd').delta(7, 99, 1), 100)).toMatch(
      /delta match reaches back/,
    );
    expect(problemOf(new LzmsStream(100).text('abcd').delta(0, 3, 97), 100)).toMatch(/exceeds the chunk/);
    expect(problemOf(new LzmsStream(100).text('abcd').delta(0, 3, 96), 100)).toBeUndefined();
  });

  it('refuses sizes that it was not made for', () => {
    expect(() => decode(new Uint8Array(4), 40_000, 32 * K)).toThrow(RangeError);
    for (const size of [0, -1, 1.5, 2 ** 30 + 1]) {
      expect(() => createLzmsDecompressor(kernel, size)).toThrow(RangeError);
    }
  });

  it('answers as the reference when any byte of a chunk is damaged', () => {
    const chunk = randomChunk(900, randomBytes(11));
    const decompress = decoder(32 * K);
    for (let at = 0; at < chunk.packed.length; at++) {
      for (const change of [0x01, 0xc0]) {
        const packed = Uint8Array.from(chunk.packed);
        packed[at] ^= change;
        expectSame(decompress(packed, chunk.size), expected(packed, chunk.size));
      }
    }
  });

  it('answers as the reference to anything', () => {
    const decompress = decoder(64 * K);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 0, max: 3000 }), (packed, size) => {
        expectSame(decompress(packed, size), expected(packed, size));
      }),
      { numRuns: 60 },
    );
  });

  it('answers as the reference to chunks with and without damage', () => {
    const decompress = decoder(64 * K);
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 700, max: 12_000 }),
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
            fc.integer({ min: 1, max: 255 }),
          ),
          {
            maxLength: 3,
          },
        ),
        (seed, size, damage) => {
          const packed = Uint8Array.from(randomChunk(size, randomBytes(seed)).packed);
          for (const [place, change] of damage) packed[Math.floor(place * packed.length)] ^= change;
          expectSame(decompress(packed, size), expected(packed, size));
        },
      ),
      { numRuns: 15 },
    );
  });
});

/** Instructions-like data in which every opcode of the filter occurs, with few targets. */
function x86Sample(size: number, seed: number): Uint8Array {
  const next = randomBytes(seed);
  const data = sample('noise', size, seed);
  const opcodes = [
    [0xe8],
    [0xe9],
    [0xff, 0x15],
    [0xf0, 0x83, 0x05],
    [0x48, 0x8d, 0x05],
    [0x4c, 0x8d, 0xe5],
    [0x48, 0x8b, 0x0d],
    [0x4c, 0x8b, 0x0d],
    [0x48, 0x8b, 0x45],
    [0x48, 0x89, 0x05],
    [0xff, 0x25],
  ];
  for (let at = 0; at + 8 < size; at += next() & (next() > 250 ? 255 : 15)) {
    const opcode = opcodes[next() % opcodes.length];
    data.set(opcode, at);
    const target = (next() & 3) * 4321 + 7 - at;
    for (let k = 0; k < 4; k++) data[at + opcode.length + k] = target >> (8 * k);
    at += opcode.length + 4;
  }
  return data;
}

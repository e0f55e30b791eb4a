import { describe, expect, it } from 'vitest';
import { decompressLznt1 } from '../../../../src-main/engine/codec/lznt1/lznt1';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const letters = 'abcdefghijklmnopq';
const ascii = (from: number, to: number) => Buffer.from(letters.slice(from, to)).toString('hex');

describe('LZNT1', () => {
  it.each([
    ['a match over itself', '05b0 08 616263 0320', 'abcabcabc'],
    [
      '4 bits of offset up to byte 16',
      `14b0 00 ${ascii(0, 8)} 00 ${ascii(8, 16)} 01 00f0`,
      'abcdefghijklmnopabc',
    ],
    [
      '5 bits of offset from byte 17 on',
      `15b0 00 ${ascii(0, 8)} 00 ${ascii(8, 16)} 02 71 0080`,
      `${letters}abc`,
    ],
  ])('expands %s', (_title, compressed, wanted) => {
    const output = new Uint8Array(wanted.length);
    expect(decompressLznt1(hex(compressed), output)).toBe(wanted.length);
    expect(Buffer.from(output).toString()).toBe(wanted);
  });

  it('takes stored chunks, and ends at a header of 0 with zeroes', () => {
    const input = Buffer.concat([
      Buffer.from([0xff, 0x3f]),
      Buffer.alloc(4096, 7),
      Buffer.from([0, 0, 9, 9]),
    ]);
    const output = new Uint8Array(8192).fill(1);
    expect(decompressLznt1(input, output)).toBe(4096);
    expect(output.subarray(0, 4096).every((byte) => byte === 7)).toBe(true);
    expect(output.subarray(4096).every((byte) => byte === 0)).toBe(true);
  });

  it('repeats a byte over a whole chunk', () => {
    const input = Uint8Array.of(0x03, 0xb0, 0x02, 0x61, 0xfc, 0x0f);
    const output = new Uint8Array(4096);
    expect(decompressLznt1(input, output)).toBe(4096);
    expect(output.every((byte) => byte === 0x61)).toBe(true);
  });

  it.each([
    ['a chunk that is cut', [0x10, 0xb0, 0x00, 0x61], /17 bytes, where 2 are left/],
    ['a match that is cut', [0x01, 0xb0, 0x01, 0x61], /in the middle of a match/],
    ['a match before the start', [0x03, 0xb0, 0x02, 0x61, 0x00, 0x10], /before the start of the chunk/],
    ['a match past the end', [0x03, 0xb0, 0x02, 0x61, 0xff, 0x0f], /past the end of the chunk/],
  ])('refuses %s', (_title, bytes, message) => {
    expect(() => decompressLznt1(Uint8Array.from(bytes), new Uint8Array(4096))).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { at, bytes, nested, struct, u16, u32, u64, u8 } from '../../../../src-main/engine/binary/struct';

const Inner = struct('inner', 3, { kind: at(0, u8, ''), count: at(1, u16, '') });
const Outer = struct('outer', 24, {
  magic: at(0, u32, '', 0x1234),
  inner: at(4, nested(Inner), ''),
  pad: at(7, bytes(1), ''),
  time: at(8, u64, ''),
  tail: at(16, u64, ''),
});

describe('struct', () => {
  it('parses what it serializes, at the declared offsets and in little-endian order', () => {
    const value = {
      magic: 0x1234,
      inner: { kind: 7, count: 0x0201 },
      pad: Uint8Array.of(9),
      time: 0x0102030405060708n,
      tail: 1n,
    };
    const data = Outer.serialize(value);
    expect([...data]).toEqual([0x34, 0x12, 0, 0, 7, 1, 2, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(Outer.parse(data)).toEqual(value);
  });

  it('names structure, field and offset of a constant that is wrong', () => {
    expect(() => Outer.parse(new Uint8Array(24), 100)).toThrow(
      /outer \(magic\) at offset 100: 0 found where 4660/,
    );
  });

  it('refuses too few bytes', () => {
    expect(() => Outer.parse(new Uint8Array(23), 8)).toThrow(
      /outer at offset 8: 23 bytes, the record has 24/,
    );
  });

  it.each([
    ['a gap', 8, { a: at(0, u32, ''), b: at(5, u16, '') }],
    ['an overlap', 6, { a: at(0, u32, ''), b: at(3, u16, '') }],
    ['a wrong total', 7, { a: at(0, u32, ''), b: at(4, u16, '') }],
  ])('fails at load for %s', (_, size, fields) => {
    expect(() => struct('broken', size, fields)).toThrow(RangeError);
  });
});

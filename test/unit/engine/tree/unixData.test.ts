import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitsXattrItem,
  ItemTag,
  makeUnixDataItem,
  makeXattrItem,
  readUnixData,
  readXattrs,
  type Xattr,
} from '../../../../src-main/engine/tree/unixData';

const xattr = fc.tuple(
  fc
    .uint8Array({ min: 1, minLength: 1, maxLength: 255 })
    .map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.uint8Array({ maxLength: 400 }),
);

describe('UNIX metadata items', () => {
  it('are laid out as wimlib-imagex 1.13.5 wrote them', () => {
    const unix = makeUnixDataItem({ uid: 0, gid: 0, mode: 0o104755, rdev: 0 });
    expect(Buffer.from(unix.data).toString('hex')).toBe('0000000000000000ed89000000000000');
    const xattrs = makeXattrItem([
      ['user.foo', Buffer.from('bar')],
      ['user.empty', new Uint8Array()],
    ]);
    expect(Buffer.from(xattrs.data).toString('latin1')).toBe(
      '\x03\0\x08\0user.foo\0bar\0\0\x0a\0user.empty\0',
    );
    expect(xattrs.tag).toBe(2);
  });

  it('come back as they were', () => {
    const word = fc.nat({ max: 0xffff_ffff });
    fc.assert(
      fc.property(fc.record({ uid: word, gid: word, mode: word, rdev: word }), (data) => {
        expect(readUnixData([makeUnixDataItem(data)])).toEqual(data);
      }),
    );
    fc.assert(
      fc.property(fc.array(xattr), (xattrs) => {
        const back = readXattrs([makeXattrItem(xattrs)]);
        expect(back).toEqual({ xattrs, malformed: false });
      }),
    );
  });

  it('of the older form are read too', () => {
    const entry = Buffer.from('\x06\0\0\0\x02\0\0\0user.ahi', 'latin1');
    const item = { tag: ItemTag.XATTRS_OLD, data: new Uint8Array(Buffer.concat([entry, entry])) };
    const one: Xattr = ['user.a', new Uint8Array(Buffer.from('hi'))];
    expect(readXattrs([item])).toEqual({ xattrs: [one, one], malformed: false });
  });

  it('that are malformed give what is whole', () => {
    const whole = makeXattrItem([['user.a', new Uint8Array([1, 2])]]);
    const cut = { tag: whole.tag, data: whole.data.subarray(0, whole.data.length - 1) };
    expect(readXattrs([cut])).toEqual({ xattrs: [], malformed: true });
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.constantFrom(ItemTag.XATTRS, ItemTag.XATTRS_OLD),
        (data, tag) => {
          for (const entry of readXattrs([{ tag, data }]).xattrs) expect(fitsXattrItem(entry)).toBe(true);
        },
      ),
    );
    expect(readUnixData([{ tag: ItemTag.UNIX_DATA, data: new Uint8Array(15) }])).toBeUndefined();
  });
});

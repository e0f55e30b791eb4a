import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReparseTag } from '../../../../src-main/engine/tree/attributes';
import {
  makeSymlinkData,
  makeWindowsSymlinkData,
  parseLinkData,
} from '../../../../src-main/engine/tree/symlinkReparse';

/** MOUNT_POINT data of [MS-FSCC] 2.1.2.5 with one name in both places. */
function mountPointData(name: string): Uint8Array {
  const bytes = Buffer.from(`${name}\0\0`, 'utf16le');
  const header = Buffer.alloc(8);
  header.writeUInt16LE(name.length * 2, 2);
  header.writeUInt16LE(name.length * 2 + 2, 4);
  return Buffer.concat([header, bytes]);
}

describe('symbolic links as reparse data', () => {
  it('of a relative link have both names alike and the flag', () => {
    const data = makeSymlinkData('../a\\b');
    const names = Buffer.from('..\\a/b\0..\\a/b\0', 'utf16le');
    expect(data).toEqual(new Uint8Array([0, 0, 12, 0, 14, 0, 12, 0, 1, 0, 0, 0, ...names]));
  });

  it('of an absolute link name the drive C:', () => {
    const data = makeSymlinkData('/usr/lib') ?? new Uint8Array();
    const names = Buffer.from('\\??\\C:\\usr\\lib\0C:\\usr\\lib\0', 'utf16le');
    expect([...data.subarray(12)]).toEqual([...names]);
    expect(data[8]).toBe(0);
  });

  it('come back as the link that they were made from', () => {
    const targets = fc.string({ unit: 'binary', minLength: 1 }).filter((target) => !target.includes('\0'));
    fc.assert(
      fc.property(targets, (target) => {
        const data = makeSymlinkData(target) ?? new Uint8Array();
        const link = parseLinkData(ReparseTag.SYMLINK, data);
        expect(link).toMatchObject({ path: target, relative: !target.startsWith('/') });
      }),
    );
    expect(parseLinkData(ReparseTag.SYMLINK, makeSymlinkData('') ?? new Uint8Array())?.path).toBe('');
  });

  it('lose drive and device of Windows targets', () => {
    const junction = (name: string) => parseLinkData(ReparseTag.MOUNT_POINT, mountPointData(name))?.path;
    expect(junction('\\??\\C:\\Users')).toBe('/Users');
    expect(junction('\\??\\Volume{1-2}\\x\\y')).toBe('/x/y');
    expect(junction('\\??\\D:')).toBe('');
    expect(junction('\\DosDevices\\\\E:\\z')).toBe('/z');
    const data = makeWindowsSymlinkData('C:\\Users\\All Users') ?? new Uint8Array();
    expect(parseLinkData(ReparseTag.SYMLINK, data)).toMatchObject({
      path: '/Users/All Users',
      relative: false,
    });
  });

  it('are refused when too long, and when malformed', () => {
    expect(makeSymlinkData('x'.repeat(4096))).toBeUndefined();
    expect(parseLinkData(0x80000017, new Uint8Array(64))).toBeUndefined();
    const good = makeSymlinkData('abc') ?? new Uint8Array();
    const edits: [number, number][] = [
      [0, 1],
      [2, 200],
      [3, 255],
      [2, 5],
    ];
    for (const [at, value] of edits) {
      expect(parseLinkData(ReparseTag.SYMLINK, good.with(at, value)), `byte ${at}`).toBeUndefined();
    }
    for (let length = 0; length < 12; length++) {
      expect(parseLinkData(ReparseTag.SYMLINK, good.subarray(0, length))).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
        parseLinkData(ReparseTag.SYMLINK, data);
        parseLinkData(ReparseTag.MOUNT_POINT, data);
      }),
    );
  });
});

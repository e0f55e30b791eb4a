import { describe, expect, it } from 'vitest';
import { parsePathList, parseSourceList } from '../../../../src-main/engine/tree/textLists';

describe('list file', () => {
  it('has one path on a line', () => {
    const text =
      '\ufeff; comment\r\n# comment\r\n\r\n/Users\r\n  \\Program Files\\A*\t\r\n"/quoted path"\r\n[x]\n\'last\'';
    expect(parsePathList(text)).toEqual(['/Users', '\\Program Files\\A*', '/quoted path', '[x]', 'last']);
    expect(parsePathList(Buffer.from(text, 'utf16le'))).toEqual(parsePathList(text));
  });

  it('keeps no-break spaces, which may belong to a name', () => {
    expect(parsePathList('\u00a0a\u00a0')).toEqual(['\u00a0a\u00a0']);
  });

  it('must be text', () => {
    expect(() => parsePathList(new Uint8Array([0x61, 0xc3, 0x28]))).toThrow(/neither UTF-8 nor UTF-16LE/);
    expect(() => parsePathList(new Uint8Array([0xff, 0xfe, 0x61]))).toThrow(/not valid UTF-16LE/);
  });
});

describe('source list', () => {
  it('has a source and its place on each line', () => {
    const text = '# image\nwinpe\t/\n\n"over lay"\t\'/over lay\\\'\n/data/stuff \\\\\nalone/\n';
    expect(parseSourceList(text)).toEqual([
      { source: 'winpe', target: '/' },
      { source: 'over lay', target: '/over lay' },
      { source: '/data/stuff', target: '/' },
      { source: 'alone/', target: '/alone' },
    ]);
  });

  it.each([
    ['a\nb "c', 2, 'not closed'],
    ['# x\n\na b c', 3, 'one word too many'],
    ['"" /x', 1, 'empty'],
  ])('refuses %j', (text, line, reason) => {
    expect(() => parseSourceList(text)).toThrow(
      expect.objectContaining({
        code: 'usage/invalid',
        facts: { line },
        message: expect.stringContaining(reason),
      }),
    );
  });
});

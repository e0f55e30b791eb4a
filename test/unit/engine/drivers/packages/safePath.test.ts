import fc from 'fast-check';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathKey, safePath } from '../../../../../src-main/engine/drivers/packages/safePath';

describe('paths from archives', () => {
  it.each([
    ['net/e1d.inf', 'net/e1d.inf'],
    ['net\\sub\\e1d.inf', 'net/sub/e1d.inf'],
    ['./net//e1d.inf', 'net/e1d.inf'],
    ['console.sys', 'console.sys'],
    ['com10.sys', 'com10.sys'],
    ['.hidden', '.hidden'],
    ['näher 猫.cat', 'näher 猫.cat'],
  ])('%j is %j', (raw, expected) => {
    expect(safePath(raw)).toEqual({ path: expected });
  });

  it.each([
    '',
    './',
    '../a.inf',
    'a/../../b.inf',
    'a\\..\\b.inf',
    '/etc/passwd',
    '\\Windows\\a.inf',
    '\\\\server\\share\\a.inf',
    '\\\\?\\C:\\a.inf',
    'C:\\a.inf',
    'c:a.inf',
    'a\0.inf',
    'a.inf:stream',
    'CON',
    'sub/nul.inf',
    'com1 .inf',
    'LPT¹',
    'aux/a.inf',
    'a.inf.',
    'a.inf ',
    'sub./a.inf',
    '... /a',
    'a?.inf',
    'a\n.inf',
    '\ud800.inf',
    'x'.repeat(256),
    'a/'.repeat(200) + 'b',
  ])('%j is refused', (raw) => {
    expect(safePath(raw)).toHaveProperty('problem');
  });

  it('stays below its folder on both systems, whatever it is', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'a',
      '/',
      '\\',
      'C:',
      '\0',
      '. ',
      ' ',
      'con',
      'b.inf',
      '¹',
      ':',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const checked = safePath(parts.join(''));
        if (!('path' in checked)) return;
        for (const system of [path.posix, path.win32]) {
          const joined = system.resolve('/target', checked.path);
          expect(joined.startsWith(system.resolve('/target') + system.sep)).toBe(true);
        }
        expect(safePath(checked.path)).toEqual(checked);
      }),
    );
  });

  it('are one where Windows takes them for one', () => {
    expect(pathKey('Net\\E1d.INF')).toBe(pathKey('net/e1D.inf'));
  });
});

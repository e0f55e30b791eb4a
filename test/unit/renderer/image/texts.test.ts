import { describe, expect, it } from 'vitest';
import {
  attributeLetters,
  hexLines,
  modeWords,
} from '../../../../src-renderer/views/image/contents/attributes';
import {
  childPath,
  isWithin,
  lastName,
  parentPath,
  pathSteps,
  typedPath,
} from '../../../../src-renderer/views/image/contents/imagePaths';
import {
  besidePath,
  firstPartPath,
  partPath,
  withEnding,
} from '../../../../src-renderer/views/image/dialogs/partPaths';

describe('paths in an image', () => {
  it('are taken apart and put together', () => {
    expect(childPath('/', 'a')).toBe('/a');
    expect(childPath('/a', 'b')).toBe('/a/b');
    expect(parentPath('/a/b')).toBe('/a');
    expect(parentPath('/a')).toBe('/');
    expect(lastName('/a/b')).toBe('b');
    expect(lastName('/')).toBe('');
    expect(pathSteps('/a/b').map(({ path }) => path)).toEqual(['/', '/a', '/a/b']);
    expect(isWithin('/a/b', '/a')).toBe(true);
    expect(isWithin('/ab', '/a')).toBe(false);
    expect(isWithin('/ab', '/')).toBe(true);
  });

  it('are understood as people type and copy them', () => {
    expect(typedPath('C:\\Windows\\System32')).toBe('/Windows/System32');
    expect(typedPath('Windows//System32/')).toBe('/Windows/System32');
    expect(typedPath('  ')).toBe('/');
  });
});

describe('names beside a WIM', () => {
  it('are those of the parts of a set', () => {
    expect(partPath('/img/lab.swm', 1)).toBe('/img/lab.swm');
    expect(partPath('/img/lab.swm', 2)).toBe('/img/lab2.swm');
    expect(firstPartPath('/img/lab2.swm', 2)).toBe('/img/lab.swm');
    expect(firstPartPath('/img/lab12.swm', 12)).toBe('/img/lab.swm');
    expect(firstPartPath('/img/lab.swm', 1)).toBe('/img/lab.swm');
    expect(firstPartPath('/img/renamed.swm', 2)).toBe('/img/renamed.swm');
  });

  it('keep the folder, whichever slash it has', () => {
    expect(withEnding('C:\\my.images\\lab', '.swm')).toBe('C:\\my.images\\lab.swm');
    expect(withEnding('C:\\img\\lab.wim', '.swm')).toBe('C:\\img\\lab.swm');
    expect(besidePath('/img/lab.wim', 'export.wim')).toBe('/img/export.wim');
    expect(besidePath('lab.wim', 'export.wim')).toBe('export.wim');
  });
});

describe('facts of an entry in words', () => {
  it('are the letters of attributes', () => {
    expect(attributeLetters(0x27)).toBe('RHSA');
    expect(attributeLetters(0x10)).toBe('');
    expect(attributeLetters(0x410)).toBe('L');
    expect(attributeLetters(0x80)).toBe('');
  });

  it('are the letters of a UNIX mode', () => {
    expect(modeWords(0o100755)).toBe('rwxr-xr-x (0755)');
    expect(modeWords(0o104640)).toBe('rw-r----- (4640)');
  });

  it('are lines of sixteen bytes', () => {
    const digits = Buffer.from('Wimsmith\0\xff and more', 'latin1').toString('hex');
    expect(hexLines(digits).split('\n')).toEqual([
      '000000  57 69 6d 73 6d 69 74 68 00 ff 20 61 6e 64 20 6d  Wimsmith.. and m',
      '000010  6f 72 65                                         ore',
    ]);
    expect(hexLines('')).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { ReparseTag } from '../../../../src-main/engine/tree/attributes';
import { windowsTargetBelow, type FileIdentity } from '../../../../src-main/platform/posix/linkFixup';
import {
  makeWindowsSymlinkData,
  parseLinkData,
  windowsPathOf,
} from '../../../../src-main/engine/tree/symlinkReparse';

describe('links of Windows', () => {
  it.each([
    ['C:\\a\\b', '\\??\\C:\\a\\b'],
    ['\\\\server\\share\\x', '\\??\\UNC\\server\\share\\x'],
    ['\\\\?\\Volume{1-2}\\x', '\\??\\Volume{1-2}\\x'],
  ])('to %s are stored as %s, and come back', (target, substitute) => {
    const data = makeWindowsSymlinkData(target) ?? new Uint8Array();
    expect(parseLinkData(ReparseTag.SYMLINK, data)).toMatchObject({ relative: false, substitute });
    expect(windowsPathOf(substitute)).toBe(target);
  });

  it.each(['..\\a', 'a', '\\on\\this\\drive'])('to %s are relative', (target) => {
    const data = makeWindowsSymlinkData(target) ?? new Uint8Array();
    expect(parseLinkData(ReparseTag.SYMLINK, data)).toMatchObject({ relative: true, substitute: target });
  });

  describe('into the captured directory', () => {
    const directories = ['C:\\', 'C:\\src', 'C:\\SRC', 'C:\\src\\sub', 'C:\\other', 'D:\\'];
    const identityOf = (path: string): FileIdentity | undefined => {
      const spelling = path.replaceAll('/', '\\').toUpperCase();
      const index = directories.findIndex((known) => known.toUpperCase() === spelling);
      return index < 0 ? undefined : { dev: 1n, ino: BigInt(index) };
    };
    const root = { dev: 1n, ino: 1n };

    it.each([
      ['C:\\src\\sub\\file', 'C:\\sub\\file'],
      ['c:\\SRC\\x', 'c:\\x'],
      ['C:/src/x', 'C:/x'],
      ['C:\\src', 'C:\\'],
      ['C:\\other\\x', undefined],
      ['D:\\src\\x', undefined],
      ['\\\\server\\share\\x', undefined],
      ['src\\x', undefined],
    ])('%s becomes %s', (target, fixed) => {
      expect(windowsTargetBelow(root, target, identityOf)).toBe(fixed);
    });

    it('keep their path when that is a whole drive', () => {
      expect(windowsTargetBelow({ dev: 1n, ino: 0n }, 'C:\\src\\x', identityOf)).toBe('C:\\src\\x');
    });
  });
});

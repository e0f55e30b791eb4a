import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absoluteWindowsPath,
  isVolumeRoot,
  joinWindowsPath,
} from '../../../../src-main/platform/windows/paths';

describe('paths of Windows', () => {
  it.each([
    ['C:\\', 'C:\\'],
    ['C:\\src\\', 'C:\\src'],
    ['C:/src//a/', 'C:\\src\\a'],
    ['C:\\src\\..\\other\\.', 'C:\\other'],
    ['c:\\a. \\b.', 'c:\\a. \\b.'],
    ['\\\\server\\share', '\\\\server\\share\\'],
    ['\\\\server\\share\\x\\', '\\\\server\\share\\x'],
    ['//server/share/x', '\\\\server\\share\\x'],
    ['\\\\?\\C:\\', 'C:\\'],
    ['\\\\?\\C:', 'C:\\'],
    ['\\\\?\\C:\\src\\', 'C:\\src'],
    ['\\\\.\\d:\\x', 'd:\\x'],
    ['\\\\?\\UNC\\server\\share\\x', '\\\\server\\share\\x'],
    ['\\\\?\\Volume{1-2}\\x', '\\\\?\\Volume{1-2}\\x'],
  ])('%s is %s in full', (path, full) => {
    expect(absoluteWindowsPath(path)).toBe(full);
  });

  it('are in full what they were in full', () => {
    const names = fc.array(fc.constantFrom('a', 'b.c', 'nul', '..', '.', 'é ', '日'), { maxLength: 6 });
    const roots = fc.constantFrom('C:\\', 'z:/', '\\\\s\\h\\', '\\\\?\\C:\\', '\\\\?\\UNC\\s\\h\\');
    fc.assert(
      fc.property(roots, names, fc.constantFrom('/', '\\'), (root, parts, separator) => {
        const full = absoluteWindowsPath(root + parts.join(separator));
        expect(absoluteWindowsPath(full)).toBe(full);
        expect(full).not.toContain('/');
      }),
    );
  });

  it('are joined with one separator, whatever the image has', () => {
    expect(joinWindowsPath('C:\\', 'a')).toBe('C:\\a');
    expect(joinWindowsPath('C:\\src', 'a/b')).toBe('C:\\src\\a\\b');
    expect(joinWindowsPath('C:/src/', 'a')).toBe('C:/src/a');
    expect(joinWindowsPath('\\\\s\\h\\', 'a. ')).toBe('\\\\s\\h\\a. ');
  });

  it('are told from the root of their volume', () => {
    for (const root of ['C:\\', 'z:\\', '\\\\server\\share\\']) expect(isVolumeRoot(root), root).toBe(true);
    for (const path of ['C:\\a', '\\\\server\\share\\a']) expect(isVolumeRoot(path), path).toBe(false);
  });
});

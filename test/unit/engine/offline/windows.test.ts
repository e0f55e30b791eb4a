import { describe, expect, it } from 'vitest';
import { openOfflineHive, hiveEdits } from '../../../../src-main/engine/offline/offlineHives';
import { peFacts } from '../../../../src-main/engine/offline/peFacts';
import { inspectWindows } from '../../../../src-main/engine/offline/windows';
import { setText } from '../../../../src-main/engine/registry/registryValues';
import { AppError } from '../../../../src-shared/errors/appError';
import { memoryTree, peFile, windowsFiles } from '../../../support/offlineTrees';

function kernel(machine = 0x8664): Buffer {
  const bytes = peFile(machine, 2048);
  [0xfeef04bd, 0x10000, 0x0a0000, (26_100 << 16) | 1742].forEach((word, i) =>
    bytes.writeUInt32LE(word >>> 0, 0x400 + i * 4),
  );
  return bytes;
}

describe('what Windows a tree holds', () => {
  it('is told by its hives', () => {
    expect(inspectWindows(memoryTree(windowsFiles()))).toEqual({
      target: {
        label: 'Windows 10 Pro 22H2 (10.0.19045)',
        major: 10,
        minor: 0,
        build: 19_045,
        architecture: 'amd64',
        productType: 'workstation',
      },
      edition: 'Professional',
      installation: 'windows',
      systemRoot: '/Windows',
    });
    const eleven = inspectWindows(memoryTree(windowsFiles({ build: 26_100, architecture: 'ARM64' })));
    expect(eleven.target).toMatchObject({ label: 'Windows 11 Pro 22H2 (10.0.26100)', architecture: 'arm64' });
    const seven = inspectWindows(memoryTree(windowsFiles({ build: 7601 })));
    expect(seven.target).toMatchObject({ label: 'Windows 7 Professional (6.1.7601)', major: 6, minor: 1 });
  });

  it('is told by its kernel where no hive tells it, whatever its directory is called', () => {
    const { target, systemRoot } = inspectWindows(
      memoryTree({ '/WINNT/system32/NTOSKRNL.EXE': kernel(0xaa64) }),
    );
    expect(systemRoot).toBe('/WINNT');
    expect(target).toMatchObject({ label: 'Windows (10.0.26100)', build: 26_100, architecture: 'arm64' });
  });

  it('is a server by its product type', () => {
    const domain = windowsFiles({
      systemMore: (hive) =>
        setText(hive.root.ensure('ControlSet001\\Control\\ProductOptions'), 'ProductType', 'LanmanNT'),
    });
    expect(inspectWindows(memoryTree(domain)).target.productType).toBe('domain-controller');
  });

  it('is Windows PE by its edition, its MiniNT key or its shell', () => {
    const byKey = windowsFiles({
      systemMore: (hive) => void hive.root.ensure('ControlSet001\\Control\\MiniNT'),
    });
    const byShell = { ...windowsFiles(), '/Windows/System32/winpeshl.exe': 'x' };
    for (const files of [windowsFiles({ edition: 'WindowsPE' }), byKey, byShell]) {
      expect(inspectWindows(memoryTree(files)).installation).toBe('windows-pe');
    }
    const setup = { ...windowsFiles({ edition: 'WindowsPE' }), '/sources/setup.exe': 'x' };
    expect(inspectWindows(memoryTree(setup)).installation).toBe('windows-setup');
  });

  it('is none without a hive or a kernel, and a damaged one is told', () => {
    for (const files of [
      {},
      { '/Windows/notepad.exe': 'x' },
      { '/Windows/System32/ntdll.dll': 'no program' },
    ]) {
      expect(() => inspectWindows(memoryTree(files))).toThrow(AppError);
    }
    const damaged = { ...windowsFiles(), '/Windows/System32/config/SOFTWARE': Buffer.alloc(8192, 0x41) };
    expect(() => inspectWindows(memoryTree(damaged))).toThrow('SOFTWARE is no registry hive');
  });
});

describe('a hive of an offline Windows', () => {
  it('makes no edits as long as nothing is changed', () => {
    const tree = memoryTree(windowsFiles());
    const hive = openOfflineHive(tree, '/Windows', 'SOFTWARE');
    expect(hive === undefined ? undefined : hiveEdits(hive)).toEqual([]);
    expect(openOfflineHive(tree, '/Windows', 'DRIVERS')).toBeUndefined();
  });

  it('is written with its logs emptied', () => {
    const tree = memoryTree(windowsFiles());
    const hive = openOfflineHive(tree, '/Windows', 'SOFTWARE');
    hive?.hive.root.ensure('New');
    const edits = hive === undefined ? [] : hiveEdits(hive);
    expect(edits.map((edit) => [edit.path, edit.kind === 'write' && edit.bytes.length > 0])).toEqual([
      ['/Windows/System32/config/SOFTWARE', true],
      ['/Windows/System32/config/SOFTWARE.LOG1', false],
    ]);
  });
});

it('a program tells its architecture and its version, and other files nothing', () => {
  expect(peFacts(kernel())).toEqual({ architecture: 'amd64', version: [10, 0, 26_100, 1742] });
  expect(peFacts(peFile(0x1234))).toEqual({ architecture: undefined, version: undefined });
  expect(peFacts(Buffer.from('MZ'))).toBeUndefined();
  const lost = peFile();
  lost.writeUInt32LE(0xffffffff, 0x3c);
  expect(peFacts(lost)).toBeUndefined();
});

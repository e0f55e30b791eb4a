import { readFileSync } from 'node:fs';
import type { OfflineEdit, OfflineEntry, OfflineTree } from '../../src-main/engine/offline/offlineTree';
import { createHive } from '../../src-main/engine/registry/createHive';
import type { Hive } from '../../src-main/engine/registry/hive';
import { setDword, setText } from '../../src-main/engine/registry/registryValues';
import { AppError } from '../../src-shared/errors/appError';

/** An offline Windows in memory, which edits can be made to. */
export interface MemoryTree extends OfflineTree {
  apply(edits: readonly OfflineEdit[]): void;
  /** Every file's path and data, sorted. */
  files(): Map<string, Buffer>;
  directories(): string[];
  put(path: string, bytes: Uint8Array | string): void;
}

/** @param content data of files by path; undefined for an empty directory */
export function memoryTree(content: Readonly<Record<string, Uint8Array | string | undefined>>): MemoryTree {
  /** By path in lower case. */
  const nodes = new Map<string, { path: string; bytes: Buffer | undefined }>();
  const plain = (path: string): string =>
    `/${path
      .split(/[/\\]+/)
      .filter((name) => name !== '')
      .join('/')}`;
  const put = (path: string, bytes: Buffer | undefined): void => {
    const names = plain(path).split('/').slice(1);
    let spelled = '';
    for (const [i, name] of names.entries()) {
      const wanted = `${spelled}/${name}`;
      const found = nodes.get(wanted.toLowerCase());
      spelled = found?.path ?? wanted;
      const last = i === names.length - 1;
      if (last || found === undefined)
        nodes.set(spelled.toLowerCase(), { path: spelled, bytes: last ? bytes : undefined });
    }
  };
  const entryOf = ({ path, bytes }: { path: string; bytes: Buffer | undefined }): OfflineEntry => ({
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    kind: bytes === undefined ? 'directory' : 'file',
    size: bytes?.length ?? 0,
  });
  const below = (path: string): { path: string; bytes: Buffer | undefined }[] => {
    const prefix = plain(path) === '/' ? '/' : `${plain(path).toLowerCase()}/`;
    return [...nodes]
      .filter(([key]) => key.startsWith(prefix) && !key.slice(prefix.length).includes('/'))
      .map(([, node]) => node);
  };
  for (const [path, bytes] of Object.entries(content)) {
    put(path, bytes === undefined ? undefined : Buffer.from(bytes as Uint8Array));
  }
  return {
    label: 'the tree',
    kind: 'folder',
    readOnly: undefined,
    find(path) {
      const node = nodes.get(plain(path).toLowerCase());
      return node === undefined ? undefined : entryOf(node);
    },
    list: (path) => below(path).map(entryOf),
    read(path, limit) {
      const bytes = nodes.get(plain(path).toLowerCase())?.bytes;
      if (bytes === undefined) throw new AppError('io/not-found', path);
      if (bytes.length > limit) throw new AppError('offline/too-large', path);
      return new Uint8Array(bytes);
    },
    close: () => undefined,
    apply(edits) {
      for (const edit of edits) {
        if (edit.kind === 'write') put(edit.path, Buffer.from(edit.bytes));
        else if (edit.kind === 'copy') put(edit.path, readFileSync(edit.source));
        else {
          if (below(edit.path).length > 0) throw new Error(`${edit.path} is not empty`);
          if (!nodes.delete(plain(edit.path).toLowerCase())) throw new Error(`${edit.path} is not there`);
        }
      }
    },
    files: () =>
      new Map(
        [...nodes.values()]
          .flatMap(({ path, bytes }): [string, Buffer][] => (bytes === undefined ? [] : [[path, bytes]]))
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    directories: () =>
      [...nodes.values()]
        .filter(({ bytes }) => bytes === undefined)
        .map(({ path }) => path)
        .sort(),
    put: (path, bytes) => put(path, Buffer.from(bytes as Uint8Array)),
  };
}

export interface MadeWindows {
  readonly build?: number;
  readonly edition?: string;
  readonly architecture?: string;
  readonly softwareMore?: (hive: Hive) => void;
  readonly systemMore?: (hive: Hive) => void;
}

/** SOFTWARE and SYSTEM hives of a Windows, with what tells its version; and a file that is nothing of ours. */
export function windowsFiles(made: MadeWindows = {}): Record<string, Uint8Array | string> {
  const { build = 19_045, edition = 'Professional', architecture = 'AMD64' } = made;
  const software = createHive();
  const current = software.root.ensure('Microsoft\\Windows NT\\CurrentVersion');
  setText(current, 'CurrentBuildNumber', String(build));
  setText(current, 'EditionID', edition);
  setText(current, 'ProductName', build < 10_000 ? 'Windows 7 Professional' : 'Windows 10 Pro');
  if (build < 10_000) setText(current, 'CurrentVersion', '6.1');
  else {
    setDword(current, 'CurrentMajorVersionNumber', 10);
    setDword(current, 'CurrentMinorVersionNumber', 0);
    setText(current, 'DisplayVersion', '22H2');
  }
  setText(software.root.ensure('Microsoft\\Windows\\CurrentVersion'), 'DevicePath', '%SystemRoot%\\inf', 2);
  made.softwareMore?.(software);
  const system = createHive();
  setDword(system.root.ensure('Select'), 'Current', 1);
  setText(system.root.ensure('ControlSet001\\Control\\ProductOptions'), 'ProductType', 'WinNT');
  setText(
    system.root.ensure('ControlSet001\\Control\\Session Manager\\Environment'),
    'PROCESSOR_ARCHITECTURE',
    architecture,
  );
  system.root.ensure('ControlSet001\\Services');
  made.systemMore?.(system);
  return {
    '/Windows/System32/config/SOFTWARE': software.serialize(),
    '/Windows/System32/config/SYSTEM': system.serialize(),
    '/Windows/System32/config/SOFTWARE.LOG1': 'an old log'.repeat(100),
    '/Windows/System32/config/SOFTWARE.LOG2': '',
    '/Users/Public/note.txt': 'mine',
  };
}

/** The least PE file that tells its architecture. */
export function peFile(machine = 0x8664, size = 1024): Buffer {
  const bytes = Buffer.alloc(size, 0);
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write('PE\0\0', 0x80, 'latin1');
  bytes.writeUInt16LE(machine, 0x84);
  return bytes;
}

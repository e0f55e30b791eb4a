import path from 'node:path';
import { FileAttribute } from '../engine/tree/attributes';
import { nativePath } from './posix/nativePath';
import { rawFs } from './rawFs';
import { systemCall } from './systemCall';
import { systemErrorName } from './systemErrors';

const fs = rawFs.promises;

/** A name in a directory; `kind` is that of what a link leads to. */
export interface DirectoryName {
  readonly name: string;
  readonly kind: 'directory' | 'file' | 'other';
}

/** Entries that are read at once: between two such pieces the event loop runs. */
const PIECE = 512;
/** Links that are looked at at once: Node has four threads for it. */
const AT_ONCE = 16;
/** What stands in a name for bytes that are no UTF-8; such a file cannot be reached by it. */
const REPLACEMENT = '\ufffd';

/** Names of a directory, unsorted, piece by piece. @throws AppError `io/not-found`, `io/no-permission`, `io/not-a-directory` */
export async function* directoryNames(directory: string): AsyncGenerator<DirectoryName[]> {
  const entries = await systemCall('list', directory, () =>
    fs.opendir(nativePath(directory), { bufferSize: PIECE }),
  );
  try {
    let piece: DirectoryName[] = [];
    let unclear: string[] = [];
    for (;;) {
      const entry = await systemCall('list', directory, () => entries.read());
      if (entry !== null) {
        const kind = entry.isDirectory() ? 'directory' : entry.isFile() ? 'file' : 'other';
        const clear = kind !== 'other' || entry.isFIFO() || entry.isSocket() || entry.isCharacterDevice();
        if (clear && !entry.name.includes(REPLACEMENT)) piece.push({ name: entry.name, kind });
        else unclear.push(entry.name);
      }
      if (piece.length + unclear.length >= PIECE || entry === null) {
        yield [...piece, ...(await kindsOf(directory, unclear))];
        piece = [];
        unclear = [];
      }
      if (entry === null) return;
    }
  } finally {
    await entries.close();
  }
}

async function kindsOf(directory: string, names: readonly string[]): Promise<DirectoryName[]> {
  const found: DirectoryName[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    found.push(...(await Promise.all(some.map((name) => kindOf(directory, name)))));
  }
  return found;
}

async function kindOf(directory: string, name: string): Promise<DirectoryName> {
  const status = await statusOf(path.join(directory, name));
  return { name, kind: status === undefined ? 'other' : status.kind };
}

/** Kind, size and last write (ms since 1970) of what a path leads to; undefined where the system does not tell. */
export async function statusOf(
  file: string,
): Promise<{ kind: DirectoryName['kind']; size: number; modifiedMs: number } | undefined> {
  try {
    const status = await fs.stat(nativePath(file));
    const kind = status.isDirectory() ? 'directory' : status.isFile() ? 'file' : 'other';
    return { kind, size: status.size, modifiedMs: status.mtimeMs };
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return undefined;
  }
}

/** How a directory's names are told hidden. Asked for one path it may take as long as a call of the system. */
export type HiddenRule = (directory: string, name: string) => boolean;

/** Names with a dot first, and on Windows what has the attribute. */
export async function hiddenRule(): Promise<HiddenRule> {
  const dotted: HiddenRule = (_directory, name) => name.startsWith('.');
  if (process.platform !== 'win32') return dotted;
  const { readFileFacts } = await import('./windows/fileAttributes');
  return (directory, name) => {
    try {
      const { attributes } = readFileFacts(path.join(directory, name));
      return (attributes & (FileAttribute.HIDDEN | FileAttribute.SYSTEM)) !== 0 || name.startsWith('.');
    } catch (error) {
      if (systemErrorName(error) === undefined) throw error;
      return dotted(directory, name);
    }
  };
}

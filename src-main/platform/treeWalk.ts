import { createHash } from 'node:crypto';
import path from 'node:path';
import { AppError } from '../../src-shared/errors/appError';
import { nativePath } from './posix/nativePath';
import { rawFs } from './rawFs';
import { ifThere, systemCall } from './systemCall';

const fs = rawFs.promises;

/** An entry of a tree; links are not followed. */
export interface WalkedEntry {
  /** From the root, '/' between names and in front. */
  readonly path: string;
  readonly kind: 'directory' | 'file' | 'link' | 'other';
}

/** Directories deeper than this are not entered: no lesson makes such. */
const DEEPEST = 128;

/**
 * All entries below a directory, piece by piece, the root not among them.
 * @param skip entries that are left out, with all that is below them
 * @throws AppError when a directory cannot be read
 */
export async function* walkTree(root: string, skip: (path: string) => boolean): AsyncGenerator<WalkedEntry> {
  const waiting = [{ path: '', depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path: above, depth } = next;
    const directory = path.join(root, above);
    const entries = await systemCall('list', directory, () =>
      fs.opendir(nativePath(directory), { bufferSize: 256 }),
    );
    try {
      for (;;) {
        const entry = await systemCall('list', directory, () => entries.read());
        if (entry === null) break;
        const name = `${above}/${entry.name}`;
        if (skip(name)) continue;
        const kind = entry.isSymbolicLink()
          ? 'link'
          : entry.isDirectory()
            ? 'directory'
            : entry.isFile()
              ? 'file'
              : 'other';
        if (kind === 'directory' && depth < DEEPEST) waiting.push({ path: name, depth: depth + 1 });
        yield { path: name, kind };
      }
    } finally {
      await entries.close();
    }
  }
}

/** SHA-1 of a regular file in hex; undefined where there is none. */
export async function sha1OfFile(file: string): Promise<string | undefined> {
  const handle = await ifThere('open', file, () => fs.open(nativePath(file), 'r'));
  if (handle === undefined) return undefined;
  try {
    return await systemCall('read', file, async () => {
      if (!(await handle.stat()).isFile()) return undefined;
      const hash = createHash('sha1');
      const piece = Buffer.alloc(1 << 18);
      for (;;) {
        const { bytesRead } = await handle.read(piece, 0, piece.length);
        if (bytesRead === 0) return hash.digest('hex');
        hash.update(piece.subarray(0, bytesRead));
      }
    });
  } finally {
    await handle.close();
  }
}

/** What a path itself is, a link not followed; undefined where nothing is. */
export async function entryKind(file: string): Promise<WalkedEntry['kind'] | undefined> {
  const status = await ifThere('look at', file, () => fs.lstat(nativePath(file)));
  if (status === undefined) return undefined;
  if (status.isSymbolicLink()) return 'link';
  return status.isDirectory() ? 'directory' : status.isFile() ? 'file' : 'other';
}

/** Takes a file, a link or a tree away; links are not followed. Nothing happens where nothing is. */
export async function removeTree(place: string): Promise<void> {
  await systemCall('remove', place, () =>
    fs.rm(nativePath(place), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  );
}

/** Names in a directory, unsorted. */
export function namesIn(directory: string): Promise<string[]> {
  return systemCall('list', directory, () => fs.readdir(nativePath(directory)));
}

/** Gives a directory another name, where nothing is or an empty directory. @throws AppError `io/exists` */
export async function moveDirectory(from: string, to: string): Promise<void> {
  if ((await entryKind(to)) === 'directory') {
    if ((await namesIn(to)).length > 0) {
      throw new AppError('io/exists', `cannot make ${to}: it exists already and is not empty`, { path: to });
    }
    await systemCall('replace', to, () => fs.rmdir(nativePath(to)));
  }
  await systemCall('make', to, () => fs.rename(nativePath(from), nativePath(to)));
}

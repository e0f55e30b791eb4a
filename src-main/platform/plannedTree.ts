import path from 'node:path';
import { CancelledError } from '../../src-shared/errors/appError';
import type { JobSignal } from '../../src-shared/rpc/jobs';
import { nativePath } from './posix/nativePath';
import { rawFs } from './rawFs';
import { systemCall } from './systemCall';
import { systemErrorName } from './systemErrors';

const fs = rawFs.promises;

/** A directory tree before it is there. Paths are relative, with '/' between names. */
export interface PlannedTree {
  /** Those above come before those below. */
  readonly directories: readonly string[];
  readonly files: readonly PlannedFile[];
  /** Further names of planned files. */
  readonly hardLinks: readonly { readonly path: string; readonly to: string }[];
  /** Symbolic links; targets are relative to the link's directory. */
  readonly links: readonly PlannedLink[];
  /** Last write of all directories and links, seconds since 1970. */
  readonly time: number;
}

export interface PlannedFile {
  readonly path: string;
  readonly size: number;
  /** Last write, seconds since 1970. */
  readonly time: number;
  /** Pieces that together have `size` bytes; each takes at most some milliseconds to make. */
  content(): Iterable<Uint8Array>;
}

export interface PlannedLink {
  readonly path: string;
  readonly target: string;
  readonly directory: boolean;
}

export interface TreeWriting {
  readonly signal: JobSignal;
  /** A piece was written: its bytes; `file`: whether it ended a file. */
  readonly onWritten: (path: string, bytes: number, file: boolean) => void;
}

/** Files that are written at once. */
const AT_ONCE = 8;
/** What a system answers that has no such links, or gives them to administrators only. */
const noLinks: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
]);

/**
 * Makes a tree. Hard links become copies, and symbolic links are left out, where the volume or the system has none.
 * @param root exists and is empty
 * @throws AppError `job/cancelled`, `io/no-space` and others; what was written stays
 */
export async function writeTree(root: string, tree: PlannedTree, writing: TreeWriting): Promise<void> {
  for (const directory of tree.directories) {
    stopIfAsked(writing);
    await systemCall('make the directory', directory, () => fs.mkdir(at(root, directory)));
  }
  const byPath = new Map(tree.files.map((file) => [file.path, file]));
  await eachOf(tree.files, (file) => writeFile(root, file, writing));
  await eachOf(tree.hardLinks, async ({ path: name, to }) => {
    const original = byPath.get(to);
    if (await linked(() => fs.link(at(root, to), at(root, name)))) writing.onWritten(name, 0, true);
    else if (original !== undefined) await writeFile(root, { ...original, path: name }, writing);
  });
  for (const link of tree.links) await makeLink(root, link, tree.time);
  // Whatever is made in a directory changes its time: the deepest are set first.
  for (const directory of [...tree.directories].reverse()) {
    stopIfAsked(writing);
    await systemCall('set the time of', directory, () =>
      fs.utimes(at(root, directory), tree.time, tree.time),
    );
  }
}

function at(root: string, name: string): string | Buffer {
  return nativePath(path.join(root, ...name.split('/')));
}

function stopIfAsked({ signal }: TreeWriting): void {
  if (signal.aborted) throw new CancelledError();
}

async function writeFile(root: string, file: PlannedFile, writing: TreeWriting): Promise<void> {
  await systemCall('write', path.join(root, file.path), async () => {
    const handle = await fs.open(at(root, file.path), 'wx');
    try {
      for (const piece of file.content()) {
        stopIfAsked(writing);
        await handle.writeFile(piece);
        writing.onWritten(file.path, piece.length, false);
      }
      await handle.utimes(file.time, file.time);
    } finally {
      await handle.close();
    }
  });
  writing.onWritten(file.path, 0, true);
}

async function makeLink(
  root: string,
  { path: name, target, directory }: PlannedLink,
  time: number,
): Promise<void> {
  // Junctions need no rights on Windows; their targets are absolute.
  const junction = directory && process.platform === 'win32';
  const leadsTo = junction ? path.resolve(root, path.dirname(name), target) : target;
  const made = await linked(() =>
    fs.symlink(leadsTo, at(root, name), junction ? 'junction' : directory ? 'dir' : 'file'),
  );
  if (made) await systemCall('set the time of', name, () => fs.lutimes(at(root, name), time, time));
}

/** Whether the link could be made; false where there are no such links. */
async function linked(make: () => Promise<void>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    if (noLinks.has(systemErrorName(error))) return false;
    throw error;
  }
}

/** Does the work for all, some at a time; after a failure no more is begun, and it is thrown when the others ended. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed) {
      try {
        await work(items[next++]);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

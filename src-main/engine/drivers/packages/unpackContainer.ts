import { AppError } from '../../../../src-shared/errors/appError';
import type { EngineHost } from '../../os';
import { tooLarge } from './folderContainer';
import type { ContainerFile, PackageContainer } from './packageContainer';
import { pathKey, safePath } from './safePath';

export interface UnpackOptions {
  readonly signal?: AbortSignal | undefined;
  /** Most bytes that are written in all; the free space of the volume where it is absent. */
  readonly limit?: number | undefined;
  /** Told after each file. */
  readonly onFile?: ((file: UnpackedFile) => void) | undefined;
}

export interface UnpackedFile {
  /** As the container names it. */
  readonly path: string;
  /** Absolute path of what was written. */
  readonly target: string;
  readonly size: number;
}

/** Bytes written between two breaths. */
const BREATH = 16 << 20;

/**
 * Writes files of a container below a directory, which must be there, under their paths; in the order in which an
 * archive stores them, piece by piece. Nothing there is replaced. After a failure or a cancellation what was written is
 * removed again.
 * @param paths of files as the container names them; all of them where absent
 * @returns in the order of writing
 * @throws AppError `io/not-found`, `io/exists`, `io/no-space`, `offline/too-large`, and what the reading of the container throws
 */
export async function unpackContainer(
  host: Pick<EngineHost, 'files' | 'breathe'>,
  container: PackageContainer,
  paths: readonly string[] | undefined,
  directory: string,
  options: UnpackOptions = {},
): Promise<readonly UnpackedFile[]> {
  const { files } = host;
  const { signal } = options;
  const wanted = chosen(container, paths);
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  const limit = options.limit ?? Infinity;
  if (bytes > limit) throw tooLarge(container.label, bytes, limit);
  const free = files.freeSpace(directory);
  if (bytes > free) {
    const message = `${container.label} unpacked takes ${bytes} bytes; ${directory} has room for ${free}`;
    throw new AppError('io/no-space', message, { path: directory });
  }

  const made: { path: string; kind: 'file' | 'directory' }[] = [];
  const done: UnpackedFile[] = [];
  const directories = new Map<string, string>([['', directory]]);

  /** Makes the directories on the way; those of one spelling or another are one. */
  function directoryFor(path: string): string {
    const known = directories.get(pathKey(path));
    if (known !== undefined) return known;
    const slash = path.lastIndexOf('/');
    const above = directoryFor(slash < 0 ? '' : path.slice(0, slash));
    const here = files.join(above, path.slice(slash + 1));
    // A link that is there would lead out of the directory, so what is there must be a directory itself.
    const there = files.entries(above).find(({ name }) => name === path.slice(slash + 1));
    if (there === undefined) {
      files.makeDirectory(here);
      made.push({ path: here, kind: 'directory' });
    } else if (there.kind !== 'directory') {
      throw new AppError('io/exists', `cannot make ${here}: it exists already`, { path: here });
    }
    directories.set(pathKey(path), here);
    return here;
  }

  try {
    let written = 0;
    for (const file of wanted) {
      signal?.throwIfAborted();
      const slash = file.path.lastIndexOf('/');
      const folder = directoryFor(slash < 0 ? '' : file.path.slice(0, slash));
      const target = files.join(folder, file.path.slice(slash + 1));
      const open = files.create(target);
      made.push({ path: target, kind: 'file' });
      let at = 0;
      try {
        for (const piece of container.pieces(file.path)) {
          open.write(at, piece);
          at += piece.length;
          written += piece.length;
          if (written < BREATH) continue;
          written = 0;
          await host.breathe();
          signal?.throwIfAborted();
        }
      } finally {
        open.close();
      }
      const unpacked = { path: file.path, target, size: at };
      done.push(unpacked);
      options.onFile?.(unpacked);
    }
    return done;
  } catch (error) {
    for (const { path, kind } of made.reverse()) {
      if (kind === 'file') files.remove(path);
      else files.removeDirectory(path);
    }
    throw error;
  }
}

/** The files that are wanted, each once, in the container's order. */
function chosen(container: PackageContainer, paths: readonly string[] | undefined): readonly ContainerFile[] {
  if (paths === undefined) return container.list().map(safe);
  const wanted = new Set<string>();
  for (const path of paths) {
    const file = container.find(path);
    if (file === undefined) {
      throw new AppError('io/not-found', `${container.placeOf(path)} is not there`, { path });
    }
    wanted.add(file.path);
  }
  if (container.kind === 'folder') return [...wanted].flatMap((path) => container.find(path) ?? []).map(safe);
  return container
    .list()
    .filter(({ path }) => wanted.has(path))
    .map(safe);
}

/** A folder of this machine may have names that no archive may have. */
function safe(file: ContainerFile): ContainerFile {
  const checked = safePath(file.path);
  if ('path' in checked) return file;
  throw new AppError('archive/unsafe-name', `${file.path}: ${checked.problem}`, { path: file.path });
}

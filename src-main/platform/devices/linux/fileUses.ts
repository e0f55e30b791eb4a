import { nativePath } from '../../posix/nativePath';
import { rawFs } from '../../rawFs';
import { systemErrorName } from '../../systemErrors';
import { parseMounts, parseSwaps } from './deviceUses';
import { namesIn, realPathOf, type SystemRoots, textOf } from './systemFiles';

/**
 * What a file is used for: a loop device over it, a file system that is mounted straight from it (as FUSE does, see
 * proc_pid_mountinfo(5)), swap.
 * @param identity tells a file from all others, whatever path names it; undefined where there is none
 */
export function usesOfFile(
  roots: SystemRoots,
  file: string,
  identity: (file: string) => string | undefined,
): string[] {
  const own = identity(file);
  const path = realPathOf(file);
  const isSame = (other: string | undefined): boolean => {
    // Sources of file systems without a device are words, or relative to nobody knows what.
    if (other?.startsWith('/') !== true) return false;
    if (own !== undefined && identity(other) === own) return true;
    return path !== undefined && (realPathOf(other) ?? other) === path;
  };
  const loops = namesIn(roots.sys, 'block').filter((name) =>
    isSame(textOf(roots.sys, 'block', name, 'loop', 'backing_file')),
  );
  const mounts = parseMounts(textOf(roots.proc, 'self', 'mountinfo') ?? '').filter(({ source }) =>
    isSame(source),
  );
  const swaps = parseSwaps(textOf(roots.proc, 'swaps') ?? '').filter(isSame);
  return [
    ...new Set([
      ...loops.map((name) => `loop device ${name}`),
      ...mounts.map(({ point, type }) => `${point} (${type})`),
      ...swaps.map(() => 'swap'),
    ]),
  ];
}

/** Device and inode of a file, links followed. */
export function identityOf(file: string): string | undefined {
  try {
    const { dev, ino } = rawFs.statSync(nativePath(file), { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return undefined;
  }
}

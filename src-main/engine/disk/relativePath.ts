import type { DiskHost } from './diskHost';

/**
 * The path of `target` from the folder of `from`, both absolute, as Windows writes it into a parent locator:
 * '.\base.vhdx', '..\base.vhdx'.
 * @returns undefined where no relative path leads there, as from one drive to another
 */
export function relativePath(host: DiskHost, from: string, target: string): string | undefined {
  const { files } = host;
  const base = files.realPath(files.directoryName(from)).split(/[\\/]/);
  const there = files.realPath(files.directoryName(target)).split(/[\\/]/);
  const [here, goal] = [base, there].map((parts) => parts.filter((part) => part !== ''));
  if (here[0] !== goal[0] && /^[A-Za-z]:$/.test(here[0] ?? '')) return undefined;
  let common = 0;
  while (common < here.length && common < goal.length && here[common] === goal[common]) common++;
  const up = here.slice(common).map(() => '..');
  return [...(up.length === 0 ? ['.'] : up), ...goal.slice(common), files.baseName(target)].join('\\');
}

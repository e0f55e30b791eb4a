import { rawFs } from '../rawFs';
import { systemErrorName } from '../systemErrors';
import { nativePath } from './nativePath';

/** Identity of a directory. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * What is left of an absolute link target below the directory `root`: '/home/e/x' becomes '/x' when `root` is
 * '/home/e', however the link spells it (other links, doubled slashes), which only a look at each prefix can tell.
 * @returns undefined when the target lies outside; '' when it is the directory itself
 */
export function targetBelow(root: FileIdentity, target: string): string | undefined {
  for (const { index } of target.matchAll(/[^/](?=\/|$)/g)) {
    const end = index + 1;
    const prefix = identityOf(target.slice(0, end));
    if (prefix === undefined) return undefined;
    if (prefix.dev === root.dev && prefix.ino === root.ino) return target.slice(end);
  }
  return undefined;
}

/**
 * The same for a link of Windows, with the drive kept: 'C:\src\x' becomes 'C:\x' when `root` is 'C:\src'.
 * @param identity tells which directory a path is
 * @returns undefined when the target lies outside or begins with no drive
 */
export function windowsTargetBelow(
  root: FileIdentity,
  target: string,
  identity: (path: string) => FileIdentity | undefined = identityOf,
): string | undefined {
  if (!/^[a-z]:[\\/]/i.test(target)) return undefined;
  const drive = target.slice(0, 2);
  for (const { index } of target.matchAll(/[^\\/](?=[\\/]|$)/g)) {
    const end = index + 1;
    // "C:" alone is the current directory of the drive.
    const prefix = identity(end === drive.length ? `${drive}\\` : target.slice(0, end));
    if (prefix === undefined) return undefined;
    if (prefix.dev === root.dev && prefix.ino === root.ino) return drive + (target.slice(end) || '\\');
  }
  return undefined;
}

/** A prefix that cannot be looked at leads nowhere, so not into the directory either. */
function identityOf(path: string): FileIdentity | undefined {
  try {
    return rawFs.statSync(nativePath(path), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (systemErrorName(error) !== undefined) return undefined;
    throw error;
  }
}

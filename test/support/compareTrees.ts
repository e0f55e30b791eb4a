import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type BigIntStats } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { run } from './cli';

/** What a directory tree keeps of one entry, as far as an image can keep it too. */
export interface Snapshot {
  readonly kind: 'directory' | 'file' | 'symlink' | 'other';
  /** Last write time in units of 100 ns since 1970, as a decimal number. */
  readonly modified: string;
  readonly size?: number;
  readonly sha1?: string;
  /** First of the names that share the file, in sorted order; only where there are several. */
  readonly linkedTo?: string;
  /** The tree's own root is written as <root>. */
  readonly target?: string;
  readonly owner?: string;
  /** Type and permissions, octal. */
  readonly mode?: string;
  readonly device?: string;
}

/** What {@link snapshotTree} looks at. */
export interface SnapshotOptions {
  /** Owner, permissions and device numbers too, and what is neither file, directory nor link. */
  readonly unix?: boolean;
}

/** A tree by path from its root, which is '.'; names are Latin-1 when they are no UTF-8. */
export function snapshotTree(root: string, { unix = false }: SnapshotOptions = {}): Record<string, Snapshot> {
  const found: Record<string, Snapshot> = {};
  const firstName = new Map<bigint, string>();
  const visit = (relative: string): void => {
    const full = path.join(root, relative);
    const status = lstatSync(full, { bigint: true });
    const kind = kindOf(status);
    if (kind === 'other' && !unix) return;
    const first = firstName.get(status.ino) ?? relative;
    firstName.set(status.ino, first);
    found[relative] = {
      kind,
      modified: String(status.mtimeNs / 100n),
      ...(kind === 'file' ? contentOf(full) : {}),
      ...(kind !== 'directory' && status.nlink > 1n ? { linkedTo: first } : {}),
      ...(kind === 'symlink' ? { target: targetOf(full, root) } : {}),
      ...(unix ? unixOf(status, kind) : {}),
    };
    if (kind === 'directory') for (const name of readdirSync(full).sort()) visit(path.join(relative, name));
  };
  visit('.');
  return found;
}

/** Compares two directory trees; one assertion whose difference names each path. */
export function expectSameTree(actual: string, expected: string, options: SnapshotOptions = {}): void {
  expect(snapshotTree(actual, options)).toEqual(snapshotTree(expected, options));
}

/** Extended attributes of the namespace `user` of all files of a tree, as getfattr prints them. */
export function userAttributes(root: string): string {
  return run('sh', ['-c', 'cd "$1" && getfattr -R -h -P -d -m "^user\\." . | sort', 'sh', root]).stdout;
}

function kindOf(status: BigIntStats): Snapshot['kind'] {
  if (status.isDirectory()) return 'directory';
  if (status.isFile()) return 'file';
  return status.isSymbolicLink() ? 'symlink' : 'other';
}

function contentOf(file: string): Pick<Snapshot, 'size' | 'sha1'> {
  const bytes = readFileSync(file);
  return { size: bytes.length, sha1: createHash('sha1').update(bytes).digest('hex') };
}

function targetOf(link: string, root: string): string {
  const target = readlinkSync(link);
  return target === root || target.startsWith(root + '/') ? '<root>' + target.slice(root.length) : target;
}

function unixOf(status: BigIntStats, kind: Snapshot['kind']): Pick<Snapshot, 'owner' | 'mode' | 'device'> {
  return {
    owner: `${status.uid}:${status.gid}`,
    mode: status.mode.toString(8),
    ...(kind === 'other' ? { device: status.rdev.toString(16) } : {}),
  };
}

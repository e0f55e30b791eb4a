import { useCallback, useEffect, useRef, useState } from 'react';
import type { RowPage } from '../pagedRows';
import type { EntryRow } from '../types';
import { pathSteps } from './imagePaths';

/** Reads a stretch of the directories of a directory, in order of their names. Keep it stable by useCallback. */
export type ReadDirectories = (path: string, offset: number, limit: number) => Promise<RowPage<EntryRow>>;

/** Directories of one directory, as far as they were read. */
interface Branch {
  readonly rows: readonly EntryRow[];
  readonly total: number;
  readonly loading: boolean;
  readonly error: unknown;
}

/** A line of the tree. */
export type TreeLine =
  | {
      readonly kind: 'directory';
      readonly path: string;
      readonly name: string;
      readonly level: number;
      /** null: it has no directories. */
      readonly expanded: boolean | null;
    }
  | { readonly kind: 'more'; readonly path: string; readonly level: number; readonly left: number }
  | { readonly kind: 'error'; readonly path: string; readonly level: number; readonly error: unknown };

const LIMIT = 1000;

/** The directories of an image or a volume, read when they are opened. */
export function useFolderTree(
  readDirectories: ReadDirectories,
  revision: string,
  current: string,
): {
  readonly lines: readonly TreeLine[];
  readonly toggle: (path: string, open: boolean) => void;
  readonly more: (path: string) => void;
} {
  const [branches, setBranches] = useState<ReadonlyMap<string, Branch>>(new Map());
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(['/']));
  const known = useRef(new Map<string, Branch>());
  const turn = useRef(0);

  const read = useCallback(
    async (path: string): Promise<void> => {
      const before = known.current.get(path);
      if (before?.loading === true) return;
      const mine = turn.current;
      const put = (branch: Branch): void => {
        if (mine !== turn.current) return;
        known.current.set(path, branch);
        setBranches(new Map(known.current));
      };
      const rows = before?.rows ?? [];
      put({ rows, total: before?.total ?? 0, loading: true, error: undefined });
      try {
        const answer = await readDirectories(path, rows.length, LIMIT);
        put({ rows: [...rows, ...answer.rows], total: answer.total, loading: false, error: undefined });
      } catch (error) {
        put({ rows, total: rows.length, loading: false, error });
      }
    },
    [readDirectories],
  );

  // Another image, or the file changed: what was read is another tree's.
  useEffect(() => {
    turn.current += 1;
    known.current = new Map();
    setBranches(new Map());
    void read('/');
  }, [read, revision]);

  // The way to the directory at hand is opened.
  useEffect(() => {
    const above = pathSteps(current)
      .slice(0, -1)
      .map(({ path }) => path);
    setOpen((now) => (above.every((path) => now.has(path)) ? now : new Set([...now, ...above])));
    for (const path of above) if (!known.current.has(path)) void read(path);
  }, [current, read, revision]);

  const toggle = useCallback(
    (path: string, opened: boolean): void => {
      setOpen((now) => {
        const next = new Set(now);
        if (opened) next.add(path);
        else next.delete(path);
        return next;
      });
      if (opened && !known.current.has(path)) void read(path);
    },
    [read],
  );
  const more = useCallback((path: string) => void read(path), [read]);
  return { lines: linesOf(branches, open), toggle, more };
}

function linesOf(branches: ReadonlyMap<string, Branch>, open: ReadonlySet<string>): TreeLine[] {
  const lines: TreeLine[] = [{ kind: 'directory', path: '/', name: '', level: 1, expanded: open.has('/') }];
  const walk = (path: string, level: number): void => {
    const branch = branches.get(path);
    if (branch === undefined || !open.has(path)) return;
    for (const row of branch.rows) {
      lines.push({
        kind: 'directory',
        path: row.path,
        name: row.name,
        level,
        expanded: row.directories === 0 ? null : open.has(row.path),
      });
      walk(row.path, level + 1);
    }
    if (branch.error !== undefined) lines.push({ kind: 'error', path, level, error: branch.error });
    else if (branch.rows.length < branch.total) {
      lines.push({ kind: 'more', path, level, left: branch.total - branch.rows.length });
    }
  };
  walk('/', 2);
  return lines;
}

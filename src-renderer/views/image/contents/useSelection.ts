import { useCallback, useMemo, useState } from 'react';
import type { PointedHow } from '../PagedTable';
import type { Listing, ListRow } from './useListing';

/** Lines that can be selected at once: what a job takes. */
export const MOST_SELECTED = 10_000;

export interface Selection {
  readonly rows: ReadonlyMap<string, ListRow>;
  /** Index of the line that keys act on; -1: none. */
  readonly current: number;
  readonly point: (index: number, how: PointedHow) => void;
  readonly all: () => void;
  readonly clear: () => void;
  readonly isSelected: (index: number) => boolean;
}

/** One or several selected lines: click, Ctrl and Shift as in every file manager. */
export function useSelection(listing: Listing, onError: (error: unknown) => void): Selection {
  const [rows, setRows] = useState<ReadonlyMap<string, ListRow>>(new Map());
  const [current, setCurrent] = useState(-1);
  const [anchor, setAnchor] = useState(0);

  const select = useCallback(
    async (first: number, last: number): Promise<void> => {
      try {
        const found = await listing.range(first, Math.min(last, first + MOST_SELECTED - 1));
        setRows(new Map(found.map((row) => [row.key, row])));
      } catch (error) {
        onError(error);
      }
    },
    [listing, onError],
  );
  const point = useCallback(
    (index: number, { extend, toggle }: PointedHow): void => {
      setCurrent(index);
      if (extend) {
        void select(Math.min(anchor, index), Math.max(anchor, index));
        return;
      }
      setAnchor(index);
      const row = listing.rowAt(index);
      if (row === undefined) {
        void select(index, index);
      } else if (toggle) {
        setRows((now) => {
          const next = new Map(now);
          if (!next.delete(row.key)) next.set(row.key, row);
          return next;
        });
      } else setRows(new Map([[row.key, row]]));
    },
    [anchor, listing, select],
  );
  const all = useCallback(() => {
    if (listing.count > 0) void select(0, listing.count - 1);
  }, [listing, select]);
  const clear = useCallback(() => {
    setRows(new Map());
    setCurrent(-1);
    setAnchor(0);
  }, []);
  const isSelected = useCallback(
    (index: number) => {
      const row = listing.rowAt(index);
      return row !== undefined && rows.has(row.key);
    },
    [listing, rows],
  );
  return useMemo(
    () => ({ rows, current, point, all, clear, isSelected }),
    [rows, current, point, all, clear, isSelected],
  );
}

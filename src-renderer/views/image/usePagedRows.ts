import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { PagedRows, type RowPage } from './pagedRows';

type FetchPage<Row> = (offset: number, limit: number, signal: AbortSignal) => Promise<RowPage<Row>>;

/** A list of the host for a component; another `fetch` (keep it stable by useCallback) is another list. */
export function usePagedRows<Row>(fetch: FetchPage<Row>): PagedRows<Row> {
  const [pages, setPages] = useState(() => new PagedRows(fetch));
  const [shown, setShown] = useState(() => fetch);
  if (shown !== fetch) {
    setShown(() => fetch);
    setPages(new PagedRows(fetch));
  }
  useEffect(() => {
    pages.want(0, 0);
    return () => pages.pause();
  }, [pages]);
  useSyncExternalStore(pages.subscribe, pages.snapshot);
  return pages;
}

/** The handler that tells a list which of its rows are in sight. @param before rows that stand before those of the list */
export function useRange<Row>(pages: PagedRows<Row>, before = 0): (first: number, last: number) => void {
  return useMemo(
    () => (first: number, last: number) =>
      pages.want(Math.max(0, first - before), Math.max(0, last - before)),
    [pages, before],
  );
}

import { useCallback, useMemo } from 'react';
import { api } from '../../../api/api';
import { withSession } from '../../../stores/session';
import type { EntryRow } from '../types';
import { usePagedRows } from '../usePagedRows';
import { useRequest } from '../useRequest';
import type { AddedItem, PendingChanges } from './pendingChanges';

export type SortKey = 'name' | 'size' | 'modified' | 'type';

/** What is listed. */
export interface ListingOf {
  readonly image: number;
  readonly revision: string;
  readonly path: string;
  readonly sort: SortKey;
  readonly descending: boolean;
  /** Name or glob; '' lists the directory. */
  readonly search: string;
}

/** A line: an entry of the image, or something that is going to be added. */
export type ListRow =
  | { readonly kind: 'entry'; readonly key: string; readonly row: EntryRow }
  | { readonly kind: 'added'; readonly key: string; readonly item: AddedItem };

export interface Listing {
  readonly count: number;
  /** How many there are in all, when not all of them are listed. */
  readonly found: number;
  readonly rowAt: (index: number) => ListRow | undefined;
  readonly onRange: (first: number, last: number) => void;
  /** All lines of a stretch; those that are not here are fetched. */
  readonly range: (first: number, last: number) => Promise<ListRow[]>;
  readonly loading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

/** Hits of a search that are listed at most. */
const HITS = 5000;

/** The lines of a directory or of a search, with what is going to be added at the top. */
export function useListing(of: ListingOf, changes: PendingChanges): Listing {
  const { image, revision, path, sort, descending, search } = of;
  const searching = search !== '';
  const fetch = useCallback(
    (offset: number, limit: number, signal: AbortSignal) =>
      // Another revision is another list.
      revision === '' || searching
        ? Promise.resolve({ total: 0, rows: [] })
        : withSession((session) =>
            api.browse.folder(
              { session, image, path, offset, limit, sort, descending, directoriesOnly: false },
              { signal },
            ),
          ),
    [revision, searching, image, path, sort, descending],
  );
  const pages = usePagedRows<EntryRow>(fetch);
  const ask = useMemo(
    () =>
      searching
        ? ({ signal }: { signal: AbortSignal }) =>
            withSession((session) =>
              api.browse.search({ session, image, pattern: search, limit: HITS }, { signal }),
            )
        : null,
    [searching, image, search],
  );
  const hits = useRequest(ask, revision);
  const added = useMemo(
    () => (searching ? [] : changes.added.filter(({ folder }) => folder === path)),
    [searching, changes, path],
  );
  const sortedHits = useMemo(
    () => (hits.value === undefined ? [] : sorted(hits.value.rows, sort, descending)),
    [hits.value, sort, descending],
  );
  const { version } = pages;

  return useMemo((): Listing => {
    if (searching) {
      return {
        count: sortedHits.length,
        found: hits.value?.total ?? 0,
        rowAt: (index) => (index < sortedHits.length ? entryRow(sortedHits[index]) : undefined),
        onRange: () => undefined,
        range: (first, last) => Promise.resolve(sortedHits.slice(first, last + 1).map(entryRow)),
        loading: hits.loading,
        error: hits.error,
        retry: hits.retry,
      };
    }
    const before = added.length;
    const items = added.map((item): ListRow => ({ kind: 'added', key: `+${item.id}`, item }));
    const total = pages.total ?? 0;
    return {
      count: before + total,
      found: before + total,
      rowAt: (index) => {
        if (index < before) return items[index];
        const row = pages.row(index - before);
        return row === undefined ? undefined : entryRow(row);
      },
      onRange: (first, last) => pages.want(Math.max(0, first - before), Math.max(0, last - before)),
      range: async (first, last) => [
        ...items.slice(first, last + 1),
        ...(last < before
          ? []
          : (await pages.range(Math.max(0, first - before), last - before)).map(entryRow)),
      ],
      // The version stands for all that changes inside of the pages.
      loading: version >= 0 && pages.total === null && pages.error === undefined,
      error: pages.error,
      retry: () => pages.retry(),
    };
  }, [searching, sortedHits, hits, added, pages, version]);
}

function entryRow(row: EntryRow): ListRow {
  return { kind: 'entry', key: row.path, row };
}

/** Hits are few enough to be sorted here. */
function sorted(rows: readonly EntryRow[], sort: SortKey, descending: boolean): readonly EntryRow[] {
  const sign = descending ? -1 : 1;
  const { compare: text } = new Intl.Collator(undefined, { numeric: true });
  const compare = (a: EntryRow, b: EntryRow): number => {
    switch (sort) {
      case 'size':
        return a.size - b.size;
      case 'modified':
        return a.modified < b.modified ? -1 : Number(a.modified > b.modified);
      case 'type':
        return text(extension(a), extension(b));
      case 'name':
        return text(a.name, b.name);
    }
  };
  return [...rows].sort((a, b) => sign * (compare(a, b) || text(a.path, b.path)));
}

function extension({ name, kind }: EntryRow): string {
  return kind === 'directory' ? '' : name.slice(Math.max(0, name.lastIndexOf('.')));
}

import { create } from 'zustand';
import { readHidden, readSorting, type Sorting } from './kept';
import { noFilter, type LibraryFilter } from './libraryFilter';

interface ImagesState {
  readonly filter: LibraryFilter;
  /** Kept over restarts. */
  readonly sorting: Sorting;
  /** Columns that are not shown; kept over restarts. */
  readonly hidden: readonly string[];
}

const HIDDEN = 'wimsmith.images.hidden';
const SORTING = 'wimsmith.images.sorting';

/** How the library is shown: stays while other views are looked at. */
export const useImagesState = create<ImagesState>(() => ({
  filter: noFilter,
  sorting: readSorting(localStorage.getItem(SORTING)),
  hidden: readHidden(localStorage.getItem(HIDDEN)),
}));

export function setFilter(change: Partial<LibraryFilter>): void {
  useImagesState.setState(({ filter }) => ({ filter: { ...filter, ...change } }));
}

export function setSorting(sorting: Sorting): void {
  localStorage.setItem(SORTING, JSON.stringify(sorting));
  useImagesState.setState({ sorting });
}

export function setHidden(hidden: readonly string[]): void {
  localStorage.setItem(HIDDEN, JSON.stringify(hidden));
  useImagesState.setState({ hidden });
}

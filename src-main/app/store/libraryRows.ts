import type { LibraryStore } from '../library/libraryStore';
import type { Store } from './storeThreadClient';

/** The library's rows in the store thread. What it does not keep is known for as long as the program runs. */
export function libraryRows(
  store: () => Store,
  tried: <T>(ask: () => Promise<T>, otherwise: T) => Promise<T>,
): LibraryStore {
  return {
    all: () => tried(() => store().libraryRows({}), []),
    put: async (row) => {
      await tried(() => store().putLibraryRow(row), null);
    },
    remove: async (path) => {
      await tried(() => store().removeLibraryRow({ path }), null);
    },
  };
}

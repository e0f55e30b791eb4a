import type { LibraryRow } from '../../../src-shared/contract/library';

/** States that can be asked for. `unverified` : readable, and not verified as it is now. */
export const stateFilters = ['verified', 'unverified', 'failed', 'trouble'] as const;
export type StateFilter = (typeof stateFilters)[number];

export interface LibraryFilter {
  /** Words that name, path or an image's name contain; all of them. */
  readonly text: string;
  readonly compression: LibraryRow['compression'] | 'any';
  readonly state: StateFilter | 'any';
}

export const noFilter: LibraryFilter = { text: '', compression: 'any', state: 'any' };

/** The rows that a filter leaves, in their order. */
export function filterRows(rows: readonly LibraryRow[], filter: LibraryFilter): LibraryRow[] {
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter(
    (row) =>
      // Nothing is known of the compression of a file that could never be read.
      (filter.compression === 'any' || (row.imageCount > 0 && row.compression === filter.compression)) &&
      (filter.state === 'any' || rowState(row) === filter.state) &&
      words.every((word) => searchText(row).includes(word)),
  );
}

/** The one state that a row is in. */
export function rowState({ state, verified }: LibraryRow): StateFilter {
  if (state !== 'ok') return 'trouble';
  if (verified === null) return 'unverified';
  return verified.ok ? 'verified' : 'failed';
}

const texts = new WeakMap<LibraryRow, string>();

function searchText(row: LibraryRow): string {
  let text = texts.get(row);
  if (text === undefined) {
    // A line end between them: no word spans two names.
    text = [row.path, ...row.imageNames].join('\n').toLowerCase();
    texts.set(row, text);
  }
  return text;
}

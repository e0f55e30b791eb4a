import { z } from 'zod';
import { LibraryRow } from '../../../src-shared/contract/library';

/** A row as it is kept. `verified` is the last verification, whatever happened to the file since. */
export const StoredRow = LibraryRow.extend({
  /** The file's revision when its summary was read: while it holds, the file need not be opened. '' : never read. */
  revision: z.string(),
  /** The revision that was verified; '' when none was. */
  verifiedRevision: z.string(),
  /** Taken away by the person, or a later part of a split WIM: not shown, though it lies in a watched folder. */
  dismissed: z.boolean(),
});
export type StoredRow = z.infer<typeof StoredRow>;

/** Where the rows are kept between runs. A path is there at most once. */
export interface LibraryStore {
  all(): Promise<readonly StoredRow[]>;
  /** Adds a row, or replaces that of its path. */
  put(row: StoredRow): Promise<void>;
  remove(path: string): Promise<void>;
}

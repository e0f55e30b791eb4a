import { create } from 'zustand';
import type { LibraryRow } from '../../src-shared/contract/library';
import { api } from '../api/api';

interface LibraryState {
  /** null until it was read for the first time. */
  readonly rows: readonly LibraryRow[] | null;
}

/** The WIM files that the workbench knows. */
export const useLibrary = create<LibraryState>(() => ({ rows: null }));

export async function startLibrary(): Promise<void> {
  api.library.changed((rows) => useLibrary.setState({ rows }));
  await readLibrary();
}

/** Reads the list as the host has it now. */
export async function readLibrary(): Promise<void> {
  useLibrary.setState({ rows: await api.library.list({}) });
}

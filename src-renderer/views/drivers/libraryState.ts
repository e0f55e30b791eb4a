import { create } from 'zustand';
import { noPackageFilter, type Grouping, type PackageFilter } from './packageFilter';

interface LibraryState {
  readonly filter: PackageFilter;
  readonly grouping: Grouping;
  readonly sorting: { readonly id: string; readonly descending: boolean };
  /** What the last action could not do, in words, or an error. */
  readonly note: string;
  readonly error: unknown;
  /** Id of the set that is being named. */
  readonly naming: string | null;
}

/** How the driver library is shown: stays while other views are looked at. */
export const useLibraryState = create<LibraryState>(() => ({
  filter: noPackageFilter,
  grouping: 'none',
  sorting: { id: 'name', descending: false },
  note: '',
  error: undefined,
  naming: null,
}));

export function setPackageFilter(change: Partial<PackageFilter>): void {
  useLibraryState.setState(({ filter }) => ({ filter: { ...filter, ...change } }));
}

/** Another way of grouping: the group that was chosen of the one before is let go. */
export function setGrouping(grouping: Grouping): void {
  const { grouping: before } = useLibraryState.getState();
  useLibraryState.setState({ grouping });
  if (before !== 'none' && before !== grouping) setPackageFilter({ [before]: null });
}

/** Does something of which the view tells where it fails. */
export async function attempt(work: () => Promise<string | undefined>): Promise<void> {
  useLibraryState.setState({ note: '', error: undefined });
  try {
    useLibraryState.setState({ note: (await work()) ?? '' });
  } catch (error) {
    useLibraryState.setState({ error });
  }
}

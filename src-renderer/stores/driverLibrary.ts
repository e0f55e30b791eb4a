import { create } from 'zustand';
import type { PackageRow, ScanSummary } from '../../src-shared/contract/drivers';
import type { Progress } from '../../src-shared/contract/shapes';
import { AppError } from '../../src-shared/errors/appError';
import { api } from '../api/api';
import { allRows, PAGE } from './allRows';

/** What is known of the driver library of this window. */
export interface LibraryLook {
  /** The places that were, or are, looked through; null before the first look. */
  readonly sources: readonly string[] | null;
  readonly looking: boolean;
  readonly progress: Progress | null;
  /** The person ended the look. */
  readonly stopped: boolean;
  readonly error: unknown;
  /** What the last look found; stays while a new one is under way. */
  readonly found: FoundDrivers | null;
}

export interface FoundDrivers {
  readonly summary: ScanSummary;
  readonly packages: readonly PackageRow[];
  /** Places that are not there: an unplugged drive, a folder that was moved. */
  readonly gone: readonly string[];
  /** ISO 8601 */
  readonly at: string;
}

const nothing: LibraryLook = {
  sources: null,
  looking: false,
  progress: null,
  stopped: false,
  error: undefined,
  found: null,
};

/** The packages of the library: stays while other views are looked at. */
export const useDriverLibrary = create<LibraryLook>(() => nothing);

let running: AbortController | undefined;

/** Looks through the places, unless that was done since they changed. @param again in any case */
export async function lookThrough(sources: readonly string[], again = false): Promise<void> {
  const { sources: known } = useDriverLibrary.getState();
  if (!again && known !== null && known.join('\0') === sources.join('\0')) return;
  running?.abort();
  if (sources.length === 0) {
    useDriverLibrary.setState({ ...nothing, sources });
    return;
  }
  const controller = new AbortController();
  running = controller;
  const { signal } = controller;
  const settle = (end: Partial<LibraryLook>): void => {
    if (signal.aborted) return;
    running = undefined;
    useDriverLibrary.setState({ looking: false, progress: null, ...end });
  };
  useDriverLibrary.setState({ sources, looking: true, progress: null, stopped: false, error: undefined });
  try {
    settle({ found: await look(sources, signal) });
  } catch (error) {
    settle({ error });
  }
}

/** Ends the look that is under way. */
export function stopLooking(): void {
  running?.abort();
  running = undefined;
  useDriverLibrary.setState({ looking: false, progress: null, stopped: true });
}

/** The host keeps few looks, and none when it starts again: one that it does not have any more is done once more. */
export function lookAgainIfClosed(error: unknown): void {
  const { sources, looking } = useDriverLibrary.getState();
  if (sources !== null && !looking && error instanceof AppError && error.code === 'session/closed')
    void lookThrough(sources, true);
}

async function look(sources: readonly string[], signal: AbortSignal): Promise<FoundDrivers> {
  const states = await Promise.all(
    sources.map(async (path) => (await api.files.status({ path }, { signal })).kind),
  );
  const gone = sources.filter((_, i) => states[i] === 'missing');
  const there = sources.filter((_, i) => states[i] !== 'missing');
  const at = new Date().toISOString();
  if (there.length === 0) return { summary: noPackages, packages: [], gone, at };
  const onProgress = (progress: Progress): void => {
    if (!signal.aborted) useDriverLibrary.setState({ progress });
  };
  const job = await api.drivers.scan({ paths: there, check: true }, { signal, onProgress });
  const summary = await job.result;
  const { session } = summary;
  const packages = await allRows((offset) =>
    api.drivers.packages({ session, offset, limit: PAGE }, { signal }),
  );
  const before = useDriverLibrary.getState().found?.summary.session;
  if (before !== undefined && before !== '' && before !== session) void forget(before);
  return { summary, packages, gone, at };
}

/** That the host let go of it already is no news. */
async function forget(session: string): Promise<void> {
  await Promise.allSettled([api.drivers.close({ session })]);
}

const noPackages: ScanSummary = {
  session: '',
  packages: 0,
  faulty: 0,
  infs: 0,
  bytes: 0,
  remarks: { total: 0, first: [] },
};

import { AppError } from '../../../src-shared/errors/appError';
import type { ErrorCode } from '../../../src-shared/errors/codes';
import type { library, LibraryRow } from '../../../src-shared/contract/library';
import type { WimSummary } from '../../../src-shared/model/summaries';
import type { Handlers } from '../../../src-shared/rpc/server';
import { fileRevision, pathFacts } from '../../platform/pathFacts';
import type { PathRules } from '../files/pathRules';
import { FolderWatch } from './folderWatch';
import type { LibraryStore, StoredRow } from './libraryStore';
import { newRow, shownRow, withSummary } from './rows';
import { watchedFiles } from './watchedFiles';

export interface LibraryOptions {
  readonly store: LibraryStore;
  readonly rules: PathRules;
  /** Reads what a WIM holds; runs in an engine thread. */
  readonly summarize: (path: string) => Promise<WimSummary>;
  readonly watchedFolders: () => readonly string[];
  /** Sends library.changed. */
  readonly emitChanged: (rows: LibraryRow[]) => void;
  /** Sends library.wimChanged. */
  readonly emitWimChanged: (change: { path: string; revision: string }) => void;
  /** Told what a log should hold. */
  readonly warn: (text: string) => void;
  /** ISO 8601 in UTC. */
  readonly now: () => string;
}

export interface LibraryService {
  readonly handlers: Handlers<typeof library.members>;
  /** A job wrote a new WIM. */
  registerCaptured(path: string): Promise<void>;
  /** A job changed a WIM, or took it away: its row is read anew and windows are told. */
  registerChanged(path: string): Promise<void>;
  /** A verification of a WIM ended. `revision`: of the file that was verified, unless it is the one that is there. */
  registerVerified(path: string, ok: boolean, revision?: string): Promise<void>;
  /** Folders of the files, the last added first. */
  recentFolders(): Promise<readonly string[]>;
  /** The watched folders are other ones now. */
  watchedFoldersChanged(): void;
  /** Resolves when what was under way at the time of the call is done. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Files that are looked into at the same time: the thread that reads them also serves the windows. */
const AT_ONCE = 3;
/** Windows are told of many changes at once, ms. */
const GATHER = 250;

/** WIM files that were opened or captured, or lie in watched folders. */
export async function createLibraryService(options: LibraryOptions): Promise<LibraryService> {
  const { store, rules, now } = options;
  const rows = new Map<string, StoredRow>();
  for (const row of await store.all()) rows.set(rules.key(row.path), row);
  /** Files that are being looked at: whoever asks meanwhile waits for the same answer, and once more if it changed. */
  const looks = new Map<string, Promise<Look>>();
  const waiting: (() => void)[] = [];
  let free = AT_ONCE;
  let telling: NodeJS.Timeout | undefined;
  let closed = false;

  const find = (path: string): StoredRow | undefined => rows.get(rules.key(path));
  const shown = (): LibraryRow[] => [...rows.values()].filter((row) => !row.dismissed).map(shownRow);

  function tell(): void {
    if (closed) return;
    telling ??= setTimeout(() => {
      telling = undefined;
      try {
        options.emitChanged(shown());
      } catch (error) {
        // Rows that are more than a message may hold: the jobs of this program must not end with it.
        options.warn(
          `the library could not be told: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }, GATHER);
  }

  async function keep(row: StoredRow): Promise<StoredRow> {
    const before = find(row.path);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(row)) return before;
    rows.set(rules.key(row.path), row);
    tell();
    await store.put(row);
    return row;
  }

  async function drop(path: string): Promise<void> {
    if (!rows.delete(rules.key(path))) return;
    tell();
    await store.remove(path);
  }

  async function tellWim(path: string): Promise<void> {
    options.emitWimChanged({ path, revision: (await fileRevision(path)) ?? '' });
  }

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free--;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  }

  /** Looks at a file, into it when it is another one than the row tells of. */
  function look(path: string, origin: LibraryRow['origin'], again = false): Promise<Look> {
    const key = rules.key(path);
    const begin = (): Promise<Look> => inTurn(() => lookNow(path, origin, again));
    const promise = looks.get(key)?.then(begin, begin) ?? begin();
    looks.set(key, promise);
    const end = (): void => {
      if (looks.get(key) === promise) looks.delete(key);
    };
    promise.then(end, end);
    return promise;
  }

  async function lookNow(path: string, origin: LibraryRow['origin'], again: boolean): Promise<Look> {
    const known = find(path);
    const row = known ?? newRow(path, origin, now(), rules);
    try {
      const revision = await fileRevision(path);
      if (revision === undefined) throw await absence(path);
      if (revision === row.revision && row.state !== 'missing' && !again) return { row };
      const { modifiedMs } = await pathFacts(path);
      const changedAt = new Date(modifiedMs).toISOString();
      const summary = await options.summarize(path);
      return { row: await keep(withSummary(find(path) ?? row, summary, { revision, changedAt })) };
    } catch (error) {
      if (!(error instanceof AppError) || passing.has(error.code)) throw error;
      const bad = await badRow(find(path) ?? row, error);
      // A file that a person tried to open is no part of the library until it opens.
      return { row: known === undefined && origin === 'opened' ? bad : await keep(bad), error };
    }
  }

  async function scanFolders(): Promise<void> {
    const folders = options.watchedFolders().map((folder) => rules.absolute(folder));
    const found = (
      await Promise.all(folders.map((folder) => watchedFiles(folder, rules, options.warn)))
    ).flat();
    const watched = new Set(folders.map((folder) => rules.key(folder)));
    // What only a folder brought goes with it.
    for (const row of [...rows.values()]) {
      if (row.origin === 'watched' && !watched.has(rules.key(row.folder))) await drop(row.path);
    }
    await allOf(
      found.map(async (path) => {
        if (closed || find(path)?.dismissed === true) return;
        const { row } = await look(path, 'watched');
        // A later part of a split WIM tells nothing that its first part does not.
        if (row.origin === 'watched' && row.partNumber > 1) await keep({ ...row, dismissed: true });
      }),
    );
  }

  async function lookAtAll(): Promise<void> {
    const known = [...rows.values()].filter((row) => !row.dismissed);
    await allOf([scanFolders(), ...known.map((row) => look(row.path, row.origin))]);
  }

  const watch = new FolderWatch(
    () => options.watchedFolders().map((folder) => rules.absolute(folder)),
    lookAtAll,
    options.warn,
  );

  const service: LibraryService = {
    handlers: {
      list: () => shown(),
      async add({ path: typed }) {
        const { row, error } = await look(rules.absolute(typed), 'opened', true);
        if (error !== undefined) throw error;
        return shownRow(await keep({ ...row, origin: raised(row, 'opened'), dismissed: false }));
      },
      async remove({ path: typed }) {
        const path = rules.absolute(typed);
        const row = find(path);
        if (row === undefined) return null;
        const watched = options.watchedFolders().some((folder) => {
          return rules.key(rules.absolute(folder)) === rules.key(row.folder);
        });
        if (watched) await keep({ ...row, dismissed: true });
        else await drop(row.path);
        return null;
      },
      async refresh() {
        await lookAtAll();
        return shown();
      },
    },
    async registerCaptured(typed) {
      const path = rules.absolute(typed);
      const { row } = await look(path, 'captured');
      // Of a split WIM the first part stands for all.
      await keep({ ...row, origin: 'captured', dismissed: row.partNumber > 1 });
      await tellWim(path);
    },
    async registerChanged(typed) {
      const path = rules.absolute(typed);
      const known = find(path);
      if (known !== undefined) await look(path, known.origin);
      await tellWim(path);
    },
    async registerVerified(typed, ok, revision) {
      const { row } = await look(rules.absolute(typed), 'opened');
      if (find(row.path) === undefined && row.state !== 'ok') return;
      const verified = { at: now(), ok };
      await keep({ ...row, dismissed: false, verified, verifiedRevision: revision ?? row.revision });
    },
    recentFolders() {
      const newest = [...rows.values()]
        .filter((row) => !row.dismissed)
        .sort((a, b) => (a.addedAt < b.addedAt ? 1 : a.addedAt > b.addedAt ? -1 : 0));
      return Promise.resolve([...new Set(newest.map((row) => row.folder))]);
    },
    watchedFoldersChanged: () => watch.changed(),
    settled: () => watch.settled(),
    async close() {
      closed = true;
      clearTimeout(telling);
      await watch.close();
    },
  };
  watch.changed();
  return service;
}

interface Look {
  readonly row: StoredRow;
  /** Why the file could not be read. */
  readonly error?: AppError;
}

/** Failures that tell nothing of the file. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'internal/bug',
  'job/cancelled',
  'host/lost',
  'session/closed',
  'wim/busy',
]);

function raised(row: StoredRow, origin: 'opened'): StoredRow['origin'] {
  return row.origin === 'captured' ? row.origin : origin;
}

async function absence(path: string): Promise<AppError> {
  return (await pathFacts(path)).kind === 'missing'
    ? new AppError('io/not-found', `cannot open ${path}: it does not exist`, { path })
    : new AppError('wim/not-a-wim', `cannot open ${path}: it is not a regular file`, { path });
}

/** The row of a file that cannot be read, with what is known of it still. */
async function badRow(row: StoredRow, error: AppError): Promise<StoredRow> {
  if (error.code === 'io/not-found') return { ...row, state: 'missing', problem: '' };
  const { size, modifiedMs } = await pathFacts(row.path);
  // What rights or other files can mend is tried again at every look; what is wrong in the file when it changes.
  const lasting = error.code.startsWith('wim/') && !/missing/.test(error.code);
  return {
    ...row,
    state: 'unreadable',
    problem: error.message,
    size,
    changedAt: new Date(modifiedMs).toISOString(),
    revision: lasting ? ((await fileRevision(row.path)) ?? '') : '',
  };
}

/** Waits for all; then the first failure is thrown. */
async function allOf(work: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(work);
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

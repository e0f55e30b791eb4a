import { create } from 'zustand';
import { AppError } from '../../src-shared/errors/appError';
import type { WimSummary } from '../../src-shared/model/summaries';
import { api } from '../api/api';

/** A WIM that the host has open for this window. */
export interface OpenedWim {
  readonly session: string;
  readonly summary: WimSummary;
  /** What the file was when it was opened: changes whenever the file changes. */
  readonly revision: string;
}

interface SessionState {
  /** The path as it was asked for; null before anything was. */
  readonly wim: string | null;
  /** null while it is being opened, and when it could not be. */
  readonly opened: OpenedWim | null;
  /** Why it could not be opened. */
  readonly error: unknown;
  readonly opening: boolean;
  /** The revision that the host last told; another than the opened one: the file was changed since. */
  readonly newest: string | null;
}

const nothing: SessionState = { wim: null, opened: null, error: undefined, opening: false, newest: null };

/** The WIM that the image view shows. */
export const useSession = create<SessionState>(() => nothing);

let turn = 0;
let reopening: Promise<OpenedWim> | undefined;

/** Opens a WIM and closes the one before. A WIM that is open already stays as it is. */
export async function openSession(wim: string): Promise<void> {
  const present = useSession.getState();
  if (present.wim === wim && (present.opened !== null || present.opening)) return;
  const mine = ++turn;
  reopening = undefined;
  if (present.opened !== null) void close(present.opened.session);
  useSession.setState({ ...nothing, wim, opening: true });
  try {
    const opened = await api.browse.open({ wim });
    if (mine === turn)
      useSession.setState({ opened, newest: opened.revision, error: undefined, opening: false });
    else void close(opened.session);
  } catch (error) {
    if (mine === turn) useSession.setState({ error, opening: false });
  }
}

/**
 * Opens the same WIM once more, because it changed or its session is gone. What is shown stays until then; several
 * callers share one opening.
 */
export function reopenSession(): Promise<OpenedWim> {
  reopening ??= openAgain().finally(() => {
    reopening = undefined;
  });
  return reopening;
}

async function openAgain(): Promise<OpenedWim> {
  const { wim, opened: before } = useSession.getState();
  if (wim === null) throw new AppError('session/closed', 'no file is open');
  const mine = turn;
  useSession.setState({ opening: true });
  try {
    const opened = await api.browse.open({ wim });
    if (mine === turn) {
      useSession.setState({ opened, newest: opened.revision, error: undefined, opening: false });
      if (before !== null && before.session !== opened.session) void close(before.session);
    } else {
      void close(opened.session);
    }
    return opened;
  } catch (error) {
    if (mine === turn) useSession.setState({ error, opening: false });
    throw error;
  }
}

/** Asks something of the opened WIM. A session that the host has closed meanwhile is opened again, once. */
export async function withSession<T>(ask: (session: string) => Promise<T>): Promise<T> {
  const { opened } = useSession.getState();
  const session = (opened ?? (await reopenSession())).session;
  try {
    return await ask(session);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'session/closed') throw error;
    const current = useSession.getState().opened;
    const next = current !== null && current.session !== session ? current : await reopenSession();
    return await ask(next.session);
  }
}

/** Notes what the host tells about changed files. Returns what ends that. */
export function followChanges(): () => void {
  return api.library.wimChanged(({ path, revision }) => {
    const { wim, opened } = useSession.getState();
    if (path === wim || path === opened?.summary.path) useSession.setState({ newest: revision });
  });
}

/** Looks whether the file is still what was opened, after news of it may have been missed. */
export async function lookAtSession(): Promise<void> {
  const { wim, opened: before } = useSession.getState();
  if (wim === null || before === null) return;
  const { session, revision } = await api.browse.open({ wim });
  const { opened } = useSession.getState();
  if (opened === before) useSession.setState({ opened: { ...before, session }, newest: revision });
  else if (session !== opened?.session) await close(session);
}

/** The host closes what is idle by itself: that it did so already is no news. */
async function close(session: string): Promise<void> {
  await Promise.allSettled([api.browse.close({ session })]);
}

import { create } from 'zustand';
import type { LibraryRow } from '../../../src-shared/contract/library';
import { AppError } from '../../../src-shared/errors/appError';
import { api } from '../../api/api';
import { currentText } from '../../i18n/translate';
import { runWork } from '../../stores/jobs';
import { useLibrary } from '../../stores/library';
import { copyText } from '../../ui/copyText';
import { navigate } from '../../stores/route';
import { filtersOf, wimExtensions } from '../files/filters';
import { pickPath } from '../files/pickPath';

interface ActionState {
  /** What the last action could not do. */
  readonly error: unknown;
  /** A file that was taken off the list a moment ago. */
  readonly removed: LibraryRow | null;
  readonly refreshing: boolean;
}

/** What came of actions on the library, for the view to show. */
export const useActionState = create<ActionState>(() => ({
  error: undefined,
  removed: null,
  refreshing: false,
}));

export function dismissActions(): void {
  useActionState.setState({ error: undefined, removed: null });
}

/** Does something; what goes wrong is shown in the view. A job that the person cancelled went as they wished. */
async function attempt(action: () => Promise<unknown>): Promise<void> {
  dismissActions();
  try {
    await action();
  } catch (error) {
    if (error instanceof AppError && error.code === 'job/cancelled') return;
    useActionState.setState({ error });
  }
}

export function openRow({ path }: LibraryRow): void {
  navigate('image', { wim: path });
}

/** Verifies a file as a job. */
export function verifyRow({ path }: LibraryRow): Promise<void> {
  return attempt(async () => {
    const job = await runWork({ verb: 'verify', request: { wim: path } });
    await job.result;
  });
}

export function wizardFor(name: 'append' | 'apply' | 'info', { path }: LibraryRow): void {
  navigate('wizard', { name, wim: path });
}

export function revealRow({ path }: LibraryRow): Promise<void> {
  return attempt(() => api.files.reveal({ path }));
}

export function copyPath({ path }: LibraryRow): Promise<void> {
  return attempt(async () => {
    await copyText(path);
  });
}

/** Takes a file off the list; it can be put back. */
export function removeRow(row: LibraryRow): Promise<void> {
  return attempt(async () => {
    await api.library.remove({ path: row.path });
    useActionState.setState({ removed: row });
  });
}

export function putBack({ path }: LibraryRow): Promise<void> {
  return attempt(() => api.library.add({ path }));
}

/** Looks at one file again. */
export function lookAgain({ path }: LibraryRow): Promise<void> {
  return attempt(() => api.library.add({ path }));
}

/** Asks where a file is now, and takes its old place off the list. */
export function locateRow(row: LibraryRow): Promise<void> {
  const t = currentText();
  return attempt(async () => {
    const path = await pickPath({
      kind: 'open-file',
      title: t('images.locateTitle', { name: row.name }),
      filters: filtersOf(wimExtensions, t),
      defaultPath: row.folder,
    });
    if (path === null) return;
    await api.library.add({ path });
    if (path !== row.path) await api.library.remove({ path: row.path });
  });
}

/** Looks at all files and watched folders again. */
export async function refreshLibrary(): Promise<void> {
  useActionState.setState({ refreshing: true });
  await attempt(async () => useLibrary.setState({ rows: await api.library.refresh({}) }));
  useActionState.setState({ refreshing: false });
}

import { create } from 'zustand';
import { api } from '../../api/api';
import { currentText } from '../../i18n/translate';
import { navigate } from '../../stores/route';
import { filtersOf, wimExtensions } from './filters';
import { pickPath } from './pickPath';

/** What went wrong with a file that was to be opened; shown until the person has seen it. */
export interface OpenProblem {
  /** '' when the choice itself failed. */
  readonly path: string;
  readonly error: unknown;
}

export const useOpenProblem = create<{ readonly problem: OpenProblem | null }>(() => ({ problem: null }));

/** Asks for a WIM file and opens it. */
export async function openWimDialog(): Promise<void> {
  const t = currentText();
  let path: string | null;
  try {
    path = await pickPath({
      kind: 'open-file',
      title: t('files.openTitle'),
      filters: filtersOf(wimExtensions, t),
    });
  } catch (error) {
    useOpenProblem.setState({ problem: { path: '', error } });
    return;
  }
  if (path !== null) await openWim(path);
}

/** Puts a WIM file into the library and shows it. What goes wrong is shown over the present view. */
export async function openWim(path: string): Promise<void> {
  useOpenProblem.setState({ problem: null });
  try {
    const row = await api.library.add({ path });
    navigate('image', { wim: row.path });
  } catch (error) {
    useOpenProblem.setState({ problem: { path, error } });
  }
}

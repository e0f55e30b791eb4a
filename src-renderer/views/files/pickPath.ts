import { create } from 'zustand';
import { api } from '../../api/api';
import { useApp } from '../../stores/app';

/** What is chosen: a file that is there, a file to write, a folder. */
export type PickKind = 'open-file' | 'save-file' | 'open-folder';

/** Files of a kind. Extensions come without a dot; none means all files. */
export interface FileFilter {
  readonly name: string;
  readonly extensions: readonly string[];
}

export interface PickRequest {
  readonly kind: PickKind;
  readonly title: string;
  readonly filters?: readonly FileFilter[];
  /** Where to begin: a folder, or a file whose folder and name are proposed. '' : where it was last time. */
  readonly defaultPath?: string;
  /**
   * The file is written without a further question: one that is there is chosen only after the person was told that it
   * is replaced. The system's dialogs always ask.
   */
  readonly replaces?: boolean;
}

/** A request that the path browser of this window answers. */
export interface OpenPick {
  readonly request: Required<PickRequest>;
  readonly answer: (path: string | null) => void;
}

/** The open request; the path browser shows it. */
export const useOpenPick = create<{ readonly open: OpenPick | null }>(() => ({ open: null }));

/**
 * Lets the person choose a path: by the system's dialog where there is one, else by the path browser of the window.
 * @returns the absolute path; null when nothing was chosen
 */
export async function pickPath(request: PickRequest): Promise<string | null> {
  const { replaces = false, ...wanted } = { filters: [], defaultPath: '', ...request };
  if (useApp.getState().info?.nativeDialogs === true) {
    const filters = wanted.filters.map(({ name, extensions }) => ({ name, extensions: [...extensions] }));
    const picked = await api.files.pick({ ...wanted, filters });
    return picked?.path ?? null;
  }
  // One browser at a time: a second question ends the first.
  useOpenPick.getState().open?.answer(null);
  return new Promise((resolve) => {
    const answer = (path: string | null): void => {
      if (useOpenPick.getState().open?.answer === answer) useOpenPick.setState({ open: null });
      resolve(path);
    };
    useOpenPick.setState({ open: { request: { ...wanted, replaces }, answer } });
  });
}

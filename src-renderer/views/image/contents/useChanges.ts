import { useCallback, useMemo } from 'react';
import type { ImageSummary } from '../../../../src-shared/model/summaries';
import { AppError } from '../../../../src-shared/errors/appError';
import { api } from '../../../api/api';
import { useText } from '../../../i18n/translate';
import { withSession } from '../../../stores/session';
import { changeContents, contentsOf, dropContents, undoContents, useDraft } from '../drafts';
import { childPath, parentPath, sameName } from './imagePaths';
import {
  addItems,
  deleteEntries,
  isNameGiven,
  nameFault,
  noChanges,
  removeItem,
  renameEntry,
  renameItem,
  restoreEntry,
  stateOf,
  type AddedItem,
  type PendingChanges,
} from './pendingChanges';
import type { ListRow } from './useListing';

/** The pending changes of an image's contents, and everything that makes or takes back one. */
export interface ContentChanges {
  readonly changes: PendingChanges;
  readonly canUndo: boolean;
  readonly remove: (rows: readonly ListRow[]) => void;
  readonly restore: (rows: readonly ListRow[]) => void;
  readonly rename: (row: ListRow, name: string) => void;
  readonly add: (items: readonly Omit<AddedItem, 'id'>[]) => void;
  readonly undo: () => void;
  readonly discard: () => void;
  /** What is wrong with a new name of a line, in words. */
  readonly checkName: (row: ListRow, name: string) => Promise<string | undefined>;
  /** Whether the image has something of that name in a directory, after the changes so far. */
  readonly isTaken: (directory: string, name: string) => Promise<boolean>;
}

export function useChanges(wim: string, revision: string, image: ImageSummary): ContentChanges {
  const t = useText();
  const content = contentsOf(useDraft(wim), image.index);
  const changes = content?.changes ?? noChanges;
  const canUndo = (content?.history.length ?? 0) > 0;
  const step = useCallback(
    (make: (changes: PendingChanges) => PendingChanges) => changeContents(wim, revision, image, make),
    [wim, revision, image],
  );
  const isTaken = useCallback(
    (directory: string, name: string, except = '') =>
      isNameTaken(image.index, changes, directory, name, except),
    [image.index, changes],
  );
  return useMemo(
    (): ContentChanges => ({
      changes,
      canUndo,
      remove: (rows) =>
        step((now) => {
          const entries = rows.flatMap((row) => (row.kind === 'entry' ? [row.row] : []));
          const items = rows.flatMap((row) => (row.kind === 'added' ? [row.item.id] : []));
          return deleteEntries(items.reduce(removeItem, now), entries);
        }),
      restore: (rows) =>
        step((now) =>
          rows.reduce(
            (all, row) =>
              row.kind === 'entry' ? restoreEntry(all, row.row.path) : removeItem(all, row.item.id),
            now,
          ),
        ),
      rename: (row, name) =>
        step((now) =>
          row.kind === 'entry' ? renameEntry(now, row.row.path, name) : renameItem(now, row.item.id, name),
        ),
      add: (items) => step((now) => addItems(now, items)),
      undo: () => undoContents(wim, image.index),
      discard: () => dropContents(wim, image.index),
      checkName: async (row, name) => {
        const fault = nameFault(name);
        if (fault !== undefined) return t(`image.name.${fault}`);
        const directory = row.kind === 'entry' ? parentPath(row.row.path) : row.item.folder;
        const own = row.kind === 'entry' ? row.row.path : '';
        return (await isTaken(directory, name, own)) ? t('image.name.taken', { name }) : undefined;
      },
      isTaken,
    }),
    [changes, canUndo, step, wim, image.index, t, isTaken],
  );
}

async function isNameTaken(
  image: number,
  changes: PendingChanges,
  directory: string,
  name: string,
  except: string,
): Promise<boolean> {
  if (isNameGiven(changes, directory, name, except)) return true;
  const path = childPath(directory, name);
  try {
    const found = await withSession((session) => api.browse.entry({ session, image, path }));
    // Only the case of its own name changes.
    if (found.path === except || sameName(found.path, except)) return false;
    return stateOf(changes, found.path) === undefined;
  } catch (error) {
    if (error instanceof AppError && error.code === 'wim/no-such-path') return false;
    throw error;
  }
}

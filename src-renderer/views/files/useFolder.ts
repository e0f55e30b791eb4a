import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../../api/api';
import { emptyFolder, PagedFolder, type Folder } from './pagedFolder';

export interface FolderReader {
  readonly folder: Folder;
  readonly loading: boolean;
  readonly error: unknown;
  /** Reads what of these places was not read yet. */
  readonly need: (first: number, last: number) => void;
  /** The place after `from` (and then from the beginning) of a name that begins so; -1 when there is none. */
  readonly find: (start: string, from: number) => Promise<number>;
  readonly reload: () => void;
}

/**
 * Reads a folder page by page, as places come into sight. The folder before stays until the next one is there.
 * @param path '' : none yet
 */
export function useFolder(path: string, extensions: readonly string[], hidden: boolean): FolderReader {
  const wanted = extensions.join('/');
  const [folder, setFolder] = useState<Folder>(emptyFolder);
  const [error, setError] = useState<unknown>();
  const [loading, setLoading] = useState(false);
  const [round, setRound] = useState(0);
  const reading = useRef<PagedFolder>(undefined);

  useEffect(() => {
    if (path === '') return;
    const pages = new PagedFolder(
      (offset, limit, signal) =>
        api.files.list(
          { path, extensions: wanted === '' ? [] : wanted.split('/'), hidden, offset, limit },
          { signal },
        ),
      setFolder,
      setError,
    );
    reading.current = pages;
    setLoading(true);
    setError(undefined);
    void pages.need(0, 0).then(() => {
      if (!pages.ended) setLoading(false);
    });
    return () => pages.end();
  }, [path, wanted, hidden, round]);

  return {
    folder,
    loading,
    error,
    need: useCallback((first, last) => void reading.current?.need(first, last), []),
    find: useCallback((start, from) => reading.current?.find(start, from) ?? Promise.resolve(-1), []),
    reload: useCallback(() => setRound((count) => count + 1), []),
  };
}

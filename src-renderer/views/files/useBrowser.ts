import { useCallback, useEffect, useRef, useState } from 'react';
import type { FileRow, PathStatus } from '../../../src-shared/contract/files';
import { api } from '../../api/api';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { baseName } from '../../stores/workNames';
import { describeError } from '../../ui/errors';
import { beginning, rememberFolder } from './lastFolder';
import { isAbsolute, joinPath, replacesUntold, withExtension } from './paths';
import type { OpenPick } from './pickPath';
import { useFolder, type FolderReader } from './useFolder';

/** Where the path browser is, and what can be done there. */
export interface Browser extends FolderReader {
  readonly typed: string;
  readonly setTyped: (text: string) => void;
  /** Place of the selected row; -1: none. */
  readonly selected: number;
  readonly select: (at: number) => void;
  /** Name of the file to write. */
  readonly name: string;
  readonly setName: (text: string) => void;
  /** The path that the name makes; '' : none yet. */
  readonly target: string;
  /** Which of the request's filters holds. */
  readonly filter: number;
  readonly setFilter: (filter: number) => void;
  readonly extensions: readonly string[];
  readonly hidden: boolean;
  readonly setHidden: (hidden: boolean) => void;
  /** Why the last choice was refused; '' : it was not. */
  readonly note: string;
  readonly canGoBack: boolean;
  readonly canConfirm: boolean;
  readonly confirmLabel: string;
  readonly go: (path: string) => void;
  readonly back: () => void;
  readonly up: () => void;
  /** A row was opened: a folder is entered, a file chosen. */
  readonly open: (row: FileRow) => void;
  /** A path was typed and entered. */
  readonly enter: (path: string) => Promise<void>;
  readonly confirm: () => Promise<void>;
  /** It is shown that the file of this path would be replaced. */
  readonly told: (path: string) => void;
  /** Whether the list, which has just been drawn, takes the focus: not from a field in which a person types. */
  readonly listTakesFocus: () => boolean;
}

/** The state of a path browser that answers a request. */
export function useBrowser(request: OpenPick['request'], onAnswer: (path: string | null) => void): Browser {
  const t = useText();
  const { kind, filters, defaultPath, replaces } = request;
  const separator = useApp(({ info }) => info?.separator ?? '/');
  const [wanted, setWanted] = useState('');
  const [behind, setBehind] = useState<readonly string[]>([]);
  const [typed, setTypedText] = useState('');
  const [selected, setSelected] = useState(-1);
  const [name, setNameText] = useState('');
  const [filter, setFilter] = useState(0);
  const [hidden, setHidden] = useState(false);
  const [note, setNote] = useState('');
  const [startError, setStartError] = useState<unknown>();
  /** Name of the entry that is to be selected when the folder is there. */
  const comingTo = useRef('');
  const focused = useRef(false);
  /** The person typed a path, and has not gone anywhere since: a folder that arrives now does not take its place. */
  const typing = useRef(false);
  /** The file that the person knows would be replaced. */
  const toldOf = useRef('');
  const told = useCallback((path: string) => {
    toldOf.current = path;
  }, []);
  const extensions = kind === 'open-folder' ? noExtensions : (filters[filter]?.extensions ?? noExtensions);
  const reader = useFolder(wanted, extensions, hidden);
  const { folder, find } = reader;

  useEffect(() => {
    let ended = false;
    beginning({ kind, defaultPath }).then(
      (start) => {
        if (ended) return;
        if (kind === 'save-file') setNameText(start.name);
        else comingTo.current = start.name;
        setWanted(start.folder);
      },
      (error: unknown) => {
        if (!ended) setStartError(error);
      },
    );
    return () => {
      ended = true;
    };
  }, [kind, defaultPath]);

  useEffect(() => {
    if (folder.path === '') return;
    if (!typing.current) setTypedText(folder.path);
    setSelected(-1);
    const sought = comingTo.current;
    comingTo.current = '';
    if (sought === '') return;
    let ended = false;
    void find(sought, 0).then((at) => {
      if (!ended && at >= 0) setSelected(at);
    });
    return () => {
      ended = true;
    };
  }, [folder.path, find]);

  const go = (path: string): void => {
    setNote('');
    typing.current = false;
    if (path === wanted) {
      setTypedText(path);
      reader.reload();
      return;
    }
    if (wanted !== '') setBehind([...behind, wanted]);
    setWanted(path);
  };
  const row = selected < 0 ? undefined : folder.rows.get(selected);
  const target =
    kind !== 'save-file' || name.trim() === '' || folder.path === ''
      ? ''
      : targetPath(folder.path, withExtension(name.trim(), extensions), separator);

  const answer = (path: string, inFolder: string): void => {
    rememberFolder(kind, inFolder);
    onAnswer(path);
  };
  /** Says what is wrong with a path; '' when it can be chosen. */
  const objection = ({ kind: found, path, parent, parentExists, readable, writable }: PathStatus): string => {
    if (kind === 'save-file') {
      if (found === 'directory') return t('files.isFolder', { name: path });
      if (!parentExists) return t('files.noFolderFor', { path: parent });
      return writable ? '' : t('files.notWritable', { path: found === 'missing' ? parent : path });
    }
    if (found === 'missing') return t('files.nothingThere', { path });
    return readable ? '' : t('files.notReadable', { path });
  };
  const choose = async (path: string): Promise<void> => {
    try {
      const status = await api.files.status({ path });
      const wrong = objection(status);
      setNote(wrong);
      if (kind === 'save-file' && replaces && replacesUntold(status, toldOf.current)) {
        // The name shows it beneath; who means it saves once more.
        if (status.parent === folder.path) setNameText(status.name);
        return;
      }
      if (wrong === '') answer(status.path, kind === 'open-folder' ? status.path : status.parent);
    } catch (error) {
      setNote(describeError(error, t).message);
    }
  };

  const enter = async (path: string): Promise<void> => {
    if (path.trim() === '') return;
    try {
      const status = await api.files.status({ path });
      if (status.kind === 'directory') go(status.path);
      else if (kind === 'open-file' && status.kind === 'file') await choose(status.path);
      else if (kind === 'save-file' && status.parentExists) {
        setNameText(status.name);
        go(status.parent);
      } else setNote(t('files.nothingThere', { path: status.path }));
    } catch (error) {
      setNote(describeError(error, t).message);
    }
  };

  return {
    ...reader,
    error: startError ?? reader.error,
    typed,
    selected,
    name,
    told,
    filter,
    hidden,
    note,
    extensions,
    target,
    canGoBack: behind.length > 0,
    canConfirm:
      folder.path !== '' &&
      !reader.loading &&
      (kind === 'open-folder' ||
        typing.current ||
        (kind === 'save-file' ? name.trim() !== '' : row !== undefined)),
    confirmLabel:
      kind === 'save-file'
        ? t('common.save')
        : kind === 'open-file'
          ? t('common.open')
          : t('files.choose', { name: baseName(row?.kind === 'directory' ? row.path : folder.path) }),
    go,
    setFilter,
    setHidden,
    setTyped: (text: string) => {
      setNote('');
      typing.current = true;
      setTypedText(text);
    },
    setName: (text: string) => {
      setNote('');
      setNameText(text);
    },
    select: (at: number) => {
      setNote('');
      typing.current = false;
      setTypedText(folder.path);
      setSelected(at);
      const found = folder.rows.get(at);
      if (kind === 'save-file' && found?.kind === 'file') setNameText(found.name);
    },
    back: () => {
      const before = behind.at(-1);
      if (before === undefined) return;
      setNote('');
      typing.current = false;
      comingTo.current = baseName(folder.path);
      setBehind(behind.slice(0, -1));
      setWanted(before);
    },
    up: () => {
      if (folder.parent === null) return;
      comingTo.current = baseName(folder.path);
      go(folder.parent);
    },
    open: (opened: FileRow) => {
      if (opened.kind === 'directory') go(opened.path);
      else if (kind !== 'open-folder') void choose(opened.path);
    },
    enter,
    confirm: async () => {
      // What was typed and not entered is where the person means to be: that is shown first.
      if (reader.loading) return;
      if (typing.current && typed !== folder.path) await enter(typed);
      else if (kind === 'save-file') {
        if (target === '') setNote(t('files.nameWanted'));
        else await choose(target);
      } else if (kind === 'open-folder') {
        await choose(row?.kind === 'directory' ? row.path : folder.path);
      } else if (row === undefined) setNote(t('files.fileWanted'));
      else if (row.kind === 'directory') go(row.path);
      else await choose(row.path);
    },
    listTakesFocus: (): boolean => {
      const { activeElement } = document;
      const inField = activeElement instanceof HTMLInputElement || activeElement instanceof HTMLButtonElement;
      const first = !focused.current;
      focused.current = true;
      return kind === 'save-file' ? !first && !inField : !inField;
    },
  };
}

const noExtensions: readonly string[] = [];

/** A name as a path: beside the other files of the folder unless it is a path of its own. */
function targetPath(folder: string, name: string, separator: string): string {
  return isAbsolute(name) || name.startsWith('~') ? name : joinPath(folder, name, separator);
}

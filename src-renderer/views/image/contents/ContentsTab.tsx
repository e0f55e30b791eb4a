import { FilePlus, FolderOutput, FolderPlus, PanelRight, Pencil, Trash2, Undo2 } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ImageSummary } from '../../../../src-shared/model/summaries';
import { api } from '../../../api/api';
import { formatCount } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { setParams } from '../../../stores/route';
import { withSession } from '../../../stores/session';
import { Button, IconButton } from '../../../ui/button';
import { ErrorNotice } from '../../../ui/errorNotice';
import { SearchField } from '../../../ui/fields';
import { PagedTable } from '../PagedTable';
import type { Freshness } from '../useFreshness';
import { ContentsDialogs, type OpenDialog } from './ContentsDialogs';
import { EntryDetails } from './EntryDetails';
import { entryColumns } from './entryColumns';
import { FolderTree } from './FolderTree';
import { parentPath } from './imagePaths';
import { NameEditor } from './NameEditor';
import { PathBar } from './PathBar';
import { PendingBar } from './PendingBar';
import { stateOf } from './pendingChanges';
import { useChanges } from './useChanges';
import { useListing, type ListRow, type SortKey } from './useListing';
import { MOST_SELECTED, useSelection } from './useSelection';

/** The files of an image: looked at, extracted, and changed with one commit. */
export function ContentsTab({
  wim,
  revision,
  image,
  path,
  locked,
  freshness,
}: {
  readonly wim: string;
  readonly revision: string;
  readonly image: ImageSummary;
  readonly path: string;
  /** Why the contents cannot be changed; undefined: they can. */
  readonly locked: string | undefined;
  readonly freshness: Freshness;
}): ReactNode {
  const t = useText();
  const [sorting, setSorting] = useState<{ id: SortKey; descending: boolean }>({
    id: 'name',
    descending: false,
  });
  const [typed, setTyped] = useState('');
  const search = useSettled(typed.trim(), 250);
  const [dialog, setDialog] = useState<OpenDialog>();
  const [renaming, setRenaming] = useState<string>();
  const [nameFault, setNameFault] = useState<string>();
  // Where there is little room, the list comes first.
  const [details, setDetails] = useState(() => matchMedia('(min-width: 75rem)').matches);
  const [focusOn, setFocusOn] = useState<unknown>();
  const [fault, setFault] = useState<unknown>();
  const content = useChanges(wim, revision, image);
  const { changes } = content;
  const of = { image: image.index, revision, path, sort: sorting.id, descending: sorting.descending, search };
  const listing = useListing(of, changes);
  const selection = useSelection(listing, setFault);
  const { clear } = selection;
  // What was added stands at the top: it is shown, and the lines below have moved.
  const addedHere = changes.added.filter(({ folder }) => folder === path).length;
  const listKey = [image.index, path, search, sorting.id, sorting.descending, addedHere].join(' ');
  useEffect(() => {
    clear();
    setRenaming(undefined);
    setFault(undefined);
  }, [clear, listKey]);

  const goTo = useCallback((next: string): void => {
    setTyped('');
    setParams({ path: next === '/' ? undefined : next }, false);
  }, []);
  const { index } = image;
  const readDirectories = useCallback(
    (directory: string, offset: number, limit: number) =>
      withSession((session) =>
        api.browse.folder({
          session,
          image: index,
          path: directory,
          offset,
          limit,
          sort: 'name',
          descending: false,
          directoriesOnly: true,
        }),
      ),
    [index],
  );
  const selected = useMemo(() => [...selection.rows.values()], [selection.rows]);
  const entries = useMemo(
    () => selected.flatMap((row) => (row.kind === 'entry' ? [row.row] : [])),
    [selected],
  );
  const current = selection.current < 0 ? undefined : listing.rowAt(selection.current);
  const [shownFile, setShownFile] = useState<string>();
  const { current: pointed } = selection;
  useEffect(() => {
    if (pointed >= 0) setShownFile(undefined);
  }, [pointed]);
  const detailPath = shownFile ?? (current?.kind === 'entry' ? current.row.path : path);
  const canEdit = locked === undefined;
  const changed = selected.some(
    (row) => row.kind === 'added' || stateOf(changes, row.row.path) !== undefined,
  );

  const open = (index: number): void => {
    const row = listing.rowAt(index);
    if (row?.kind !== 'entry') return;
    if (row.row.kind === 'directory') goTo(row.row.path);
    else if (row.row.kind === 'file') setDialog({ kind: 'preview', path: row.row.path });
  };
  const startRename = (): void => {
    if (canEdit && current !== undefined) setRenaming(current.key);
  };
  const remove = (): void => {
    if (canEdit && selected.length > 0) content.remove(selected);
  };
  const onKey = (event: KeyboardEvent): void => {
    const control = event.ctrlKey || event.metaKey;
    if (event.key === 'F2') startRename();
    else if (event.key === 'Delete') remove();
    else if (event.key === 'Backspace' || (event.altKey && event.key === 'ArrowUp')) goTo(parentPath(path));
    else if (control && event.key.toLowerCase() === 'a') selection.all();
    else if (control && event.key.toLowerCase() === 'z' && content.canUndo) content.undo();
    else if (event.key === 'Escape' && selected.length > 0) clear();
    else return;
    event.preventDefault();
  };
  const endRename = (): void => {
    setRenaming(undefined);
    setNameFault(undefined);
    setFocusOn({});
  };
  const editor = (row: ListRow): ReactNode =>
    row.key !== renaming ? undefined : (
      <NameEditor
        name={row.kind === 'added' ? row.item.name : (changes.renamed[row.row.path] ?? row.row.name)}
        check={(name) => content.checkName(row, name)}
        onDone={(name) => {
          content.rename(row, name);
          endRename();
        }}
        onCancel={endRename}
        onFault={setNameFault}
      />
    );
  const columns = entryColumns({ t, changes, searching: search !== '', editor });

  return (
    <div className={details ? 'image-contents' : 'image-contents plain'}>
      <div className="image-toolbar bar">
        <PathBar
          image={image.index}
          path={path}
          onPath={goTo}
          onFile={(file) => {
            goTo(parentPath(file));
            setShownFile(file);
          }}
        />
        <div className="image-search">
          <SearchField label={t('image.search')} value={typed} onChange={setTyped} />
        </div>
        <div className="row-flex">
          <Button
            icon={FolderOutput}
            isDisabled={entries.length === 0}
            onPress={() => setDialog({ kind: 'extract', paths: entries.map((entry) => entry.path) })}
            lesson="image.extract"
          >
            {t('image.action.extract')}
          </Button>
          <IconButton
            label={t('image.add.file')}
            icon={FilePlus}
            isDisabled={!canEdit}
            onPress={() => setDialog({ kind: 'add', what: 'file' })}
          />
          <IconButton
            label={t('image.add.folder')}
            icon={FolderPlus}
            isDisabled={!canEdit}
            onPress={() => setDialog({ kind: 'add', what: 'directory' })}
          />
          <IconButton
            label={t('image.renameKey')}
            icon={Pencil}
            isDisabled={!canEdit || selected.length !== 1}
            onPress={startRename}
          />
          <IconButton
            label={t('image.deleteKey')}
            icon={Trash2}
            isDisabled={!canEdit || selected.length === 0}
            onPress={remove}
          />
          {changed && (
            <IconButton
              label={t('image.pending.restore')}
              icon={Undo2}
              onPress={() => content.restore(selected)}
            />
          )}
          {!details && (
            <IconButton label={t('image.details.show')} icon={PanelRight} onPress={() => setDetails(true)} />
          )}
        </div>
      </div>
      <FolderTree
        readDirectories={readDirectories}
        root={t('image.root')}
        revision={revision}
        path={path}
        onPath={goTo}
        stateOf={(directory) => stateOf(changes, directory)}
      />
      <div className="image-list">
        {listing.error !== undefined && <ErrorNotice error={listing.error} onRetry={listing.retry} />}
        {fault !== undefined && <ErrorNotice error={fault} />}
        {listing.error === undefined && (
          <PagedTable
            label={search === '' ? t('image.list') : t('image.search.results')}
            listKey={listKey}
            count={listing.count}
            rowAt={listing.rowAt}
            columns={columns}
            onRange={listing.onRange}
            current={selection.current}
            onPoint={selection.point}
            isSelected={selection.isSelected}
            onOpen={open}
            onKey={onKey}
            sorting={sorting}
            onSort={(id) =>
              setSorting((now) => ({
                id: id as SortKey,
                descending: now.id === id ? !now.descending : id === 'size' || id === 'modified',
              }))
            }
            rowClass={(row) => (row.kind === 'added' ? 'added' : stateOf(changes, row.row.path))}
            focusOn={focusOn}
            multiple
            lesson="image.list"
          />
        )}
        <div className="image-status soft">
          {nameFault !== undefined && (
            <span className="fault" role="alert">
              {nameFault}
            </span>
          )}
          <span role="status">
            {listing.error !== undefined
              ? ''
              : listing.loading
                ? t('common.loading')
                : search === ''
                  ? listing.count === 0
                    ? t('image.list.empty')
                    : t('image.entries', { count: listing.count })
                  : listing.found > listing.count
                    ? t('image.search.some', {
                        shown: formatCount(listing.count),
                        found: formatCount(listing.found),
                      })
                    : t('image.search.found', { count: listing.found })}
          </span>
          {selected.length > 1 && (
            <span>
              {t('image.selected', { count: selected.length })}
              {selected.length >= MOST_SELECTED ? ` ${t('image.selected.most')}` : ''}
            </span>
          )}
          {locked !== undefined && <span>{locked}</span>}
        </div>
      </div>
      {details && (
        <EntryDetails
          image={image.index}
          path={detailPath}
          revision={revision}
          onPath={(other) => {
            goTo(parentPath(other));
            setShownFile(other);
          }}
          onPreview={(file) => setDialog({ kind: 'preview', path: file })}
          onClose={() => setDetails(false)}
        />
      )}
      <PendingBar
        changes={changes}
        canUndo={content.canUndo}
        onUndo={content.undo}
        onDiscard={content.discard}
        onCommit={() => setDialog({ kind: 'commit' })}
      />
      <ContentsDialogs
        dialog={dialog}
        onDialog={setDialog}
        wim={wim}
        image={image}
        folder={path}
        content={content}
        freshness={freshness}
      />
    </div>
  );
}

/** A value after it has not changed for some milliseconds; an empty one counts at once. */
function useSettled(value: string, pause: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (value === '') {
      setSettled('');
      return undefined;
    }
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return settled;
}

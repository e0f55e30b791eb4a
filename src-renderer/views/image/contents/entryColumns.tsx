import { File, FileSymlink, Folder, FolderPlus, FilePlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes, formatTime } from '../../../i18n/format';
import type { Translate } from '../../../i18n/translate';
import { Badge, PathText } from '../../../ui/pieces';
import type { PagedColumn } from '../PagedTable';
import { attributeLetters, kindWords } from './attributes';
import { parentPath } from './imagePaths';
import { stateOf, type PendingChanges } from './pendingChanges';
import type { ListRow } from './useListing';

const icons = { directory: Folder, file: File, link: FileSymlink } as const;

/** The columns of the list of entries. */
export function entryColumns({
  t,
  changes,
  searching,
  editor,
}: {
  readonly t: Translate;
  readonly changes: PendingChanges;
  /** Hits come with the directory that they are in. */
  readonly searching: boolean;
  /** The editor of a line's name while it is changed. */
  readonly editor: (row: ListRow) => ReactNode;
}): PagedColumn<ListRow>[] {
  const columns: PagedColumn<ListRow>[] = [
    {
      id: 'name',
      header: t('image.column.name'),
      sortable: true,
      cell: (row) => editor(row) ?? <NameCell row={row} changes={changes} t={t} />,
    },
  ];
  if (searching) {
    columns.push({
      id: 'folder',
      header: t('image.column.folder'),
      width: 16,
      cell: (row) => (row.kind === 'entry' ? <PathText path={parentPath(row.row.path)} /> : null),
    });
  }
  columns.push(
    {
      id: 'size',
      header: t('image.column.size'),
      width: 6,
      align: 'number',
      sortable: true,
      cell: (row) => {
        if (row.kind === 'added') return row.item.kind === 'file' ? formatBytes(row.item.size) : null;
        return row.row.kind === 'directory' ? null : formatBytes(row.row.size);
      },
    },
    {
      id: 'modified',
      header: t('image.column.modified'),
      width: 8.5,
      needs: searching ? 44 : 28,
      sortable: true,
      cell: (row) => (row.kind === 'entry' ? formatTime(row.row.modified) : null),
    },
    {
      id: 'attributes',
      header: t('image.column.attributes'),
      width: 5.5,
      needs: searching ? 58 : 42,
      cell: (row) => (row.kind === 'entry' ? attributeLetters(row.row.attributes) : null),
    },
    {
      id: 'type',
      header: t('image.column.type'),
      width: 7.5,
      needs: searching ? 52 : 36,
      sortable: true,
      cell: (row) => kindWords(row.kind === 'entry' ? row.row : row.item, t),
    },
  );
  return columns;
}

function NameCell({
  row,
  changes,
  t,
}: {
  readonly row: ListRow;
  readonly changes: PendingChanges;
  readonly t: Translate;
}): ReactNode {
  if (row.kind === 'added') {
    const Icon = row.item.kind === 'directory' ? FolderPlus : FilePlus;
    return (
      <>
        <Icon className="ui-icon" aria-hidden />
        <span className="image-name">{row.item.name}</span>
        <Badge tone="accent">{t(row.item.replaces ? 'image.state.replaces' : 'image.state.added')}</Badge>
      </>
    );
  }
  const { row: entry } = row;
  const Icon = icons[entry.kind];
  const state = stateOf(changes, entry.path);
  return (
    <>
      <Icon className="ui-icon" aria-hidden />
      {state === 'renamed' ? (
        <>
          <span className="image-name">{changes.renamed[entry.path]}</span>
          <s className="soft image-old">{entry.name}</s>
          <Badge tone="accent">{t('image.state.renamed')}</Badge>
        </>
      ) : state === 'deleted' ? (
        <>
          <s className="image-name">{entry.name}</s>
          <Badge tone="danger">{t('image.state.deleted')}</Badge>
        </>
      ) : (
        <span className="image-name" title={entry.name}>
          {entry.name}
        </span>
      )}
      {entry.linkCount > 1 && (
        <span className="image-mark" title={t('image.links', { count: entry.linkCount })}>
          {t('image.mark.links', { count: entry.linkCount })}
        </span>
      )}
      {entry.namedStreams > 0 && (
        <span className="image-mark" title={t('image.namedStreams', { count: entry.namedStreams })}>
          {t('image.mark.streams', { count: entry.namedStreams })}
        </span>
      )}
    </>
  );
}

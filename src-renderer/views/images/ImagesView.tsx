import { Camera, FolderOpen, GraduationCap, RefreshCw } from 'lucide-react';
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import type { LibraryRow } from '../../../src-shared/contract/library';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { useCommands, type Command } from '../../stores/commands';
import { useLibrary } from '../../stores/library';
import { navigate, setParams, useRoute } from '../../stores/route';
import { Button, IconButton } from '../../ui/button';
import { ContextMenu, type MenuPlace } from '../../ui/contextMenu';
import { DataTable } from '../../ui/dataTable';
import { EmptyState, Page } from '../../ui/pieces';
import { openWimDialog } from '../files/openWim';
import { ActionNotices } from './ActionNotices';
import { openRow, refreshLibrary, useActionState } from './actions';
import { libraryColumns } from './columns';
import { FilePanel } from './FilePanel';
import { FilterBar } from './FilterBar';
import './images.css';
import { setFilter, setSorting, useImagesState } from './imagesState';
import { filterRows, noFilter } from './libraryFilter';
import { rowActions } from './rowMenu';

/** Home: the WIM files that the workbench knows. */
export function ImagesView(): ReactNode {
  const t = useText();
  const { rows } = useLibrary();
  const { refreshing } = useActionState();
  const facts = useMemo(() => sums(rows ?? []), [rows]);
  return (
    <Page
      title={t('images.title')}
      facts={
        rows !== null &&
        rows.length > 0 && (
          <>
            <span>{t('images.facts', { count: rows.length, size: formatBytes(facts.size) })}</span>
            {facts.saved > 0 && <span>{t('images.saves', { saved: formatBytes(facts.saved) })}</span>}
          </>
        )
      }
      actions={
        <>
          <IconButton
            label={t('images.refresh')}
            icon={RefreshCw}
            isDisabled={refreshing || rows === null}
            onPress={() => void refreshLibrary()}
          />
          <Button
            icon={Camera}
            onPress={() => navigate('wizard', { name: 'capture' })}
            lesson="images.capture"
          >
            {t('images.capture')}
          </Button>
          <Button icon={FolderOpen} kind="primary" onPress={() => void openWimDialog()} lesson="images.open">
            {t('images.open')}
          </Button>
        </>
      }
    >
      <div className="images">
        <ActionNotices />
        {rows === null ? (
          <div className="images-main" aria-busy />
        ) : rows.length === 0 ? (
          <NoFiles />
        ) : (
          <Library rows={rows} />
        )}
      </div>
    </Page>
  );
}

function NoFiles(): ReactNode {
  const t = useText();
  return (
    <EmptyState
      title={t('images.emptyTitle')}
      actions={
        <>
          <Button icon={FolderOpen} onPress={() => void openWimDialog()}>
            {t('images.open')}
          </Button>
          <Button icon={Camera} onPress={() => navigate('wizard', { name: 'capture' })}>
            {t('images.emptyCapture')}
          </Button>
          <Button icon={GraduationCap} onPress={() => navigate('practice')}>
            {t('images.emptyPractice')}
          </Button>
        </>
      }
    >
      <p className="images-empty-text">{t('images.emptyText')}</p>
    </EmptyState>
  );
}

function Library({ rows }: { readonly rows: readonly LibraryRow[] }): ReactNode {
  const t = useText();
  const canReveal = useApp(({ info }) => info?.canReveal ?? false);
  const { filter, sorting, hidden } = useImagesState();
  const wanted = useDeferredValue(filter);
  const found = useMemo(() => filterRows(rows, wanted), [rows, wanted]);
  const columns = useMemo(() => libraryColumns(t), [t]);
  const selected = useRoute(({ params }) => params['file']) ?? null;
  const row = found.find(({ path }) => path === selected);
  const actions = useMemo(
    () => (row === undefined ? [] : rowActions(row, t, canReveal)),
    [row, t, canReveal],
  );
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  useCommands(
    'images',
    useMemo(() => paletteCommands(row, actions), [row, actions]),
  );
  return (
    <>
      <FilterBar shown={found.length} count={rows.length} columns={columns} />
      <div className="images-main">
        <div className="images-table">
          <DataTable
            label={t('images.table')}
            rows={found}
            columns={columns}
            rowId={pathOf}
            selected={row === undefined ? null : selected}
            onSelect={({ path }) => setParams({ file: path })}
            onOpen={(opened) => {
              if (opened.state === 'ok') openRow(opened);
            }}
            onMenu={(_, place) => setMenu(place)}
            hidden={hidden}
            sorting={sorting}
            onSorting={setSorting}
            empty={
              <EmptyState
                title={t('images.nothing')}
                actions={<Button onPress={() => setFilter(noFilter)}>{t('images.clear')}</Button>}
              >
                <p>{t('images.nothingText')}</p>
              </EmptyState>
            }
            lesson="images.table"
          />
        </div>
        {row === undefined ? (
          <aside className="images-panel images-panel-none" aria-label={t('common.details')}>
            <p className="soft">{t('images.noSelection')}</p>
          </aside>
        ) : (
          <FilePanel row={row} actions={actions} />
        )}
      </div>
      {row !== undefined && (
        <ContextMenu
          place={menu}
          entries={actions}
          label={t('images.actionsFor', { name: row.name })}
          onClose={() => setMenu(null)}
        />
      )}
    </>
  );
}

function pathOf({ path }: LibraryRow): string {
  return path;
}

/** The actions of the selected file, named with it. */
function paletteCommands(
  row: LibraryRow | undefined,
  actions: readonly { readonly id: string; readonly label: string; readonly run: () => void }[],
): Command[] {
  if (row === undefined) return [];
  return actions.map(({ id, label, run }) => ({ id: `images-${id}`, label: `${row.name}: ${label}`, run }));
}

function sums(rows: readonly LibraryRow[]): { size: number; saved: number } {
  let size = 0;
  let saved = 0;
  for (const row of rows) {
    if (row.state !== 'ok') continue;
    size += row.size;
    saved += row.saved;
  }
  return { size, saved };
}

import { ArrowLeft, ChevronRight, CornerLeftUp } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { PartitionSummary } from '../../../../src-shared/model/disks';
import { AppError } from '../../../../src-shared/errors/appError';
import { api } from '../../../api/api';
import { formatCount } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { Button, IconButton } from '../../../ui/button';
import { ErrorNotice } from '../../../ui/errorNotice';
import { ProgressBar } from '../../../ui/progress';
import { entryColumns } from '../../image/contents/entryColumns';
import { FolderTree } from '../../image/contents/FolderTree';
import { parentPath, pathSteps } from '../../image/contents/imagePaths';
import { noChanges } from '../../image/contents/pendingChanges';
import type { ListRow, SortKey } from '../../image/contents/useListing';
import '../../image/image.css';
import { PagedTable } from '../../image/PagedTable';
import type { EntryRow } from '../../image/types';
import { usePagedRows, useRange } from '../../image/usePagedRows';
import { useRequest } from '../../image/useRequest';

const noEditor = (): undefined => undefined;

/** The files of a volume, to be looked at. */
export function VolumeBrowser({
  disk,
  name,
  partition,
  path,
  onPath,
  onLeave,
}: {
  readonly disk: string;
  readonly name: string;
  readonly partition: PartitionSummary;
  readonly path: string;
  readonly onPath: (path: string) => void;
  readonly onLeave: () => void;
}): ReactNode {
  const t = useText();
  const { number, label, role } = partition;
  const open = useCallback(
    async ({ signal, onProgress }: Parameters<Parameters<typeof useRequest>[0] & object>[0]) => {
      const job = await api.disks.openVolume({ disk, volume: String(number) }, { signal, onProgress });
      return job.result;
    },
    [disk, number],
  );
  const opened = useRequest(open);
  const { retry } = opened;
  const session = opened.value?.session;
  useEffect(() => {
    if (session === undefined) return undefined;
    return () => void api.disks.closeVolume({ session });
  }, [session]);
  const title = label === undefined || label === '' ? t(`disks.role.${role}`) : label;
  return (
    <section className="disk-browser" aria-label={t('disks.filesOf', { name: title })}>
      <header className="row-flex wizard-wrap">
        <Button icon={ArrowLeft} onPress={onLeave}>
          {t('disks.backTo', { name })}
        </Button>
        <h2 className="grow">{title}</h2>
        {opened.value !== undefined && (
          <span className="soft">
            {t('common.files', { count: opened.value.files })},{' '}
            {t('common.folders', { count: opened.value.directories })}
          </span>
        )}
      </header>
      {opened.error !== undefined && <ErrorNotice error={opened.error} onRetry={retry} />}
      {opened.loading && (
        <div className="stack">
          <div className="row-flex" role="status">
            <span className="grow">
              {t('wizards.source.scanning')}
              {(opened.progress?.filesDone ?? 0) > 0 && (
                <span className="soft">
                  {' '}
                  {t('wizards.source.soFar', { files: formatCount(opened.progress?.filesDone ?? 0) })}
                </span>
              )}
            </span>
            <Button onPress={onLeave}>{t('common.cancel')}</Button>
          </div>
          <ProgressBar label={t('wizards.source.scanning')} fraction={null} />
        </div>
      )}
      {session !== undefined && <Contents session={session} path={path} onPath={onPath} onClosed={retry} />}
    </section>
  );
}

function Contents({
  session,
  path,
  onPath,
  onClosed,
}: {
  readonly session: string;
  readonly path: string;
  readonly onPath: (path: string) => void;
  /** The host has the volume no longer: it is opened anew. */
  readonly onClosed: () => void;
}): ReactNode {
  const t = useText();
  const [sorting, setSorting] = useState<{ id: SortKey; descending: boolean }>({
    id: 'name',
    descending: false,
  });
  const [current, setCurrent] = useState(-1);
  const { id: sort, descending } = sorting;
  const fetch = useCallback(
    (offset: number, limit: number, signal: AbortSignal) =>
      api.disks.folder(
        { session, path, offset, limit, sort, descending, directoriesOnly: false },
        { signal },
      ),
    [session, path, sort, descending],
  );
  const readDirectories = useCallback(
    (directory: string, offset: number, limit: number) =>
      api.disks.folder({
        session,
        path: directory,
        offset,
        limit,
        sort: 'name',
        descending: false,
        directoriesOnly: true,
      }),
    [session],
  );
  const rows = usePagedRows<EntryRow>(fetch);
  const onRange = useRange(rows);
  const listKey = [session, path, sort, descending].join(' ');
  useEffect(() => setCurrent(-1), [listKey]);
  const closed = rows.error instanceof AppError && rows.error.code === 'session/closed';
  useEffect(() => {
    if (closed) onClosed();
  }, [closed, onClosed]);
  const columns = useMemo(
    () => entryColumns({ t, changes: noChanges, searching: false, editor: noEditor }),
    [t],
  );
  const rowAt = (index: number): ListRow | undefined => {
    const row = rows.row(index);
    return row === undefined ? undefined : { kind: 'entry', key: row.path, row };
  };
  const open = (index: number): void => {
    const row = rows.row(index);
    if (row?.kind === 'directory') onPath(row.path);
  };
  const steps = pathSteps(path);
  return (
    <div className="image-contents plain disk-contents">
      <div className="image-toolbar bar">
        <nav className="image-path grow" aria-label={t('image.path')}>
          <IconButton
            label={t('image.up')}
            icon={CornerLeftUp}
            isDisabled={path === '/'}
            onPress={() => onPath(parentPath(path))}
          />
          <ol>
            {steps.map((step, i) => (
              <li key={step.path}>
                {i > 0 && <ChevronRight className="ui-icon" aria-hidden />}
                <button
                  type="button"
                  aria-current={i === steps.length - 1 ? 'location' : undefined}
                  onClick={() => onPath(step.path)}
                >
                  {i === 0 ? t('disks.root') : step.name}
                </button>
              </li>
            ))}
          </ol>
        </nav>
      </div>
      <FolderTree
        readDirectories={readDirectories}
        root={t('disks.root')}
        revision={session}
        path={path}
        onPath={onPath}
        stateOf={noEditor}
      />
      <div className="image-list">
        {rows.error !== undefined && !closed && (
          <ErrorNotice error={rows.error} onRetry={() => rows.retry()} />
        )}
        <PagedTable<ListRow>
          label={t('image.list')}
          listKey={listKey}
          count={rows.total ?? 0}
          rowAt={rowAt}
          columns={columns}
          onRange={onRange}
          current={current}
          onPoint={setCurrent}
          onOpen={open}
          onKey={(event) => {
            if (event.key !== 'Backspace' && !(event.altKey && event.key === 'ArrowUp')) return;
            event.preventDefault();
            onPath(parentPath(path));
          }}
          sorting={sorting}
          onSort={(id) =>
            setSorting((now) => ({
              id: id as SortKey,
              descending: now.id === id ? !now.descending : id === 'size' || id === 'modified',
            }))
          }
          lesson="disk.list"
        />
        <div className="image-status soft">
          <span role="status">
            {rows.total === null
              ? t('common.loading')
              : rows.total === 0
                ? t('image.list.empty')
                : t('image.entries', { count: rows.total })}
          </span>
          <span>{t('disks.readOnly')}</span>
        </div>
      </div>
    </div>
  );
}

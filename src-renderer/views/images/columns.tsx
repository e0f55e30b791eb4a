import {
  CircleCheck,
  CircleX,
  Clock,
  FileArchive,
  FileQuestion,
  FileWarning,
  LoaderCircle,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { LibraryRow } from '../../../src-shared/contract/library';
import { formatBytes, formatCount, formatPercent, formatTime } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import type { DataColumn } from '../../ui/dataTable';
import { Badge, PathText } from '../../ui/pieces';
import { rowState } from './libraryFilter';
import { useFileJob } from './useFileJob';
import { whenText } from './when';

/** Columns of the library, in their order. */
export function libraryColumns(t: Translate): DataColumn<LibraryRow>[] {
  const figure = (row: LibraryRow, text: string): string => (hasFigures(row) ? text : '–');
  return [
    {
      id: 'name',
      header: t('images.column.name'),
      value: (row) => row.name,
      cell: (row) => <NameCell row={row} />,
      minimum: 11.5,
    },
    {
      id: 'folder',
      header: t('images.column.folder'),
      value: (row) => row.folder,
      cell: (row) =>
        row.state === 'unreadable' ? (
          <span className="images-problem" title={row.problem}>
            {row.problem.startsWith(`${row.path} `) ? row.problem.slice(row.path.length + 1) : row.problem}
          </span>
        ) : (
          <PathText path={row.folder} />
        ),
      minimum: 7.5,
    },
    {
      id: 'images',
      header: t('images.column.images'),
      value: (row) => row.imageCount,
      cell: (row) => figure(row, formatCount(row.imageCount)),
      width: 4.25,
      align: 'number',
    },
    {
      id: 'compression',
      header: t('images.column.compression'),
      value: (row) => (hasFigures(row) ? row.compression : ''),
      cell: (row) => figure(row, t(`images.format.${row.compression}`)),
      width: 4.5,
    },
    {
      id: 'size',
      header: t('images.column.size'),
      value: (row) => row.size,
      cell: (row) => figure(row, formatBytes(row.size)),
      width: 4.75,
      align: 'number',
    },
    {
      id: 'saved',
      header: t('images.column.saved'),
      value: (row) => row.saved,
      cell: (row) => figure(row, formatBytes(row.saved)),
      width: 4.75,
      align: 'number',
    },
    {
      id: 'changed',
      header: t('images.column.changed'),
      value: (row) => row.changedAt,
      cell: (row) => figure(row, formatTime(row.changedAt)),
      width: 8.5,
    },
    {
      id: 'verified',
      header: t('images.column.verified'),
      value: (row) => `${order[rowState(row)]} ${row.verified?.at ?? ''}`,
      cell: (row) => <StateCell row={row} />,
      width: 12,
    },
    {
      id: 'origin',
      header: t('images.column.origin'),
      value: (row) => t(`images.origin.${row.origin}`),
      cell: (row) => t(`images.origin.${row.origin}`),
      width: 8,
    },
  ];
}

/** What needs a look comes first when it is sorted by state. */
const order = { failed: 0, trouble: 1, unverified: 2, verified: 3 } as const;

/** Whether the file was ever read: a missing one keeps its figures. */
function hasFigures({ state, imageCount }: LibraryRow): boolean {
  return state === 'ok' || imageCount > 0;
}

function NameCell({ row }: { readonly row: LibraryRow }): ReactNode {
  const t = useText();
  const job = useFileJob(row.path);
  const Icon =
    job !== undefined
      ? LoaderCircle
      : row.state === 'missing'
        ? FileQuestion
        : row.state === 'unreadable'
          ? FileWarning
          : FileArchive;
  return (
    <>
      <Icon className="ui-icon images-icon" aria-hidden />
      <span className="images-name" title={row.name}>
        {row.name}
      </span>
      {row.totalParts > 1 && (
        <span className="soft" title={t('images.part', { part: row.partNumber, total: row.totalParts })}>
          {`${row.partNumber}/${row.totalParts}`}
        </span>
      )}
    </>
  );
}

/** What is known of a file's state: a job that runs on it, that it is not there, its verification. */
export function StateCell({ row }: { readonly row: LibraryRow }): ReactNode {
  const t = useText();
  const job = useFileJob(row.path);
  if (job !== undefined) {
    const verb = t(`verb.${job.verb}`);
    return (
      <Badge tone="accent">
        {job.waiting
          ? t('images.waiting', { verb })
          : t('images.busy', { verb, percent: job.fraction === null ? '…' : formatPercent(job.fraction) })}
      </Badge>
    );
  }
  const { state, verified } = row;
  if (state !== 'ok') {
    return (
      <Badge tone="danger">
        <CircleX className="ui-icon images-badge-icon" aria-hidden />
        {t(`images.${state}`)}
      </Badge>
    );
  }
  if (verified === null) {
    return (
      <span className="soft images-unverified">
        <Clock className="ui-icon images-badge-icon" aria-hidden />
        {t('images.notVerified')}
      </span>
    );
  }
  const Icon = verified.ok ? CircleCheck : CircleX;
  const when = whenText(verified.at, t);
  return (
    <span title={formatTime(verified.at)}>
      <Badge tone={verified.ok ? 'verified' : 'danger'}>
        <Icon className="ui-icon images-badge-icon" aria-hidden />
        {verified.ok ? t('images.verifiedAt', { when }) : t('images.failedAt', { when })}
      </Badge>
    </span>
  );
}

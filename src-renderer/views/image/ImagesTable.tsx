import { useCallback, useMemo, useRef, type ReactNode } from 'react';
import type { ImageSummary, WimSummary } from '../../../src-shared/model/summaries';
import { api } from '../../api/api';
import { formatBytes, formatCount, formatTime } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { withSession } from '../../stores/session';
import { DataTable, type DataColumn } from '../../ui/dataTable';
import { Badge, EmptyState } from '../../ui/pieces';
import { type WimDraft } from './draftModel';
import { countChanges } from './contents/pendingChanges';
import { useRequest, type Asking } from './useRequest';
import { useParts } from './useParts';
import { useWidth } from './useWidth';

/** Widths of the table, in rem, below which columns are left out. */
const WIDE = 54;
const NARROW = 46;

/** The images of a WIM; one of them is selected. */
export function ImagesTable({
  wim,
  summary,
  revision,
  draft,
  selected,
  onSelect,
}: {
  readonly wim: string;
  readonly summary: WimSummary;
  readonly revision: string;
  readonly draft: WimDraft | null;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
}): ReactNode {
  const t = useText();
  const ask = useCallback(
    (asking: Asking) =>
      withSession(async (session) => (await api.browse.onlyInImages({ session }, asking)).result),
    [],
  );
  // A further part of a set has no metadata, and what lies in a missing one cannot be counted.
  const parts = useParts(wim, summary).value;
  const countable = parts?.missing.length === 0 && summary.imageCount > 0 && summary.partNumber === 1;
  const only = useRequest(countable ? ask : null, revision);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const hidden = useMemo(
    () => [...(width < WIDE ? ['flags', 'boot'] : []), ...(width < NARROW ? ['created'] : [])],
    [width],
  );
  const bootIndex = draft?.bootIndex ?? summary.bootIndex;
  const columns = useMemo(
    (): DataColumn<ImageSummary>[] => [
      {
        id: 'index',
        header: t('image.column.index'),
        width: 2.75,
        align: 'number',
        value: ({ index }) => index,
        cell: ({ index }) => index,
      },
      {
        id: 'name',
        header: t('image.column.name'),
        minimum: 9,
        value: ({ name }) => name,
        cell: ({ index, name }) => {
          const shown = draft?.images[index]?.values.name ?? name;
          const pending =
            Object.keys(draft?.images[index]?.values ?? {}).length > 0 ||
            countChanges(draft?.contents[index]?.changes ?? { deleted: [], renamed: {}, added: [] }) > 0;
          return (
            <>
              <span className={shown === '' ? 'image-name soft' : 'image-name'} title={shown}>
                {shown === '' ? t('image.unnamed') : shown}
              </span>
              {width < WIDE && index === bootIndex && <Badge>{t('image.column.boot')}</Badge>}
              {pending && <Badge tone="accent">{t('image.state.edited')}</Badge>}
            </>
          );
        },
      },
      {
        id: 'created',
        header: t('image.column.created'),
        width: 8.5,
        value: ({ creationTime }) => creationTime ?? '',
        cell: ({ creationTime }) => formatTime(creationTime),
      },
      {
        id: 'files',
        header: t('image.column.files'),
        width: 5.5,
        align: 'number',
        value: ({ fileCount }) => fileCount,
        cell: ({ fileCount }) => formatCount(fileCount),
      },
      {
        id: 'size',
        header: t('image.column.size'),
        width: 5.5,
        align: 'number',
        value: ({ totalBytes }) => totalBytes,
        cell: ({ totalBytes }) => formatBytes(totalBytes),
      },
      {
        id: 'only',
        header: t('image.column.only'),
        width: 8.5,
        align: 'number',
        value: ({ index }) => only.value?.[index - 1] ?? 0,
        cell: ({ index }) => {
          const bytes = only.value?.[index - 1];
          if (bytes !== undefined) return formatBytes(bytes);
          return <span className="soft">{only.loading ? '…' : '–'}</span>;
        },
      },
      {
        id: 'flags',
        header: t('image.column.flags'),
        width: 7,
        value: ({ flags }) => flags,
        cell: ({ flags, index }) => (
          <span className="image-name">{draft?.images[index]?.values.flags ?? flags}</span>
        ),
      },
      {
        id: 'boot',
        header: t('image.column.boot'),
        width: 4,
        value: ({ index }) => (index === bootIndex ? 0 : 1),
        cell: ({ index }) => (index === bootIndex ? t('common.yes') : null),
      },
    ],
    [t, draft, only.value, only.loading, bootIndex, width],
  );
  return (
    <div className="image-table" ref={box}>
      <DataTable
        label={t('image.images')}
        rows={summary.images}
        columns={columns}
        rowId={({ index }) => String(index)}
        selected={String(selected)}
        onSelect={({ index }) => onSelect(index)}
        empty={
          <EmptyState title={t('image.images.none')}>
            <p>{t('image.images.noneHint')}</p>
          </EmptyState>
        }
        hidden={hidden}
        lesson="image.images"
      />
    </div>
  );
}

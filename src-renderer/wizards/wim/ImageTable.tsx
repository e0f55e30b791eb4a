import { useMemo, type ReactNode } from 'react';
import type { ImageSummary } from '../../../src-shared/model/summaries';
import { formatBytes, formatCount, formatTime } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { DataTable, type DataColumn } from '../../ui/dataTable';

const ROWS_AT_MOST = 9;

/** The images of a WIM. */
export function ImageTable({
  images,
  selected,
  onSelect,
  onOpen,
}: {
  readonly images: readonly ImageSummary[];
  readonly selected: number | null;
  readonly onSelect: (index: number) => void;
  /** Enter or a double click. */
  readonly onOpen?: () => void;
}): ReactNode {
  const t = useText();
  const columns = useMemo<readonly DataColumn<ImageSummary>[]>(
    () => [
      {
        id: 'index',
        header: t('image.column.index'),
        value: ({ index }) => index,
        cell: ({ index }) => index,
        width: 2.5,
        align: 'number',
      },
      {
        id: 'name',
        header: t('wizards.column.name'),
        value: ({ name }) => name,
        cell: ({ name, description }) => (
          <>
            {name} <span className="soft">{description === name ? '' : description}</span>
          </>
        ),
        minimum: 8,
      },
      {
        id: 'created',
        header: t('wizards.column.created'),
        value: ({ creationTime }) => creationTime ?? '',
        cell: ({ creationTime }) => formatTime(creationTime),
        width: 9,
      },
      {
        id: 'files',
        header: t('wizards.column.files'),
        value: ({ fileCount }) => fileCount,
        cell: ({ fileCount }) => formatCount(fileCount),
        width: 5.5,
        align: 'number',
      },
      {
        id: 'size',
        header: t('wizards.column.size'),
        value: ({ totalBytes }) => totalBytes,
        cell: ({ totalBytes }) => formatBytes(totalBytes),
        width: 5.5,
        align: 'number',
      },
    ],
    [t],
  );
  const rows = Math.min(ROWS_AT_MOST, images.length) + 1;
  return (
    <div className="wizard-table" style={{ height: `calc(var(--row) * ${rows} + var(--space-1))` }}>
      <DataTable
        label={t('wizards.wim.images')}
        rows={images}
        columns={columns}
        rowId={({ index }) => String(index)}
        selected={selected === null ? null : String(selected)}
        onSelect={({ index }) => onSelect(index)}
        {...(onOpen === undefined ? {} : { onOpen: () => onOpen() })}
        lesson="wim.images"
      />
    </div>
  );
}

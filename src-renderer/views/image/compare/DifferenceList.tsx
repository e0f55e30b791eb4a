import { Download } from 'lucide-react';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components';
import type { Difference } from '../../../../src-shared/contract/compare';
import { AppError } from '../../../../src-shared/errors/appError';
import { api } from '../../../api/api';
import { formatBytes, formatCount } from '../../../i18n/format';
import { hasMessage, useText, type Translate } from '../../../i18n/translate';
import { Button } from '../../../ui/button';
import { ErrorNotice } from '../../../ui/errorNotice';
import { SearchField } from '../../../ui/fields';
import { MenuButton } from '../../../ui/menu';
import { Badge, Notice, PathText, type Tone } from '../../../ui/pieces';
import { baseName } from '../../../stores/workNames';
import { pickPath } from '../../files/pickPath';
import { PagedTable, type PagedColumn } from '../PagedTable';
import { usePagedRows } from '../usePagedRows';
import type { Compared, DifferenceRow } from './comparisons';

const kinds: readonly Difference[] = ['added', 'removed', 'changed', 'metadata'];
const tones: Readonly<Record<Difference, Tone>> = {
  added: 'accent',
  removed: 'plain',
  changed: 'accent',
  metadata: 'plain',
};
/** Told apart at a glance, whatever the colours. */
const signs: Readonly<Record<Difference, string>> = {
  added: '+',
  removed: '−',
  changed: '≠',
  metadata: '·',
};
type Format = 'csv' | 'json' | 'html';

/** The differences that a comparison found: filtered by the host, only those in sight are here. */
export function DifferenceList({
  compared,
  title,
  outdated,
  onAgain,
}: {
  readonly compared: Compared;
  readonly title: string;
  /** What is to be compared was changed since. */
  readonly outdated: boolean;
  readonly onAgain: () => void;
}): ReactNode {
  const t = useText();
  const { comparison, counts } = compared;
  const [shown, setShown] = useState<readonly Difference[]>(kinds);
  const [typed, setTyped] = useState('');
  const [filter, setFilter] = useState('');
  const [current, setCurrent] = useState(-1);
  const [fault, setFault] = useState<unknown>();
  const [saved, setSaved] = useState<{ path: string; rows: number }>();
  useEffect(() => {
    const timer = setTimeout(() => setFilter(typed), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  const fetch = useCallback(
    (offset: number, limit: number, signal: AbortSignal) =>
      api.compare.rows({ comparison, differences: [...shown], filter, offset, limit }, { signal }),
    [comparison, shown, filter],
  );
  const pages = usePagedRows<DifferenceRow>(fetch);
  const onRange = useCallback((first: number, last: number) => pages.want(first, last), [pages]);
  const listKey = `${comparison} ${shown.join(' ')} ${filter}`;
  useEffect(() => setCurrent(-1), [listKey]);

  const save = async (format: Format): Promise<void> => {
    setFault(undefined);
    setSaved(undefined);
    try {
      const path = await pickPath({
        kind: 'save-file',
        title: t('image.compare.saveTitle'),
        filters: [{ name: format.toUpperCase(), extensions: [format] }],
        defaultPath: `${t('image.compare.fileName')}.${format}`,
        replaces: true,
      });
      if (path === null) return;
      // Whoever chose a file that is there was told that it is replaced.
      const differences = [...shown];
      setSaved(await api.compare.save({ comparison, differences, filter, format, path, overwrite: true }));
    } catch (error) {
      setFault(error);
    }
  };
  const toggle = (kind: Difference, on: boolean): void =>
    setShown(kinds.filter((one) => (one === kind ? on : shown.includes(one))));
  const total = kinds.reduce((sum, kind) => sum + counts[kind], 0);

  return (
    <div className="image-differences">
      <div className="image-toolbar">
        <h2 className="image-compare-title">{title}</h2>
        <div className="row-flex" role="group" aria-label={t('image.compare.kinds')}>
          {kinds.map((kind) => (
            <ToggleButton
              key={kind}
              className="image-toggle"
              isSelected={shown.includes(kind)}
              onChange={(on) => toggle(kind, on)}
            >
              {t(`image.compare.${kind}`)} <span className="number">{formatCount(counts[kind])}</span>
            </ToggleButton>
          ))}
        </div>
        <div className="image-search">
          <SearchField label={t('image.compare.filter')} value={typed} onChange={setTyped} />
        </div>
        <MenuButton
          label={t('image.compare.save')}
          entries={(['csv', 'json', 'html'] as const).map((format) => ({
            id: format,
            label: format.toUpperCase(),
            run: () => void save(format),
          }))}
        >
          <Button icon={Download}>{t('image.compare.save')}</Button>
        </MenuButton>
      </div>
      {outdated && (
        <Notice tone="decision" live>
          <div className="row-flex">
            <span className="grow">{t('image.compare.outdated')}</span>
            <Button onPress={onAgain}>{t('image.compare.run')}</Button>
          </div>
        </Notice>
      )}
      {fault !== undefined && <ErrorNotice error={fault} />}
      {saved !== undefined && (
        <Notice live>
          {t('image.compare.saved', { name: baseName(saved.path), count: saved.rows, path: saved.path })}
        </Notice>
      )}
      {pages.error !== undefined ? (
        <ErrorNotice error={pages.error} onRetry={isGone(pages.error) ? onAgain : () => pages.retry()} />
      ) : (
        <PagedTable
          label={title}
          listKey={listKey}
          count={pages.total ?? 0}
          rowAt={(index) => pages.row(index)}
          columns={differenceColumns(t)}
          onRange={onRange}
          current={current}
          onPoint={(index) => setCurrent(index)}
        />
      )}
      <div className="image-status soft" role="status">
        <span>
          {total === 0
            ? t('image.compare.identical', { count: counts.same })
            : t('image.compare.status', {
                shown: pages.total ?? 0,
                same: counts.same,
                added: formatBytes(compared.bytesAdded),
                removed: formatBytes(compared.bytesRemoved),
              })}
        </span>
      </div>
    </div>
  );
}

function differenceColumns(t: Translate): PagedColumn<DifferenceRow>[] {
  return [
    {
      id: 'difference',
      header: t('image.compare.difference'),
      width: 7.5,
      cell: ({ difference }) => (
        <Badge tone={tones[difference]}>
          <span className="image-sign" aria-hidden>
            {signs[difference]}
          </span>
          {t(`image.compare.${difference}`)}
        </Badge>
      ),
    },
    { id: 'path', header: t('image.column.path'), cell: ({ path }) => <PathText path={path} /> },
    {
      id: 'left',
      header: t('image.compare.left'),
      width: 6.5,
      align: 'number',
      cell: ({ leftSize }) => (leftSize === null ? null : formatBytes(leftSize)),
    },
    {
      id: 'right',
      header: t('image.compare.right'),
      width: 6.5,
      align: 'number',
      cell: ({ rightSize }) => (rightSize === null ? null : formatBytes(rightSize)),
    },
    {
      id: 'fields',
      header: t('image.compare.fields'),
      width: 14,
      needs: 48,
      cell: ({ fields }) => {
        const words = fields.map((field) => fieldWords(field, t)).join(', ');
        return (
          <span className="image-name" title={words}>
            {words}
          </span>
        );
      },
    },
  ];
}

function fieldWords(field: string, t: Translate): string {
  const key = `image.field.${field}`;
  return hasMessage(key) ? t(key) : field;
}

function isGone(error: unknown): boolean {
  return error instanceof AppError && error.code === 'session/closed';
}

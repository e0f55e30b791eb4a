import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import type { DataColumn } from '../../ui/dataTable';
import type { LibraryRow } from '../../../src-shared/contract/library';
import { SearchField, Select } from '../../ui/fields';
import { ColumnMenu } from './ColumnMenu';
import { setFilter, setHidden, useImagesState } from './imagesState';
import { stateFilters, type LibraryFilter } from './libraryFilter';

const formats = ['none', 'xpress', 'lzx', 'lzms'] as const;

/** Search, filters and column choice of the library. */
export function FilterBar({
  shown,
  count,
  columns,
}: {
  readonly shown: number;
  readonly count: number;
  readonly columns: readonly DataColumn<LibraryRow>[];
}): ReactNode {
  const t = useText();
  const { filter, hidden } = useImagesState();
  return (
    <div className="images-filter" role="search">
      <SearchField label={t('images.search')} value={filter.text} onChange={(text) => setFilter({ text })} />
      <Select<LibraryFilter['compression']>
        label={t('images.compression')}
        hideLabel
        value={filter.compression}
        onChange={(compression) => setFilter({ compression })}
        options={[
          { value: 'any', label: t('images.anyCompression') },
          ...formats.map((value) => ({ value, label: t(`compression.${value}`) })),
        ]}
      />
      <Select<LibraryFilter['state']>
        label={t('images.state')}
        hideLabel
        value={filter.state}
        onChange={(state) => setFilter({ state })}
        options={[
          { value: 'any', label: t('images.anyState') },
          ...stateFilters.map((value) => ({ value, label: t(`images.state.${value}`) })),
        ]}
      />
      <ColumnMenu
        // Without a name nothing could be told apart.
        columns={columns.filter(({ id }) => id !== 'name')}
        hidden={hidden}
        onHidden={setHidden}
      />
      <span className="soft images-shown" role="status">
        {shown === count ? '' : t('images.shown', { shown, count })}
      </span>
    </div>
  );
}

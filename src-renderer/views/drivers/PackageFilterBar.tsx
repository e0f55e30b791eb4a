import { useMemo, type ReactNode } from 'react';
import type { PackageRow } from '../../../src-shared/contract/drivers';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { SearchField, Select, type Option } from '../../ui/fields';
import { setGrouping, setPackageFilter, useLibraryState } from './libraryState';
import {
  groupingKeys,
  groupings,
  groupPackages,
  isOfState,
  packageStates,
  type Grouping,
  type GroupingKey,
  type PackageFilter,
} from './packageFilter';

/** Search, filters and grouping of the library. */
export function PackageFilterBar({
  packages,
  shown,
}: {
  readonly packages: readonly PackageRow[];
  readonly shown: readonly PackageRow[];
}): ReactNode {
  const t = useText();
  const { filter, grouping } = useLibraryState();
  const states = useMemo(
    () =>
      packageStates.map((state): Option<PackageFilter['state']> => {
        const count = packages.filter((found) => isOfState(found, state)).length;
        return { value: state, label: t(`driverLibrary.state.${state}`, { count }) };
      }),
    [packages, t],
  );
  const bytes = shown.reduce((sum, one) => sum + one.bytes, 0);
  return (
    <div className="drv-filter" role="search">
      <SearchField
        label={t('driverLibrary.search')}
        value={filter.text}
        onChange={(text) => setPackageFilter({ text })}
      />
      {groupingKeys
        // The groups beside the table choose that one.
        .filter((key) => key !== grouping)
        .map((key) => (
          <GroupSelect key={key} by={key} packages={packages} />
        ))}
      <Select<PackageFilter['state']>
        label={t('driverLibrary.state')}
        hideLabel
        value={filter.state}
        onChange={(state) => setPackageFilter({ state })}
        options={[{ value: 'any', label: t('driverLibrary.state.any') }, ...states]}
      />
      <Select<Grouping>
        label={t('driverLibrary.group')}
        hideLabel
        value={grouping}
        onChange={setGrouping}
        options={groupings.map((value) => ({ value, label: t(`driverLibrary.group.${value}`) }))}
      />
      <span className="soft drv-shown number" role="status">
        {shown.length === packages.length
          ? ''
          : t('driverLibrary.shown', {
              shown: shown.length,
              count: packages.length,
              size: formatBytes(bytes),
            })}
      </span>
    </div>
  );
}

function GroupSelect({
  by,
  packages,
}: {
  readonly by: GroupingKey;
  readonly packages: readonly PackageRow[];
}): ReactNode {
  const t = useText();
  const chosen = useLibraryState(({ filter }) => filter[by]);
  const groups = useMemo(() => groupPackages(packages, by), [packages, by]);
  const gone = chosen !== null && !groups.some(({ name }) => name === chosen);
  return (
    <Select
      label={t(`driverLibrary.by.${by}`)}
      hideLabel
      value={chosen === null ? 'any' : `of ${chosen}`}
      onChange={(value) => setPackageFilter({ [by]: value === 'any' ? null : value.slice(3) })}
      options={[
        { value: 'any', label: t(`driverLibrary.any.${by}`) },
        ...groups.map(({ name, count }) => ({
          value: `of ${name}`,
          label: name === '' ? t('driverLibrary.unnamed') : name,
          detail: t('driverLibrary.packages', { count }),
        })),
        ...(gone ? [{ value: `of ${chosen}`, label: chosen }] : []),
      ]}
    />
  );
}

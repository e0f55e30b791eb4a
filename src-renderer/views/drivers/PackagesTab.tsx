import { useDeferredValue, useMemo, type ReactNode } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import type { PackageRow } from '../../../src-shared/contract/drivers';
import { formatBytes, formatCount } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { useDriverLibrary } from '../../stores/driverLibrary';
import { setParams, useRoute } from '../../stores/route';
import { Button } from '../../ui/button';
import { DataTable } from '../../ui/dataTable';
import { EmptyState } from '../../ui/pieces';
import { setPackageFilter, useLibraryState } from './libraryState';
import { packageColumns } from './packageColumns';
import {
  filterPackages,
  groupPackages,
  noPackageFilter,
  type Grouping,
  type GroupingKey,
  type PackageFilter,
} from './packageFilter';
import { PackageFilterBar } from './PackageFilterBar';
import { PackagePanel } from './PackagePanel';

/** All packages of the library, with everything about the one at hand. */
export function PackagesTab(): ReactNode {
  const t = useText();
  const { found, looking } = useDriverLibrary();
  if (found === null) return <div className="drv-main" aria-busy={looking} />;
  if (found.packages.length === 0)
    return (
      <EmptyState
        title={t('driverLibrary.nothingThere')}
        actions={
          <Button onPress={() => setParams({ tab: 'sources' })}>{t('driverLibrary.showSources')}</Button>
        }
      >
        <p className="drv-words">{t('driverLibrary.nothingThereText')}</p>
      </EmptyState>
    );
  return <Packages packages={found.packages} session={found.summary.session} />;
}

function Packages({
  packages,
  session,
}: {
  readonly packages: readonly PackageRow[];
  readonly session: string;
}): ReactNode {
  const t = useText();
  const { filter, grouping, sorting } = useLibraryState();
  const wanted = useDeferredValue(filter);
  const shown = useMemo(() => filterPackages(packages, wanted), [packages, wanted]);
  const columns = useMemo(() => packageColumns(t), [t]);
  const hidden = useMemo(() => sameInGroup(grouping, filter), [grouping, filter]);
  const selected = useRoute(({ params }) => params['package']) ?? null;
  const chosen = shown.find(({ id }) => id === selected);
  return (
    <div className="drv-packages">
      <PackageFilterBar packages={packages} shown={shown} />
      <div className="drv-main">
        {grouping !== 'none' && <Groups packages={packages} by={grouping} />}
        <div className="drv-table">
          <DataTable
            label={t('drivers.packages')}
            rows={shown}
            columns={columns}
            rowId={({ id }) => id}
            selected={chosen === undefined ? null : selected}
            onSelect={({ id }) => setParams({ package: id })}
            hidden={hidden}
            sorting={sorting}
            onSorting={(next) => useLibraryState.setState({ sorting: next })}
            empty={
              <EmptyState
                title={t('driverLibrary.nothing')}
                actions={
                  <Button onPress={() => setPackageFilter(noPackageFilter)}>
                    {t('driverLibrary.clear')}
                  </Button>
                }
              />
            }
            lesson="drivers.library"
          />
        </div>
        {chosen === undefined ? (
          <aside className="drv-panel drv-panel-none" aria-label={t('common.details')}>
            <p className="soft">{t('drivers.packages.select')}</p>
          </aside>
        ) : (
          <PackagePanel key={chosen.id} found={chosen} session={session} />
        )}
      </div>
    </div>
  );
}

/** Columns that say the same in every row, because a group is chosen. */
function sameInGroup(grouping: Grouping, filter: PackageFilter): readonly string[] {
  if (grouping === 'vendor' && filter.vendor !== null) return ['provider'];
  return grouping === 'class' && filter.class !== null ? ['class'] : [];
}

/** Groups with how much is in each; the one that is chosen filters the table. */
function Groups({
  packages,
  by,
}: {
  readonly packages: readonly PackageRow[];
  readonly by: GroupingKey;
}): ReactNode {
  const t = useText();
  const { filter } = useLibraryState();
  // What the other filters leave, so that the figures say what a click will show.
  const others = useMemo(() => filterPackages(packages, { ...filter, [by]: null }), [packages, filter, by]);
  const groups = useMemo(() => groupPackages(others, by), [others, by]);
  const bytes = others.reduce((sum, one) => sum + one.bytes, 0);
  const items = [
    { id: 'all', name: t('driverLibrary.all'), count: others.length, bytes },
    ...groups.map((group) => ({
      ...group,
      id: `of ${group.name}`,
      name: group.name === '' ? t('driverLibrary.unnamed') : group.name,
    })),
  ];
  const chosen = filter[by];
  return (
    <ListBox
      aria-label={t(`driverLibrary.by.${by}`)}
      className="drv-groups scroll"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen === null ? 'all' : `of ${chosen}`]}
      onSelectionChange={(keys) => {
        const [key] = keys === 'all' ? [] : [...keys].map(String);
        if (key !== undefined) setPackageFilter({ [by]: key === 'all' ? null : key.slice(3) });
      }}
      items={items}
      dependencies={[items]}
    >
      {({ id, name, count, bytes: size }) => (
        <ListBoxItem id={id} textValue={name} className="drv-group">
          <span className="drv-cut" title={name}>
            {name}
          </span>
          <span className="soft number">
            {formatCount(count)} · {formatBytes(size)}
          </span>
        </ListBoxItem>
      )}
    </ListBox>
  );
}

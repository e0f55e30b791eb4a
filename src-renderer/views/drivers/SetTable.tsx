import { X } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { DriverSet } from '../../../src-shared/contract/driverLibrary';
import { formatBytes } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import { setParams } from '../../stores/route';
import { IconButton } from '../../ui/button';
import { DataTable, type DataColumn } from '../../ui/dataTable';
import { FaultMark, SignatureBadge } from '../../wizards/drivers/driverMarks';
import { rowsStyle } from '../../wizards/drivers/tableRows';
import { togglePackage } from './libraryActions';
import { setPackageFilter } from './libraryState';
import { noPackageFilter } from './packageFilter';
import type { SetPackage } from './setContents';

/** The packages of a set, and what each is in it for. */
export function SetTable({
  set,
  packages,
}: {
  readonly set: DriverSet;
  readonly packages: readonly SetPackage[];
}): ReactNode {
  const t = useText();
  const [selected, setSelected] = useState<string | null>(null);
  const columns = useMemo<readonly DataColumn<SetPackage>[]>(
    () => [
      {
        id: 'name',
        header: t('drivers.column.package'),
        value: ({ found }) => found.name,
        cell: ({ found }) => (
          <span className="drv-name" title={found.inf}>
            <FaultMark errors={found.errors} warnings={found.warnings} />
            <span className="text">{found.name}</span>
          </span>
        ),
        minimum: 8,
      },
      {
        id: 'use',
        header: t('drivers.column.use'),
        value: (one) => whatFor(one, t),
        cell: (one) => {
          const text = whatFor(one, t);
          return (
            <span className={one.hindrance === undefined ? 'text' : 'text drv-amber'} title={text}>
              {text}
            </span>
          );
        },
        minimum: 9,
      },
      {
        id: 'class',
        header: t('drivers.column.class'),
        value: ({ found }) => found.className,
        cell: ({ found }) => found.className,
        width: 5,
      },
      {
        id: 'version',
        header: t('drivers.column.version'),
        value: ({ found }) => found.version,
        cell: ({ found }) => found.version,
        width: 5.5,
      },
      {
        id: 'signature',
        header: t('drivers.column.signature'),
        value: ({ found }) => found.signature,
        cell: ({ found }) => <SignatureBadge state={found.signature} />,
        width: 5.75,
      },
      {
        id: 'size',
        header: t('drivers.column.size'),
        value: ({ found }) => found.bytes,
        cell: ({ found }) => formatBytes(found.bytes),
        width: 4.5,
        align: 'number',
      },
      {
        id: 'out',
        header: t('driverLibrary.set.chosen'),
        value: ({ found }) => (set.packages.includes(found.infSha256) ? 0 : 1),
        cell: ({ found }) =>
          set.packages.includes(found.infSha256) && (
            <IconButton
              label={t('driverLibrary.takeOutOf', { name: set.name })}
              icon={X}
              onPress={() => void togglePackage(set, found.infSha256)}
            />
          ),
        width: 4.25,
      },
    ],
    [t, set],
  );
  return (
    <div className="drv-set-table" style={rowsStyle(packages.length)}>
      <DataTable
        label={t('driverLibrary.set.packages')}
        rows={packages}
        columns={columns}
        rowId={({ found }) => found.id}
        selected={selected}
        onSelect={({ found }) => setSelected(found.id)}
        onOpen={({ found }) => {
          setPackageFilter(noPackageFilter);
          setParams({ tab: 'packages', package: found.id }, false);
        }}
      />
    </div>
  );
}

/** 'For Ethernet Controller and 2 more', 'Chosen by you', or why it stays out. */
function whatFor({ by, use, hindrance }: SetPackage, t: Translate): string {
  if (hindrance !== undefined) return t(`driverLibrary.set.${hindrance}`);
  if (by === 'devices' && use !== undefined && use.usedFor > 0)
    return t('drivers.use.for', { device: use.devices[0] ?? '', count: use.usedFor - 1 });
  return t('driverLibrary.set.byYou');
}

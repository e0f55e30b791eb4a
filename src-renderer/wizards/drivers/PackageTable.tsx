import { useMemo, useState, type ReactNode } from 'react';
import type { PackageRow, UseRow } from '../../../src-shared/contract/drivers';
import { formatBytes } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import { DataTable, type DataColumn } from '../../ui/dataTable';
import { sentence } from '../../ui/errors';
import { EmptyState } from '../../ui/pieces';
import { PackageDetails, type Decide } from './PackageDetails';
import { rowsStyle } from './tableRows';
import { FaultMark, SignatureBadge } from './driverMarks';

interface Row {
  readonly found: PackageRow;
  readonly use: UseRow | undefined;
}

/** Packages, with what becomes of each where that is known, and everything about the one at hand. */
export function PackageTable({
  session,
  packages,
  uses,
  decide,
  filter,
}: {
  readonly session: string;
  readonly packages: readonly PackageRow[];
  readonly uses?: ReadonlyMap<string, UseRow>;
  readonly decide?: Decide;
  /** Shows some of them only. */
  readonly filter?: (found: PackageRow, use: UseRow | undefined) => boolean;
}): ReactNode {
  const t = useText();
  const [selected, setSelected] = useState<string | null>(null);
  const withUses = uses !== undefined;
  const rows = useMemo(
    () =>
      packages
        .map((found): Row => ({ found, use: uses?.get(found.id) }))
        .filter(({ found, use }) => filter === undefined || filter(found, use)),
    [packages, uses, filter],
  );
  const columns = useMemo<readonly DataColumn<Row>[]>(
    () => [
      {
        id: 'name',
        header: t('drivers.column.package'),
        value: ({ found }) => found.name,
        cell: ({ found }) => (
          <span className="drivers-name" title={found.inf}>
            <FaultMark errors={found.errors} warnings={found.warnings} />
            <span className="text">{found.name}</span>
          </span>
        ),
        minimum: 8,
      },
      withUses
        ? {
            id: 'use',
            header: t('drivers.column.use'),
            value: (row) => wordsOfUse(row, t),
            cell: (row) => (
              <span className={row.use?.goesIn === true ? 'text' : 'text soft'}>{wordsOfUse(row, t)}</span>
            ),
            minimum: 11,
          }
        : {
            id: 'provider',
            header: t('drivers.column.provider'),
            value: ({ found }) => found.provider,
            cell: ({ found }) => found.provider,
            minimum: 6,
          },
      {
        id: 'class',
        header: t('drivers.column.class'),
        value: ({ found }) => found.className,
        cell: ({ found }) => found.className,
        width: 6.5,
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
        width: 6.5,
      },
      // What becomes of it needs the room.
      ...(withUses
        ? []
        : [
            {
              id: 'size',
              header: t('drivers.column.size'),
              value: ({ found }) => found.bytes,
              cell: ({ found }) => formatBytes(found.bytes),
              width: 5,
              align: 'number',
            } satisfies DataColumn<Row>,
          ]),
    ],
    [t, withUses],
  );
  const chosen = rows.find(({ found }) => found.id === selected);
  return (
    <div className="drivers-split">
      <div className="wizard-table" style={rowsStyle(rows.length)}>
        <DataTable
          label={t('drivers.packages')}
          rows={rows}
          columns={columns}
          rowId={({ found }) => found.id}
          selected={chosen === undefined ? null : selected}
          onSelect={({ found }) => setSelected(found.id)}
          empty={<EmptyState title={t('drivers.packages.noneHere')} />}
          lesson="drivers.packages"
        />
      </div>
      <section className="drivers-details" aria-label={t('drivers.details')}>
        {chosen === undefined ? (
          <p className="soft">{t('drivers.packages.select')}</p>
        ) : (
          <PackageDetails
            key={chosen.found.id}
            session={session}
            found={chosen.found}
            use={chosen.use}
            decide={decide}
          />
        )}
      </section>
    </div>
  );
}

/** 'For Ethernet Controller and 2 more', or why it does not go in. */
function wordsOfUse({ found, use }: Row, t: Translate): string {
  if (use === undefined) return '';
  if (use.goesIn) {
    if (use.usedFor === 0) return t('drivers.use.in');
    return t('drivers.use.for', { device: use.devices[0] ?? '', count: use.usedFor - 1 });
  }
  if (use.whyNotCode === 'faulty' && found.fault !== '') return sentence(found.fault);
  return t(`drivers.whyNot.${use.whyNotCode ?? 'no-device'}`);
}

import { Copy, History } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PackageRow } from '../../../src-shared/contract/drivers';
import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import type { DataColumn } from '../../ui/dataTable';
import { sentence } from '../../ui/errors';
import { FaultMark, SignatureBadge } from '../../wizards/drivers/driverMarks';
import '../../wizards/drivers/drivers.css';

/** The columns of the library. */
export function packageColumns(t: Translate): DataColumn<PackageRow>[] {
  return [
    {
      id: 'name',
      header: t('drivers.column.package'),
      value: ({ name }) => name,
      cell: ({ name, inf, errors, warnings }) => (
        <span className="drv-name" title={inf}>
          <FaultMark errors={errors} warnings={warnings} />
          <span className="text">{name}</span>
        </span>
      ),
      minimum: 8.75,
    },
    {
      id: 'provider',
      header: t('driverLibrary.by.vendor'),
      value: ({ provider }) => provider,
      cell: ({ provider }) => provider,
      minimum: 6,
    },
    {
      id: 'class',
      header: t('drivers.column.class'),
      value: ({ className }) => className,
      cell: ({ className }) => className,
      width: 5.5,
    },
    {
      id: 'version',
      header: t('drivers.column.version'),
      value: ({ version }) => version,
      cell: ({ version }) => version,
      width: 6,
    },
    {
      id: 'date',
      header: t('driverLibrary.date'),
      value: ({ date }) => date,
      cell: ({ date }) => date,
      width: 6,
    },
    {
      id: 'architectures',
      header: t('driverLibrary.by.architecture'),
      value: ({ architectures }) => architectures.join(', '),
      cell: ({ architectures }) => architectures.join(', '),
      width: 6.5,
    },
    {
      id: 'signature',
      header: t('drivers.column.signature'),
      value: ({ signature }) => signature,
      cell: ({ signature }) => <SignatureBadge state={signature} />,
      width: 5.75,
    },
    {
      id: 'size',
      header: t('drivers.column.size'),
      value: ({ bytes }) => bytes,
      cell: ({ bytes }) => formatBytes(bytes),
      width: 4.75,
      align: 'number',
    },
    {
      id: 'remarks',
      header: t('driverLibrary.remarks'),
      value: (found) => remarkText(found, t),
      cell: (found) => <Remark found={found} t={t} />,
      minimum: 8.75,
    },
  ];
}

/** The gravest of what is to be known of a package. */
function remarkText({ errors, duplicate, superseded, fault }: PackageRow, t: Translate): string {
  if (errors > 0) return sentence(fault);
  if (duplicate) return t('driverLibrary.isDuplicate');
  if (superseded) return t('driverLibrary.isSuperseded');
  return fault === '' ? '' : sentence(fault);
}

function Remark({ found, t }: { readonly found: PackageRow; readonly t: Translate }): ReactNode {
  const text = remarkText(found, t);
  const Icon = found.errors > 0 ? undefined : found.duplicate ? Copy : found.superseded ? History : undefined;
  return (
    <span className="drv-name" title={text}>
      {Icon !== undefined && <Icon className="ui-icon" aria-hidden />}
      <span className="text">{text}</span>
    </span>
  );
}

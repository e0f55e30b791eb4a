import type { ReactNode } from 'react';
import type { DiskSummary } from '../../../src-shared/model/disks';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { Notice } from '../../ui/pieces';
import { DiskBar } from './bar/DiskBar';
import { segmentsOfDisk } from './bar/segments';

/** Things of a partition that are named. */
const FOUND = 6;

/** What is on a disk now: its bar, and the first things found in each partition. */
export function DiskContents({ disk }: { readonly disk: DiskSummary }): ReactNode {
  const t = useText();
  const held = disk.partitions.filter(({ found, problem }) => found.length > 0 || problem !== undefined);
  return (
    <div className="stack">
      <DiskBar label={t('disks.asItIs')} segments={segmentsOfDisk(disk)} />
      {disk.partitions.length === 0 ? (
        <p className="soft">{t('disks.emptyDisk', { size: formatBytes(disk.size) })}</p>
      ) : (
        held.length > 0 && (
          <ul className="disk-found">
            {held.map(({ number, label, found, problem }) => (
              <li key={number}>
                <strong>
                  {number === 0
                    ? t('disks.wholeDisk')
                    : label === undefined || label === ''
                      ? t('disks.partitionNumber', { number })
                      : t('disks.partitionNamed', { number, label })}
                </strong>{' '}
                {problem === undefined ? (
                  <span className="soft">
                    {found.slice(0, FOUND).join(', ')}
                    {found.length > FOUND && '…'}
                  </span>
                ) : (
                  <span className="soft">{problem}</span>
                )}
              </li>
            ))}
          </ul>
        )
      )}
      {disk.warnings.length > 0 && (
        <Notice tone="decision">
          {disk.warnings.map((warning) => (
            <div key={warning}>{warning}</div>
          ))}
        </Notice>
      )}
    </div>
  );
}

import { FileBox, HardDrive, Usb, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PhysicalDisk } from '../../../src-shared/model/disks';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { IconButton } from '../../ui/button';
import { classes } from '../../ui/classes';
import { describeError } from '../../ui/errors';
import { PathText } from '../../ui/pieces';
import { DiskBar } from './bar/DiskBar';
import { segmentsOfDisk } from './bar/segments';
import { diskFactsLine } from './PhysicalDiskChoice';
import { useDisk } from './useDisk';

/** A disk in the list: what it is, how large, and its bar. */
export function DiskCard({
  path,
  physical,
  round,
  isSelected,
  onSelect,
  onForget,
}: {
  readonly path: string;
  readonly physical: PhysicalDisk | undefined;
  readonly round: number;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onForget?: () => void;
}): ReactNode {
  const t = useText();
  const { status, summary } = useDisk(path, round);
  const disk = summary.value ?? summary.last;
  const name = physical?.name ?? baseName(path);
  const Icon = physical === undefined ? FileBox : /usb/i.test(physical.bus) ? Usb : HardDrive;
  const size = physical?.size ?? disk?.size;
  return (
    <div className={classes('disk-card', isSelected && 'selected')}>
      <button type="button" aria-current={isSelected ? 'true' : undefined} onClick={onSelect}>
        <span className="disk-card-head">
          <Icon className="ui-icon" aria-hidden />
          <span className="name">{name}</span>
          {size !== undefined && <span className="size">{formatBytes(size)}</span>}
        </span>
        <span className="disk-card-facts">
          {physical === undefined ? <PathText path={path} /> : diskFactsLine(physical, t)}
        </span>
        {status.value?.kind === 'missing' && physical === undefined && (
          <span className="disk-refusal">{t('disks.fileGone')}</span>
        )}
        {summary.error !== undefined && (
          <span className="disk-refusal">{describeError(summary.error, t).message}</span>
        )}
      </button>
      {disk !== undefined && (
        <DiskBar label={t('disks.partitionsOf', { name })} segments={segmentsOfDisk(disk)} slim />
      )}
      {onForget !== undefined && (
        <span className="disk-card-forget">
          <IconButton label={t('disks.forget', { name })} icon={X} onPress={onForget} />
        </span>
      )}
    </div>
  );
}

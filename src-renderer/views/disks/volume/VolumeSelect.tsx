import type { ReactNode } from 'react';
import type { DiskSummary, PartitionSummary } from '../../../../src-shared/model/disks';
import { useText } from '../../../i18n/translate';
import { Select } from '../../../ui/fields';
import { AUTO, automaticVolume, volumeText } from './volumes';

/** Which volume of a disk. */
export function VolumeSelect({
  disk,
  volume,
  offers,
  onChange,
  label,
  hint,
}: {
  readonly disk: DiskSummary;
  readonly volume: string;
  /** Which volumes can be chosen. */
  readonly offers: (partition: PartitionSummary) => boolean;
  readonly onChange: (volume: string) => void;
  readonly label: string;
  readonly hint?: string;
}): ReactNode {
  const t = useText();
  const automatic = automaticVolume(disk);
  const options = [
    {
      value: AUTO,
      label:
        automatic === undefined
          ? t('disks.volume.autoNone')
          : t('disks.volume.auto', { volume: volumeText(automatic, t) }),
    },
    ...disk.partitions
      .filter(offers)
      .map((partition) => ({ value: String(partition.number), label: volumeText(partition, t) })),
  ];
  const known = options.some(({ value }) => value === volume);
  return (
    <div className="wizard-short">
      <Select
        label={label}
        value={known ? volume : AUTO}
        onChange={onChange}
        options={options}
        lesson="disk.volume"
        {...(hint === undefined ? {} : { hint })}
      />
    </div>
  );
}

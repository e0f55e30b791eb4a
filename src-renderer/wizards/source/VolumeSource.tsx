import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { PhysicalDiskChoice } from '../../views/disks/PhysicalDiskChoice';
import { isDevice, usePhysicalDisks } from '../../views/disks/useDisk';
import { canBeRead } from '../../views/disks/volume/volumes';
import { VolumeSelect } from '../../views/disks/volume/VolumeSelect';
import type { SourceFacts } from '../facts/useSource';
import { DiskFileField, OnDisk } from '../prepare/DiskStep';
import type { SourceDraft } from './sourceDraft';

/** A volume of a disk file or of a physical disk. */
export function VolumeSource({
  draft,
  facts,
  onChange,
  onSubmit,
}: {
  readonly draft: SourceDraft;
  readonly facts: SourceFacts;
  readonly onChange: (changes: Partial<SourceDraft>) => void;
  readonly onSubmit: () => void;
}): ReactNode {
  const t = useText();
  const { source, volume } = draft;
  const offersDevices = source === '' || isDevice(source);
  const physical = usePhysicalDisks(offersDevices);
  const disks = offersDevices ? (physical.value ?? []) : [];
  const summary = facts.disk.summary.value;
  return (
    <>
      <DiskFileField
        path={source}
        facts={facts.disk}
        hint={t('disks.source.hint')}
        onChange={(path) => onChange({ source: path })}
        onSubmit={onSubmit}
      />
      {disks.length > 0 && (
        <PhysicalDiskChoice
          label={t('disks.physicalOnes')}
          disks={disks}
          identity={disks.find(({ path }) => path === source)?.identity ?? ''}
          onChange={({ path }) => onChange({ source: path })}
          forReading
        />
      )}
      {summary !== undefined && (
        <VolumeSelect
          disk={summary}
          volume={volume}
          offers={canBeRead}
          label={t('disks.volume')}
          onChange={(next) => onChange({ volume: next })}
        />
      )}
      <OnDisk facts={facts.disk} brief />
    </>
  );
}

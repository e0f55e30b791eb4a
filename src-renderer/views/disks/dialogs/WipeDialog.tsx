import { useMemo, useState, type ReactNode } from 'react';
import type { Work } from '../../../../src-shared/contract/work';
import { useText } from '../../../i18n/translate';
import { RadioCards } from '../../../ui/fields';
import { PlanAndRun } from '../../image/PlanAndRun';

/** Erases a disk: its partition tables, or every byte. */
export function WipeDialog({
  path,
  name,
  identity,
  onClose,
  onDone,
}: {
  readonly path: string;
  readonly name: string;
  /** Of a physical disk. */
  readonly identity: string | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): ReactNode {
  const t = useText();
  const [way, setWay] = useState<'tables' | 'all'>('tables');
  const work = useMemo(
    (): Work => ({
      verb: 'diskWipe',
      request: {
        disk: path,
        overwrite: true,
        ...(way === 'all' ? { all: true } : {}),
        ...(identity === undefined ? {} : { identity }),
      },
    }),
    [path, way, identity],
  );
  return (
    <PlanAndRun
      title={t('disks.wipe.title', { name })}
      work={work}
      runLabel={t('disks.wipe.run', { name })}
      danger
      onClose={onClose}
      onDone={onDone}
    >
      <RadioCards
        label={t('disks.wipe.what')}
        value={way}
        onChange={setWay}
        options={(['tables', 'all'] as const).map((value) => ({
          value,
          label: t(`disks.wipe.${value}`),
          detail: t(`disks.wipe.${value}.detail`),
        }))}
      />
    </PlanAndRun>
  );
}

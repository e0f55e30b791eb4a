import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { formatBytes } from '../../i18n/format';
import { compressionWays } from '../../stores/compression';
import { Checkbox, NumberField, RadioCards } from '../../ui/fields';
import type { SectionProps } from './SettingsView';

/** Defaults of new jobs. */
export function Imaging({ settings, change }: SectionProps): ReactNode {
  const t = useText();
  const processors = useApp((state) => state.info?.processors ?? 1);
  const memory = useApp((state) => state.info?.memory ?? 0);
  const canLowerPriority = useApp((state) => state.info?.canLowerPriority === true);
  return (
    <>
      <RadioCards
        label={t('settings.compression')}
        value={settings.compression}
        onChange={(compression) => change({ compression })}
        options={compressionWays.map((value) => ({
          value,
          label: t(`compression.${value}`),
          detail: t(`settings.compression.${value}`),
        }))}
      />
      <Checkbox
        isSelected={settings.integrity}
        onChange={(integrity) => change({ integrity })}
        hint={t('settings.integrityHint')}
      >
        {t('settings.integrity')}
      </Checkbox>
      <Checkbox
        isSelected={settings.verifyAfterwards}
        onChange={(verifyAfterwards) => change({ verifyAfterwards })}
        hint={t('settings.verifyAfterwardsHint')}
      >
        {t('settings.verifyAfterwards')}
      </Checkbox>
      <div className="settings-short">
        <NumberField
          label={t('settings.threads')}
          hint={t('settings.threadsHint', { count: processors })}
          value={settings.threads}
          minimum={0}
          maximum={64}
          onChange={(threads) => change({ threads: Number.isFinite(threads) ? threads : 0 })}
        />
      </div>
      <div className="settings-short">
        <NumberField
          label={t('settings.memory')}
          hint={t('settings.memoryHint', { half: formatBytes(memory / 2) })}
          value={settings.memory}
          minimum={0}
          maximum={1 << 20}
          onChange={(megabytes) => change({ memory: Number.isFinite(megabytes) ? megabytes : 0 })}
        />
      </div>
      {canLowerPriority && (
        <Checkbox
          isSelected={settings.lowPriority}
          onChange={(lowPriority) => change({ lowPriority })}
          hint={t('settings.lowPriorityHint')}
        >
          {t('settings.lowPriority')}
        </Checkbox>
      )}
      <div className="settings-short">
        <NumberField
          label={t('settings.jobsAtOnce')}
          hint={t('settings.jobsAtOnceHint')}
          value={settings.jobsAtOnce}
          minimum={1}
          maximum={8}
          onChange={(jobsAtOnce) => change({ jobsAtOnce })}
        />
      </div>
    </>
  );
}

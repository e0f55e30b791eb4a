import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { Checkbox, NumberField, RadioCards } from '../../ui/fields';
import type { SectionProps } from './SettingsView';

/** Defaults of new jobs. */
export function Imaging({ settings, change }: SectionProps): ReactNode {
  const t = useText();
  const processors = useApp((state) => state.info?.processors ?? 1);
  const choices = ['xpress', 'lzx', 'none'] as const;
  return (
    <>
      <RadioCards
        label={t('settings.compression')}
        value={settings.compression}
        onChange={(compression) => change({ compression })}
        options={choices.map((value) => ({
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
          onChange={(threads) => change({ threads })}
        />
      </div>
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

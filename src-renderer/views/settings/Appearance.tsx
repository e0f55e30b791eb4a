import type { ReactNode } from 'react';
import type { Settings } from '../../../src-shared/contract/app';
import { useText } from '../../i18n/translate';
import { Select } from '../../ui/fields';
import type { SectionProps } from './SettingsView';

const themes = ['system', 'light', 'dark', 'contrast'] as const;
const languages = ['system', 'en', 'de'] as const;
const sizes = ['100', '115', '130', '150'] as const;

/** Theme, text size and language. */
export function Appearance({ settings, change }: SectionProps): ReactNode {
  const t = useText();
  return (
    <>
      <div className="settings-short">
        <Select
          label={t('settings.theme')}
          value={settings.theme}
          onChange={(theme) => change({ theme })}
          options={themes.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
        />
      </div>
      <div className="settings-short">
        <Select
          label={t('settings.textSize')}
          value={String(settings.textSize) as (typeof sizes)[number]}
          onChange={(size) => change({ textSize: Number(size) as Settings['textSize'] })}
          options={sizes.map((value) => ({
            value,
            label: t('settings.textSizeValue', { percent: value }),
          }))}
        />
      </div>
      <div className="settings-short">
        <Select
          label={t('settings.language')}
          value={settings.language}
          onChange={(language) => change({ language })}
          options={languages.map((value) => ({ value, label: t(`settings.language.${value}`) }))}
        />
      </div>
    </>
  );
}

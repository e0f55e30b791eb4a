import { useState, type ReactNode } from 'react';
import type { MessageKey } from '../../i18n/catalogue';
import { useText } from '../../i18n/translate';
import { setParams, useRoute } from '../../stores/route';
import { changeSettings, useApp } from '../../stores/app';
import type { Settings } from '../../../src-shared/contract/app';
import { ErrorNotice } from '../../ui/errorNotice';
import { Page } from '../../ui/pieces';
import { Appearance } from './Appearance';
import { Diagnostics } from './Diagnostics';
import { ExclusionLists } from './ExclusionLists';
import { Folders } from './Folders';
import { Imaging } from './Imaging';
import './settings.css';

/** What every section of the settings is given. */
export interface SectionProps {
  readonly settings: Settings;
  /** Changes at once; a failure is shown above the section. */
  readonly change: (changes: Partial<Settings>) => void;
}

const sections: Readonly<
  Record<string, { readonly title: MessageKey; readonly View: (props: SectionProps) => ReactNode }>
> = {
  imaging: { title: 'settings.imaging', View: Imaging },
  exclusions: { title: 'settings.exclusions', View: ExclusionLists },
  folders: { title: 'settings.folders', View: Folders },
  appearance: { title: 'settings.appearance', View: Appearance },
  diagnostics: { title: 'settings.diagnostics', View: Diagnostics },
};

/** Settings, which take effect at once and in every window. */
export function SettingsView(): ReactNode {
  const t = useText();
  const { params } = useRoute();
  const settings = useApp((state) => state.settings);
  const [error, setError] = useState<unknown>();
  const wanted = params['section'] ?? 'imaging';
  const selected = Object.hasOwn(sections, wanted) ? wanted : 'imaging';
  const { View, title } = sections[selected];
  const change = (changes: Partial<Settings>): void => {
    setError(undefined);
    changeSettings(changes).catch(setError);
  };
  return (
    <Page title={t('settings.title')}>
      <div className="settings-panes">
        <nav className="settings-nav" aria-label={t('settings.sections')}>
          {Object.entries(sections).map(([name, section]) => (
            <button
              key={name}
              type="button"
              aria-current={name === selected}
              onClick={() => setParams({ section: name })}
            >
              {t(section.title)}
            </button>
          ))}
        </nav>
        <div className="settings-body scroll" tabIndex={0} role="group" aria-label={t(title)}>
          <div>
            {error !== undefined && <ErrorNotice error={error} />}
            <View settings={settings} change={change} />
          </div>
        </div>
      </div>
    </Page>
  );
}

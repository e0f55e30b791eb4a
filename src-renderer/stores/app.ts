import { create } from 'zustand';
import { defaultSettings, type AppInfo, type Settings } from '../../src-shared/contract/app';
import { api } from '../api/api';
import { chooseLanguage, setLanguage } from '../i18n/translate';

interface AppState {
  readonly info: AppInfo | null;
  readonly settings: Settings;
}

/** What the program is and what the person set. */
export const useApp = create<AppState>(() => ({ info: null, settings: defaultSettings }));

/** Reads info and settings and keeps them up to date; the theme, text size and language follow. */
export async function startApp(): Promise<AppInfo> {
  api.app.settingsChanged((settings) => void applySettings(settings));
  const info = await readApp();
  for (const query of appearance)
    query.addEventListener('change', () => applyTheme(useApp.getState().settings));
  return info;
}

/** Reads info and settings as the host has them now. */
export async function readApp(): Promise<AppInfo> {
  const [info, settings] = await Promise.all([api.app.info({}), api.app.settings({})]);
  useApp.setState({ info });
  await applySettings(settings);
  return info;
}

/** Changes settings; every window follows. */
export async function changeSettings(changes: Partial<Settings>): Promise<void> {
  await applySettings(await api.app.changeSettings(changes));
}

const dark = matchMedia('(prefers-color-scheme: dark)');
const contrast = matchMedia('(prefers-contrast: more)');
const appearance = [dark, contrast];

async function applySettings(settings: Settings): Promise<void> {
  useApp.setState({ settings });
  applyTheme(settings);
  document.documentElement.style.fontSize = `${settings.textSize}%`;
  await setLanguage(chooseLanguage(settings.language));
}

function applyTheme({ theme }: Settings): void {
  const system = contrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light';
  document.documentElement.dataset['theme'] = theme === 'system' ? system : theme;
}

import { IntlMessageFormat } from 'intl-messageformat';
import { create } from 'zustand';
import { english, type Catalogue, type MessageKey } from './catalogue';

/** Languages that the workbench speaks completely. */
export type Language = 'en' | 'de';

/** Values that a message names. */
export type MessageValues = Readonly<Record<string, string | number>>;

/** The text of a message in the chosen language. */
export type Translate = (key: MessageKey, values?: MessageValues) => string;

interface LanguageState {
  readonly language: Language;
  readonly translate: Translate;
}

const useLanguageState = create<LanguageState>(() => ({
  language: 'en',
  translate: translator('en', english),
}));

/** The translating function; components that use it are drawn anew when the language changes. */
export function useText(): Translate {
  return useLanguageState((state) => state.translate);
}

/** The language in use, for dates and numbers. */
export function useLanguage(): Language {
  return useLanguageState((state) => state.language);
}

/** The translating function outside of components. */
export function currentText(): Translate {
  return useLanguageState.getState().translate;
}

export function currentLanguage(): Language {
  return useLanguageState.getState().language;
}

/** Changes the language; its texts are loaded first. */
export async function setLanguage(language: Language): Promise<void> {
  const catalogue = language === 'de' ? (await import('./german')).german : english;
  document.documentElement.lang = language;
  useLanguageState.setState({ language, translate: translator(language, catalogue) });
}

/** Language for a setting: the system's where there is one that we speak. */
export function chooseLanguage(setting: 'system' | Language): Language {
  if (setting !== 'system') return setting;
  return navigator.languages
    .map((name) => name.slice(0, 2))
    .find((name) => name === 'de' || name === 'en') === 'de'
    ? 'de'
    : 'en';
}

/** Whether there is a message of that name: for names that come from the host. */
export function hasMessage(key: string): key is MessageKey {
  return Object.hasOwn(english, key);
}

function translator(language: Language, catalogue: Catalogue): Translate {
  const formats = new Map<MessageKey, IntlMessageFormat>();
  return (key, values) => {
    const message = catalogue[key];
    if (values === undefined && !message.includes('{')) return message;
    let format = formats.get(key);
    if (format === undefined) {
      format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
      formats.set(key, format);
    }
    return String(format.format({ ...values }));
  };
}

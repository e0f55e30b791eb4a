import type { Settings } from '../../src-shared/contract/app';

const english = {
  file: 'File',
  openWim: 'Open WIM…',
  capture: 'Capture…',
  append: 'Append…',
  apply: 'Apply…',
  quit: 'Exit',
  edit: 'Edit',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select all',
  view: 'View',
  images: 'Images',
  jobs: 'Jobs',
  practice: 'Practice bench',
  settings: 'Settings',
  palette: 'Command palette',
  reload: 'Reload',
  actualSize: 'Actual size',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fullScreen: 'Full screen',
  developerTools: 'Developer tools',
  help: 'Help',
  helpContents: 'Wimsmith help',
  about: 'About Wimsmith',
  closeOneJob: 'A job is still running.',
  closeManyJobs: '{count} jobs are still running or waiting.',
  closeDetail:
    'Minimized, Wimsmith goes on and the taskbar shows how far it is. A cancelled job leaves its target as it was, or says what it left behind.',
  keepRunning: 'Keep running, minimize',
  cancelAndQuit: 'Cancel and quit',
  back: 'Back',
  goneTitle: 'The window stopped working.',
  goneDetail: 'Jobs run outside the window: they go on. Reload the window to see them. Cause: {reason}.',
  unresponsiveTitle: 'The window does not respond.',
  unresponsiveDetail: 'Jobs run outside the window: they go on. Wait, or reload the window.',
  wait: 'Wait',
  startFailed: 'Wimsmith cannot start.',
  closeFailed: 'Wimsmith could not end all its work.',
  closeTimeout: 'A job did not end within {seconds} seconds. What it was writing may be incomplete.',
  verbDone: '{verb} is done: {subject}',
  verbFailed: '{verb} failed: {subject}',
} as const;

/** Names of the verbs, as a notification begins with them. */
const englishVerbs = {
  capture: 'Capture',
  append: 'Append',
  apply: 'Apply',
  delete: 'Delete',
  export: 'Export',
  extract: 'Extract',
  info: 'Changing properties',
  join: 'Join',
  optimize: 'Optimize',
  split: 'Split',
  update: 'Changing contents',
  verify: 'Verify',
  diskCreate: 'Make disk',
  diskPrepare: 'Prepare disk',
  diskConvert: 'Convert disk',
  diskWipe: 'Wipe disk',
  driversAdd: 'Inject drivers',
  driversExport: 'Export drivers',
  driversRemove: 'Remove drivers',
} as const;

const german: Record<keyof typeof english, string> = {
  file: 'Datei',
  openWim: 'WIM öffnen…',
  capture: 'Aufzeichnen…',
  append: 'Anhängen…',
  apply: 'Anwenden…',
  quit: 'Beenden',
  edit: 'Bearbeiten',
  undo: 'Rückgängig',
  redo: 'Wiederholen',
  cut: 'Ausschneiden',
  copy: 'Kopieren',
  paste: 'Einfügen',
  selectAll: 'Alles auswählen',
  view: 'Ansicht',
  images: 'Abbilder',
  jobs: 'Aufträge',
  practice: 'Übungsplatz',
  settings: 'Einstellungen',
  palette: 'Befehlspalette',
  reload: 'Neu laden',
  actualSize: 'Originalgröße',
  zoomIn: 'Vergrößern',
  zoomOut: 'Verkleinern',
  fullScreen: 'Vollbild',
  developerTools: 'Entwicklerwerkzeuge',
  help: 'Hilfe',
  helpContents: 'Hilfe zu Wimsmith',
  about: 'Über Wimsmith',
  closeOneJob: 'Ein Auftrag läuft noch.',
  closeManyJobs: '{count} Aufträge laufen oder warten noch.',
  closeDetail:
    'Minimiert arbeitet Wimsmith weiter, und die Taskleiste zeigt den Stand. Ein abgebrochener Auftrag lässt sein Ziel, wie es war, oder sagt, was er hinterlassen hat.',
  keepRunning: 'Weiterlaufen lassen, minimieren',
  cancelAndQuit: 'Abbrechen und beenden',
  back: 'Zurück',
  goneTitle: 'Das Fenster ist ausgefallen.',
  goneDetail:
    'Aufträge laufen außerhalb des Fensters: Sie gehen weiter. Laden Sie das Fenster neu, um sie zu sehen. Ursache: {reason}.',
  unresponsiveTitle: 'Das Fenster reagiert nicht.',
  unresponsiveDetail:
    'Aufträge laufen außerhalb des Fensters: Sie gehen weiter. Warten Sie, oder laden Sie das Fenster neu.',
  wait: 'Warten',
  startFailed: 'Wimsmith kann nicht starten.',
  closeFailed: 'Wimsmith konnte nicht alle Arbeiten beenden.',
  closeTimeout:
    'Ein Auftrag endete nicht innerhalb von {seconds} Sekunden. Was er schrieb, ist vielleicht unvollständig.',
  verbDone: '{verb} ist fertig: {subject}',
  verbFailed: '{verb} ist gescheitert: {subject}',
};

const germanVerbs: Record<keyof typeof englishVerbs, string> = {
  capture: 'Aufzeichnen',
  append: 'Anhängen',
  apply: 'Anwenden',
  delete: 'Löschen',
  export: 'Exportieren',
  extract: 'Entnehmen',
  info: 'Ändern der Eigenschaften',
  join: 'Zusammenfügen',
  optimize: 'Optimieren',
  split: 'Teilen',
  update: 'Ändern des Inhalts',
  verify: 'Prüfen',
  diskCreate: 'Anlegen des Datenträgers',
  diskPrepare: 'Vorbereiten des Datenträgers',
  diskConvert: 'Umwandeln des Datenträgers',
  diskWipe: 'Löschen des Datenträgers',
  driversAdd: 'Einbringen der Treiber',
  driversExport: 'Exportieren der Treiber',
  driversRemove: 'Entfernen der Treiber',
};

/** The texts that the system shows: menus, dialogs, notifications. */
export type Words = Readonly<Record<keyof typeof english, string>> & {
  readonly verbs: Readonly<Record<keyof typeof englishVerbs, string>>;
};

const languages: Readonly<Record<'en' | 'de', Words>> = {
  en: { ...english, verbs: englishVerbs },
  de: { ...german, verbs: germanVerbs },
};

/** The texts in the language of the settings. @param locale the system's, such as "de-AT" */
export function wordsFor(language: Settings['language'], locale: string): Words {
  if (language !== 'system') return languages[language];
  return /^de\b/i.test(locale) ? languages.de : languages.en;
}

/** A text with its `{names}` filled in. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

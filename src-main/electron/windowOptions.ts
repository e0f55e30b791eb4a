import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import type { Bounds } from './windowPlace';

/** What a page may do: nothing but show itself and talk through the preload script. */
export const webPreferences = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  plugins: false,
  // A dictionary would be fetched from the network.
  spellcheck: false,
  // Progress goes on while the window is covered.
  backgroundThrottling: false,
} as const satisfies WebPreferences;

/** The smallest window in which every view works, in device-independent pixels. */
export const MINIMUM_SIZE = { width: 720, height: 480 } as const;
export const DEFAULT_SIZE = { width: 1280, height: 820 } as const;

/** Options of the workbench's window. It is shown when its page is drawn, on a background of the page's own colour. */
export function windowOptions(choices: {
  readonly bounds: Bounds;
  readonly backgroundColor: string;
  readonly preload: string;
}): BrowserWindowConstructorOptions {
  return {
    ...choices.bounds,
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: 'Wimsmith',
    show: false,
    backgroundColor: choices.backgroundColor,
    webPreferences: { ...webPreferences, preload: choices.preload },
  };
}

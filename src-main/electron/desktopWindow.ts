import path from 'node:path';
import type { BrowserWindow } from 'electron';
import type { Settings } from '../../src-shared/contract/app';
import { START_PAGE } from './origin';
import type { ElectronApi } from './electronApi';
import { backgroundColour } from './theme';
import { DEFAULT_SIZE, MINIMUM_SIZE, windowOptions } from './windowOptions';
import { placeWindow, type WindowPlace } from './windowPlace';

/** Makes the workbench's window, not yet loaded. It shows itself, maximised if it was, when its page is drawn. */
export function createWindow(
  electron: Pick<ElectronApi, 'BrowserWindow' | 'screen' | 'nativeTheme'>,
  choices: {
    readonly place: WindowPlace | undefined;
    readonly theme: Settings['theme'];
    /** Directory of preload.cjs. */
    readonly appDirectory: string;
  },
): BrowserWindow {
  const { BrowserWindow, screen, nativeTheme } = electron;
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const window = new BrowserWindow(
    windowOptions({
      bounds: placeWindow(
        choices.place?.bounds,
        [primary, ...others].map(({ workArea }) => workArea),
        { ...DEFAULT_SIZE, minWidth: MINIMUM_SIZE.width, minHeight: MINIMUM_SIZE.height },
      ),
      backgroundColor: backgroundColour(choices.theme, nativeTheme),
      preload: path.join(choices.appDirectory, 'preload.cjs'),
    }),
  );
  window.once('ready-to-show', () => {
    if (choices.place?.maximized === true) window.maximize();
    window.show();
  });
  return window;
}

/** Loads the page; what goes wrong with it is told by the page's own answers and by the recovery. */
export function loadPage(window: BrowserWindow, failed: (error: unknown) => void): void {
  window.loadURL(START_PAGE).catch(failed);
}

/** Brings the window before the person. */
export function bringForward(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

import type { BrowserWindow, Dialog, MessageBoxOptions, RenderProcessGoneDetails } from 'electron';
import { fill, type Words } from './words';

export interface RecoveryParts {
  readonly window: BrowserWindow;
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly words: () => Words;
  /** Loads the page anew. */
  readonly load: () => void;
  readonly quit: () => void;
}

/** What to show when the page's process is gone. Buttons: reload, quit. */
export function goneQuestion(reason: RenderProcessGoneDetails['reason'], words: Words): MessageBoxOptions {
  return {
    type: 'error',
    title: 'Wimsmith',
    message: words.goneTitle,
    detail: fill(words.goneDetail, { reason }),
    buttons: [words.reload, words.quit],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
}

/** What to show when the page hangs. Buttons: wait, reload. */
export function unresponsiveQuestion(words: Words, signal: AbortSignal): MessageBoxOptions {
  return {
    type: 'warning',
    title: 'Wimsmith',
    message: words.unresponsiveTitle,
    detail: words.unresponsiveDetail,
    buttons: [words.wait, words.reload],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
    signal,
  };
}

/**
 * Watches the window's page. When its process is gone, or hangs, the person is offered a reload; the jobs, which do not
 * live there, go on.
 */
export function watchPage({ window, dialog, words, load, quit }: RecoveryParts): void {
  let asking: AbortController | undefined;
  let endedByUs = false;

  window.webContents.on('render-process-gone', (_event, { reason }) => {
    asking?.abort();
    if (endedByUs) {
      endedByUs = false;
      load();
      return;
    }
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    // A page that died before it was drawn: the question needs a window to belong to.
    if (!window.isVisible()) window.show();
    void dialog.showMessageBox(window, goneQuestion(reason, words())).then(({ response }) => {
      if (response === 0) load();
      else quit();
    });
  });

  window.on('unresponsive', () => {
    if (asking !== undefined) return;
    const question = new AbortController();
    asking = question;
    void dialog
      .showMessageBox(window, unresponsiveQuestion(words(), question.signal))
      .then(({ response }) => {
        if (response !== 1 || question.signal.aborted || window.isDestroyed()) return;
        // A page that hangs would not take a polite reload: its process goes, and the page is loaded into a new one.
        endedByUs = true;
        window.webContents.forcefullyCrashRenderer();
      })
      .finally(() => {
        asking = undefined;
      });
  });
  window.on('responsive', () => asking?.abort());
}

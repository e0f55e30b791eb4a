import path from 'node:path';
import type { BrowserWindow, Notification } from 'electron';
import type { Settings } from '../../src-shared/contract/app';
import { AppError } from '../../src-shared/errors/appError';
import type { ActiveJobs, Workbench, WorkbenchOptions } from '../app/shell';
import { createAssetHandler } from './appProtocol';
import { bootstrap, type BootstrapOptions, type Bootstrapped } from './bootstrap';
import { bringForward, createWindow, loadPage } from './desktopWindow';
import { createPick } from './dialogs';
import type { ElectronApi } from './electronApi';
import { Ending, endingChoices, endingQuestion } from './ending';
import { guardSession } from './guards';
import { IpcTransports } from './ipcTransport';
import { jobNotice } from './jobNotice';
import { menuTemplate } from './menu';
import { SCHEME } from './origin';
import { PlaceStore, type DataFiles } from './placeStore';
import { watchPage } from './recovery';
import { taskbarProgress } from './taskbar';
import { backgroundColour, themeSource } from './theme';
import { fill, wordsFor, type Words } from './words';

export interface DesktopOptions extends BootstrapOptions {
  readonly electron: ElectronApi;
  readonly createWorkbench: (options: WorkbenchOptions) => Promise<Workbench>;
  /** Directory of the bundles and of renderer/. */
  readonly appDirectory: string;
  readonly version: string;
  /** Reads a file of the program. */
  readonly readProgramFile: (file: string) => Promise<Uint8Array>;
  readonly files: DataFiles;
}

/** Milliseconds that running jobs have to clean up when the program ends. */
export const END_LIMIT = 20_000;

/** Runs the workbench in an Electron window, until it ends. Resolves when the window has been made. */
export async function runDesktop(options: DesktopOptions): Promise<void> {
  const { app, dialog } = options.electron;
  const bootstrapped = bootstrap(options.electron, options);
  if (bootstrapped === undefined) {
    app.exit(0);
    return;
  }
  await app.whenReady();
  try {
    await openDesktop(options, bootstrapped);
  } catch (error) {
    const words = wordsFor('system', app.getLocale());
    dialog.showErrorBox(words.startFailed, messageOf(error));
    app.exit(1);
  }
}

async function openDesktop(options: DesktopOptions, bootstrapped: Bootstrapped): Promise<void> {
  const { electron, appDirectory, version, platform } = options;
  const { app, dialog, session, shell, ipcMain, nativeTheme } = electron;
  guardSession(session.defaultSession);
  session.defaultSession.protocol.handle(
    SCHEME,
    createAssetHandler({ root: path.join(appDirectory, 'renderer'), readFile: options.readProgramFile }),
  );

  let window: BrowserWindow | undefined;
  const { practice, open } = bootstrapped.start;
  const workbench = await options.createWorkbench({
    appDirectory,
    dataDirectory: bootstrapped.dataDirectory,
    version,
    shell: {
      kind: 'electron',
      pick: createPick(dialog, () => window),
      reveal: (file) => shell.showItemInFolder(file),
    },
    start: { practice, open },
  });
  const words = (): Words => wordsFor(workbench.settings.language, app.getLocale());

  nativeTheme.themeSource = themeSource(workbench.settings.theme);
  const places = new PlaceStore(bootstrapped.dataDirectory, options.files);
  const made = createWindow(electron, {
    place: await places.load(),
    theme: workbench.settings.theme,
    appDirectory,
  });
  window = made;
  const load = (): void =>
    loadPage(made, (error) => {
      // A load that another one, or the window's end, cut off needs no word.
      if (!made.isDestroyed() && !isAborted(error))
        dialog.showErrorBox(words().startFailed, messageOf(error));
    });

  const transports = new IpcTransports(ipcMain, (transport) => workbench.connect(transport));
  transports.add(made.webContents);

  const ending = new Ending({
    activeJobs: () => workbench.activeJobs,
    ask: async (jobs) => {
      bringForward(made);
      const { response } = await dialog.showMessageBox(made, endingQuestion(jobs, words()));
      return endingChoices[response] ?? 'back';
    },
    minimize: () => made.minimize(),
    finish: async () => {
      if (!made.isDestroyed()) {
        places.save(made);
        made.hide();
      }
      await closeWithin(
        END_LIMIT,
        workbench,
        (message) => dialog.showErrorBox(words().closeFailed, message),
        words(),
      );
      transports.close();
      await places.saved();
    },
    quit: () => app.quit(),
  });
  made.on('close', ending.onRequest);
  made.on('query-session-end', ending.onQuerySessionEnd);
  made.on('session-end', () => void ending.end());
  made.on('closed', () => {
    window = undefined;
  });
  app.on('before-quit', ending.onRequest);
  app.on('window-all-closed', () => app.quit());
  app.on('activate', () => bringForward(made));
  watchPage({ window: made, dialog, words, load, quit: () => app.quit() });

  followSettings(electron, { workbench, window: made, words, platform });
  showJobs(electron, { workbench, window: made, words });
  bootstrapped.onOpen((file) => {
    bringForward(made);
    if (file !== null) workbench.command({ command: 'open-path', path: file });
  });
  load();
}

interface Shown {
  readonly workbench: Workbench;
  readonly window: BrowserWindow;
  readonly words: () => Words;
}

/** Keeps theme, background and menus as the settings and the system say. */
function followSettings(
  { app, Menu, nativeTheme }: ElectronApi,
  { workbench, window, words, platform }: Shown & { readonly platform: string },
): void {
  const paint = ({ theme }: Settings): void => {
    if (!window.isDestroyed()) window.setBackgroundColor(backgroundColour(theme, nativeTheme));
  };
  const buildMenu = (): void => {
    const template = menuTemplate({
      words: words(),
      platform,
      packaged: app.isPackaged,
      command: (command) => workbench.command(command),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  buildMenu();
  nativeTheme.on('updated', () => paint(workbench.settings));
  workbench.onSettings((settings) => {
    nativeTheme.themeSource = themeSource(settings.theme);
    paint(settings);
    buildMenu();
  });
}

/** Shows the jobs outside the window: the taskbar's bar, a notification at the end; and the system stays awake. */
function showJobs(
  { Notification, powerSaveBlocker }: ElectronApi,
  { workbench, window, words }: Shown,
): void {
  let awake: number | undefined;
  const show = (jobs: ActiveJobs): void => {
    const busy = jobs.running + jobs.queued > 0;
    if (busy && awake === undefined) awake = powerSaveBlocker.start('prevent-app-suspension');
    if (!busy && awake !== undefined) {
      powerSaveBlocker.stop(awake);
      awake = undefined;
    }
    const { value, mode } = taskbarProgress(jobs);
    if (!window.isDestroyed()) window.setProgressBar(value, { mode });
  };
  workbench.onActiveJobs(show);

  // A notification that nothing holds is collected, and its click with it.
  const shown = new Set<Notification>();
  workbench.onJobEnd((job) => {
    if (window.isDestroyed() || !Notification.isSupported()) return;
    const notice = jobNotice(job, window.isFocused(), words());
    if (notice === undefined) return;
    const notification = new Notification({ title: notice.title, body: notice.body });
    shown.add(notification);
    notification.on('click', () => {
      bringForward(window);
      workbench.command({ command: 'jobs' });
    });
    notification.on('close', () => shown.delete(notification));
    notification.show();
  });
}

/** Closes the workbench; what goes wrong is told, and does not keep the program from ending. */
async function closeWithin(
  limit: number,
  workbench: Workbench,
  tell: (message: string) => void,
  words: Words,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), limit);
  });
  try {
    const outcome = await Promise.race([workbench.close(), late]);
    if (outcome === 'late') tell(fill(words.closeTimeout, { seconds: limit / 1000 }));
  } catch (error) {
    tell(messageOf(error));
  } finally {
    clearTimeout(timer);
  }
}

/** Chromium's name for a load that something else replaced. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_ABORTED';
}

function messageOf(error: unknown): string {
  if (error instanceof AppError) return error.hint === '' ? error.message : `${error.message}\n${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}

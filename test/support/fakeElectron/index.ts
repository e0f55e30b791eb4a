import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  NotificationConstructorOptions,
  Rectangle,
} from 'electron';
import type { ElectronApi } from '../../../src-main/electron/electronApi';
import type { guards } from '../../../src-main/electron/guards';
import { FakeBrowserWindow, preventable } from './window';

export { FakePage, FakeWebContents } from './page';
export { FakeBrowserWindow, preventable } from './window';

/** The app object: its order of events is Electron's. */
class FakeApp extends EventEmitter {
  readonly calls: string[] = [];
  readonly paths = new Map([['appData', '/home/person/.config']]);
  isPackaged = true;
  locale = 'en-GB';
  hasLock = true;
  lockData: unknown;
  becomeReady: () => void = () => undefined;
  private readonly ready = new Promise<void>((resolve) => {
    this.becomeReady = resolve;
  });
  exitCode: number | undefined;
  ended = false;

  constructor(private readonly windows: () => readonly FakeBrowserWindow[]) {
    super();
  }

  enableSandbox(): void {
    this.calls.push('enableSandbox');
  }
  setName(name: string): void {
    this.calls.push(`setName ${name}`);
  }
  setAppUserModelId(id: string): void {
    this.calls.push(`setAppUserModelId ${id}`);
  }
  getPath(name: string): string {
    const path = this.paths.get(name);
    if (path === undefined) throw new Error(`no path ${name}`);
    return path;
  }
  setPath(name: string, path: string): void {
    this.calls.push(`setPath ${name}`);
    this.paths.set(name, path);
  }
  getLocale(): string {
    return this.locale;
  }
  requestSingleInstanceLock(data: unknown): boolean {
    this.calls.push('lock');
    this.lockData = data;
    return this.hasLock;
  }
  whenReady(): Promise<void> {
    this.calls.push('whenReady');
    return this.ready;
  }
  exit(code: number): void {
    this.exitCode = code;
    this.ended = true;
  }
  quit(): void {
    const event = preventable();
    this.emit('before-quit', event);
    if (event.prevented) return;
    const open = this.windows().filter((window) => !window.isDestroyed());
    for (const window of open) window.close();
    if (open.every((window) => window.isDestroyed())) this.ended = true;
  }
}

class FakeNotification extends EventEmitter {
  shown = false;
  constructor(readonly options: NotificationConstructorOptions) {
    super();
  }
  show(): void {
    this.shown = true;
  }
}

type Handler = (request: Pick<Request, 'method' | 'url'>) => Promise<Response>;

/** An electron module that runs in plain Node, and what a test sees of it. */
export class FakeElectron {
  readonly windows: FakeBrowserWindow[] = [];
  readonly app = new FakeApp(() => this.windows);
  readonly ipcMain = new EventEmitter();
  readonly schemes: CustomScheme[] = [];
  readonly handlers = new Map<string, Handler>();
  readonly errorBoxes: (readonly [string, string])[] = [];
  readonly messageBoxes: MessageBoxOptions[] = [];
  readonly notifications: FakeNotification[] = [];
  readonly opened: string[] = [];
  readonly revealed: string[] = [];
  readonly dialogs: unknown[] = [];
  menu: MenuItemConstructorOptions[] = [];
  /** Answers of message boxes, one after the other; a function decides when. */
  answers: (number | Promise<number>)[] = [];
  openAnswer = { canceled: true, filePaths: [] as string[] };
  saveAnswer = { canceled: true, filePath: '' };
  displays: { id: number; workArea: Rectangle }[] = [
    { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } },
  ];
  readonly nativeTheme = Object.assign(new EventEmitter(), {
    themeSource: 'system',
    shouldUseDarkColors: false,
    shouldUseHighContrastColors: false,
  });
  readonly blockers = new Set<number>();
  readonly session: {
    permissionRequest?: typeof guards.permissionRequest;
    permissionCheck?: typeof guards.permissionCheck;
    device?: typeof guards.devicePermission;
  } = {};

  /** The module, as the shell takes it. */
  get api(): ElectronApi {
    const fake = {
      app: this.app,
      BrowserWindow: this.windowClass(),
      dialog: this.dialog(),
      ipcMain: this.ipcMain,
      Menu: {
        buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
        setApplicationMenu: (menu: MenuItemConstructorOptions[]) => {
          this.menu = menu;
        },
      },
      nativeTheme: this.nativeTheme,
      Notification: this.notificationClass(),
      powerSaveBlocker: {
        start: () => {
          const id = this.blockers.size + 1;
          this.blockers.add(id);
          return id;
        },
        stop: (id: number) => this.blockers.delete(id),
      },
      protocol: { registerSchemesAsPrivileged: (schemes: CustomScheme[]) => this.registerSchemes(schemes) },
      screen: { getPrimaryDisplay: () => this.displays[0], getAllDisplays: () => this.displays },
      session: { defaultSession: this.defaultSession() },
      shell: {
        openExternal: (address: string) => {
          this.opened.push(address);
          return Promise.resolve();
        },
        showItemInFolder: (file: string) => this.revealed.push(file),
      },
    };
    return fake as unknown as ElectronApi;
  }

  get window(): FakeBrowserWindow {
    const window = this.windows.at(-1);
    if (window === undefined) throw new Error('no window was made');
    return window;
  }

  private registerSchemes(schemes: CustomScheme[]): void {
    this.app.calls.push('registerSchemes');
    this.schemes.push(...schemes);
  }

  private windowClass(): new (options: BrowserWindowConstructorOptions) => FakeBrowserWindow {
    const { windows, ipcMain, app } = this;
    return class extends FakeBrowserWindow {
      constructor(options: BrowserWindowConstructorOptions) {
        super(options, ipcMain);
        windows.push(this);
        this.on('closed', () => {
          if (windows.every((window) => window.isDestroyed())) app.emit('window-all-closed');
        });
        app.emit('web-contents-created', {}, this.webContents);
      }
    };
  }

  private notificationClass(): object {
    const { notifications } = this;
    return class extends FakeNotification {
      static isSupported(): boolean {
        return true;
      }
      constructor(options: NotificationConstructorOptions) {
        super(options);
        notifications.push(this);
      }
    };
  }

  private dialog(): object {
    return {
      showErrorBox: (title: string, message: string) => this.errorBoxes.push([title, message]),
      showMessageBox: async (_window: unknown, options: MessageBoxOptions) => {
        this.messageBoxes.push(options);
        const cancelled = new Promise<number>((resolve) => {
          options.signal?.addEventListener('abort', () => resolve(options.cancelId ?? 0));
        });
        const answer = this.answers.shift() ?? options.cancelId ?? 0;
        return { response: await Promise.race([answer, cancelled]), checkboxChecked: false };
      },
      showOpenDialog: (...args: unknown[]) => {
        this.dialogs.push(['open', ...args]);
        return Promise.resolve(this.openAnswer);
      },
      showSaveDialog: (...args: unknown[]) => {
        this.dialogs.push(['save', ...args]);
        return Promise.resolve(this.saveAnswer);
      },
    };
  }

  private defaultSession(): object {
    return {
      protocol: { handle: (scheme: string, handler: Handler) => this.handlers.set(scheme, handler) },
      setPermissionRequestHandler: (handler: typeof guards.permissionRequest) => {
        this.session.permissionRequest = handler;
      },
      setPermissionCheckHandler: (handler: typeof guards.permissionCheck) => {
        this.session.permissionCheck = handler;
      },
      setDevicePermissionHandler: (handler: typeof guards.devicePermission) => {
        this.session.device = handler;
      },
    };
  }
}

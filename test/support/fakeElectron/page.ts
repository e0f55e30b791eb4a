import { EventEmitter } from 'node:events';
import type { ContextBridge, IpcRenderer, WebContents, WebFrameMain, WebUtils } from 'electron';

/** A frame as the main process sees it. */
export type FakeFrame = { -readonly [K in 'origin' | 'parent' | 'detached']: WebFrameMain[K] };

/** A page's side of the process border: what a preload script finds in 'electron', and what it gave the page. */
export class FakePage {
  readonly world = new Map<string, unknown>();
  readonly frame: FakeFrame;
  readonly renderer = new EventEmitter();
  /** Files that were dropped from the system, with their paths. */
  readonly dropped = new Map<object, string>();

  constructor(
    readonly contents: FakeWebContents,
    origin: string,
  ) {
    this.frame = { origin, parent: null, detached: false };
  }

  /** The module that the preload script requires. */
  get preloadModule(): {
    readonly contextBridge: Pick<ContextBridge, 'exposeInMainWorld'>;
    readonly ipcRenderer: Pick<IpcRenderer, 'send'> & { on: (channel: string, listener: Listener) => void };
    readonly webUtils: { getPathForFile: (file: object) => ReturnType<WebUtils['getPathForFile']> };
  } {
    return {
      contextBridge: {
        exposeInMainWorld: (name, api) => {
          this.world.set(name, api);
        },
      },
      ipcRenderer: {
        send: (channel, ...values: unknown[]) => this.send(channel, ...values),
        on: (channel, listener) => {
          this.renderer.on(channel, listener);
        },
      },
      webUtils: { getPathForFile: (file) => this.dropped.get(file) ?? '' },
    };
  }

  /** What crosses the border is cloned and arrives later, in order. */
  send(channel: string, ...values: unknown[]): void {
    const copies: unknown[] = values.map((value) => structuredClone(value));
    const event = { sender: this.contents, senderFrame: this.frame };
    queueMicrotask(() => this.contents.ipcMain.emit(channel, event, ...copies));
  }

  receive(channel: string, values: readonly unknown[]): void {
    const copies = values.map((value) => structuredClone(value));
    queueMicrotask(() => this.renderer.emit(channel, {}, ...copies));
  }
}

type Listener = (event: unknown, ...values: unknown[]) => void;
type WindowOpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0];

let lastId = 0;

/** The main process's handle of a page. `navigate` and `crash` do what a person or the system would. */
export class FakeWebContents
  extends EventEmitter
  implements
    Pick<WebContents, 'id' | 'send' | 'isDestroyed' | 'setWindowOpenHandler' | 'forcefullyCrashRenderer'>
{
  readonly id = ++lastId;
  page: FakePage | undefined;
  windowOpenHandler: WindowOpenHandler | undefined;
  readonly sent: (readonly unknown[])[] = [];
  private destroyed = false;

  constructor(readonly ipcMain: EventEmitter) {
    super();
  }

  send(channel: string, ...values: unknown[]): void {
    if (this.destroyed) throw new TypeError('Object has been destroyed');
    this.sent.push([channel, ...values]);
    this.page?.receive(channel, values);
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.windowOpenHandler = handler;
  }

  forcefullyCrashRenderer(): void {
    this.crash('killed');
  }

  /** A new document: of a first load, a reload, a navigation. */
  navigate(origin = 'app://wimsmith'): FakePage {
    if (this.page !== undefined) this.page.frame.detached = true;
    this.page = new FakePage(this, origin);
    this.emit('did-navigate', {}, `${origin}/index.html`, 200, 'OK');
    return this.page;
  }

  crash(reason: string): void {
    this.page = undefined;
    this.emit('render-process-gone', {}, { reason, exitCode: 9 });
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('destroyed');
  }
}

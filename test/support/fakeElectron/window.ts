import { EventEmitter } from 'node:events';
import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { FakeWebContents } from './page';

/** An event that can be prevented, with whether it was. */
export function preventable(): { prevented: boolean; preventDefault: () => void } {
  const event = {
    prevented: false,
    preventDefault: () => {
      event.prevented = true;
    },
  };
  return event;
}

/** A window that shows nothing and remembers what it was told. */
export class FakeBrowserWindow
  extends EventEmitter
  implements
    Pick<
      BrowserWindow,
      | 'isDestroyed'
      | 'isVisible'
      | 'isMinimized'
      | 'isMaximized'
      | 'isFocused'
      | 'show'
      | 'hide'
      | 'focus'
      | 'restore'
      | 'minimize'
      | 'maximize'
      | 'loadURL'
      | 'setBackgroundColor'
      | 'setProgressBar'
      | 'getNormalBounds'
      | 'close'
    >
{
  readonly webContents: FakeWebContents;
  readonly loaded: string[] = [];
  readonly progress: (readonly [number, unknown])[] = [];
  background: string | undefined;
  bounds: Rectangle;
  visible = false;
  minimized = false;
  maximized = false;
  focused = false;
  /** When set, the next load fails with it. */
  loadError: Error | undefined;
  private destroyed = false;

  constructor(
    readonly options: BrowserWindowConstructorOptions,
    ipcMain: EventEmitter,
  ) {
    super();
    this.webContents = new FakeWebContents(ipcMain);
    this.background = options.backgroundColor;
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }
  isVisible(): boolean {
    return this.visible;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isFocused(): boolean {
    return this.focused;
  }
  show(): void {
    this.visible = true;
  }
  hide(): void {
    this.visible = false;
  }
  focus(): void {
    this.focused = true;
  }
  restore(): void {
    this.minimized = false;
  }
  minimize(): void {
    this.minimized = true;
    this.focused = false;
  }
  maximize(): void {
    this.maximized = true;
  }
  getNormalBounds(): Rectangle {
    return this.bounds;
  }
  setBackgroundColor(colour: string): void {
    this.background = colour;
  }
  setProgressBar(value: number, options?: unknown): void {
    this.progress.push([value, options]);
  }
  loadURL(address: string): Promise<void> {
    this.loaded.push(address);
    if (this.loadError !== undefined) return Promise.reject(this.loadError);
    this.webContents.navigate();
    return Promise.resolve();
  }

  /** What the close button does: a `close` that can be prevented, then the end. */
  close(): void {
    const event = preventable();
    this.emit('close', event);
    if (event.prevented || this.destroyed) return;
    this.destroyed = true;
    this.webContents.destroy();
    this.emit('closed');
  }
}

import path from 'node:path';
import type { BrowserWindow } from 'electron';
import { parsePlace, type WindowPlace } from './windowPlace';

/** Text files of the data directory. Both reject with the system's errors. */
export interface DataFiles {
  readonly read: (file: string) => Promise<string>;
  readonly write: (file: string, text: string) => Promise<void>;
}

/** Where the window was, kept in the data directory. A place that cannot be kept is no reason to stop anything. */
export class PlaceStore {
  private readonly file: string;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    directory: string,
    private readonly files: DataFiles,
  ) {
    this.file = path.join(directory, 'window.json');
  }

  /** undefined at the first start, and when the file cannot be used. */
  async load(): Promise<WindowPlace | undefined> {
    const text = await this.files.read(this.file).then(
      (read) => read,
      () => '',
    );
    return parsePlace(text);
  }

  /** Keeps the window's present place. */
  save(window: Pick<BrowserWindow, 'getNormalBounds' | 'isMaximized'>): void {
    const { x, y, width, height } = window.getNormalBounds();
    const place: WindowPlace = { bounds: { x, y, width, height }, maximized: window.isMaximized() };
    const write = (): Promise<void> =>
      this.files.write(this.file, JSON.stringify(place)).then(
        () => undefined,
        () => undefined,
      );
    this.saving = this.saving.then(write);
  }

  /** Until all that was saved is written. */
  saved(): Promise<void> {
    return this.saving;
  }
}

import path from 'node:path';
import type { app, Settings } from '../../../src-shared/contract/app';
import type { Handlers } from '../../../src-shared/rpc/server';
import { readSettings, writeSettings } from './settingsFile';

export interface SettingsOptions {
  /** The data directory; settings.json lies in it. */
  readonly directory: string;
  /** Sends app.settingsChanged. */
  readonly emit: (settings: Settings) => void;
  /** Told what a person should know of: a damaged file. */
  readonly warn: (text: string) => void;
}

export interface SettingsService {
  readonly current: Settings;
  /** @returns what ends it */
  onChange(listener: (settings: Settings) => void): () => void;
  readonly handlers: Pick<Handlers<typeof app.members>, 'settings' | 'changeSettings'>;
  /** Waits until everything is on disk. */
  close(): Promise<void>;
}

type Change = Partial<Settings>;

/**
 * The person's settings. Changes hold at once; those that come while the file is written go together into the next
 * write. What another running instance wrote meanwhile is taken over, but for the fields that are changed here.
 */
export async function createSettingsService({
  directory,
  emit,
  warn,
}: SettingsOptions): Promise<SettingsService> {
  const file = path.join(directory, 'settings.json');
  const listeners = new Set<(settings: Settings) => void>();
  let current = (await readSettings(file, warn)).settings;
  /** What is not on disk yet, and the write that will take it there. */
  const waiting: { change: Change; write: Promise<void> | undefined } = { change: {}, write: undefined };
  let writing: Promise<void> = Promise.resolve();

  function become(settings: Settings): void {
    if (JSON.stringify(settings) === JSON.stringify(current)) return;
    current = settings;
    emit(current);
    for (const listener of [...listeners]) listener(current);
  }

  async function write(): Promise<void> {
    const { change } = waiting;
    waiting.change = {};
    waiting.write = undefined;
    try {
      const onDisk = await readSettings(file, warn);
      await writeSettings(file, directory, { ...onDisk, settings: { ...onDisk.settings, ...change } });
      become({ ...onDisk.settings, ...change, ...waiting.change });
    } catch (error) {
      // It holds as long as the program runs, and goes along with the next write.
      waiting.change = { ...change, ...waiting.change };
      throw error;
    }
  }

  function save(change: Change): Promise<void> {
    waiting.change = { ...waiting.change, ...change };
    // A write that failed was told to whoever asked for it.
    waiting.write ??= writing.then(write, write);
    writing = waiting.write;
    return writing;
  }

  return {
    get current() {
      return current;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    handlers: {
      settings: () => current,
      async changeSettings(input) {
        const change = givenFields(input);
        become({ ...current, ...change });
        await save(change);
        return current;
      },
    },
    close: () => writing.catch((error: unknown) => warn(String(error))),
  };
}

function givenFields(input: { [K in keyof Settings]?: Settings[K] | undefined }): Change {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

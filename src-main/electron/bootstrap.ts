import path from 'node:path';
import type { Event as ElectronEvent } from 'electron';
import type { ElectronApi } from './electronApi';
import { guardContents } from './guards';
import { schemes } from './origin';
import { parseStart, SecondStart, type StartRequest } from './startArguments';

/** The program's name for Windows: notifications and the taskbar go by it. As in electron-builder.yml. */
export const APP_ID = 'app.wimsmith.workbench';

export interface BootstrapOptions {
  /** Arguments of this start, without the program and its script. */
  readonly args: readonly string[];
  readonly directory: string;
  readonly platform: string;
  /** Where settings, history and logs are unless --data says otherwise: the same place as of the headless host. */
  readonly defaultDataDirectory: string;
}

/** What the program knows before the runtime is ready. */
export interface Bootstrapped {
  readonly start: StartRequest;
  readonly dataDirectory: string;
  /** Called with each file that the system or a second start wants opened; null: only to come forward. */
  onOpen(listener: (file: string | null) => void): void;
}

/**
 * Does what must be done before the runtime is ready: the sandbox, the scheme, the data directory, the guards of every
 * page to come, and the lock. undefined: the program runs already, has been told, and this one is to end.
 */
export function bootstrap(
  { app, protocol, shell }: Pick<ElectronApi, 'app' | 'protocol' | 'shell'>,
  { args, directory, platform, defaultDataDirectory }: BootstrapOptions,
): Bootstrapped | undefined {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([...schemes]);
  app.setName('Wimsmith');
  if (platform === 'win32') app.setAppUserModelId(APP_ID);

  const request = parseStart(args, directory);
  const dataDirectory = request.data ?? defaultDataDirectory;
  // Before the lock: two data directories are two workbenches.
  // Chromium's own files stay apart from ours.
  app.setPath('userData', path.join(dataDirectory, 'window'));
  const second: SecondStart = { args: [...args], directory };
  if (!app.requestSingleInstanceLock(second)) return undefined;

  let listener: ((file: string | null) => void) | undefined;
  let early: string | null = null;
  const open = (file: string | null): void => {
    if (listener !== undefined) listener(file);
    else early = file ?? early;
  };
  app.on('second-instance', (_event, _argv, _directory, data) => {
    const told = SecondStart.safeParse(data);
    open(told.success ? parseStart(told.data.args, told.data.directory).open : null);
  });
  // macOS opens files by an event, which can come before the runtime is ready.
  app.on('open-file', (event: Pick<ElectronEvent, 'preventDefault'>, file: string) => {
    event.preventDefault();
    open(file);
  });
  app.on('web-contents-created', (_event, contents) => {
    guardContents(contents, (address) => void shell.openExternal(address));
  });

  return {
    get start() {
      return { ...request, open: request.open ?? early };
    },
    dataDirectory,
    onOpen(added) {
      listener = added;
    },
  };
}

import { homedir } from 'node:os';
import path from 'node:path';
import { contract, type Contract } from '../../src-shared/contract';
import type { WindowCommand } from '../../src-shared/contract/app';
import { AppError } from '../../src-shared/errors/appError';
import type { Channel } from '../../src-shared/rpc/declare';
import { toEnvelope } from '../../src-shared/rpc/frames';
import { JobHub } from '../../src-shared/rpc/jobs';
import { RpcServer, type Handlers, type ServeOptions } from '../../src-shared/rpc/server';
import { nodeClock } from './clock';
import { createDeviceModels } from './drivers/deviceModels';
import { createDiagnosticsService } from './diagnostics/diagnosticsService';
import { createFilesService } from './files/filesService';
import { createPathRules } from './files/pathRules';
import { JobService } from './jobs/jobService';
import { createLibraryService } from './library/libraryService';
import { disksThroughEngine } from './practice/practiceDisks';
import { driversThroughEngine } from './practice/practiceDrivers';
import { openThroughBrowse } from './practice/practiceImages';
import { createPracticeService } from './practice/practiceService';
import { ProgramLog } from './programLog';
import { createAppInfo } from './settings/appInfo';
import { createSettingsService } from './settings/settingsService';
import type { Workbench, WorkbenchOptions } from './shell';
import { libraryRows } from './store/libraryRows';
import { StoreThread } from './store/storeThreadClient';
import { engine } from './threads/engineChannel';
import { EngineThreads } from './threads/engineThreads';
import { forward } from './threads/forward';

/** Jobs that go into a diagnostics bundle, and those of them whose logs do. */
const DIAGNOSED_JOBS = 100;
const DIAGNOSED_LOGS = 20;

/**
 * Makes the host behind the windows: every channel over the services, with the engine and the store in threads of their
 * own. This thread only hands on.
 */
export async function createWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { appDirectory, dataDirectory } = options;
  const programLog = new ProgramLog();
  const warn = (text: string): void => programLog.warn(text);
  const hub = new JobHub(nodeClock);
  const server = new RpcServer(hub);
  const storeThread = new StoreThread(appDirectory, dataDirectory);
  const threads = new EngineThreads(appDirectory);
  const interactive = () => threads.interactiveClient;
  const store = () => storeThread.store;
  const home = homedir();
  const rules = createPathRules(process.platform === 'win32', home);

  const settings = await createSettingsService({
    directory: dataDirectory,
    emit: (value) => server.emit(contract.app, 'settingsChanged', value),
    warn,
  });
  const library = await createLibraryService({
    store: libraryRows(store, tolerant(warn)),
    rules,
    summarize: (wim) => interactive().channel(engine).summary({ path: wim }),
    watchedFolders: () => settings.current.watchedFolders,
    emitChanged: (rows) => server.emit(contract.library, 'changed', rows),
    emitWimChanged: (change) => server.emit(contract.library, 'wimChanged', change),
    warn,
    now: () => new Date().toISOString(),
  });
  const jobs = await JobService.create({
    store,
    threads,
    hub,
    settings: () => settings.current,
    absolute: (given) => rules.absolute(given),
    emitChanged: (change) => {
      try {
        server.emit(contract.jobs, 'changed', change);
      } catch (error) {
        // A record that is larger than a message may be: the job goes on, and windows see it when they ask.
        warn(`a change of ${change.id} could not be told: ${toEnvelope(error).message}`);
      }
    },
    emitRecipesChanged: () => server.emit(contract.jobs, 'recipesChanged', null),
    wims: library,
    warn,
  });
  settings.onChange(() => {
    jobs.runner.limitChanged();
    library.watchedFoldersChanged();
  });
  const practice = createPracticeService({
    folder: path.join(dataDirectory, 'practice'),
    openWim: openThroughBrowse(() => interactive().channel(contract.browse)),
    disks: disksThroughEngine(() => ({
      disks: interactive().channel(contract.disks),
      engine: interactive().channel(engine),
    })),
    drivers: driversThroughEngine(() => ({
      drivers: interactive().channel(contract.drivers),
      engine: interactive().channel(engine),
    })),
    emit: (status) => server.emit(contract.practice, 'changed', status),
  });
  const files = createFilesService({
    rules,
    home,
    shell: options.shell,
    practiceFolder: () => practice.folder,
    recentFolders: () => library.recentFolders(),
  });
  const models = createDeviceModels({
    folder: path.join(dataDirectory, 'device models'),
    emit: (all) => server.emit(contract.deviceModels, 'changed', all),
    warn,
    now: () => new Date().toISOString(),
  });
  const info = createAppInfo({
    ...options,
    home,
    separator: rules.separator,
    settings: () => settings.current,
  });

  const diagnostics = createDiagnosticsService({
    version: options.version,
    shell: options.shell.kind,
    dataDirectory,
    rules,
    home,
    settings: () => settings.current,
    jobs: () => jobs.lastJobs(DIAGNOSED_JOBS),
    logs: async () => [
      { name: 'program.log', text: programLog.text },
      ...(await jobs.lastLogs(DIAGNOSED_LOGS)),
    ],
  });

  serveAll(
    server,
    {
      app: { ...info.handlers, ...settings.handlers, ...diagnostics.handlers },
      browse: forward(contract.browse, interactive),
      compare: forward(contract.compare, interactive),
      deviceModels: models,
      disks: forward(contract.disks, interactive),
      drivers: forward(contract.drivers, interactive),
      files: files.handlers,
      jobs: jobs.handlers,
      library: library.handlers,
      practice: practice.handlers,
      surveys: forward(contract.surveys, interactive),
    },
    { jobs: jobs.serveOptions },
  );

  return {
    connect: (transport) => server.connect(transport),
    command: (command: WindowCommand) => server.emit(contract.app, 'command', command),
    get settings() {
      return settings.current;
    },
    onSettings: (listener) => settings.onChange(listener),
    get activeJobs() {
      return jobs.runner.active;
    },
    onActiveJobs: (listener) => jobs.runner.onActive(listener),
    onJobEnd: (listener) => jobs.runner.onEnd(listener),
    async close() {
      await jobs.close();
      await library.close();
      await settings.close();
      await Promise.all([threads.close(), storeThread.close()]);
    },
  };
}

/** Handlers of every channel: one that is missing does not compile. */
type AllHandlers = { readonly [K in keyof Contract]: Handlers<Contract[K]['members']> };
type AllOptions = { readonly [K in keyof Contract]?: ServeOptions<Contract[K]['members']> };

function serveAll(server: RpcServer, handlers: AllHandlers, options: AllOptions): void {
  const serve = <K extends keyof Contract>(name: K): void => {
    const channel: Channel<Contract[K]['members']> = contract[name];
    server.serve(channel, handlers[name], options[name] ?? {});
  };
  for (const name of Object.keys(contract) as (keyof Contract)[]) serve(name);
}

/** Asks the store; a failure of it is told, and answered by what there is without it. */
function tolerant(warn: (text: string) => void): <T>(ask: () => Promise<T>, otherwise: T) => Promise<T> {
  return async (ask, otherwise) => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      warn(`the library cannot be kept: ${error.message}`);
      return otherwise;
    }
  };
}

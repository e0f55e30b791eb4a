import Module, { createRequire } from 'node:module';
import path from 'node:path';
import * as threads from 'node:worker_threads';
import { bridgeTransport } from '../../../src-renderer/api/bridgeTransport';
import { app } from '../../../src-shared/contract/app';
import { jobs } from '../../../src-shared/contract/jobs';
import { RpcClient } from '../../../src-shared/rpc/client';
import type { DesktopBridge } from '../../../src-main/electron/ipcChannel';
import { FakeElectron, type FakeBrowserWindow } from './index';

/**
 * Preloaded with `node --require` before the built program: plain Node then passes for Electron, in all threads. The
 * directory app.asar stands for the archive: `original-fs` finds nothing in it, as in the packaged program.
 *
 * The script then does what a person would: it opens the page, captures a folder, and closes the window. What it saw
 * is printed as lines of JSON.
 */

const nodeRequire = createRequire(__filename);
const versions = Object.assign({}, process.versions, { electron: '45.0.0' });
Object.defineProperty(process, 'versions', { value: versions });
// As when Electron is started with a script: that is one argument more than the packaged program has.
Object.defineProperty(process, 'defaultApp', { value: true });

const throughArchive = /[\\/]app\.asar[\\/]/;

/** Node's file system, blind for what is in the archive. */
function originalFs(): object {
  const fs = nodeRequire('node:fs') as Record<string, unknown>;
  // A proxy keeps what a function carries: realpath.native.
  const blind = (call: (...args: unknown[]) => unknown, owner: object, asynchronous: boolean): unknown =>
    new Proxy(call, {
      apply(_target, _this, args: unknown[]) {
        if (typeof args[0] !== 'string' || !throughArchive.test(args[0])) return call.apply(owner, args);
        const error = Object.assign(new Error(`ENOTDIR: not a directory, '${args[0]}'`), { code: 'ENOTDIR' });
        if (asynchronous) return Promise.reject(error);
        throw error;
      },
    });
  const wrap = (owner: object, asynchronous: boolean): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(owner).map(([name, value]: [string, unknown]) => [
        name,
        typeof value === 'function' && !/^[A-Z]/.test(name)
          ? blind(value as (...args: unknown[]) => unknown, owner, asynchronous)
          : value,
      ]),
    );
  return { ...wrap(fs, false), promises: wrap(fs.promises as object, true) };
}

const liveThreads = new Set<string>();

/** The program starts its threads without switches of its own; in Electron they are Electron's all the same. */
class ElectronWorker extends threads.Worker {
  constructor(file: string, options?: threads.WorkerOptions) {
    super(file, { ...options, execArgv: ['--require', __filename] });
    const name = `${path.basename(file)} ${this.threadId}`;
    liveThreads.add(name);
    this.on('exit', () => liveThreads.delete(name));
  }
}

const fake = new FakeElectron();
const original = originalFs();
const workerThreads = { ...threads, Worker: ElectronWorker };
type Load = (request: string, parent: { filename?: string } | undefined, isMain: boolean) => unknown;
const loader = Module as unknown as { _load: Load };
const load = loader._load;
loader._load = (request, parent, isMain) => {
  if (request === 'original-fs') return original;
  if (request === 'node:worker_threads') return workerThreads;
  if (request !== 'electron') return load(request, parent, isMain);
  const inPage = path.basename(parent?.filename ?? '') === 'preload.cjs';
  return inPage ? fake.window.webContents.page?.preloadModule : fake.api;
};

function print(what: string, value: unknown): void {
  process.stdout.write(`${JSON.stringify({ what, value })}\n`);
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function use(window: FakeBrowserWindow, dist: string): Promise<void> {
  const page = await until(() => window.webContents.page);
  const handler = fake.handlers.get('app');
  const answer = await handler?.({ url: window.loaded[0], method: 'GET' });
  print('page', [answer?.status, answer?.headers.get('content-type')]);

  nodeRequire(path.join(dist, 'preload.cjs'));
  const bridge = page.world.get('wimsmith') as DesktopBridge<object>;
  const client = new RpcClient(bridgeTransport(bridge));
  const { version, shell, nativeDialogs, start } = await client.channel(app).info({});
  print('info', { version, shell, nativeDialogs, start });

  const [source, wim] = [process.env.CAPTURE_SOURCE ?? '', process.env.CAPTURE_WIM ?? ''];
  const compression = { format: 'lzx' } as const;
  const work = { verb: 'capture', request: { source, wim, name: 'lab', compression } } as const;
  const job = await client.channel(jobs).run({ work });
  const { verb, image } = await job.result;
  print('captured', { verb, image });
  print('bar', window.progress.at(-1)?.[0]);

  window.close();
  await until(() => (fake.app.ended ? true : undefined));
  print('ended', { destroyed: window.isDestroyed(), threads: [...liveThreads], errors: fake.errorBoxes });
  // As Electron does at the end of app.quit, whatever still runs.
  process.exit();
}

if (threads.isMainThread) {
  const script = process.argv[1];
  fake.app.becomeReady();
  void until(() => (fake.windows.length > 0 || fake.app.ended ? true : undefined)).then(() => {
    if (fake.app.ended) print('failed', fake.errorBoxes);
    else return use(fake.window, path.dirname(script));
    return undefined;
  });
}

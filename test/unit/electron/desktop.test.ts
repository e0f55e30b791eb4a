import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobRecord } from '../../../src-shared/contract/jobs';
import { AppError } from '../../../src-shared/errors/appError';
import type { WorkbenchOptions } from '../../../src-main/app/shell';
import { END_LIMIT, runDesktop } from '../../../src-main/electron/desktop';
import { START_PAGE } from '../../../src-main/electron/origin';
import { backgroundColours } from '../../../src-main/electron/theme';
import { FakeElectron, preventable } from '../../support/fakeElectron';
import { runPreload } from '../../support/fakeElectron/bridge';
import { FakeWorkbench } from '../../support/fakeElectron/workbench';

let fake: FakeElectron;
let workbench: FakeWorkbench;
let asked: WorkbenchOptions | undefined;
const files = new Map<string, string>();

beforeEach(() => {
  fake = new FakeElectron();
  workbench = new FakeWorkbench();
  asked = undefined;
  files.clear();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Starts the program; the runtime is ready at once unless told otherwise. */
function start(
  args: readonly string[] = [],
  {
    platform = 'linux',
    ready = true,
    createWorkbench = undefined as (() => Promise<never>) | undefined,
  } = {},
): Promise<void> {
  if (ready) fake.app.becomeReady();
  return runDesktop({
    electron: fake.api,
    createWorkbench: (options) => {
      asked = options;
      return createWorkbench === undefined ? Promise.resolve(workbench) : createWorkbench();
    },
    appDirectory: '/app/dist',
    version: '1.2.3',
    args,
    directory: '/desk',
    defaultDataDirectory: '/home/person/.local/share/wimsmith',
    platform,
    readProgramFile: (file) => Promise.resolve(Buffer.from(file)),
    files: {
      read: (file) => {
        const text = files.get(file);
        return text === undefined
          ? Promise.reject(new AppError('io/not-found', 'none'))
          : Promise.resolve(text);
      },
      write: (file, text) => {
        files.set(file, text);
        return Promise.resolve();
      },
    },
  });
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const busy = { running: 1, queued: 0, fraction: 0.5 };
const dataFile = '/home/person/.local/share/wimsmith/window.json';

function job(state: 'done' | 'failed', seconds: number): JobRecord {
  return JobRecord.parse({
    id: 'job-1',
    work: { verb: 'capture', request: { source: '/ref', wim: '/images/lab.wim' } },
    state,
    queuedAt: '2026-03-01T10:00:00.000Z',
    startedAt: '2026-03-01T10:00:00.000Z',
    endedAt: new Date(Date.UTC(2026, 2, 1, 10, 0, seconds)).toISOString(),
    progress: null,
    result: null,
    error: null,
    aftermath: null,
    throughput: [],
  });
}

describe('the start', () => {
  it('sets the sandbox, the scheme, the data directory and the lock before the runtime is ready', async () => {
    await start([], { platform: 'win32' });
    expect(fake.app.calls).toEqual([
      'enableSandbox',
      'registerSchemes',
      'setName Wimsmith',
      'setAppUserModelId app.wimsmith.workbench',
      'setPath userData',
      'lock',
      'whenReady',
    ]);
  });

  it('opens the page in a shut-off window, by the program’s own scheme', async () => {
    await start();
    expect(fake.window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      preload: '/app/dist/preload.cjs',
    });
    expect(fake.window.loaded).toEqual([START_PAGE]);
    const answer = await fake.handlers.get('app')?.({ url: 'app://wimsmith/', method: 'GET' });
    expect(await answer?.text()).toBe('/app/dist/renderer/index.html');
    expect(fake.window.webContents.windowOpenHandler).toBeDefined();
    expect(fake.session.permissionCheck?.()).toBe(false);
  });

  it('tells the workbench where it is and what was asked for', async () => {
    await start(['--practice', '--data', 'bench', 'lab.wim']);
    expect(asked).toMatchObject({
      appDirectory: '/app/dist',
      dataDirectory: '/desk/bench',
      version: '1.2.3',
      shell: { kind: 'electron' },
      start: { practice: true, open: '/desk/lab.wim' },
    });
    expect(fake.app.paths.get('userData')).toBe('/desk/bench/window');
    asked?.shell.reveal?.('/a/lab.wim');
    expect(fake.revealed).toEqual(['/a/lab.wim']);
    fake.openAnswer = { canceled: false, filePaths: ['/a/lab.wim'] };
    const picked = asked?.shell.pick?.({ kind: 'open-file', title: '', filters: [], defaultPath: '' });
    expect(await picked).toBe('/a/lab.wim');
  });

  it('ends at once when the program runs already', async () => {
    fake.app.hasLock = false;
    await start(['lab.wim']);
    expect([fake.app.exitCode, fake.windows.length, asked]).toEqual([0, 0, undefined]);
    expect(fake.app.lockData).toEqual({ args: ['lab.wim'], directory: '/desk' });
  });

  it('says why it cannot be, and ends', async () => {
    await start([], {
      createWorkbench: () =>
        Promise.reject(new AppError('io/read-only', 'the data folder cannot be written')),
    });
    expect(fake.errorBoxes).toEqual([
      ['Wimsmith cannot start.', 'the data folder cannot be written\nChoose a place that can be written to.'],
    ]);
    expect(fake.app.exitCode).toBe(1);
  });
});

describe('files that the system wants opened', () => {
  it('by a second start: the window comes forward and opens it', async () => {
    await start();
    fake.window.minimized = true;
    fake.app.emit('second-instance', {}, ['x', '--flag', 'y.wim'], '/', {
      args: ['b.wim'],
      directory: '/other',
    });
    expect(workbench.commands).toEqual([{ command: 'open-path', path: '/other/b.wim' }]);
    expect([fake.window.minimized, fake.window.focused]).toEqual([false, true]);
  });

  it.each([undefined, null, 'x', { args: [5], directory: '/' }, { args: ['a.wim'] }])(
    'by a second start that says %j: only forward',
    async (data) => {
      await start();
      fake.app.emit('second-instance', {}, [], '/', data);
      expect([workbench.commands, fake.window.focused]).toEqual([[], true]);
    },
  );

  it('by macOS, before the runtime is ready and later', async () => {
    const started = start([], { platform: 'darwin', ready: false });
    const prevented: boolean[] = [];
    const event = { preventDefault: () => prevented.push(true) };
    fake.app.emit('open-file', event, '/a/early.wim');
    fake.app.becomeReady();
    await started;
    fake.app.emit('open-file', event, '/a/later.wim');
    expect(asked?.start.open).toBe('/a/early.wim');
    expect(workbench.commands).toEqual([{ command: 'open-path', path: '/a/later.wim' }]);
    expect(prevented).toEqual([true, true]);
  });
});

describe('the window', () => {
  it('opens where it was, maximised if it was, and only when its page is drawn', async () => {
    files.set(dataFile, '{"bounds":{"x":50,"y":60,"width":1000,"height":700},"maximized":true}');
    await start();
    expect(fake.window.options).toMatchObject({ x: 50, y: 60, width: 1000, height: 700, show: false });
    expect([fake.window.visible, fake.window.maximized]).toEqual([false, false]);
    fake.window.emit('ready-to-show');
    expect([fake.window.visible, fake.window.maximized]).toEqual([true, true]);
  });

  it('remembers its place when it closes', async () => {
    await start();
    fake.window.bounds = { x: 7, y: 8, width: 900, height: 640 };
    fake.window.maximized = true;
    fake.window.close();
    await settled();
    expect(fake.app.ended).toBe(true);
    expect(JSON.parse(files.get(dataFile) ?? '')).toEqual({
      bounds: { x: 7, y: 8, width: 900, height: 640 },
      maximized: true,
    });
  });

  it('has the colour of its theme at once, and follows settings and system', async () => {
    workbench.settings = { ...workbench.settings, theme: 'dark' };
    await start();
    expect(fake.window.options.backgroundColor).toBe(backgroundColours.dark);
    expect(fake.nativeTheme.themeSource).toBe('dark');
    workbench.changeSettings({ theme: 'contrast' });
    expect([fake.nativeTheme.themeSource, fake.window.background]).toEqual([
      'dark',
      backgroundColours.contrast,
    ]);
    workbench.changeSettings({ theme: 'system' });
    expect([fake.nativeTheme.themeSource, fake.window.background]).toEqual([
      'system',
      backgroundColours.light,
    ]);
    fake.nativeTheme.shouldUseHighContrastColors = true;
    fake.nativeTheme.emit('updated');
    expect(fake.window.background).toBe(backgroundColours.contrast);
  });

  it('has menus in the language of the settings, whose items ask the workbench', async () => {
    await start();
    expect(fake.menu[0].label).toBe('File');
    workbench.changeSettings({ language: 'de' });
    expect(fake.menu[0].label).toBe('Datei');
    const [open] = fake.menu[0].submenu as { click: () => void }[];
    open.click();
    expect(workbench.commands).toEqual([{ command: 'open-wim' }]);
  });

  it('is served by the workbench, anew after each load', async () => {
    await start();
    const { page, ...contents } = fake.window.webContents;
    if (page === undefined) throw new Error(`nothing was loaded into ${contents.id}`);
    (await runPreload(page)).send({ type: 'request' });
    await settled();
    (await runPreload(fake.window.webContents.navigate())).send({ type: 'request' });
    await settled();
    expect(workbench.connected).toHaveLength(2);
  });

  it('says when its page cannot be loaded, but not when something else was loaded instead', async () => {
    await start();
    fake.window.loadError = Object.assign(new Error('ERR_ABORTED (-3)'), { code: 'ERR_ABORTED' });
    fake.answers = [0, 0];
    fake.window.webContents.crash('crashed');
    await settled();
    expect(fake.errorBoxes).toEqual([]);
    fake.window.loadError = new Error('ERR_FAILED (-2)');
    fake.window.webContents.crash('crashed');
    await settled();
    expect(fake.errorBoxes).toEqual([['Wimsmith cannot start.', 'ERR_FAILED (-2)']]);
  });
});

describe('jobs outside the window', () => {
  it('show on the taskbar and keep the system awake', async () => {
    await start();
    workbench.changeJobs({ running: 1, queued: 1, fraction: null });
    expect(fake.blockers.size).toBe(1);
    workbench.changeJobs({ running: 1, queued: 0, fraction: 0.5 });
    expect(fake.blockers.size).toBe(1);
    workbench.changeJobs({ running: 0, queued: 0, fraction: null });
    expect(fake.blockers.size).toBe(0);
    expect(fake.window.progress).toEqual([
      [2, { mode: 'indeterminate' }],
      [0.5, { mode: 'normal' }],
      [-1, { mode: 'none' }],
    ]);
  });

  it('are told when a long one ends unseen; a click leads to it', async () => {
    await start();
    workbench.endJob(job('done', 31));
    workbench.endJob(job('done', 29));
    fake.window.focused = true;
    workbench.endJob(job('failed', 31));
    expect(fake.notifications.map(({ options, shown }) => [options.title, shown])).toEqual([
      ['Capture is done: lab.wim', true],
    ]);
    fake.window.focused = false;
    fake.notifications[0].emit('click');
    expect([workbench.commands, fake.window.focused]).toEqual([[{ command: 'jobs' }], true]);
  });
});

describe('the end', () => {
  it('closes the workbench before the program goes', async () => {
    await start();
    let release = (): void => undefined;
    workbench.closing = () => new Promise((resolve) => (release = resolve));
    fake.window.close();
    fake.window.close();
    fake.app.quit();
    await settled();
    expect([fake.app.ended, fake.window.isDestroyed(), fake.window.visible]).toEqual([false, false, false]);
    release();
    await settled();
    expect([fake.app.ended, fake.window.isDestroyed(), workbench.closes]).toEqual([true, true, 1]);
    expect(fake.messageBoxes).toEqual([]);
  });

  it.each([
    ['keep', 0, { ended: false, minimized: true, closes: 0 }],
    ['cancel and quit', 1, { ended: true, minimized: false, closes: 1 }],
    ['back', 2, { ended: false, minimized: false, closes: 0 }],
  ])('asks while jobs run: %s', async (_what, answer, expected) => {
    await start();
    for (const ask of [() => fake.window.close(), () => fake.app.quit()]) {
      if (fake.app.ended) break;
      fake.window.minimized = false;
      workbench.changeJobs(busy);
      fake.answers = [answer];
      const before = fake.messageBoxes.length;
      ask();
      ask();
      await settled();
      expect(fake.messageBoxes).toHaveLength(before + 1);
      const { ended } = fake.app;
      expect({ ended, minimized: fake.window.minimized, closes: workbench.closes }).toEqual(expected);
    }
  });

  it('is not held up by a job that does not end', async () => {
    await start();
    vi.useFakeTimers();
    workbench.closing = () => new Promise(() => undefined);
    fake.window.close();
    await vi.advanceTimersByTimeAsync(END_LIMIT - 1);
    expect(fake.app.ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(fake.app.ended).toBe(true);
    expect(fake.errorBoxes[0][1]).toContain('within 20 seconds');
  });

  it('tells what went wrong with it', async () => {
    await start();
    workbench.closing = () => Promise.reject(new Error('the history is locked'));
    fake.window.close();
    await settled();
    expect([fake.app.ended, fake.errorBoxes]).toEqual([
      true,
      [['Wimsmith could not end all its work.', 'the history is locked']],
    ]);
  });

  it('of the system waits for running jobs, and then ends without a question', async () => {
    await start();
    const idle = preventable();
    fake.window.emit('query-session-end', idle);
    workbench.changeJobs(busy);
    const working = preventable();
    fake.window.emit('query-session-end', working);
    expect([idle.prevented, working.prevented]).toEqual([false, true]);
    fake.window.emit('session-end', {});
    await settled();
    expect([fake.app.ended, workbench.closes, fake.messageBoxes]).toEqual([true, 1, []]);
  });
});

describe('a page that fails', () => {
  it('offers a reload; jobs go on', async () => {
    await start();
    workbench.changeJobs(busy);
    fake.answers = [0];
    fake.window.webContents.crash('oom');
    await settled();
    expect(fake.messageBoxes[0].message).toBe('The window stopped working.');
    expect(fake.messageBoxes[0].detail).toContain('oom');
    expect([fake.window.loaded.length, fake.window.visible, workbench.closes]).toEqual([2, true, 0]);
  });

  it('may end the program instead', async () => {
    await start();
    fake.answers = [1];
    fake.window.webContents.crash('crashed');
    await settled();
    expect([fake.app.ended, workbench.closes]).toEqual([true, 1]);
  });

  it('that ended as it should needs no word', async () => {
    await start();
    fake.window.webContents.crash('clean-exit');
    await settled();
    expect(fake.messageBoxes).toEqual([]);
  });

  it('and hangs is waited for, or replaced', async () => {
    await start();
    let answer: (button: number) => void = () => undefined;
    fake.answers = [new Promise((resolve) => (answer = resolve))];
    fake.window.emit('unresponsive');
    fake.window.emit('unresponsive');
    expect(fake.messageBoxes).toHaveLength(1);
    answer(1);
    await settled();
    // The process was ended on purpose: no second question, one new load.
    expect([fake.messageBoxes.length, fake.window.loaded.length]).toEqual([1, 2]);

    fake.answers = [new Promise(() => undefined)];
    fake.window.emit('unresponsive');
    fake.window.emit('responsive');
    await settled();
    fake.answers = [0];
    fake.window.emit('unresponsive');
    await settled();
    expect([fake.messageBoxes.length, fake.window.loaded.length]).toEqual([3, 2]);
  });
});

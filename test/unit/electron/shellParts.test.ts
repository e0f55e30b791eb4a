import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { WindowCommand } from '../../../src-shared/contract/app';
import { JobRecord } from '../../../src-shared/contract/jobs';
import { createPick } from '../../../src-main/electron/dialogs';
import { endingChoices, endingQuestion } from '../../../src-main/electron/ending';
import { jobNotice } from '../../../src-main/electron/jobNotice';
import { menuTemplate } from '../../../src-main/electron/menu';
import { parseStart } from '../../../src-main/electron/startArguments';
import { taskbarProgress } from '../../../src-main/electron/taskbar';
import { backgroundColour, backgroundColours, themeSource } from '../../../src-main/electron/theme';
import { fill, wordsFor } from '../../../src-main/electron/words';
import { FakeElectron } from '../../support/fakeElectron';

const english = wordsFor('en', 'en');

interface Item {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly accelerator?: string;
  readonly click?: () => void;
  readonly submenu?: readonly Item[];
}

function itemsOf(menu: readonly Item[]): Item[] {
  return menu.flatMap((item) => [item, ...itemsOf(item.submenu ?? [])]);
}

function menuOf(platform: string, packaged = true, told: WindowCommand[] = []): Item[] {
  const template = menuTemplate({
    words: english,
    platform,
    packaged,
    command: (command) => told.push(command),
  });
  return template as unknown as Item[];
}

describe('the menu', () => {
  it('asks the window with the accelerators that people know', () => {
    const told: WindowCommand[] = [];
    const items = itemsOf(menuOf('win32', true, told)).filter(({ click }) => click !== undefined);
    expect(Object.fromEntries(items.map(({ id, accelerator }) => [id, accelerator]))).toEqual({
      'open-wim': 'CmdOrCtrl+O',
      capture: 'CmdOrCtrl+N',
      append: 'CmdOrCtrl+Shift+N',
      apply: 'CmdOrCtrl+Shift+A',
      images: 'CmdOrCtrl+1',
      jobs: 'CmdOrCtrl+2',
      practice: 'CmdOrCtrl+3',
      settings: 'CmdOrCtrl+,',
      palette: 'CmdOrCtrl+K',
      help: 'F1',
    });
    for (const { click } of items) click?.();
    expect(told).toEqual(items.map(({ id }) => ({ command: id })));
    for (const command of told) expect(WindowCommand.safeParse(command).success).toBe(true);
  });

  it.each(['win32', 'linux', 'darwin'])('has reload, zoom, full screen, edit and quit on %s', (platform) => {
    const roles = itemsOf(menuOf(platform)).map(({ role }) => role);
    for (const role of [
      'reload',
      'resetZoom',
      'zoomIn',
      'zoomOut',
      'togglefullscreen',
      'copy',
      'paste',
      'quit',
    ]) {
      expect(roles).toContain(role);
    }
  });

  it('gives no accelerator twice', () => {
    const accelerators = itemsOf(menuOf('linux')).flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(accelerators).size).toBe(accelerators.length);
  });

  it('shows developer tools only where the program is built', () => {
    const roles = (packaged: boolean): unknown[] =>
      itemsOf(menuOf('linux', packaged)).map(({ role }) => role);
    expect(roles(true)).not.toContain('toggleDevTools');
    expect(roles(false)).toContain('toggleDevTools');
  });
});

describe('the words', () => {
  it('follow the settings, then the system', () => {
    expect(wordsFor('system', 'de-AT').file).toBe('Datei');
    expect(wordsFor('system', 'fr').file).toBe('File');
    expect(wordsFor('en', 'de').file).toBe('File');
    expect(wordsFor('de', 'en').file).toBe('Datei');
  });

  it('have the same places to fill in both languages', () => {
    const german = wordsFor('de', 'de');
    const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
    for (const [key, text] of Object.entries(english)) {
      if (typeof text === 'string') expect(places(german[key as 'file'])).toEqual(places(text));
    }
  });

  it('are filled in once, and not from what is filled in', () => {
    expect(fill('{a} and {b} and {c}', { a: '{b}', b: 2 })).toBe('{b} and 2 and {c}');
  });
});

describe('the taskbar', () => {
  it.each([
    [
      { running: 0, queued: 0, fraction: null },
      { value: -1, mode: 'none' },
    ],
    [
      { running: 1, queued: 0, fraction: null },
      { value: 2, mode: 'indeterminate' },
    ],
    [
      { running: 1, queued: 3, fraction: 0.25 },
      { value: 0.25, mode: 'normal' },
    ],
    [
      { running: 0, queued: 1, fraction: 0 },
      { value: 0, mode: 'normal' },
    ],
    [
      { running: 1, queued: 0, fraction: 1.5 },
      { value: 1, mode: 'normal' },
    ],
  ] as const)('shows %j as %j', (jobs, shown) => {
    expect(taskbarProgress(jobs)).toEqual(shown);
  });
});

describe('the theme', () => {
  const plain = { shouldUseDarkColors: false, shouldUseHighContrastColors: false };

  it('has the background of the page', () => {
    const css = readFileSync(path.resolve(__dirname, '../../../src-renderer/ui/tokens.css'), 'utf8');
    for (const [theme, colour] of Object.entries(backgroundColours)) {
      const block = css.slice(css.indexOf(`[data-theme='${theme}']`));
      expect([theme, /--canvas: (#[0-9a-f]{6})/.exec(block)?.[1]]).toEqual([theme, colour]);
    }
  });

  it('follows the settings and, with `system`, the system', () => {
    expect(backgroundColour('dark', plain)).toBe(backgroundColours.dark);
    expect(backgroundColour('light', { ...plain, shouldUseDarkColors: true })).toBe(backgroundColours.light);
    expect(backgroundColour('system', plain)).toBe(backgroundColours.light);
    expect(backgroundColour('system', { ...plain, shouldUseDarkColors: true })).toBe(backgroundColours.dark);
    expect(backgroundColour('system', { shouldUseDarkColors: true, shouldUseHighContrastColors: true })).toBe(
      backgroundColours.contrast,
    );
    expect((['system', 'light', 'dark', 'contrast'] as const).map(themeSource)).toEqual([
      'system',
      'light',
      'dark',
      'dark',
    ]);
  });
});

describe('the end of a job', () => {
  const job = (changes: Partial<JobRecord>): JobRecord =>
    JobRecord.parse({
      id: 'job-1',
      work: { verb: 'capture', request: { source: '/ref', wim: 'D:\\images\\lab.wim' } },
      state: 'done',
      queuedAt: '2026-03-01T10:00:00.000Z',
      startedAt: '2026-03-01T10:00:00.000Z',
      endedAt: '2026-03-01T10:00:30.001Z',
      progress: null,
      result: null,
      error: null,
      aftermath: null,
      throughput: [],
      ...changes,
    });

  it('is told when it was long and nobody looks', () => {
    expect(jobNotice(job({}), false, english)).toEqual({
      title: 'Capture is done: lab.wim',
      body: 'D:\\images\\lab.wim',
    });
  });

  it('tells what failed', () => {
    const failed = job({
      state: 'failed',
      work: { verb: 'apply', request: { wim: '/lab.wim', target: '/mnt/target/' } },
      error: { code: 'io/no-space', message: 'the disk is full', facts: {} },
    });
    expect(jobNotice(failed, false, english)).toEqual({
      title: 'Apply failed: target',
      body: 'the disk is full',
    });
  });

  it.each([
    ['a window that is looked at', job({}), true],
    ['a short job', job({ endedAt: '2026-03-01T10:00:30.000Z' }), false],
    ['a job that the person cancelled', job({ state: 'cancelled' }), false],
    ['a job that never started', job({ startedAt: null }), false],
  ])('is not told: %s', (_what, record, focused) => {
    expect(jobNotice(record, focused, english)).toBeUndefined();
  });
});

describe('the arguments of a start', () => {
  const none = { practice: false, open: null, data: undefined };

  it.each([
    [[], none],
    [['lab.wim'], { ...none, open: '/desk/lab.wim' }],
    [['/a/b.esd', '/a/c.wim'], { ...none, open: '/a/b.esd' }],
    [['--practice', '--no-sandbox', '--enable-features=X'], { ...none, practice: true }],
    [['--data', 'here', 'lab.wim'], { ...none, data: '/desk/here', open: '/desk/lab.wim' }],
    [['--data=/there'], { ...none, data: '/there' }],
    [['--data'], none],
    [['file:///a/My%20lab.wim'], { ...none, open: '/a/My lab.wim' }],
    [['file://host/a%2Fb.wim'], none],
    [['', '-psn_0_12345'], none],
  ])('%j', (args, expected) => {
    expect(parseStart(args, '/desk')).toEqual(expected);
  });
});

describe('native dialogs', () => {
  const filters = [{ name: 'WIM files', extensions: ['wim', 'swm'] }];

  it('give the chosen path, or null', async () => {
    const fake = new FakeElectron();
    const pick = createPick(fake.api.dialog, () => undefined);
    expect(await pick({ kind: 'open-file', title: 'Open', filters, defaultPath: '' })).toBeNull();
    expect(await pick({ kind: 'save-file', title: 'Save', filters, defaultPath: '/a/b.wim' })).toBeNull();
    fake.openAnswer = { canceled: false, filePaths: ['/ref'] };
    fake.saveAnswer = { canceled: false, filePath: '/a/c.wim' };
    expect(await pick({ kind: 'open-folder', title: 'Folder', filters: [], defaultPath: '/ref' })).toBe(
      '/ref',
    );
    expect(await pick({ kind: 'save-file', title: 'Save', filters, defaultPath: '' })).toBe('/a/c.wim');
    expect(fake.dialogs).toMatchObject([
      ['open', { title: 'Open', filters, properties: ['openFile', 'createDirectory', 'showHiddenFiles'] }],
      // On Linux the dialog asks about a file that is there only when it is told to.
      [
        'save',
        {
          title: 'Save',
          filters,
          defaultPath: '/a/b.wim',
          properties: ['createDirectory', 'showHiddenFiles', 'showOverwriteConfirmation'],
        },
      ],
      ['open', { defaultPath: '/ref', properties: ['openDirectory', 'createDirectory', 'showHiddenFiles'] }],
      ['save', { title: 'Save' }],
    ]);
  });

  it('belong to the window', async () => {
    const fake = new FakeElectron();
    const window = new fake.api.BrowserWindow({});
    await createPick(
      fake.api.dialog,
      () => window,
    )({
      kind: 'open-file',
      title: 'Open',
      filters,
      defaultPath: '',
    });
    expect(fake.dialogs[0]).toHaveLength(3);
    expect((fake.dialogs[0] as unknown[])[1]).toBe(window);
  });
});

describe('the question before the end', () => {
  it('names the jobs, and Esc ends nothing', () => {
    const one = endingQuestion({ running: 1, queued: 0, fraction: null }, english);
    const three = endingQuestion({ running: 1, queued: 2, fraction: null }, english);
    expect(one.message).toBe('A job is still running.');
    expect(three.message).toBe('3 jobs are still running or waiting.');
    expect(endingChoices[one.cancelId ?? -1]).toBe('back');
    expect(endingChoices[one.defaultId ?? -1]).toBe('keep');
    expect(one.buttons).toHaveLength(endingChoices.length);
  });
});

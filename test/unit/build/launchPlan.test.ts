import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  browserArguments,
  browserPlaces,
  electronExecutable,
  explanation,
  firstStep,
  hasDisplay,
  headless,
  readArguments,
  reasonIn,
  type Facts,
  type WorkbenchStart,
} from '../../../build/launchPlan.mjs';

const everything: Facts = {
  electron: true,
  display: true,
  superuser: false,
  terminal: true,
  browser: '/usr/bin/chromium',
};

function workbench(...args: string[]): WorkbenchStart {
  const start = readArguments(args);
  if (start.kind !== 'workbench') throw new Error('this is a line for the command line');
  return start;
}

describe('the arguments of a start', () => {
  it.each([
    [[], { headless: false, open: true, args: [] }],
    [['--headless'], { headless: true, open: true, args: [] }],
    [['--no-open'], { headless: false, open: false, args: [] }],
    [['--practice'], { headless: false, open: true, args: ['--practice'] }],
    [['a.wim', '--practice'], { headless: false, open: true, args: ['a.wim', '--practice'] }],
    [['C:\\Images\\A.ESD'], { headless: false, open: true, args: ['C:\\Images\\A.ESD'] }],
    [
      ['--headless', '--port', '8080', '--data=d', '--no-open'],
      { headless: true, open: false, args: ['--port', '8080', '--data=d'] },
    ],
    [['--port', '8080'], { headless: true, open: true, args: ['--port', '8080'] }],
    // The host says what it does not know.
    [['--practice', '--nonsense'], { headless: false, open: true, args: ['--practice', '--nonsense'] }],
  ])('%j open the workbench', (args, start) => {
    expect(readArguments(args)).toEqual({ kind: 'workbench', ...start });
  });

  it.each([
    [['capture', 'folder', 'a.wim', 'Name']],
    [['/capture', 'C:\\', 'a.wim', 'Name']],
    [['info', '--json', 'a.wim']],
    [['--help']],
    [['--version']],
    [['nonsense']],
  ])('%j go to the command line as they are', (args) => {
    expect(readArguments(args)).toEqual({ kind: 'command-line', args });
  });
});

describe('what a start does', () => {
  const step = (args: string[], facts: Partial<Facts> = {}): ReturnType<typeof firstStep> =>
    firstStep(workbench(...args), { ...everything, ...facts });

  it('opens the Electron window when the runtime is there', () => {
    expect(step([])).toEqual({ kind: 'electron' });
    expect(step([], { terminal: false, browser: undefined })).toEqual({ kind: 'electron' });
  });

  it('offers to fetch the runtime to a person, and never without one', () => {
    expect(step([], { electron: false })).toEqual({ kind: 'fetch' });
    expect(step([], { electron: false, terminal: false })).toEqual({
      kind: 'headless',
      browser: '/usr/bin/chromium',
      because: 'The Electron runtime is not here.',
    });
  });

  it('prints the address without a display or a browser, and asks for no runtime that could not be used', () => {
    expect(step([], { electron: false, display: false })).toMatchObject({
      kind: 'headless',
      browser: undefined,
    });
    expect(step([], { display: false })).toMatchObject({ kind: 'headless', browser: undefined });
    expect(step([], { electron: false, terminal: false, browser: undefined })).toMatchObject({
      browser: undefined,
    });
    expect(step([], { superuser: true })).toMatchObject({ kind: 'headless', browser: '/usr/bin/chromium' });
  });

  it('is headless when that was asked for, and opens nothing with --no-open', () => {
    expect(step(['--headless'])).toEqual({ kind: 'headless', browser: '/usr/bin/chromium', because: '' });
    expect(step(['--headless', '--no-open'])).toEqual({ kind: 'headless', browser: undefined, because: '' });
    expect(step(['--no-open'])).toEqual({ kind: 'headless', browser: undefined, because: '' });
  });

  it('says in one line why it comes otherwise than expected', () => {
    const failed = headless(workbench(), everything, 'The Electron runtime cannot be fetched (no network).');
    expect(explanation(failed)).toBe(
      'The Electron runtime cannot be fetched (no network); the workbench opens in a browser window.',
    );
    expect(explanation({ ...failed, browser: undefined })).toBe(
      'The Electron runtime cannot be fetched (no network); open the address in a browser.',
    );
    expect(explanation(headless(workbench(), everything, ''))).toBe('');
  });
});

describe('what a start looks for', () => {
  it('is a display', () => {
    expect(hasDisplay('linux', {})).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('win32', {})).toBe(true);
  });

  it('is a browser in its usual places', () => {
    expect(browserPlaces('linux', { PATH: '/a:relative:/b' }).slice(0, 2)).toEqual([
      '/a/chromium',
      '/b/chromium',
    ]);
    expect(browserPlaces('linux', {})).toEqual([]);
    expect(browserPlaces('win32', { ProgramFiles: 'C:\\P' })).toContain(
      'C:\\P\\Microsoft\\Edge\\Application\\msedge.exe',
    );
    expect(browserPlaces('darwin', {})[0]).toBe(
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    );
  });

  it('is the executable that path.txt names, inside the package only', () => {
    const directory = path.resolve('/n/electron');
    expect(electronExecutable(directory, 'electron\n')).toBe(path.join(directory, 'dist/electron'));
    for (const text of [undefined, '', '  ', '/bin/sh', '../../sh']) {
      expect(electronExecutable(directory, text)).toBeUndefined();
    }
  });

  it('is the address in the line of the host', () => {
    const address = 'http://127.0.0.1:4000/?token=abc-_1';
    expect(addressOf(`Wimsmith workbench: ${address}`)).toBe(address);
    for (const other of [
      address,
      'Wimsmith workbench: http://evil.example/?token=x',
      'Wimsmith workbench: ',
    ]) {
      expect(addressOf(other)).toBeUndefined();
    }
    expect(browserArguments(address, { superuser: false })).toContain(`--app=${address}`);
    expect(browserArguments(address, { superuser: false })).not.toContain('--no-sandbox');
  });

  it('is the line that tells why something failed', () => {
    const stack = [
      '/n/electron/install.js:40',
      'RequestError: getaddrinfo ENOTFOUND github.com',
      '    at GetAddrInfoReqWrap.onlookup (node:dns:71:26) {',
      '  code: "ENOTFOUND"',
      'Node.js v20.19.0',
    ].join('\n');
    expect(reasonIn(stack)).toBe('getaddrinfo ENOTFOUND github.com');
    expect(reasonIn('')).toBe('');
    expect(reasonIn('TypeError: fetch failed\n    at node:internal')).toBe('fetch failed');
    expect(
      reasonIn('TypeError: fetch failed {\n  [cause]: Error: connect ECONNREFUSED 1.2.3.4:443\n    at x'),
    ).toBe('connect ECONNREFUSED 1.2.3.4:443');
  });
});

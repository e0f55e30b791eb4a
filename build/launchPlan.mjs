// What `npm start` does, decided from facts alone: build/launch.mjs finds the facts and carries it out.
import path from 'node:path';
import { URLSearchParams } from 'node:url';

/**
 * What the person asked for.
 * @typedef {{ kind: 'command-line', args: readonly string[] }} CommandLine
 * @typedef {{ kind: 'workbench', headless: boolean, open: boolean, args: readonly string[] }} WorkbenchStart
 */

/** Options of the workbench, and whether a value follows. */
const options = new Map([
  ['--headless', false],
  ['--no-open', false],
  ['--practice', false],
  ['--port', true],
  ['--data', true],
]);

/** Endings of the files that the workbench opens. */
const imageFile = /\.(wim|swm|esd)$/i;

/**
 * The workbench's own options, alone or with a WIM file, start the workbench; everything else is a line for the command
 * line. A port is asked for only by who wants the address, so it stands for --headless too.
 * @param {readonly string[]} args
 * @returns {CommandLine | WorkbenchStart}
 */
export function readArguments(args) {
  /** @type {string[]} */
  const passed = [];
  let headless = false;
  let open = true;
  for (let index = 0; index < args.length; index++) {
    const [name] = args[index].split('=', 1);
    const takesValue = options.get(name);
    const isFile = !args[index].startsWith('-') && imageFile.test(args[index]);
    if (takesValue === undefined && !isFile) {
      // After an option of the workbench it is the host that says what it does not know.
      if (index === 0 || imageFile.test(args[0])) return { kind: 'command-line', args };
      passed.push(args[index]);
      continue;
    }
    if (name === '--headless') headless = true;
    else if (name === '--no-open') open = false;
    else {
      if (name === '--port') headless = true;
      passed.push(args[index]);
      if (takesValue && !args[index].includes('=') && index + 1 < args.length) passed.push(args[++index]);
    }
  }
  return { kind: 'workbench', headless, open, args: passed };
}

/**
 * @typedef {object} Facts
 * @property {boolean} electron whether the Electron runtime is there
 * @property {boolean} display whether a window can be shown
 * @property {boolean} superuser whether the person is root, under which the sandbox of a window does not work
 * @property {boolean} terminal whether a person can be asked
 * @property {string | undefined} browser a browser that can show a window of its own
 */

/**
 * What is done first, and what is said about it.
 *   electron  opens the window
 *   fetch     asks whether the runtime may be fetched
 *   headless  serves the workbench; `browser` shows it, undefined: the address is printed
 * @typedef {{ kind: 'headless', browser: string | undefined, because: string }} HeadlessStep
 * @typedef {{ kind: 'electron' } | { kind: 'fetch' } | HeadlessStep} Step
 */

/**
 * @param {WorkbenchStart} start
 * @param {Facts} facts
 * @returns {Step}
 */
export function firstStep(start, facts) {
  // --no-open opens nothing, so there is no window that Electron could be for.
  if (start.headless || !start.open) return headless(start, facts, '');
  if (!facts.display) return headless(start, facts, 'There is no display.');
  if (facts.superuser) return headless(start, facts, 'The Electron window does not open for the superuser.');
  if (facts.electron) return { kind: 'electron' };
  if (facts.terminal) return { kind: 'fetch' };
  return headless(start, facts, 'The Electron runtime is not here.');
}

/**
 * The workbench without Electron.
 * @param {WorkbenchStart} start
 * @param {Facts} facts
 * @param {string} because a sentence about why; '' when it was asked for
 * @returns {HeadlessStep}
 */
export function headless(start, facts, because) {
  const browser = start.open && facts.display ? facts.browser : undefined;
  return { kind: 'headless', browser, because };
}

/**
 * The one line that is said when the workbench comes otherwise than expected; '' when there is nothing to say.
 * @param {HeadlessStep} step
 * @returns {string}
 */
export function explanation({ browser, because }) {
  if (because === '') return '';
  const instead =
    browser === undefined ? 'open the address in a browser' : 'the workbench opens in a browser window';
  return `${because.replace(/\.$/, '')}; ${instead}.`;
}

/**
 * @param {string} platform
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {boolean} whether a window can be shown
 */
export function hasDisplay(platform, environment) {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment.DISPLAY) || Boolean(environment.WAYLAND_DISPLAY);
}

/**
 * Where a browser may be that shows a page in a window of its own, best first.
 * @param {string} platform
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {string[]} absolute paths
 */
export function browserPlaces(platform, environment) {
  if (platform === 'win32') {
    const roots = [environment.ProgramFiles, environment['ProgramFiles(x86)'], environment.LOCALAPPDATA];
    const names = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ];
    return names.flatMap((name) => roots.flatMap((root) => (root ? [path.win32.join(root, name)] : [])));
  }
  if (platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'microsoft-edge-stable',
  ];
  const folders = (environment.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return names.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
}

/**
 * @param {string} address
 * @param {Pick<Facts, 'superuser'>} facts
 * @returns {string[]} arguments of a browser for a window that shows only this page
 */
export function browserArguments(address, { superuser }) {
  return [
    `--app=${address}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--window-size=1280,860',
    // Chromium does not start for root otherwise; the window shows only the workbench's own page.
    ...(superuser ? ['--no-sandbox'] : []),
  ];
}

/**
 * @param {string} line of the headless host
 * @returns {string | undefined} the address that it names
 */
export function addressOf(line) {
  return /^Wimsmith workbench: (http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)$/.exec(line.trim())?.[1];
}

/**
 * The arguments of a program can be read by everybody who uses the machine, so a browser is not started with the token
 * but with a ticket that lets it in once.
 * @param {string} address
 * @param {string} ticket
 * @returns {string}
 */
export function addressWithTicket(address, ticket) {
  const url = new URL(address);
  url.search = new URLSearchParams({ ticket }).toString();
  return url.href;
}

/**
 * @param {string} directory node_modules/electron
 * @param {string | undefined} pathText what its path.txt holds; undefined when there is none
 * @returns {string | undefined} the executable, when there is one it is this file
 */
export function electronExecutable(directory, pathText) {
  const name = (pathText ?? '').trim();
  if (name === '' || path.isAbsolute(name) || name.split(/[\\/]/).includes('..')) return undefined;
  return path.join(directory, 'dist', name);
}

/**
 * What a program said about its failure, as a clause: the first line that tells it, without the error's class.
 * @param {string} output
 * @returns {string}
 */
export function reasonIn(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^at\s|^\(node:|^Node\.js v/.test(line));
  // What Node reports as a cause says more than the error that wraps it.
  const cause = lines.find((line) => line.startsWith('[cause]:'));
  const telling =
    cause?.slice('[cause]:'.length).trim() ??
    lines.find((line) => /error|fail|refused|not found/i.test(line)) ??
    lines[0] ??
    '';
  return telling
    .replace(/^(?:\w*Error|Uncaught)\b(?: \[\w+\])?:\s*/, '')
    .replace(/[.:{[\s]+$/, '')
    .slice(0, 200);
}

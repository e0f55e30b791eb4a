// `npm start [-- ARGUMENTS]`: opens the workbench, in an Electron window or else in a browser. What is no option of the
// workbench goes to the command line. Uses only Node's own modules, and never requires the electron package, which would
// start a download.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FETCH_TIME, fetchElectron } from './fetchElectron.mjs';
import {
  addressOf,
  addressWithTicket,
  browserArguments,
  browserPlaces,
  electronExecutable,
  explanation,
  firstStep,
  hasDisplay,
  headless,
  readArguments,
  reasonIn,
} from './launchPlan.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const electronPackage = path.join(root, 'node_modules/electron');
/** Milliseconds that a person has to answer a question. */
const ANSWER_TIME = 60_000;
/** A window that ends with an error within so many milliseconds did not open. */
const OPENING_TIME = 10_000;

/** An expected failure: its message is all that the person needs. */
class LaunchError extends Error {}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * @param {string} name
 * @returns {string} path of a bundle
 */
function bundle(name) {
  const file = path.join(root, 'dist', name);
  if (!existsSync(file)) throw new LaunchError(`dist/${name} is missing; make it with: npm run build`);
  return file;
}

/** @param {readonly string[]} args */
function runCommandLine(args) {
  const { status, signal } = spawnSync(process.execPath, [bundle('wimsmith.cjs'), ...args], {
    stdio: 'inherit',
  });
  if (signal) process.kill(process.pid, signal);
  process.exitCode = status ?? 1;
}

/** @returns {string | undefined} the Electron executable, when it is there */
function findElectron() {
  const text = path.join(electronPackage, 'path.txt');
  const executable = electronExecutable(
    electronPackage,
    existsSync(text) ? readFileSync(text, 'utf8') : undefined,
  );
  return executable !== undefined && statSync(executable, { throwIfNoEntry: false })?.isFile()
    ? executable
    : undefined;
}

/** @returns {string | undefined} a browser that can be started */
function findBrowser() {
  return browserPlaces(process.platform, process.env).find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return statSync(place).isFile();
    } catch (error) {
      if (error instanceof Error && 'code' in error) return false;
      throw error;
    }
  });
}

/**
 * @param {string} question
 * @returns {Promise<boolean>} what the person answers; no when nobody does
 */
function ask(question) {
  const lines = readline.createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((resolve) => {
    /** @param {boolean} answer */
    const end = (answer) => {
      clearTimeout(timer);
      lines.removeAllListeners('close');
      lines.close();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      process.stdout.write('\n');
      end(false);
    }, ANSWER_TIME);
    lines.on('close', () => end(false));
    lines.question(`${question} [Y/n] `, (answer) => end(/^\s*(y(es)?)?\s*$/i.test(answer)));
  });
}

/** @returns {Promise<string | undefined>} why the runtime could not be fetched */
async function fetchRuntime() {
  const installer = path.join(electronPackage, 'install.js');
  if (!existsSync(installer)) return 'node_modules/electron is missing';
  const reason = await fetchElectron({
    installer,
    onProgress: (megabytes, seconds) => {
      const bytes = megabytes > 0 ? `${megabytes.toFixed(0)} MB, ` : '';
      process.stdout.write(
        `\rFetching the Electron runtime: ${bytes}${seconds.toFixed(0)} of at most ${FETCH_TIME / 1000} seconds `,
      );
    },
  });
  process.stdout.write('\r\x1b[K');
  return reason;
}

/**
 * Starts a program that ends when the person ends it.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {import('node:child_process').StdioOptions} stdio
 */
function startProgram(file, args, stdio) {
  const child = spawn(file, args, { stdio });
  // The terminal tells the child too; the launcher goes when the child has gone.
  const onInterrupt = () => undefined;
  const onEnd = () => child.kill('SIGTERM');
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onEnd);
  process.on('SIGHUP', onEnd);
  child.on('close', () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onEnd);
    process.off('SIGHUP', onEnd);
  });
  return child;
}

/**
 * @param {string} executable
 * @param {readonly string[]} args
 * @returns {Promise<string | undefined>} why the window did not open; undefined when it did and was closed again
 */
function runElectron(executable, args) {
  const started = performance.now();
  const child = startProgram(executable, [root, ...args], ['ignore', 'inherit', 'pipe']);
  // What the browser engine writes there is of no use to the person, unless the window does not open.
  let output = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text) => (output = (output + text).slice(0, 10_000)));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => {
      const opened = code === 0 || performance.now() - started > OPENING_TIME;
      if (opened) process.exitCode = code ?? 1;
      resolve(opened ? undefined : reasonIn(output) || 'it ended at once');
    });
  });
}

/**
 * @param {string} address of the host
 * @returns {Promise<string>} the address that lets a browser in once
 */
async function ticketAddress(address) {
  const url = new URL(address);
  url.pathname = '/ticket';
  const answer = await globalThis.fetch(url, { signal: globalThis.AbortSignal.timeout(OPENING_TIME) });
  if (!answer.ok) throw new LaunchError(`the workbench answers ${answer.status}`);
  return addressWithTicket(address, (await answer.text()).trim());
}

/**
 * @param {string} browser
 * @param {string} address of the host
 * @param {{ superuser: boolean }} facts
 */
async function openBrowser(browser, address, facts) {
  const failed = () => say('The browser window did not open; open the address above in a browser.');
  try {
    const args = browserArguments(await ticketAddress(address), facts);
    const child = spawn(browser, args, { stdio: 'ignore', detached: true });
    const started = performance.now();
    child.on('error', failed);
    child.on('exit', (code) => {
      if (code !== 0 && performance.now() - started < OPENING_TIME) failed();
    });
    child.unref();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    failed();
  }
}

/**
 * @param {readonly string[]} args
 * @param {string | undefined} browser
 * @param {{ superuser: boolean }} facts
 * @returns {Promise<void>}
 */
function runHeadless(args, browser, facts) {
  const own = browser === undefined ? [] : ['--until-closed'];
  const child = startProgram(
    process.execPath,
    [bundle('headless.cjs'), ...args, ...own],
    ['ignore', 'pipe', 'inherit'],
  );
  if (child.stdout === null) throw new LaunchError('the workbench has no output');
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    say(line);
    const address = addressOf(line);
    if (address !== undefined && browser !== undefined) void openBrowser(browser, address, facts);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`The workbench cannot be started: ${error.message}\n`);
      process.exitCode = 1;
      resolve();
    });
    child.on('close', (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

async function launch() {
  const start = readArguments(process.argv.slice(2));
  if (start.kind === 'command-line') {
    runCommandLine(start.args);
    return;
  }
  let executable = findElectron();
  const facts = {
    electron: executable !== undefined,
    display: hasDisplay(process.platform, process.env),
    superuser: process.platform === 'linux' && process.getuid?.() === 0,
    terminal: Boolean(process.stdin.isTTY && process.stdout.isTTY),
    browser: findBrowser(),
  };
  let step = firstStep(start, facts);
  if (step.kind === 'fetch') {
    if (await ask('The workbench window needs the Electron runtime (about 120 MB). Fetch it now?')) {
      const reason = await fetchRuntime();
      executable = findElectron();
      step =
        executable === undefined
          ? headless(
              start,
              facts,
              `The Electron runtime cannot be fetched (${reason ?? 'it is not complete'}).`,
            )
          : { kind: 'electron' };
    } else {
      step = headless(start, facts, 'The Electron runtime is not here.');
    }
  }
  if (step.kind !== 'headless') {
    const reason = executable === undefined ? 'it is not here' : await runElectron(executable, start.args);
    if (reason === undefined) return;
    step = headless(start, facts, `The Electron window does not open (${reason}).`);
  }
  const line = explanation(step);
  if (line !== '') say(line);
  await runHeadless(start.args, step.browser, facts);
}

try {
  await launch();
} catch (error) {
  // Never a stack: it says nothing to the person.
  process.stderr.write(`${error instanceof Error ? error.message.split('\n', 1)[0] : error}\n`);
  process.exitCode = 1;
}

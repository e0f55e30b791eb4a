// Fetches the Electron runtime: runs the package's own installer, for a bounded time, and shows how far it is.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { reasonIn } from './launchPlan.mjs';

/** Milliseconds that the installer may take. */
export const FETCH_TIME = 180_000;

/**
 * @param {object} options
 * @param {string} options.installer node_modules/electron/install.js
 * @param {(megabytes: number, seconds: number) => void} options.onProgress called about once a second
 * @param {number} [options.time] milliseconds
 * @returns {Promise<string | undefined>} why it did not work, as a clause; undefined when it did
 */
export function fetchElectron({ installer, onProgress, time = FETCH_TIME }) {
  // The installer gathers the archive in the temporary folder: one of its own shows how much there is of it.
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wimsmith-electron-'));
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [installer], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder, ELECTRON_GET_NO_PROGRESS: '1' },
    });
    let output = '';
    let late = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => (output = (output + text).slice(0, 10_000)));
    }
    const ticks = setInterval(() => {
      onProgress(bytesIn(folder) / 1e6, (performance.now() - started) / 1000);
    }, 1000);
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, time);
    /** @param {string | undefined} reason */
    const end = (reason) => {
      clearInterval(ticks);
      clearTimeout(timer);
      rmSync(folder, { recursive: true, force: true });
      resolve(reason);
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code) => {
      if (code === 0) end(undefined);
      else if (late) end(`it did not arrive within ${Math.round(time / 1000)} seconds`);
      else end(inWords(reasonIn(output)));
    });
  });
}

/**
 * @param {string} reason
 * @returns {string} the same for a person
 */
function inWords(reason) {
  if (reason === '') return 'the installer failed';
  return reason === 'fetch failed' ? 'the server that has it cannot be reached' : reason;
}

/**
 * @param {string} folder
 * @returns {number} bytes of the files in it; what vanishes meanwhile counts nothing
 */
function bytesIn(folder) {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const status = statSync(path.join(folder, name), { throwIfNoEntry: false });
    if (status?.isFile()) bytes += status.size;
  }
  return bytes;
}

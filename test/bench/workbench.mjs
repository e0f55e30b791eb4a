// Measures the workbench in a browser, on a host of its own: how soon it can be used, how soon a WIM with half a million
// entries is shown, how a folder with a hundred thousand entries scrolls, and how much JavaScript there is.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright';
import { root, RunError, wimsmith } from './measure.mjs';
import { machine, median } from './report.mjs';
import { remove } from './scenarios.mjs';

const ENTRIES = 500_000;
const LARGE_FOLDER = 100_000;
const FILES_IN_FOLDER = 500;
/** Frames of the scrolling, and pixels for each. */
const SCROLL = { frames: 120, step: 1400 };
const dist = path.join(root, 'dist');

/** @typedef {{ name: string, unit: 'ms' | 'KB' | '', limit?: number, values: number[] }} Figure */

/**
 * Measures everything and prints it.
 * @param {{ rounds: number, dir: string, json: string | undefined }} options
 */
export async function measureWorkbench({ rounds, dir, json }) {
  mkdirSync(dir, { recursive: true });
  const wim = entriesWim(dir);
  const place = mkdtempSync(path.join(dir, 'workbench-'));
  const figures = {
    interactive: figure('start to interactive', 'ms', 1000),
    table: figure(`WIM with ${ENTRIES.toLocaleString('en')} entries: its table`, 'ms', 1000),
    root: figure('from there to the root of its first image', 'ms'),
    folder: figure('click on a folder to its files', 'ms', 300),
    largeFolder: figure(
      `click on a folder with ${LARGE_FOLDER.toLocaleString('en')} files to the first`,
      'ms',
      300,
    ),
    longest: figure('scrolling it: longest frame', 'ms'),
    dropped: figure(`scrolling it: frames over 34 ms, of ${SCROLL.frames}`, ''),
    filled: figure('scrolling it: last rows filled after', 'ms'),
  };
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
  let sizes;
  try {
    for (let round = 0; round < rounds; round += 1) {
      // A new host has nothing in memory yet, and a new profile no cache.
      const host = await startHost(path.join(place, String(round)));
      try {
        sizes = await measureRound(browser, host.address, wim, figures);
      } finally {
        await host.stop();
      }
    }
  } finally {
    await browser.close();
    remove(place);
  }
  const { processor, processors, node, load } = machine();
  process.stdout.write(
    `\nworkbench: ${processor}, ${processors} processors, Node ${node}, load ${load.join(' ')}\n`,
  );
  process.stdout.write(`Chromium without a graphics card; medians of ${rounds}\n\n`);
  for (const each of Object.values(figures)) process.stdout.write(`${line(each)}\n`);
  const total = readdirSync(path.join(dist, 'renderer/assets'))
    .filter((name) => name.endsWith('.js'))
    .reduce((sum, name) => sum + gzipSync(readFileSync(path.join(dist, 'renderer/assets', name))).length, 0);
  process.stdout.write(
    `${line({ ...figure('JavaScript of the first view, gzip', 'KB', 400), values: [sizes / 1024] })}\n`,
  );
  process.stdout.write(
    `${line({ ...figure('JavaScript of everything, gzip', 'KB'), values: [total / 1024] })}\n`,
  );
  if (json !== undefined) {
    const all = {
      date: new Date().toISOString(),
      machine: machine(),
      rounds,
      figures,
      firstView: sizes,
      total,
    };
    writeFileSync(json, `${JSON.stringify(all, undefined, 2)}\n`);
  }
}

/** @returns {Figure} */
function figure(name, unit, limit) {
  return { name, unit, limit, values: [] };
}

/** @param {Figure} figure */
function line({ name, unit, limit, values }) {
  const round = (value) => Math.round(value).toLocaleString('en');
  const spread =
    values.length > 1 ? `  (${round(Math.min(...values))} to ${round(Math.max(...values))})` : '';
  const wanted =
    limit === undefined ? '' : `  limit ${round(limit)}${median(values) > limit ? ' EXCEEDED' : ''}`;
  return `${name.padEnd(52)} ${`${round(median(values))} ${unit}`.padStart(9)}${spread}${wanted}`;
}

/** Waits in the page for an element and says when it came, in milliseconds since the page was asked for. */
const WHEN = `globalThis.when = (selector, text = '') => new Promise((resolve) => {
  const look = () => {
    const found = [...document.querySelectorAll(selector)].some((element) => element.textContent.includes(text));
    if (found) resolve(performance.now());
    else setTimeout(look, 1);
  };
  look();
});`;

/** Scrolls in the page, a step for each frame, and says how long the frames took. */
const scrolling = `new Promise((resolve) => {
  const list = document.querySelector('.image-paged');
  const frames = [];
  let last = performance.now();
  const step = (now) => {
    frames.push(now - last);
    last = now;
    if (frames.length > ${SCROLL.frames}) {
      const end = performance.now();
      const look = () => list.querySelector('.image-blank') === null
        ? resolve({ frames: frames.slice(1), filled: performance.now() - end })
        : setTimeout(look, 1);
      look();
      return;
    }
    list.scrollTop += ${SCROLL.step};
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

/**
 * @param {import('playwright').Browser} browser
 * @param {string} address
 * @param {string} wim
 * @returns {Promise<number>} bytes of the first view's JavaScript, compressed
 */
async function measureRound(browser, address, wim, figures) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const page = await context.newPage();
  const scripts = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) scripts.push(response.body());
  });
  await page.addInitScript(WHEN);
  await page.goto(address, { waitUntil: 'commit' });
  figures.interactive.values.push(await page.evaluate(`when('main h1', 'Images')`));
  await page.waitForLoadState('networkidle');
  const size = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0);

  const opened = await page.evaluate(`(async () => {
    const start = performance.now();
    location.hash = ${JSON.stringify(`#/image?wim=${encodeURIComponent(wim)}`)};
    const table = await when('.image-table [role="gridcell"]', 'Entries');
    const root = await when('.image-paged [role="gridcell"]', 'folder 0000');
    return { table: table - start, root: root - table };
  })()`);
  figures.table.values.push(opened.table);
  figures.root.values.push(opened.root);
  figures.folder.values.push(await clickFolder(page, 'folder 0000', 'file 00000'));
  await page.goBack();
  await page.evaluate(`when('.image-paged [role="gridcell"]', 'folder 0000')`);
  figures.largeFolder.values.push(await clickFolder(page, 'all', 'file 00000'));
  const { frames, filled } = await page.evaluate(scrolling);
  figures.longest.values.push(Math.max(...frames));
  figures.dropped.values.push(frames.filter((time) => time > 34).length);
  figures.filled.values.push(filled);
  await context.close();
  return size;
}

/** From the double click on a folder to the first of its files. */
async function clickFolder(page, folder, file) {
  return page.evaluate(`(async () => {
    const row = [...document.querySelectorAll('.image-paged .body-row')].find((each) =>
      each.querySelector('[role="gridcell"]').textContent.trim() === ${JSON.stringify(folder)});
    const start = performance.now();
    row.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    return (await when('.image-paged [role="gridcell"]', ${JSON.stringify(file)})) - start;
  })()`);
}

/**
 * A WIM of empty files, made once: a folder with many, and many folders.
 * @param {string} dir
 */
function entriesWim(dir) {
  const wim = path.join(dir, `entries-${ENTRIES}.wim`);
  if (existsSync(wim)) return wim;
  process.stdout.write('making a WIM with many entries\n');
  const tree = path.join(dir, 'entries');
  remove(tree);
  const fill = (folder, count) => {
    mkdirSync(folder, { recursive: true });
    for (let i = 0; i < count; i += 1)
      writeFileSync(path.join(folder, `file ${String(i).padStart(5, '0')}.txt`), '');
  };
  fill(path.join(tree, 'all'), LARGE_FOLDER);
  for (let i = 0; i < (ENTRIES - LARGE_FOLDER) / FILES_IN_FOLDER; i += 1)
    fill(path.join(tree, `folder ${String(i).padStart(4, '0')}`), FILES_IN_FOLDER);
  const [program, ...args] = wimsmith();
  const { status, stderr } = spawnSync(program, [...args, 'capture', tree, `${wim}.new`, 'Entries'], {
    encoding: 'utf8',
  });
  remove(tree);
  if (status !== 0) throw new RunError(`cannot make ${wim}: ${stderr.trim()}`);
  renameSync(`${wim}.new`, wim);
  return wim;
}

/**
 * @param {string} data its data folder
 * @returns {Promise<{ address: string, stop: () => Promise<void> }>}
 */
async function startHost(data) {
  mkdirSync(data, { recursive: true });
  const child = spawn(process.execPath, [path.join(dist, 'headless.cjs'), '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, HOME: data },
  });
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const found = /http:\/\/\S+/.exec(text);
      if (found !== null) resolve(found[0]);
    });
    child.on('exit', (code) => reject(new RunError(`the host ended with ${code}`)));
  });
  return {
    address,
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit');
        child.on('exit', () => resolve());
        child.kill('SIGINT');
      }),
  };
}

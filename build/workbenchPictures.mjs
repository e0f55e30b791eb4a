// Makes the pictures of the workbench in README.md: assets/workbench-*.png, from the real program on the practice bench.
// Run by hand after the looks have changed: node build/workbenchPictures.mjs [--dist=DIR] [--out=DIR]
// Everything it shows lies in a folder with a short name that tells nothing of the machine, and is removed afterwards.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, URLSearchParams } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { buildAll } from './bundle.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const lab = '/tmp/lab';
const size = { width: 1280, height: 800 };
/** A picture that is larger has more in it than a page of a README should load. */
const MOST_BYTES = 150 * 1024;
/** How far the job is when its picture is taken. */
const PERCENT = 55;

const { values } = parseArgs({
  options: {
    dist: { type: 'string', default: path.join(root, 'dist') },
    out: { type: 'string', default: path.join(root, 'assets') },
  },
});
/** @param {string[]} names */
const at = (...names) => path.join(lab, ...names);

/** @param {string[]} args */
function wimsmith(...args) {
  const program = path.join(values.dist, 'wimsmith.cjs');
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`wimsmith ${args[0]}: ${stderr.trim()}`);
}

/** Starts the host on the folder. @returns {Promise<{ address: string, stop: () => Promise<void> }>} */
async function startHost() {
  const child = spawn(process.execPath, [path.join(values.dist, 'headless.cjs'), '--data', lab], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, HOME: lab },
  });
  const gone = new Promise((resolve) => child.on('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/\S+/.exec(line);
      if (found !== null) resolve(found[0]);
    });
    child.on('exit', (code) => reject(new Error(`the host ended with ${code}`)));
  });
  return {
    address,
    stop: async () => {
      child.kill('SIGINT');
      await gone;
    },
  };
}

/** The WIM files of a small shop. */
function makeFiles() {
  mkdirSync(at('images'));
  const [pc, office] = [at('practice/Reference PC'), at('practice/Reference PC with Office')];
  const wim = at('images/lab.wim');
  wimsmith('capture', pc, wim, 'Windows 11 24H2 base', 'As delivered', '--compress=maximum', '--check');
  wimsmith('append', office, wim, 'Base and Office', 'For the office PCs');
  wimsmith(
    'append',
    at('practice/Reference PC with Office/Program Files'),
    wim,
    'Programs only',
    'To compare',
  );
  wimsmith('capture', office, at('images/sales-notebook.wim'), 'Sales notebook', '--compress=fast');
  wimsmith(
    'capture',
    at('practice/Reference PC/Users'),
    at('images/profiles.wim'),
    'Profiles',
    '--compress=none',
  );
  // Enough of one thing for a job that lasts: a data disk of a PC.
  const data = at('data disk');
  mkdirSync(data);
  for (let i = 0; i < 24; i += 1) {
    const folder = path.join(data, `Project ${String(i + 1).padStart(2, '0')}`);
    mkdirSync(folder);
    for (const [j, name] of ['drawing.dwg', 'measurements.csv', 'report.docx', 'site.jpg'].entries())
      writeFileSync(path.join(folder, name), content(i * 4 + j));
  }
}

/** Two megabytes that compress to about half. @param {number} seed */
function content(seed) {
  const bytes = Buffer.alloc(2 << 20);
  let state = seed + 1;
  for (let i = 0; i < bytes.length; i += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = (state >>> 20) & ((i >> 12) % 2 === 0 ? 0x0f : 0xff);
  }
  return bytes;
}

/** @typedef {import('playwright').Page} Page */

const steps = {
  /** @param {Page} page */
  async bench(page) {
    await go(page, 'practice');
    await page.getByRole('button', { name: 'Make the practice bench' }).click();
    await page.getByRole('group', { name: 'Lessons' }).waitFor();
  },

  /** @param {Page} page */
  async images(page) {
    await go(page, 'settings', { section: 'folders' });
    await fillPath(page, 'Folder to watch', at('images'));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: /^Stop watching/ }).waitFor();
    await go(page, 'image', { wim: at('images/lab.wim'), tab: 'integrity' });
    await page.getByRole('button', { name: 'Verify lab.wim' }).click();
    await page.getByText(/ is whole: /).waitFor();
    await go(page, 'images');
    const rows = page.getByRole('grid', { name: 'WIM files' }).getByRole('row');
    await rows.nth(3).waitFor();
    await rows.filter({ hasText: 'lab.wim' }).click();
    await page.getByText('Images in this file').waitFor();
    await rows.getByText(/^Verified today/).waitFor();
    await take(page, 'images');
  },

  /** @param {Page} page */
  async image(page) {
    await page.emulateMedia({ colorScheme: 'dark' });
    await go(page, 'image', { wim: at('images/lab.wim'), tab: 'space' });
    await page.getByRole('complementary', { name: 'Figures' }).waitFor();
    await take(page, 'image');
    await page.emulateMedia({ colorScheme: 'light' });
  },

  /** @param {Page} page */
  async capture(page) {
    await go(page, 'wizard', { name: 'capture' });
    await fillPath(page, 'Folder to capture', at('practice/Reference PC'));
    await page.getByText('What it is').waitFor();
    const next = page.getByRole('button', { name: 'Next', exact: true });
    await next.click();
    await page.getByText(/^Left out: /).waitFor();
    await next.click();
    await page.getByText(/^Figures come from a sample/).waitFor();
    await take(page, 'capture');
  },

  /** @param {Page} page */
  async disks(page) {
    await go(page, 'wizard', { name: 'prepare' });
    await fillPath(page, 'New disk file', at('images/new-pc.vhdx'));
    await page.getByLabel('Size', { exact: true }).fill('256GB');
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByRole('slider').first().waitFor();
    await take(page, 'disks');
  },

  /** @param {Page} page */
  async jobs(page) {
    await go(page, 'wizard', { name: 'capture', step: 'source' });
    await fillPath(page, 'Folder to capture', at('data disk'));
    await page.getByText('A folder without Windows').waitFor();
    await go(page, 'wizard', { name: 'capture', step: 'place' });
    await page.getByLabel('Image name').fill('Data disk');
    await fillPath(page, 'WIM file', at('images/data-disk.wim'));
    await go(page, 'wizard', { name: 'capture', step: 'review' });
    await page.getByText(/ are read from /).waitFor();
    await page.getByRole('button', { name: 'Capture to data-disk.wim' }).click();
    await page.getByText('Throughput', { exact: true }).waitFor();
    await go(page, 'jobs');
    const bar = page.locator('main').getByRole('progressbar').first();
    while (Number(await bar.getAttribute('aria-valuenow')) < PERCENT) await page.waitForTimeout(50);
    await take(page, 'jobs');
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByRole('region', { name: 'Running job' }).waitFor({ state: 'detached' });
  },
};

/**
 * @param {Page} page
 * @param {string} view
 * @param {Record<string, string>} [params]
 */
async function go(page, view, params = {}) {
  const query = new URLSearchParams(params).toString();
  await page.evaluate(`location.hash = ${JSON.stringify(`#/${view}${query === '' ? '' : `?${query}`}`)}`);
}

/**
 * @param {Page} page
 * @param {string} label
 * @param {string} value
 */
async function fillPath(page, label, value) {
  const field = page.getByRole('combobox', { name: label });
  await field.fill(value);
  // The offered paths go away with the focus.
  await field.blur();
}

/**
 * @param {Page} page
 * @param {string} name
 */
async function take(page, name) {
  // Neither a tooltip nor a row under the pointer.
  await page.mouse.move(0, 0);
  const file = path.join(values.out, `workbench-${name}.png`);
  const picture = await page.screenshot();
  if (picture.length > MOST_BYTES)
    throw new Error(`${file} has ${picture.length} bytes, more than ${MOST_BYTES}`);
  writeFileSync(file, picture);
  process.stdout.write(`${path.relative(root, file)}: ${Math.ceil(picture.length / 1024)} KB\n`);
}

if (existsSync(lab)) throw new Error(`${lab} exists: it is left alone`);
if (values.dist === path.join(root, 'dist')) await buildAll();
mkdirSync(values.out, { recursive: true });
mkdirSync(lab);
try {
  const host = await startHost();
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
  try {
    const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce', locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(host.address);
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await steps.bench(page);
    makeFiles();
    await steps.images(page);
    await steps.image(page);
    await steps.capture(page);
    await steps.disks(page);
    await steps.jobs(page);
  } finally {
    await browser.close();
    await host.stop();
  }
} finally {
  rmSync(lab, { recursive: true, force: true });
}

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wimlib } from '../support/cli';
import { noise } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { isRoot } from '../support/trees';
import {
  button,
  expectResult,
  fillCapture,
  goTo,
  next,
  passes,
  row,
  run,
  startAgain,
  typePath,
  shows,
} from './support/steps';
import { addBulk, makeSmallTree } from './support/trees';
import { openBrowser, openTab, openWindow, withoutLostHost, type WatchedPage } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

const LOST = 'The connection to the program was lost.';

/** A WIM with XML data that says what that of an encrypted ESD says, at its end. */
function encrypted(wim: Buffer): Buffer {
  // The resource header of the XML data: 56 bits of size and 8 of flags, offset, size expanded.
  const [at, place] = [0x48, Number(wim.readBigUInt64LE(0x50))];
  const size = Number(wim.readBigUInt64LE(at) & ((1n << 56n) - 1n));
  const xml = wim.subarray(place, place + size).toString('utf16le');
  const text = xml.replace('<WIM>', '<WIM><ESD><ENCRYPTED><KEY></KEY></ENCRYPTED></ESD>');
  expect(text).not.toBe(xml);
  const changed = Buffer.concat([wim, Buffer.from(text, 'utf16le')]);
  const length = BigInt(changed.length - wim.length);
  changed.writeBigUInt64LE((wim.readBigUInt64LE(at) & (0xffn << 56n)) | length, at);
  changed.writeBigUInt64LE(BigInt(wim.length), at + 8);
  changed.writeBigUInt64LE(length, at + 16);
  return changed;
}

describeWithTools(['chromium', 'wimlib-imagex'], 'bad input', () => {
  let base: string;
  let small: string;
  let good: string;
  let host: StartedHost;
  let browser: Browser;
  const windows: WatchedPage[] = [];
  const mounts: string[] = [];
  let page: Page;

  const at = (...names: string[]): string => path.join(base, ...names);
  const watched = (opened: WatchedPage): Page => {
    windows.push(opened);
    return opened.page;
  };
  const openByDialog = async (file: string): Promise<void> => {
    await page.keyboard.press('Control+o');
    const dialog = page.getByRole('dialog', { name: 'Open a WIM file' });
    const field = dialog.getByRole('combobox', { name: 'Path' });
    await shows(field).not.toHaveValue('');
    await field.fill(file);
    await field.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
  };
  /** Fills in the Apply wizard from its first step to the review. */
  const fillApply = async (wim: string, target: string): Promise<void> => {
    await goTo(page, 'wizard', { name: 'apply', wim });
    await row(page, 'Images', /^1/).waitFor();
    await next(page, 'Target');
    await typePath(page, 'Folder to fill', target);
    await next(page, 'Options');
    await next(page, 'Review');
  };
  /** The window is of use after whatever went wrong: it opens a WIM and looks into it. */
  const expectWorking = async (on = page): Promise<void> => {
    await goTo(on, 'images');
    await on.getByRole('heading', { level: 1, name: 'Images' }).waitFor();
    await goTo(on, 'image', { wim: good });
    await shows(row(on, 'Contents of the folder', 'Users')).toBeVisible();
  };

  beforeAll(async () => {
    base = temporaryDirectory();
    chmodSync(base, 0o755);
    small = at('small');
    makeSmallTree(small);
    good = at('good.wim');
    wimlib('capture', small, good, 'Good', '--compress=fast', '--check');
    host = await startHost(at('data'));
    browser = await openBrowser();
    page = watched(await openWindow(browser, host.address));
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
    for (const place of mounts) spawnSync('umount', [place], { stdio: 'ignore' });
  });

  it('a file that is no WIM', async () => {
    const file = at('letter.wim');
    writeFileSync(file, 'This is a letter.\n'.repeat(50));
    await openByDialog(file);
    const problem = page.getByRole('dialog', { name: 'The file was not opened' });
    await shows(problem).toContainText('letter.wim');
    await shows(problem).toContainText('The file is not a WIM, or its beginning is damaged.');
    await button(problem, 'Close').click();

    await goTo(page, 'image', { wim: file });
    await shows(page.getByText('letter.wim was only read; nothing was changed.')).toBeVisible();
    await goTo(page, 'wizard', { name: 'apply', wim: file });
    await shows(page.getByText('letter.wim is not a WIM file.').first()).toBeVisible();
    await shows(button(page, 'Next')).toBeDisabled();
    await goTo(page, 'wizard', { name: 'append', wim: at('nowhere.wim') });
    await shows(page.getByText(`There is no ${at('nowhere.wim')}.`).first()).toBeVisible();
    expect(readFileSync(file, 'utf8')).toBe('This is a letter.\n'.repeat(50));
    await expectWorking();
  });

  it('a WIM that was cut short', async () => {
    const file = at('short.wim');
    copyFileSync(good, file);
    const size = Math.floor(statSync(good).size / 2);
    truncateSync(file, size);
    await openByDialog(file);
    const problem = page.getByRole('dialog', { name: 'The file was not opened' });
    await shows(problem).toContainText('short.wim');
    await shows(problem).toContainText('The file is shorter than it says. Copy or download it again.');
    await button(problem, 'Close').click();
    await goTo(page, 'wizard', { name: 'apply', wim: file });
    await shows(page.getByText('The file is shorter than it says. Copy or download it again.')).toBeVisible();
    await shows(button(page, 'Next')).toBeDisabled();
    expect(statSync(file).size).toBe(size);
    await expectWorking();
  });

  it('an encrypted ESD', async () => {
    const file = at('update.esd');
    writeFileSync(file, encrypted(readFileSync(good)));
    await goTo(page, 'image', { wim: file });
    await shows(page.getByText(/update\.esd is an encrypted ESD/)).toBeVisible();
    await shows(page.getByText(/^The file is not damaged\./)).toBeVisible();
    await expectWorking();
  });

  it('a split set with a part missing', async () => {
    mkdirSync(at('set', 'tree'), { recursive: true });
    for (let i = 0; i < 4; i++) writeFileSync(at('set', 'tree', `noise ${i}`), noise(700_000, 80 + i));
    wimlib('capture', at('set', 'tree'), at('set', 'whole.wim'), 'Noise', '--compress=none');
    wimlib('split', at('set', 'whole.wim'), at('set', 'lab.swm'), '1');
    rmSync(at('set', 'lab2.swm'));
    await goTo(page, 'image', { wim: at('set', 'lab.swm') });
    await shows(page.getByText('One part of the set is not beside this one: lab2.swm.')).toBeVisible();
    await button(page, 'More actions').click();
    await page.getByRole('menuitem', { name: 'Join parts…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Join the parts of a split WIM' });
    await shows(dialog).toContainText('1 part is missing');
    await button(dialog, 'Cancel').click();

    const target = at('set', 'target');
    await fillApply(at('set', 'lab.swm'), target);
    await shows(
      page
        .locator('main')
        .getByText(/parts of .*lab\.swm one is missing, and data of the image with it: lab2\.swm/),
    ).toBeVisible();
    await shows(page.getByText('Put all parts of the set beside each other.')).toBeVisible();
    await shows(button(page, 'Apply Noise to target')).toBeDisabled();
    expect(existsSync(target)).toBe(false);
    await expectWorking();
  });

  it('damaged data', async () => {
    mkdirSync(at('damaged'));
    const wim = at('damaged', 'lab.wim');
    wimlib('capture', small, wim, 'Base', '--compress=none');
    const bytes = readFileSync(wim);
    bytes[bytes.indexOf('Buy screws.')] ^= 1;
    writeFileSync(wim, bytes);
    // What is damaged is said where it is read; everything else can be read.
    await goTo(page, 'image', { wim, path: '/Users/Ada' });
    await row(page, 'Contents of the folder', 'notes.txt').dblclick();
    const preview = page.getByRole('dialog', { name: 'notes.txt' });
    await shows(preview).toContainText('The data stored in the file is damaged. Use another copy.');
    await button(preview, 'Close').click();
    await row(page, 'Contents of the folder', 'report.txt').dblclick();
    await shows(page.getByLabel('Preview')).toContainText('What the report says.');
    await page.keyboard.press('Escape');

    const target = at('damaged', 'target');
    await fillApply(wim, target);
    await run(page, 'Apply Base to target');
    await shows(page.getByRole('heading', { level: 1 })).toHaveText('target was not finished');
    await shows(page.locator('main')).toContainText('/Users/Ada/notes.txt');
    await shows(page.locator('main')).toContainText(
      'The data stored in the file is damaged. Use another copy.',
    );
    await shows(page.getByText(`What was written to ${target} was taken away again.`)).toBeVisible();
    expect(existsSync(target)).toBe(false);

    // With an integrity table the plan finds it out already.
    const checked = at('damaged', 'checked.wim');
    wimlib('capture', small, checked, 'Base', '--compress=none', '--check');
    const whole = readFileSync(checked);
    whole[whole.indexOf('Buy screws.')] ^= 1;
    writeFileSync(checked, whole);
    await fillApply(checked, at('damaged', 'other'));
    await shows(
      page.locator('main').getByText('The file changed after it was made. Copy or download it again.'),
    ).toBeVisible();
    await shows(page.locator('[data-lesson="wizard.run"]')).toBeDisabled();
    expect(existsSync(at('damaged', 'other'))).toBe(false);
    await expectWorking();
  });

  it('a folder without permission', async () => {
    // Root may read everything: the host is somebody else then.
    const before = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : [];
    const data = at('data of another');
    mkdirSync(path.join(data, 'home'), { recursive: true });
    if (isRoot) for (const place of [data, path.join(data, 'home')]) chownSync(place, 65534, 65534);
    mkdirSync(at('closed'));
    copyFileSync(good, at('closed', 'lab.wim'));
    copyFileSync(good, at('unreadable.wim'));
    chmodSync(at('unreadable.wim'), 0);
    chmodSync(at('closed'), isRoot ? 0o700 : 0);
    const other = await startHost(data, [], before);
    try {
      const opened = await openWindow(browser, other.address);
      const theirs = watched(opened);
      await goTo(theirs, 'wizard', { name: 'capture' });
      await typePath(theirs, 'Folder to capture', at('closed'));
      await shows(
        theirs.getByText(`${at('closed')} cannot be read with the rights the program has.`).first(),
      ).toBeVisible();
      await shows(button(theirs, 'Next')).toBeDisabled();
      await typePath(theirs, 'Folder to capture', small);
      for (const step of ['Exclusions', 'Compression', 'Name and place']) await next(theirs, step);
      await typePath(theirs, 'WIM file', isRoot ? at('made.wim') : at('closed', 'made.wim'));
      await shows(theirs.getByText(/cannot be written/).first()).toBeVisible();
      await shows(button(theirs, 'Next')).toBeDisabled();
      await goTo(theirs, 'image', { wim: at('unreadable.wim') });
      await shows(
        theirs.getByText('Choose a place you may use, or run the program with the rights it needs.'),
      ).toBeVisible();
      await goTo(theirs, 'image', { wim: at('closed', 'lab.wim') });
      await shows(
        theirs.getByText('Choose a place you may use, or run the program with the rights it needs.'),
      ).toBeVisible();
      await expectWorking(theirs);
      await opened.context.close();
    } finally {
      await other.stop();
      chmodSync(at('closed'), 0o755);
    }
    expect(readdirSync(at('closed'))).toEqual(['lab.wim']);
    expect(existsSync(at('made.wim'))).toBe(false);
  });

  it('a full disk', async ({ skip }) => {
    const volume = at('volume');
    mkdirSync(volume);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', volume], {
      stdio: 'ignore',
    });
    skip(mounted.status !== 0, 'needs root and the right to mount');
    mounts.push(volume);
    copyFileSync(good, path.join(volume, 'old.wim'));
    const source = at('large');
    addBulk(source, 10);
    for (let i = 0; i < 6; i++) writeFileSync(path.join(source, `noise ${i}`), noise(1 << 20, 200 + i));

    // With a sample at hand, what cannot fit is said at once.
    await fillCapture(page, { source, wim: at('elsewhere.wim'), compression: 'None' });
    await page.locator('[data-lesson="wizard.step.compression"]').click();
    await shows(page.getByText('Figures come from a sample of this very source')).toBeVisible({
      timeout: 30_000,
    });
    await page.locator('[data-lesson="wizard.step.place"]').click();
    await typePath(page, 'WIM file', path.join(volume, 'new.wim'));
    await shows(page.getByRole('status').getByText(/16\.0 MB.* are free/)).toBeVisible();
    await shows(button(page, 'Next')).toBeDisabled();

    // Without one the plan warns, and the job fails without leaving anything.
    await startAgain(page, 'Source');
    await typePath(page, 'Folder to capture', source);
    await next(page, 'Exclusions');
    await next(page, 'Compression');
    await page.getByRole('radio', { name: 'None' }).check({ force: true });
    await button(page.locator('.wizard-body'), 'Cancel').click();
    await shows(page.getByText('Nothing was tried: there are no estimates.')).toBeVisible();
    await next(page, 'Name and place');
    await typePath(page, 'WIM file', path.join(volume, 'new.wim'));
    await next(page, 'Review');
    await shows(page.getByText('That may not be enough.')).toBeVisible();
    await run(page, 'Capture to new.wim');
    await shows(page.getByRole('heading', { level: 1 })).toHaveText('new.wim was not finished', {
      timeout: 30_000,
    });
    await shows(page.locator('main')).toContainText('Free some space or choose another place.');
    await shows(page.locator('main')).toContainText(
      'The new file was not completed, and nothing of it is left.',
    );
    expect(readdirSync(volume)).toEqual(['old.wim']);

    // An append leaves the file as it was.
    await goTo(page, 'wizard', { name: 'append', wim: path.join(volume, 'old.wim') });
    await startAgain(page, 'WIM file');
    await typePath(page, 'WIM file', path.join(volume, 'old.wim'));
    await next(page, 'Source');
    await typePath(page, 'Folder to capture', source);
    for (const step of ['Exclusions', 'Compression', 'Name', 'Review']) await next(page, step);
    await run(page, 'Append to old.wim');
    await shows(page.getByRole('heading', { level: 1 })).toHaveText('old.wim was not finished', {
      timeout: 30_000,
    });
    await shows(page.locator('main')).toContainText('old.wim is as it was: the images in it can be used.');
    expect(readdirSync(volume)).toEqual(['old.wim']);
    expect(readFileSync(path.join(volume, 'old.wim')).equals(readFileSync(good))).toBe(true);
    await expectWorking();
  });

  it('a wrong token, or none', async () => {
    const context = await browser.newContext();
    const stranger = await context.newPage();
    for (const query of ['', '?token=wrong', `?token=${'A'.repeat(43)}`]) {
      const answer = await stranger.goto(`http://127.0.0.1:${host.port}/${query}`);
      expect(answer?.status()).toBe(403);
      await shows(stranger.getByRole('heading')).toHaveText('This address is not complete');
      expect(await context.cookies()).toEqual([]);
    }
    const closed = await stranger.evaluate(
      `new Promise((resolve) => {
        const socket = new WebSocket('ws://127.0.0.1:${host.port}/rpc');
        socket.onopen = () => resolve('open');
        socket.onclose = ({ code }) => resolve(code);
      })`,
    );
    expect(closed).not.toBe('open');
    await context.close();
    await expectWorking();
  });

  it('a malformed frame hurts nobody else, and the window comes back', async () => {
    const context = await browser.newContext({
      viewport: { width: 1000, height: 700 },
      reducedMotion: 'reduce',
    });
    // Keeps the page's own connections at hand.
    await context.addInitScript(
      `window.sockets = []; window.WebSocket = class extends WebSocket {
        constructor(...given) { super(...given); window.sockets.push(this); }
      };`,
    );
    const fuzzy = watched(await openTab(context, host.address));
    const wim = at('meanwhile.wim');
    addBulk(at('bulk'), 12, 5);
    await fillCapture(page, { source: at('bulk'), wim });
    await run(page, 'Capture to meanwhile.wim');
    const strip = fuzzy.getByRole('region', { name: 'Running job' });
    await shows(strip).toContainText('Capturing meanwhile.wim');
    for (const bad of [`'this is no frame'`, `'[1, 2'`, `new Uint8Array([0, 1, 2, 255])`]) {
      const code = await fuzzy.evaluate(
        `new Promise((resolve) => {
          const socket = window.sockets.at(-1);
          socket.addEventListener('close', ({ code }) => resolve(code));
          socket.send(${bad});
        })`,
      );
      expect(code).toBe(4400);
      await shows(fuzzy.getByText(LOST)).toBeHidden({ timeout: 15_000 });
      await shows(strip.or(fuzzy.getByRole('heading', { name: 'Images' })).first()).toBeVisible();
    }
    // Frames that are none of the contract's are answered or ignored; the connection stays.
    const still = await fuzzy.evaluate(
      `(() => {
        const socket = window.sockets.at(-1);
        for (const frame of [{}, { type: 'request' }, { type: 'request', id: 1e6, channel: 'nobody', member: 'x', input: {} },
          { type: 'start', id: 1000001, channel: 'jobs', member: 'run', input: { work: { verb: 'format' } } },
          { type: 'cancel', job: '' }, { type: 'attach', id: -1, job: 7 }]) socket.send(JSON.stringify(frame));
        return socket.readyState;
      })()`,
    );
    expect(still).toBe(1);
    await expectWorking(fuzzy);
    await expectResult(page, 'Captured');
    wimlib('verify', wim);
    await context.close();
    await expectWorking();
  });

  it('a host that is stopped during a job', async () => {
    mkdirSync(at('stopped'));
    const wim = at('stopped', 'cut.wim');
    const data = at('data to stop');
    const first = await startHost(data);
    const opened = await openWindow(browser, first.address);
    const { context } = opened;
    const theirs = watched(opened);
    await fillCapture(theirs, { source: at('bulk'), wim, level: 100 });
    await run(theirs, 'Capture to cut.wim');
    await passes(theirs.locator('main').getByRole('progressbar', { name: 'Capturing cut.wim' }), 5);
    await first.stop();
    await shows(theirs.getByText(LOST)).toBeVisible();
    expect(readdirSync(at('stopped'))).toEqual([]);

    // The same place on the same port: its new address lets the whole browser in again.
    const second = await startHost(data, ['--port', String(first.port)]);
    try {
      const later = watched(await openTab(context, second.address));
      await shows(theirs.getByText(LOST)).toBeHidden({ timeout: 15_000 });
      for (const on of [theirs, later]) {
        await goTo(on, 'jobs');
        await shows(row(on, 'Jobs, newest first', 'cut.wim')).toContainText('Cancelled');
        await expectWorking(on);
      }
    } finally {
      await second.stop();
      await context.close();
    }
  });

  it('no window complained', () => {
    expect(windows.flatMap(({ complaints }) => withoutLostHost(complaints))).toEqual([]);
  });
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wimlib } from '../support/cli';
import { expectSameTree, snapshotTree } from '../support/compareTrees';
import { temporaries, wimlibImages } from '../support/kill';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import {
  button,
  expectMoved,
  expectResult,
  fillCapture,
  fillUntilPlace,
  goTo,
  next,
  passes,
  row,
  run,
  saveAs,
  startAgain,
  typePath,
  watchProgress,
  shows,
} from './support/steps';
import { makeJobTree, makeSmallTree } from './support/trees';
import { openBrowser, openWindow, withoutLostHost, type WatchedPage } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

/** Megabytes of the tree of long jobs. */
const BULK = 28;

describeWithTools(['chromium', 'wimlib-imagex'], 'jobs', () => {
  let base: string;
  let pc: string;
  let small: string;
  let data: string;
  let host: StartedHost;
  let browser: Browser;
  const windows: WatchedPage[] = [];
  let page: Page;

  const at = (...names: string[]): string => path.join(base, ...names);
  const open = async (): Promise<Page> => {
    const opened = await openWindow(browser, host.address);
    windows.push(opened);
    return opened.page;
  };
  /** A new folder for what a test writes. */
  const place = (name: string): string => {
    mkdirSync(at(name));
    return at(name);
  };
  /** A WIM of the small tree, made by the other program. */
  const madeWim = (folder: string): string => {
    const wim = path.join(folder, 'lab.wim');
    wimlib('capture', small, wim, 'Base', 'As delivered', '--compress=fast', '--check', '--boot');
    return wim;
  };
  const openJob = async (on: Page, text: string | RegExp): Promise<void> => {
    await goTo(on, 'jobs');
    await row(on, 'Jobs, newest first', text).first().click();
  };
  const details = (on: Page) => on.getByRole('region', { name: 'Selected job' });

  beforeAll(async () => {
    base = temporaryDirectory();
    pc = at('pc');
    small = at('small');
    data = at('data');
    makeJobTree(pc, BULK);
    makeSmallTree(small);
    host = await startHost(data);
    browser = await openBrowser();
    page = await open();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('captures a folder with the wizard, from the source to the result', async () => {
    const wim = path.join(place('captured'), 'made.wim');
    await fillCapture(page, { source: pc, wim, name: 'Reference', level: 70 });
    await shows(page.getByText(`They go into a new file, ${wim}, as image "Reference".`)).toBeVisible();
    await shows(button(page, '1 path is left out, with all that is in it')).toBeVisible();
    for (const step of ['Source', 'Exclusions', 'Compression', 'Name and place'])
      await shows(button(page, new RegExp(`^${step} \\(complete\\)`))).toBeVisible();

    const seen = await watchProgress(page, 'Capturing made.wim');
    await run(page, 'Capture to made.wim');
    const result = await expectResult(page, 'Captured');
    await expectMoved(seen);
    await shows(result.getByText('made.wim holds 1 image.')).toBeVisible();
    await button(page, '1 path was left out, with all that is in it').click();
    await shows(result.getByRole('region').getByTitle('/pagefile.sys')).toBeVisible();

    wimlib('verify', wim);
    const listed = wimlib('dir', wim, '1').split('\n');
    expect(listed).toContain('/docs/hello.txt');
    expect(listed).not.toContain('/pagefile.sys');
    wimlib('apply', wim, '1', at('captured', 'applied'));
    const { 'pagefile.sys': left, ...rest } = snapshotTree(pc);
    expect(left?.size).toBe(100_000);
    expect(snapshotTree(at('captured', 'applied'))).toEqual(rest);
    expect(readdirSync(path.dirname(wim)).sort()).toEqual(['applied', 'made.wim']);

    await page.locator('[data-lesson="wizard.verify"]').click();
    await shows(result.getByText('made.wim holds 1 image and has been verified.')).toBeVisible({
      timeout: 60_000,
    });
  });

  it('cancels a capture midway and leaves nothing', async () => {
    const folder = place('cancelled');
    const wim = path.join(folder, 'slow.wim');
    await fillCapture(page, { source: pc, wim, level: 100 });
    await run(page, 'Capture to slow.wim');
    const bar = page.locator('main').getByRole('progressbar', { name: 'Capturing slow.wim' });
    await passes(bar, 5);
    expect(temporaries(folder)).toHaveLength(1);
    await button(page.locator('main'), 'Cancel').click();
    await shows(page.getByRole('heading', { level: 1 })).toHaveText('slow.wim: cancelled', {
      timeout: 10_000,
    });
    await shows(page.getByText('The new file was not completed, and nothing of it is left.')).toBeVisible();
    expect(readdirSync(folder)).toEqual([]);

    await button(page, 'Show in jobs').click();
    await shows(details(page).locator('header')).toContainText('Cancelled');
    await shows(row(page, 'Jobs, newest first', 'slow.wim')).toContainText('Cancelled');
  });

  it('appends an image with the wizard', async () => {
    const folder = place('appended');
    const wim = madeWim(folder);
    await goTo(page, 'wizard', { name: 'append', wim });
    await shows(row(page, 'Images', 'Base')).toBeVisible();
    await next(page, 'Source');
    await typePath(page, 'Folder to capture', path.join(small, 'Users'));
    await next(page, 'Exclusions');
    await next(page, 'Compression');
    await next(page, 'Name');
    await page.getByLabel('Image name').fill('Base');
    await shows(page.getByText('lab.wim has an image "Base" already').first()).toBeVisible();
    await shows(button(page, 'Next')).toBeDisabled();
    await page.getByLabel('Image name').fill('Users only');
    await next(page, 'Review');
    await shows(page.getByText('The image that is there stays as it is.')).toBeVisible();
    await run(page, 'Append to lab.wim');
    const result = await expectResult(page, 'Appended');
    await shows(result.getByText('lab.wim holds 2 images.')).toBeVisible();

    const info = wimlib('info', wim);
    expect(info).toMatch(/Image Count:\s+2\n/);
    expect(info).toMatch(/Index:\s+2\nName:\s+Users only\n/);
    wimlib('verify', wim);
    wimlib('apply', wim, '1', path.join(folder, 'one'));
    wimlib('apply', wim, '2', path.join(folder, 'two'));
    expectSameTree(path.join(folder, 'one'), small);
    expectSameTree(path.join(folder, 'two'), path.join(small, 'Users'));
  });

  it('applies an image with the wizard', async () => {
    const folder = place('applied');
    const wim = path.join(folder, 'rich.wim');
    wimlib('capture', pc, wim, 'Rich', '--compress=fast', '--check');
    const target = path.join(folder, 'target');
    await goTo(page, 'wizard', { name: 'apply', wim });
    await shows(row(page, 'Images', 'Rich')).toBeVisible();
    await next(page, 'Target');
    await typePath(page, 'Folder to fill', target);
    await shows(page.getByText('The folder is made.')).toBeVisible();
    await next(page, 'Options');
    await next(page, 'Review');
    await shows(page.getByText('The folder does not exist and is made.')).toBeVisible();
    await run(page, 'Apply Rich to target');
    const result = await expectResult(page, 'Applied');
    await shows(result.getByText(`Image 1 of rich.wim is in ${target}.`)).toBeVisible();
    const { 'pagefile.sys': left, ...rest } = snapshotTree(pc);
    expect(left?.size).toBe(100_000);
    expect(snapshotTree(target)).toEqual(rest);
  });

  it('reports on a WIM, and saves the report as HTML, JSON and text', async () => {
    const folder = place('reported');
    const wim = madeWim(folder);
    wimlib('append', path.join(small, 'Users'), wim, 'Second');
    await goTo(page, 'wizard', { name: 'info' });
    await startAgain(page, 'WIM file');
    await typePath(page, 'WIM file', wim);
    await next(page, 'Report');
    // The figures of what is in one image only come last.
    await shows(page.getByText('Stored for this image alone')).toHaveCount(2);
    for (const [name, file] of [
      ['HTML', 'report.html'],
      ['JSON', 'report.json'],
      ['text', 'report.txt'],
    ]) {
      await button(page, `Save as ${name}…`).click();
      await saveAs(page, `Save as ${name}…`, path.join(folder, file));
      await shows(page.getByText('Saved:')).toContainText(file);
    }
    const [header, ...images] = wimlibFacts(wim);
    const report = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')) as Report;
    expect(`0x${report.wim.guid}`).toBe(header.GUID);
    expect(String(report.wim.version)).toBe(header.Version);
    expect(`${report.wim.chunkSize} bytes`).toBe(header['Chunk Size']);
    expect(report.wim.compression).toBe(header.Compression.toLowerCase());
    expect(String(report.wim.bootIndex)).toBe(header['Boot Index']);
    expect(report.wim.attributes.integrity).toBe(header.Attributes.includes('Integrity info'));
    expect(images).toHaveLength(2);
    expect(
      report.wim.images.map((image) => [
        String(image.index),
        image.name,
        image.description,
        String(image.directoryCount),
        String(image.fileCount),
        String(image.totalBytes),
        String(image.hardLinkBytes),
      ]),
    ).toEqual(
      images.map((image) => [
        image.Index,
        image.Name,
        image.Description,
        image['Directory Count'],
        image['File Count'],
        image['Total Bytes'],
        image['Hard Link Bytes'],
      ]),
    );
    for (const file of ['report.html', 'report.txt']) {
      const text = readFileSync(path.join(folder, file), 'utf8').replaceAll('&quot;', '"');
      for (const fact of [header.GUID.slice(2), wim, 'Base', 'As delivered', 'Second'])
        expect(text).toContain(fact);
      for (const image of images) expect(text).toContain(Number(image['File Count']).toLocaleString('en'));
    }
    expect(readFileSync(path.join(folder, 'report.txt'), 'utf8')).toMatch(/^Boot index +1$/m);

    // A path that was typed and not entered is where the person means to be.
    mkdirSync(path.join(folder, 'sub'));
    await button(page, 'Save as text…').click();
    const saving = page.getByRole('dialog', { name: 'Save as text…' });
    await shows(saving.getByRole('combobox', { name: 'Path' })).not.toHaveValue('');
    await saving.getByRole('combobox', { name: 'Path' }).fill(path.join(folder, 'sub'));
    await saving.getByLabel('File name').fill('deeper.txt');
    await button(saving, 'Save').click();
    await saving.getByRole('grid', { name: `Contents of ${path.join(folder, 'sub')}` }).waitFor();
    await button(saving, 'Save').click();
    await saving.waitFor({ state: 'hidden' });
    await shows(page.getByText('Saved:')).toContainText('deeper.txt');
    expect(readdirSync(path.join(folder, 'sub'))).toEqual(['deeper.txt']);

    // The same name again asks before it replaces.
    await button(page, 'Save as text…').click();
    await saveAs(page, 'Save as text…', path.join(folder, 'report.txt'));
    await button(page.getByRole('alertdialog'), 'Replace report.txt').click();
    await shows(page.getByText('Saved:')).toContainText('report.txt');
  });

  it('runs a job again, keeps it as a recipe and runs that', async () => {
    const folder = place('again');
    const wim = path.join(folder, 'again.wim');
    await fillCapture(page, { source: small, wim, compression: 'Fast (XPRESS)' });
    await run(page, 'Capture to again.wim');
    await expectResult(page, 'Captured');
    await button(page, 'Save as a recipe').click();
    const naming = page.getByRole('dialog', { name: 'Save as a recipe' });
    await naming.getByLabel('Name of the recipe').fill('Small one');
    await button(naming, 'Save').click();
    await naming.waitFor({ state: 'hidden' });
    const guid = (): string => wimlibFacts(wim)[0].GUID;
    const first = guid();

    const done = row(page, 'Jobs, newest first', 'again.wim').filter({ hasText: 'Done' });
    await goTo(page, 'jobs');
    await button(page, 'Recipes').click();
    const recipes = page.getByRole('dialog', { name: 'Recipes' });
    await shows(recipes.getByRole('listitem')).toContainText('Small one');
    await shows(recipes.getByRole('listitem')).toContainText('never run');
    await button(recipes, 'Run “Small one”').click();
    // One question at a time: the list makes room for it, and is gone when the job is there.
    const confirm = page.getByRole('alertdialog', { name: 'This job takes something away' });
    await shows(confirm).toContainText(wim);
    await shows(recipes).toBeHidden();
    await button(confirm, 'Capture and replace').click();
    await shows(done).toHaveCount(2);
    expect(guid()).not.toBe(first);
    wimlib('verify', wim);
    const second = guid();
    await button(page, 'Recipes').click();
    await shows(recipes.getByRole('listitem')).toContainText('last run');
    await button(recipes, 'Close').click();

    await openJob(page, 'again.wim');
    await button(details(page), 'Run again').click();
    await button(confirm, 'Capture and replace').click();
    await shows(done).toHaveCount(3);
    expect(guid()).not.toBe(second);
    wimlib('verify', wim);
    expect(wimlibImages(wim)).toBe(1);
    expect(readdirSync(folder)).toEqual(['again.wim']);
  });

  it('counts what exclusions hit, and leaves out what an own pattern names', async () => {
    const wim = path.join(place('excluded'), 'less.wim');
    await goTo(page, 'wizard', { name: 'capture' });
    await startAgain(page, 'Source');
    await typePath(page, 'Folder to capture', small);
    await next(page, 'Exclusions');
    const pattern = page.getByLabel('Add to "Left out"');
    await pattern.fill('\\Users\\Ada');
    await pattern.press('Enter');
    await pattern.fill('*.log');
    await pattern.press('Enter');
    await shows(page.getByText('Left out: 5 files, 1 folder, ')).toBeVisible();
    await button(page, 'Show what *.log hits').click();
    for (const name of ['/alpha.log', '/zeta.log'])
      await shows(page.getByTitle(name, { exact: true })).toBeVisible();
    await next(page, 'Compression');
    await next(page, 'Name and place');
    await typePath(page, 'WIM file', wim);
    await next(page, 'Review');
    await shows(button(page, /^3 paths are left out/)).toBeVisible();
    await run(page, 'Capture to less.wim');
    await expectResult(page, 'Captured');
    const listed = wimlib('dir', wim, '1')
      .split('\n')
      .filter((name) => name !== '');
    expect(listed).toContain('/Users/Public/same picture.bin');
    expect(listed.filter((name) => /\.log$|Ada/.test(name))).toEqual([]);
  });

  it('asks before it replaces a WIM, and plans again when that changed meanwhile', async () => {
    const wim = madeWim(place('replaced'));
    await fillUntilPlace(page, small);
    await typePath(page, 'WIM file', wim);
    await shows(page.getByText('lab.wim exists already.').first()).toBeVisible();
    await shows(page.getByText(/^Image 1: Base, /)).toBeVisible();
    await shows(button(page, 'Next')).toBeDisabled();
    await page.getByText('Overwrite it').click();
    await next(page, 'Review');
    const order = page.locator('[data-lesson="wizard.run"]');
    await shows(page.getByText('This is lost')).toBeVisible();
    await shows(order).toBeDisabled();
    await page.locator('[data-lesson="wizard.confirm"]').click();
    await shows(order).toBeDisabled();
    await page.getByLabel('Type lab.wim to confirm').fill('lab.wim');
    await shows(order).toBeEnabled();

    // Somebody adds an image to it at this moment: the word that was given was to something else.
    wimlib('append', path.join(small, 'Users'), wim, 'Later');
    await order.click();
    await shows(
      page.getByText('Something changed since the plan was made. This is the new plan.'),
    ).toBeVisible();
    await shows(order).toBeDisabled();
    expect(wimlibImages(wim)).toBe(2);
    await page.locator('[data-lesson="wizard.confirm"]').click();
    await page.getByLabel('Type lab.wim to confirm').fill('lab.wim');
    await order.click();
    await expectResult(page, 'Captured');
    expect(wimlibImages(wim)).toBe(1);
    wimlib('verify', wim);
    expect(readdirSync(at('replaced'))).toEqual(['lab.wim']);
  });

  it('applies into a folder that is not empty only when that is confirmed', async () => {
    const wim = madeWim(place('filled'));
    const target = at('filled', 'target');
    mkdirSync(target);
    writeFileSync(path.join(target, 'alpha.log'), 'an older one');
    writeFileSync(path.join(target, 'mine.txt'), 'mine');
    await goTo(page, 'wizard', { name: 'apply', wim });
    await shows(row(page, 'Images', 'Base')).toBeVisible();
    await next(page, 'Target');
    await typePath(page, 'Folder to fill', target);
    await next(page, 'Options');
    await next(page, 'Review');
    const order = page.locator('[data-lesson="wizard.run"]');
    await shows(page.locator('.wizard-erases')).toContainText('alpha.log');
    await shows(order).toBeDisabled();
    await page.locator('[data-lesson="wizard.confirm"]').click();
    await order.click();
    await expectResult(page, 'Applied');
    expect(readFileSync(path.join(target, 'mine.txt'), 'utf8')).toBe('mine');
    expect(
      readFileSync(path.join(target, 'alpha.log')).equals(readFileSync(path.join(small, 'alpha.log'))),
    ).toBe(true);
  });

  it('runs one job after the other, and takes one out of the queue', async () => {
    const folder = place('queued');
    for (const name of ['first', 'second', 'third']) {
      await fillCapture(page, {
        source: name === 'first' ? pc : small,
        wim: path.join(folder, `${name}.wim`),
        ...(name === 'first' ? { level: 100 } : {}),
      });
      await run(page, `Capture to ${name}.wim`);
      if (name !== 'first') await shows(page.getByText('Waiting for its turn')).toBeVisible();
    }
    const strip = page.getByRole('region', { name: 'Running job' });
    await shows(strip).toContainText('Capturing first.wim');
    await shows(strip).toContainText('2 waiting');
    await openJob(page, 'second.wim');
    await shows(details(page)).toContainText('Waits until the jobs before it are done.');
    await button(details(page), 'Cancel the job').click();
    await shows(row(page, 'Jobs, newest first', 'second.wim')).toContainText('Cancelled');
    await shows(strip).toContainText('1 waiting');
    await shows(row(page, 'Jobs, newest first', 'third.wim')).toContainText('Waiting');
    await button(strip, 'Cancel this job').click();
    await shows(row(page, 'Jobs, newest first', 'first.wim')).toContainText('Cancelled');
    await shows(row(page, 'Jobs, newest first', 'third.wim')).toContainText('Done');
    await shows(strip).toBeHidden();
    expect(readdirSync(folder)).toEqual(['third.wim']);
    wimlib('verify', path.join(folder, 'third.wim'));
  });

  it('shows a job to a second window and keeps it over a reload', async () => {
    const wim = path.join(place('reloaded'), 'long.wim');
    await fillCapture(page, { source: pc, wim, name: 'Long' });
    await run(page, 'Capture to long.wim');
    const bar = (on: Page) => on.locator('main').getByRole('progressbar', { name: 'Capturing long.wim' });
    const value = async (on: Page): Promise<number> => Number(await bar(on).getAttribute('aria-valuenow'));
    const other = await open();
    const strip = other.getByRole('region', { name: 'Running job' });
    await shows(strip).toContainText('Capturing long.wim');
    await strip.getByTitle('Open the job').click();
    await shows(details(other).locator('header')).toContainText('Running');

    await passes(bar(page), 5);
    const before = await value(page);
    await page.reload();
    await bar(page).waitFor();
    await passes(bar(page), before - 1);
    const seen = await watchProgress(other, 'Capturing long.wim');
    await expectResult(page, 'Captured');
    await shows(page.getByText('long.wim holds 1 image.')).toBeVisible();
    await shows(details(other).locator('header')).toContainText('Done');
    await expectMoved(seen, 2);
    await shows(strip).toBeHidden();
    wimlib('verify', wim);

    // The result too outlives a reload.
    await page.reload();
    await expectResult(page, 'Captured');
    await other.close();
  });

  it('keeps its history over a restart', async () => {
    const states = async (on: Page): Promise<string[]> => {
      await goTo(on, 'jobs');
      const rows = on.getByRole('grid', { name: 'Jobs, newest first' }).getByRole('row');
      await rows.nth(1).waitFor();
      return rows.allInnerTexts();
    };
    const before = await states(page);
    expect(before.length).toBeGreaterThan(5);
    await host.stop();
    await shows(page.getByText('The connection to the program was lost.')).toBeVisible();
    host = await startHost(data);
    page = await open();
    expect(await states(page)).toEqual(before);
    await openJob(page, /Capture\s*made\.wim/);
    await shows(details(page).locator('header')).toContainText('Capture: made.wim');
    await shows(details(page)).toContainText('Saved by compression');
    await details(page).getByRole('tab', { name: 'Log' }).click();
    await shows(details(page).getByRole('group', { name: 'Log of the job' })).not.toBeEmpty();
    await openJob(page, 'slow.wim');
    await shows(details(page).locator('header')).toContainText('Cancelled');
  });

  it('says what is safe after the host was killed during a capture, and takes the rest away', async () => {
    const folder = place('killed');
    const wim = path.join(folder, 'cut.wim');
    await fillCapture(page, { source: pc, wim, level: 100 });
    await run(page, 'Capture to cut.wim');
    const bar = page.locator('main').getByRole('progressbar', { name: 'Capturing cut.wim' });
    await passes(bar, 5);
    await host.kill();
    await shows(page.getByText('The connection to the program was lost.')).toBeVisible();
    const [left] = temporaries(folder);
    expect(left).toBeDefined();

    host = await startHost(data);
    page = await open();
    await openJob(page, 'cut.wim');
    await shows(details(page).locator('header')).toContainText('Interrupted');
    await shows(details(page)).toContainText(
      'The program ended while this job ran. Nothing was changed: what was there before is as it was. The job can be run again.',
    );
    await shows(details(page)).toContainText('1 temporary file was left and can be deleted:');
    await shows(details(page)).toContainText(left);
    await button(details(page), 'Delete the temporary files').click();
    await shows(button(details(page), 'Delete the temporary files')).toBeHidden();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('no window complained', () => {
    expect(windows.flatMap(({ complaints }) => withoutLostHost(complaints))).toEqual([]);
  });
});

interface Report {
  readonly wim: {
    readonly guid: string;
    readonly version: number;
    readonly compression: string;
    readonly chunkSize: number;
    readonly bootIndex: number;
    readonly attributes: { readonly integrity: boolean };
    readonly images: readonly {
      readonly index: number;
      readonly name: string;
      readonly description: string;
      readonly directoryCount: number;
      readonly fileCount: number;
      readonly totalBytes: number;
      readonly hardLinkBytes: number;
    }[];
  };
}

/** What wimlib-imagex info prints: the file's facts, then those of each image. */
function wimlibFacts(wim: string): Record<string, string>[] {
  return wimlib('info', wim)
    .split(/\n(?=Index:)/)
    .map((block) =>
      Object.fromEntries(
        block.split('\n').flatMap((line) => {
          const found = /^([A-Z][^:]*):\s*(.*)$/.exec(line);
          return found === null ? [] : [[found[1], found[2]]];
        }),
      ),
    );
}

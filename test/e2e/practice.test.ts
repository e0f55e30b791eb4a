import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wimlib } from '../support/cli';
import { snapshotTree, type Snapshot } from '../support/compareTrees';
import { wimlibImages } from '../support/kill';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { noDisks } from './support/fakeDisks';
import { button, expectResult, expectStep, next, row, run, typePath, shows } from './support/steps';
import { openBrowser, openWindow, type WatchedPage } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

describeWithTools(['chromium', 'wimlib-imagex'], 'the practice bench', () => {
  let base: string;
  let host: StartedHost;
  let browser: Browser;
  let opened: WatchedPage;
  let page: Page;
  let coach: Locator;
  /** Paths as the bench tells them. */
  let bench: { folder: string; reference: string; office: string; target: string; wim: string; disk: string };
  let reference: Record<string, Snapshot>;

  const fact = async (name: string): Promise<string> => {
    const value = page.locator('.ui-facts dt', { hasText: new RegExp(`^${name}$`) }).locator('+ dd');
    return (await value.locator('[title]').getAttribute('title')) ?? '';
  };
  /** The control that the coach's mark surrounds, by its data-lesson. */
  const marked = (): Promise<string> =>
    page.evaluate(`(() => {
      const mark = document.querySelector('.lesson-mark')?.getBoundingClientRect();
      if (mark === undefined) return '';
      const near = (a, b) => Math.abs(a - b) < 2;
      for (const control of document.querySelectorAll('[data-lesson]')) {
        const box = control.getBoundingClientRect();
        if (near(mark.left, box.left - 4) && near(mark.top, box.top - 4) &&
            near(mark.right, box.right + 4) && near(mark.bottom, box.bottom + 4)) return control.dataset.lesson;
      }
      return 'nothing';
    })()`);
  /** The coach is at a step and marks its control. */
  const expectCoach = async (step: number, control: string): Promise<void> => {
    await shows(coach).toContainText(new RegExp(`Step ${step} of \\d`));
    await shows.poll(marked).toBe(control);
    await shows(coach).toContainText('It is marked in the window.');
    await shows(coach).toContainText('Why:');
  };
  const on = (): Promise<void> => button(coach, 'Next step').click();
  const check = async (): Promise<void> => {
    await button(coach, 'Check my result').click();
    await shows(coach).toContainText('All holds. The lesson is done.');
    await shows(coach.getByRole('img', { name: 'missing' })).toHaveCount(0);
  };
  const lessons = (): Locator => page.getByRole('group', { name: 'Lessons' }).locator('li:has(h2)');

  beforeAll(async () => {
    base = temporaryDirectory();
    host = await startHost(path.join(base, 'data'), ['--practice']);
    browser = await openBrowser();
    opened = await openWindow(browser, host.address, { before: noDisks });
    page = opened.page;
    coach = page.getByRole('region', { name: /^Lesson: / });
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('is made on request', async () => {
    await shows(page.getByRole('heading', { level: 1 })).toHaveText('Practice bench');
    await button(page, 'Make the practice bench').click();
    await shows(lessons()).toHaveCount(7, { timeout: 60_000 });
    await shows(page.getByText('To do')).toHaveCount(7);
    bench = {
      folder: await fact('Folder'),
      reference: await fact('Reference PC'),
      office: await fact('The same PC with Office'),
      target: await fact('Target'),
      wim: await fact('WIM file of the lessons'),
      disk: await fact('Practice disk'),
    };
    for (const place of [bench.reference, bench.office, bench.target, bench.disk]) {
      expect(path.dirname(place)).toBe(bench.folder);
      expect(existsSync(place)).toBe(true);
    }
    reference = snapshotTree(bench.reference);
    expect(Object.keys(reference).length).toBeGreaterThan(300);
    expect(existsSync(bench.wim)).toBe(false);
    // A file of somebody else beside the bench: nothing outside of its folder is touched.
    writeFileSync(path.join(path.dirname(bench.folder), 'mine.txt'), 'mine');
  });

  it('says what is missing before a lesson was done', async () => {
    await button(lessons().nth(0), 'Start').click();
    for (let step = 1; step < 9; step++) await on();
    await button(coach, 'Check my result').click();
    await shows(coach).toContainText(/\d things are missing still\./);
    await shows(coach.getByRole('listitem').first()).toContainText('lab.wim is in the bench');
    await shows(coach.getByRole('img', { name: 'missing' }).first()).toBeVisible();
    await button(coach, 'End the lesson').click();
    await shows(coach).toBeHidden();
  });

  it('lesson 1: captures the reference PC', async () => {
    await button(lessons().nth(0), 'Start').click();
    await shows(coach).toContainText('Capture the reference PC');
    await expectCoach(1, 'rail.images');
    await page.getByRole('link', { name: 'Images' }).click();
    await expectCoach(1, 'images.capture');
    await button(page, 'Capture…').click();
    await on();
    await expectCoach(2, 'source.path');
    await shows(coach.getByText(bench.reference, { exact: true })).toBeVisible();
    await typePath(page, 'Folder to capture', bench.reference);
    await next(page, 'Exclusions');
    await on();
    await expectCoach(3, 'exclusions.list');
    await shows(button(page, 'Show what \\pagefile.sys hits')).toBeVisible();
    await next(page, 'Compression');
    await on();
    await expectCoach(4, 'compression.choice');
    await page.getByText('Fast (XPRESS)').click();
    await next(page, 'Name and place');
    await on();
    await expectCoach(5, 'place.name');
    await page.getByLabel('Image name').fill('Lab PC');
    await on();
    await expectCoach(6, 'place.wim');
    await typePath(page, 'WIM file', bench.wim);
    await next(page, 'Review');
    await on();
    await expectCoach(7, 'wizard.lines');
    for (const tool of ['ImageX', 'DISM', 'wimsmith']) {
      await page.getByRole('tab', { name: tool }).click();
      await shows(page.getByRole('tabpanel', { name: tool })).toContainText('lab.wim');
    }
    await on();
    await expectCoach(8, 'wizard.run');
    await run(page, 'Capture to lab.wim');
    await expectResult(page, 'Captured');
    await on();
    await check();
    wimlib('verify', bench.wim);
    expect(wimlib('info', bench.wim)).toMatch(/Name:\s+Lab PC\n/);
  });

  it('lesson 2: appends the PC with Office', async () => {
    await button(coach, 'Next lesson').click();
    await shows(coach).toContainText('Append a second state');
    await shows(coach).toContainText('The control is not in sight at the moment.');
    await button(coach, 'Take me there').click();
    await on();
    await expectCoach(2, 'wim.path');
    await typePath(page, 'WIM file', bench.wim);
    await next(page, 'Source');
    await on();
    await expectCoach(3, 'source.path');
    await typePath(page, 'Folder to capture', bench.office);
    for (const step of ['Exclusions', 'Compression', 'Name', 'Review']) await next(page, step);
    await on();
    await expectCoach(4, 'wizard.run');
    await run(page, 'Append to lab.wim');
    await expectResult(page, 'Appended');
    await on();
    await expectCoach(5, 'wizard.result');
    await on();
    await check();
    expect(wimlibImages(bench.wim)).toBe(2);
  });

  it('lesson 3: describes image 1', async () => {
    await button(coach, 'Next lesson').click();
    await shows(coach).toContainText('Describe an image');
    await page.getByRole('link', { name: 'Images' }).click();
    await expectCoach(1, 'images.table');
    await row(page, 'WIM files', 'lab.wim').dblclick();
    await on();
    await expectCoach(2, 'image.images');
    await row(page, 'Images', 'Lab PC').first().click();
    await on();
    await expectCoach(3, 'image.description');
    const properties = page.getByRole('complementary', { name: 'Properties of the image' });
    await properties.getByLabel('Description').fill('Reference PC of the lab');
    await properties.getByLabel('Flags').fill('Professional');
    await on();
    await expectCoach(4, 'image.saveProperties');
    await button(properties, 'Save 2 changes').click();
    await shows(button(properties, /^(Save|Saving)/)).toHaveCount(0, { timeout: 20_000 });
    await on();
    await check();
    const info = wimlib('info', bench.wim, '1');
    expect(info).toMatch(/Description:\s+Reference PC of the lab\n/);
    expect(info).toMatch(/Flags:\s+Professional\n/);
  });

  it('lesson 4: applies image 2', async () => {
    await button(coach, 'Next lesson').click();
    await shows(coach).toContainText('Apply an image');
    // The image view has the button that the lesson begins with.
    await expectCoach(1, 'image.apply');
    await button(page, 'Apply').click();
    await expectStep(page, 'WIM and image');
    await on();
    await expectCoach(2, 'wim.path');
    await row(page, 'Images', 'with Office').click();
    await next(page, 'Target');
    await on();
    await expectCoach(3, 'target.path');
    await typePath(page, 'Folder to fill', bench.target);
    await next(page, 'Options');
    await next(page, 'Review');
    await on();
    await expectCoach(4, 'wizard.run');
    await page.locator('[data-lesson="wizard.run"]').click();
    await expectResult(page, 'Applied');
    await on();
    await check();

    const applied = snapshotTree(bench.target);
    const office = snapshotTree(bench.office);
    const left = Object.keys(office).filter((name) => !Object.hasOwn(applied, name));
    const usual =
      /^(pagefile\.sys|hiberfil\.sys|swapfile\.sys|\$RECYCLE\.BIN|System Volume Information|Windows\/CSC)/;
    expect(left.filter((name) => !usual.test(name))).toEqual([]);
    expect(applied).toMatchObject(
      Object.fromEntries(Object.entries(office).filter(([name]) => name !== '.' && !left.includes(name))),
    );
  });

  it('lesson 5: prepares the practice disk', async () => {
    await button(coach, 'Next lesson').click();
    await shows(coach).toContainText('Prepare a disk');
    await button(coach, 'Take me there').click();
    await expectCoach(1, 'disks.prepare');
    await button(page, 'Prepare a disk').click();
    await expectStep(page, 'Disk');
    await on();
    await expectCoach(2, 'disk.target');
    await page.getByRole('radio', { name: /^A disk file that exists/ }).check({ force: true });
    await on();
    await expectCoach(3, 'disk.file');
    await typePath(page, 'Disk file', bench.disk);
    await next(page, 'Layout');
    await on();
    await expectCoach(4, 'layout.bar');
    await next(page, 'Review');
    await on();
    await expectCoach(5, 'wizard.confirm');
    await page.getByText('Erase everything on Practice disk.vhdx').click();
    await on();
    await expectCoach(6, 'wizard.run');
    await page.locator('[data-lesson="wizard.run"]').click();
    await expectResult(page, 'Disk prepared');
    await on();
    await check();
  });

  it('lesson 6: sets up a new PC', async () => {
    await button(coach, 'Next lesson').click();
    await shows(coach).toContainText('Set up a new PC');
    await button(coach, 'Take me there').click();
    await expectCoach(1, 'wim.path');
    await typePath(page, 'WIM file', bench.wim);
    await row(page, 'Images', 'with Office').click();
    await next(page, 'Target');
    await on();
    await expectCoach(2, 'target.kind');
    await page.getByRole('radio', { name: /^A new disk file/ }).check({ force: true });
    await on();
    await expectCoach(3, 'disk.newFile');
    await typePath(page, 'New disk file', path.join(bench.folder, 'New PC.vhdx'));
    await on();
    await expectCoach(4, 'disk.size');
    await page.getByLabel('Size', { exact: true }).fill('4GB');
    await next(page, 'Options');
    await next(page, 'Review');
    await on();
    await expectCoach(5, 'wizard.run');
    await page.locator('[data-lesson="wizard.run"]').click();
    await expectResult(page, 'Applied');
    await on();
    await check();
  });

  it('lesson 7: injects the driver that a PC needs', async () => {
    const drivers = path.join(bench.folder, 'Drivers');
    const details = page.getByRole('region', { name: 'Details' });
    await button(coach, 'Next lesson').click();
    await shows(coach).toContainText('Inject drivers');
    await button(coach, 'Take me there').click();
    await expectCoach(1, 'drivers.inject');
    await page.locator('[data-lesson="drivers.inject"]').click();
    await on();
    await expectCoach(2, 'wim.path');
    await typePath(page, 'WIM file', path.join(bench.folder, 'drivers.wim'));
    await next(page, 'Drivers');
    await on();
    await expectCoach(3, 'drivers.path');
    await typePath(page, 'Folder, .zip, .cab or .inf', drivers);
    await on();
    await expectCoach(4, 'drivers.packages');
    await row(page, 'Driver packages', 'pgfx.inf').click();
    await shows(details).toContainText('pgfxui.dll is not in the package');
    await next(page, 'Devices');
    await on();
    await expectCoach(5, 'drivers.list');
    await typePath(page, 'List of devices', path.join(drivers, 'Devices of the practice PC.txt'));
    await next(page, 'What goes in');
    await on();
    await expectCoach(6, 'drivers.matched');
    await shows(row(page, 'Devices', 'Practice Storage')).toContainText('No package');
    await on();
    await button(page, 'Look at them').click();
    await expectCoach(7, 'drivers.packages');
    await row(page, 'Driver packages', 'pnet.inf').click();
    await button(details, 'Take in all the same').click();
    await row(page, 'Driver packages', 'pgfx.inf').click();
    await button(details, 'Leave out').click();
    await next(page, 'Options');
    await next(page, 'Review');
    await on();
    await expectCoach(8, 'wizard.run');
    await page.locator('[data-lesson="wizard.run"]').click();
    await expectResult(page, 'Drivers injected');
    await on();
    await check();
    await shows(button(coach, 'Next lesson')).toHaveCount(0);
    await button(coach, 'End the lesson').click();
  });

  it('starts over, and is removed', async () => {
    await page.getByRole('link', { name: 'Practice' }).click();
    await shows(page.getByText('Done', { exact: true })).toHaveCount(7);
    await button(page, 'Start over').click();
    await shows(page.getByText('To do')).toHaveCount(7);
    expect(existsSync(bench.wim)).toBe(false);
    expect(readdirSync(bench.target)).toEqual([]);
    expect(snapshotTree(bench.reference)).toEqual(reference);

    await button(page, 'Remove the bench').click();
    const question = page.getByRole('alertdialog', { name: 'Remove the practice bench' });
    await shows(question).toContainText(bench.folder);
    await button(question, 'Remove the bench').click();
    await shows(button(page, 'Make the practice bench')).toBeVisible();
    expect(existsSync(bench.folder)).toBe(false);
    expect(readdirSync(path.dirname(bench.folder))).toContain('mine.txt');
  });

  it('no window complained', () => {
    expect(opened.complaints).toEqual([]);
  });
});

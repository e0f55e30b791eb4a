import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { expect as shows } from 'playwright/test';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { wimsmith } from '../support/cli';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { button, goTo, run, fillCapture } from './support/steps';
import {
  tourCapture,
  tourDisks,
  tourDrivers,
  tourEmpty,
  tourFrame,
  tourImage,
  tourOtherWizards,
  tourPractice,
  tourSettings,
  type TourFiles,
  type Visit,
} from './support/tour';
import { noDisks } from './support/fakeDisks';
import { addBulk } from './support/trees';
import { openBrowser, openWindow, violationsOf, type WindowOptions } from './support/window';
import { endLater, startHost, type StartedHost } from './support/workbench';
import { cutOff, running, unreachable } from './support/reach';

/** Megabytes of a capture that is looked at while it runs. */
const BULK = 120;
/** What the person's system asks for, and the theme that this means. */
const themes = [
  { theme: 'light', media: { colorScheme: 'light', contrast: 'no-preference' } },
  { theme: 'dark', media: { colorScheme: 'dark', contrast: 'no-preference' } },
  { theme: 'contrast', media: { colorScheme: 'dark', contrast: 'more' } },
] as const;

describeWithTools(['chromium'], 'accessibility', () => {
  let base: string;
  let host: StartedHost;
  let browser: Browser;
  let files: TourFiles;
  let made = 0;

  /** A window that is closed after the test, which fails when the console had an error. */
  const open = async (options: WindowOptions = {}, address = host.address): Promise<Page> => {
    const { page, context, complaints } = await openWindow(browser, address, { ...options, before: noDisks });
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    return page;
  };
  /** The files with a new folder for what a tour makes. */
  const newFiles = (): TourFiles => {
    made += 1;
    const folder = path.join(base, `made ${made}`);
    mkdirSync(folder);
    return { ...files, made: folder };
  };

  beforeAll(async () => {
    base = temporaryDirectory();
    browser = await openBrowser();
    host = await startHost(path.join(base, 'data'));
    const { page, context } = await openWindow(browser, host.address);
    await goTo(page, 'practice');
    await button(page, 'Make the practice bench').click();
    await page.getByRole('group', { name: 'Lessons' }).waitFor();
    const [source, office] = ['Reference PC', 'Reference PC with Office'].map((name) =>
      path.join(host.data, 'practice', name),
    );
    const wim = path.join(base, 'lab.wim');
    wimsmith('capture', source, wim, 'Windows 11 24H2 base', 'As delivered', '--compress=fast', '--check');
    wimsmith('append', office, wim, '+ Office');
    wimsmith('append', path.join(office, 'Users'), wim, 'Users only');
    const large = path.join(base, 'large');
    addBulk(large, BULK);
    files = { source, large, wim, damaged: path.join(large, 'bulk', 'part 000.bin'), made: base };
    // Opened once, it is in the library.
    await goTo(page, 'image', { wim });
    await page.getByRole('grid', { name: 'Images' }).waitFor();
    await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('is looked at by an axe that finds what is wrong, also at the second look', async () => {
    const page = await open();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.evaluate(`(() => {
      const button = document.querySelector('nav button');
      button.replaceChildren();
      button.removeAttribute('aria-label');
      button.removeAttribute('title');
      Object.assign(document.querySelector('h1').style, { color: '#ddd', background: '#fff' });
    })()`);
    const rules = (violations: readonly string[]): string[] =>
      violations.map((violation) => violation.split(':')[0] ?? '').sort();
    expect(rules(await violationsOf(page))).toEqual(['button-name', 'color-contrast']);
    expect(rules(await violationsOf(page, ['color-contrast']))).toEqual(['color-contrast']);
  });

  describe('axe finds nothing to object to', () => {
    const collect = (): { readonly found: string[]; readonly visit: Visit } => {
      const found: string[] = [];
      const visit: Visit = async (name, page) => {
        for (const { theme, media } of themes) {
          await page.emulateMedia(media);
          await shows(page.locator('html')).toHaveAttribute('data-theme', theme);
          // What is not about colour is the same in all of them.
          const violations = await violationsOf(page, theme === 'light' ? undefined : ['color-contrast']);
          found.push(...violations.map((violation) => `${name}, ${theme}: ${violation}`));
        }
        await page.emulateMedia(themes[0].media);
      };
      return { found, visit };
    };
    it.each<[string, (page: Page, visit: Visit) => Promise<void>]>([
      ['in the image view', (page, visit) => tourImage(page, newFiles(), visit)],
      ['in the frame and its dialogs', tourFrame],
      ['in the settings', tourSettings],
      [
        'from a capture to its result, and in its jobs',
        (page, visit) => tourCapture(page, newFiles(), visit),
      ],
      ['in the other wizards', (page, visit) => tourOtherWizards(page, newFiles(), visit)],
      ['in disks', (page, visit) => tourDisks(page, newFiles(), visit)],
      ['in drivers', (page, visit) => tourDrivers(page, path.join(host.data, 'practice'), visit)],
      ['on the practice bench', tourPractice],
    ])('%s', async (_, tour) => {
      const { found, visit } = collect();
      await tour(await open({}), visit);
      expect(found).toEqual([]);
    });
    it('where there is nothing yet', async () => {
      const fresh = endLater(await startHost(temporaryDirectory()), true);
      const { found, visit } = collect();
      await tourEmpty(await open({}, fresh.address), visit);
      expect(found).toEqual([]);
    });
  });

  describe.each([
    ['at 200 % zoom', { width: 500, height: 350 }, '100 %'],
    ['at 150 % text size', { width: 1000, height: 700 }, '150 %'],
  ] as const)('every control is in reach %s', (_, size, text) => {
    it.each<[string, (page: Page, visit: Visit) => Promise<void>]>([
      ['in the image view', (page, visit) => tourImage(page, newFiles(), visit)],
      ['in the frame and its dialogs', tourFrame],
      ['in the settings', tourSettings],
      [
        'from a capture to its result, and in its jobs',
        (page, visit) => tourCapture(page, newFiles(), visit),
      ],
      ['in the other wizards', (page, visit) => tourOtherWizards(page, newFiles(), visit)],
      ['in disks', (page, visit) => tourDisks(page, newFiles(), visit)],
      ['in drivers', (page, visit) => tourDrivers(page, path.join(host.data, 'practice'), visit)],
      ['on the practice bench', tourPractice],
    ])('%s', async (__, tour) => {
      const page = await open(size);
      await setTextSize(page, text);
      const problems: string[] = [];
      await tour(page, async (name) => {
        problems.push(...(await unreachable(page)).map((problem) => `${name}: ${problem}`));
        problems.push(...(await cutOff(page)).map((words) => `${name}: cut off: ${words}`));
      });
      expect(problems).toEqual([]);
    });
  });

  it('moves nothing where the person wants little motion', async () => {
    const [still, moving] = [await open({}), await open({ reducedMotion: false })];
    await capture(still, 'still.wim');
    await goTo(moving, 'jobs');
    await moving.getByRole('tab', { name: 'Overview' }).waitFor();
    // The icon of a running job turns, for those who do not mind.
    await shows.poll(() => running(moving)).not.toEqual([]);
    expect(await running(still)).toEqual([]);
    await goTo(still, 'jobs');
    await still.getByRole('tab', { name: 'Overview' }).waitFor();
    expect(await running(still)).toEqual([]);
    await button(still, 'Cancel the job').click();
    await still.getByRole('region', { name: 'Running job' }).waitFor({ state: 'detached' });
  });

  it('tells a screen reader how far a job is, and not with every frame', async () => {
    const page = await open({});
    await page.evaluate(`globalThis.said = []; globalThis.shown = [];
      new MutationObserver(() => {
        const words = document.querySelector('main .visually-hidden[role="status"]')?.textContent;
        if (words && words !== said.at(-1)) said.push(words);
        const value = document.querySelector('main [role="progressbar"]')?.getAttribute('aria-valuenow');
        if (value && value !== shown.at(-1)) shown.push(value);
      }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })`);
    await capture(page, 'said.wim');
    const counts = (): Promise<{ words: number; values: number }> =>
      page.evaluate('({ words: said.length, values: shown.length })');
    await shows.poll(async () => (await counts()).words, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
    // The bar moves more often than it is spoken of.
    await shows
      .poll(async () => (await counts()).values - (await counts()).words, { timeout: 60_000 })
      .toBeGreaterThan(3);
    expect(await page.evaluate<string>('said.at(-1)')).toMatch(/^Compressing and writing, \d+ %$/);
    await button(page, 'Cancel').first().click();
    await page.getByRole('heading', { name: 'said.wim: cancelled' }).waitFor();
    await shows(page.getByRole('status').filter({ hasText: 'The job was cancelled.' })).toBeVisible();
  });

  async function capture(page: Page, name: string): Promise<void> {
    await fillCapture(page, { source: files.large, wim: path.join(base, name), name: 'Data', level: 100 });
    await run(page, `Capture to ${name}`);
  }
});

async function setTextSize(page: Page, size: string): Promise<void> {
  await goTo(page, 'settings', { section: 'appearance' });
  await button(page, /Text size/).click();
  await page.getByRole('option', { name: size }).click();
  await shows(page.locator('html')).toHaveAttribute(
    'style',
    new RegExp(`font-size: ${size.replace(' ', '')}`),
  );
}

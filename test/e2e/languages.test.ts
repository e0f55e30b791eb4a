import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import type { Browser, Page } from 'playwright';
import { expect as shows } from 'playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { english } from '../../src-renderer/i18n/catalogue';
import { german } from '../../src-renderer/i18n/german';
import { wimsmith } from '../support/cli';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { cutOff } from './support/reach';
import { button, expectResult, fillCapture, goTo, run } from './support/steps';
import { addBulk, makeSmallTree } from './support/trees';
import { openBrowser, openWindow, type WatchedPage } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

describeWithTools(['chromium'], 'languages and appearance', () => {
  let base: string;
  let wim: string;
  let host: StartedHost;
  let browser: Browser;
  let first: WatchedPage;
  let second: WatchedPage;

  beforeAll(async () => {
    base = temporaryDirectory();
    const source = path.join(base, 'pc');
    wim = path.join(base, 'lab.wim');
    makeSmallTree(source);
    addBulk(source, 2);
    wimsmith('capture', source, wim, 'Basis', '--compress=fast');
    wimsmith('append', path.join(source, 'Users'), wim, 'Konten');
    host = await startHost(path.join(base, 'data'));
    browser = await openBrowser();
    first = await openWindow(browser, host.address);
    second = await openWindow(browser, host.address);
    // One job that is done, and wizards that are filled in.
    await fillCapture(first.page, { source, wim: path.join(base, 'neu.wim'), name: 'PC' });
    await run(first.page, 'Capture to neu.wim');
    await expectResult(first.page, 'Captured');
    mkdirSync(path.join(base, 'leer'));
    await fillCapture(first.page, { source, wim: path.join(base, 'noch eins.wim'), name: 'PC' });
    await goTo(first.page, 'practice');
    await button(first.page, 'Make the practice bench').click();
    await first.page.getByRole('group', { name: 'Lessons' }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('changes the language of every window at once', async () => {
    await goTo(second.page, 'jobs');
    await shows(second.page.getByRole('heading', { level: 1 })).toHaveText('Jobs');
    await goTo(first.page, 'settings', { section: 'appearance' });
    await choose(first.page, /^Language|Language$/, 'Deutsch');
    await shows(first.page.getByRole('heading', { level: 1 })).toHaveText(german['settings.title']);
    for (const { page } of [first, second]) {
      await shows(page.locator('html')).toHaveAttribute('lang', 'de');
      await shows(page.getByRole('navigation', { name: 'Ansichten' })).toContainText('Abbilder');
    }
    await shows(second.page.getByRole('heading', { level: 1 })).toHaveText(german['jobs.title']);
    // Numbers and sizes follow.
    await goTo(second.page, 'image', { wim });
    await shows(second.page.getByRole('grid', { name: german['image.images'] })).toContainText(
      /\d,\d (KB|MB)/,
    );
  });

  it('shows nothing in English when it is German', async () => {
    const { page } = first;
    const leftOver: string[] = [];
    const look = async (what: string): Promise<void> => {
      await shows(page.locator('main h1')).toBeVisible();
      await shows(page.getByText(german['common.loading'], { exact: true })).toHaveCount(0);
      const found = englishAmong(await visibleTexts(page));
      leftOver.push(...found.map((text) => `${what}: ${text}`));
      // Its words are longer.
      leftOver.push(...(await cutOff(page)).map((text) => `${what}, cut off: ${text}`));
    };
    await goTo(page, 'images');
    await page.getByRole('grid').getByText('neu.wim').click();
    await look('images');
    for (const tab of ['contents', 'space', 'compare', 'integrity']) {
      await goTo(page, 'image', { wim, ...(tab === 'contents' ? {} : { tab }) });
      await shows(page.getByRole('tabpanel')).not.toBeEmpty();
      await look(`image, ${tab}`);
    }
    await button(page, german['common.more']).click();
    await look('image, menu');
    await page.keyboard.press('Escape');
    for (const step of ['source', 'exclusions', 'compression', 'place', 'review']) {
      await goTo(page, 'wizard', { name: 'capture', step });
      await shows(page.locator('#wizard-step-title')).not.toBeEmpty();
      if (step === 'review') await page.locator('.wizard-sentences').waitFor();
      await look(`capture, ${step}`);
    }
    for (const [name, steps] of [
      ['append', ['wim', 'source', 'exclusions', 'kept', 'name']],
      ['apply', ['image', 'target', 'options']],
      ['info', ['wim', 'report']],
    ] as const) {
      for (const step of steps) {
        await goTo(page, 'wizard', { name, step, wim });
        await shows(page.locator('#wizard-step-title')).not.toBeEmpty();
        await look(`${name}, ${step}`);
      }
    }
    await goTo(page, 'wizard', { name: 'prepare', step: 'disk' });
    await page.getByRole('textbox', { name: german['disks.size'] }).waitFor();
    await look('prepare, disk');
    await goTo(page, 'jobs');
    await page.getByRole('tabpanel').waitFor();
    await look('jobs');
    await goTo(page, 'practice');
    await page.getByRole('group', { name: german['practice.lessons'] }).waitFor();
    await look('practice');
    await button(page, german['practice.start']).first().click();
    await page.locator('.lesson-coach').waitFor();
    await look('coach');
    await button(page, german['practice.coachEnd']).click();
    for (const section of ['imaging', 'exclusions', 'folders', 'appearance', 'diagnostics']) {
      await goTo(page, 'settings', { section });
      await look(`settings, ${section}`);
    }
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await look('palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+o');
    await page.getByRole('dialog').getByRole('grid').waitFor();
    await look('path browser');
    await page.keyboard.press('Escape');
    expect(leftOver).toEqual([]);
  });

  it('knows English when it sees it', async () => {
    // What the test before relies on.
    const { page } = second;
    await goTo(page, 'settings', { section: 'appearance' });
    await choose(page, german['settings.language'], 'English');
    await shows(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
    const found = englishAmong(await visibleTexts(page));
    expect(found).toEqual(expect.arrayContaining(['Settings', 'Images', 'Appearance', 'Language']));
  });

  it('changes theme and text size of every window at once', async () => {
    await goTo(first.page, 'settings', { section: 'appearance' });
    await goTo(second.page, 'images');
    const [html, other] = [first.page.locator('html'), second.page.locator('html')];
    const textHeight = (): Promise<number> =>
      second.page.locator('main h1').evaluate((heading) => heading.getBoundingClientRect().height);
    const before = await textHeight();
    for (const [name, theme] of [
      ['Dark', 'dark'],
      ['High contrast', 'contrast'],
      ['Light', 'light'],
    ] as const) {
      await choose(first.page, 'Theme', name);
      await shows(html).toHaveAttribute('data-theme', theme);
      await shows(other).toHaveAttribute('data-theme', theme);
    }
    await choose(first.page, 'Text size', '150 %');
    await shows.poll(textHeight).toBeCloseTo(before * 1.5, 0);
    await choose(first.page, 'Text size', '100 %');
    await shows.poll(textHeight).toBeCloseTo(before, 0);
    // A window that is opened later begins so.
    await choose(first.page, 'Theme', 'Dark');
    const third = await openWindow(browser, host.address);
    await shows(third.page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await third.context.close();
    expect([...first.complaints, ...second.complaints]).toEqual([]);
  });
});

/** Chooses in one of the selects of the appearance. */
async function choose(page: Page, label: string | RegExp, choice: string): Promise<void> {
  await page.getByRole('button', { name: label }).click();
  await page.getByRole('option', { name: choice, exact: true }).click();
}

/** Runs in the page: every text that is to be seen or heard, once. */
const TEXTS = `(() => {
  const texts = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    if (text !== '' && walker.currentNode.parentElement.checkVisibility()) texts.add(text);
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
    for (const name of ['aria-label', 'title', 'placeholder']) {
      const text = element.getAttribute(name);
      if (text !== null && text !== '') texts.add(text.trim());
    }
  }
  return [...texts];
})()`;

function visibleTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(TEXTS);
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** The fixed parts of a message, those of its plural forms too. */
function fixedParts(text: string, tag: string): string[] {
  const parts: string[] = [];
  const walk = (elements: readonly Element[]): void => {
    for (const element of elements) {
      if ('options' in element) for (const { value } of Object.values(element.options)) walk(value);
      else if ('value' in element && (element.type as number) === 0) parts.push(element.value.trim());
    }
  };
  walk(new IntlMessageFormat(text, tag, undefined, { ignoreTag: true }).getAst());
  return parts;
}

/** Texts, and parts of at least two words, that English has and German has not. */
function onlyEnglish(): { readonly whole: ReadonlySet<string>; readonly parts: readonly string[] } {
  const inGerman = Object.values(german).flatMap((text) => fixedParts(text, 'de'));
  const all = Object.values(english).flatMap((text) => fixedParts(text, 'en'));
  const only = all.filter((part) => part !== '' && !inGerman.some((other) => other.includes(part)));
  return { whole: new Set(only), parts: only.filter((part) => /\w \w/.test(part) && part.length > 8) };
}

let known: ReturnType<typeof onlyEnglish> | undefined;

/** The texts that are English. Paths are what they are, and the names of languages are written in their own. */
function englishAmong(texts: readonly string[]): string[] {
  known ??= onlyEnglish();
  const { whole, parts } = known;
  return texts.filter(
    (text) =>
      text !== 'English' &&
      !text.startsWith('/') &&
      (whole.has(text) || parts.some((part) => text.includes(part))),
  );
}

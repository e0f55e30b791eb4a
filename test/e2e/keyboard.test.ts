import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { expect as shows } from 'playwright/test';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { wimsmith } from '../support/cli';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { noDisks } from './support/fakeDisks';
import { focusOf, pressUntil, tabStops } from './support/focus';
import { expectStep, goTo } from './support/steps';
import { makeSmallTree } from './support/trees';
import { openBrowser, openWindow } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

/** No test here touches the pointer. */
describeWithTools(['chromium'], 'keyboard', () => {
  let base: string;
  let host: StartedHost;
  let browser: Browser;
  let source: string;
  let wim: string;

  const open = async (): Promise<Page> => {
    const { page, context, complaints } = await openWindow(browser, host.address, { before: noDisks });
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    return page;
  };
  const openWim = async (page: Page): Promise<void> => {
    await goTo(page, 'image', { wim });
    await page.getByRole('grid', { name: 'Contents of the folder' }).getByText('Windows').waitFor();
  };
  const expectShown = async (page: Page, wanted: RegExp): Promise<void> => {
    await shows.poll(async () => (await focusOf(page)).name).toMatch(wanted);
    expect((await focusOf(page)).hidden).toBeUndefined();
  };

  beforeAll(async () => {
    base = temporaryDirectory();
    source = path.join(base, 'pc');
    wim = path.join(base, 'lab.wim');
    makeSmallTree(source);
    wimsmith('capture', source, wim, 'Base', '--compress=fast');
    wimsmith('append', path.join(source, 'Users'), wim, 'Users only');
    host = await startHost(path.join(base, 'data'));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('captures, from the opened window to the result and into the image', async () => {
    const page = await open();
    const { keyboard } = page;
    const made = path.join(base, 'keys.wim');
    await keyboard.press('Control+Shift+C');
    await expectStep(page, 'Source');
    await expectShown(page, /^combobox Folder to capture/);
    await keyboard.type(source);
    await keyboard.press('Enter');
    await expectStep(page, 'Exclusions');
    await expectShown(page, /Usual exclusions/);
    await keyboard.press('Control+Enter');
    await expectStep(page, 'Compression');
    await expectShown(page, /Maximum \(LZX\)/);
    await keyboard.press('ArrowUp');
    await shows(page.getByRole('radio', { name: 'Fast (XPRESS)' })).toBeChecked();
    await expectShown(page, /Fast \(XPRESS\)/);
    await keyboard.press('Control+Enter');
    await expectStep(page, 'Name and place');
    await expectShown(page, /^input Image name/);
    await keyboard.press('Control+A');
    await keyboard.type('By keys');
    await pressUntil(page, 'Tab', /^combobox WIM file/);
    await keyboard.press('Control+A');
    await keyboard.type(made);
    await keyboard.press('Enter');
    await expectStep(page, 'Review');
    await shows(page.getByText(/ are read from /)).toBeVisible();
    const { hidden } = await pressUntil(page, 'Tab', /^button Capture to keys\.wim/);
    expect(hidden).toBeUndefined();
    await keyboard.press('Enter');
    await shows(page.getByRole('heading', { level: 1, name: 'Captured' })).toBeVisible({ timeout: 60_000 });
    await pressUntil(page, 'Tab', /^button Open keys\.wim/);
    await keyboard.press('Enter');
    await shows(page.getByRole('grid', { name: 'Images' }).getByText('By keys')).toBeVisible();
    expect(wimsmith('info', made)).toContain('By keys');
    expect(wimsmith('verify', made)).toContain('keys.wim');
  });

  it('skips the rail to the view', async () => {
    const page = await open();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    await expectShown(page, /^a Skip to the view/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focusOf(page)).toMatchObject({ inMain: true, hidden: undefined });
  });

  it('finds commands in the palette, and comes back to where it was', async () => {
    const page = await open();
    const { keyboard } = page;
    await pressUntil(page, 'Tab', /^a Jobs/);
    await keyboard.press('Control+K');
    await expectShown(page, /^combobox/);
    await keyboard.press('Escape');
    await expectShown(page, /^a Jobs/);
    await keyboard.press('Control+K');
    await expectShown(page, /^combobox/);
    await keyboard.type('settings');
    await shows(page.getByRole('option', { name: /Show settings/ })).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('Enter');
    await shows(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
    await keyboard.press('Control+K');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await shows(page.getByRole('option').nth(2)).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('ArrowUp');
    await shows(page.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
  });

  it('moves in the library, opens the menu of a row and the file', async () => {
    const page = await open();
    const { keyboard } = page;
    await openWim(page);
    await keyboard.press('Control+1');
    await shows(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
    const rows = page.getByRole('grid', { name: 'WIM files' }).locator('[aria-selected]');
    await shows(rows.first()).toBeVisible();
    await pressUntil(page, 'Tab', /^grid WIM files/);
    expect((await focusOf(page)).hidden).toBeUndefined();
    const last = (await rows.count()) - 1;
    await keyboard.press('ArrowDown');
    await shows(rows.first()).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('End');
    await shows(rows.nth(last)).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('Home');
    await shows(rows.first()).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('Shift+F10');
    await expectShown(page, /^menuitem Open/);
    await keyboard.press('Escape');
    await expectShown(page, /^grid WIM files/);
    await keyboard.press('Enter');
    await shows(page.getByRole('tab', { name: 'Contents' })).toBeVisible();
  });

  it('goes through an image: tabs, tree, list, pending changes', async () => {
    const page = await open();
    const { keyboard } = page;
    await openWim(page);
    await pressUntil(page, 'Tab', /^tab Contents/);
    await keyboard.press('ArrowRight');
    await shows(page.getByRole('tab', { name: 'Space' })).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('ArrowLeft');
    const list = page.getByRole('grid', { name: 'Contents of the folder' });
    await shows(list).toBeVisible();
    await pressUntil(page, 'Tab', /^grid Contents of the folder/);
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    await shows(list.getByRole('row', { selected: true })).toContainText('Windows');
    await keyboard.press('Enter');
    await shows(list.getByText('System32')).toBeVisible();
    await expectShown(page, /^grid Contents of the folder/);
    await keyboard.press('Backspace');
    await shows(list.getByText('Users')).toBeVisible();
    await keyboard.press('Home');
    await keyboard.press('F2');
    await expectShown(page, /New name/);
    await keyboard.press('Escape');
    await expectShown(page, /^grid Contents of the folder/);
    await keyboard.press('Delete');
    await shows(list.getByText('deleted')).toBeVisible();
    await keyboard.press('Control+Z');
    await shows(list.getByText('deleted')).toBeHidden();
    await pressUntil(page, 'Shift+Tab', /^tree Folders/);
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await shows(list.getByText('Ada')).toBeVisible();
  });

  it('keeps the focus in a dialog, and gives it back when Esc closes it', async () => {
    const page = await open();
    const { keyboard } = page;
    await openWim(page);
    await pressUntil(page, 'Tab', /^button More actions/);
    await keyboard.press('Enter');
    await expectShown(page, /^menuitem Export image/);
    await keyboard.press('End');
    await expectShown(page, /^menuitem Delete image/);
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await shows(dialog.getByText('What happens', { exact: true })).toBeVisible();
    const passed = new Set<string>();
    for (let presses = 0; presses < 8; presses += 1) {
      await keyboard.press('Tab');
      const { name, inDialog, hidden } = await focusOf(page);
      expect({ name, inDialog, hidden }).toEqual({ name, inDialog: true, hidden: undefined });
      passed.add(name);
    }
    expect([...passed].some((name) => /^button Delete image 1/.test(name))).toBe(true);
    await keyboard.press('Escape');
    await shows(dialog).toBeHidden();
    await expectShown(page, /^button More actions/);

    await keyboard.press('Control+O');
    await shows(dialog).toBeVisible();
    expect((await focusOf(page)).inDialog).toBe(true);
    await keyboard.press('Escape');
    await shows(dialog).toBeHidden();
    await expectShown(page, /^button More actions/);
  });

  describe('shows where it is at every stop of Tab', () => {
    const places: readonly [string, string, Record<string, string>, string][] = [
      ['images', 'images', {}, 'Images'],
      ['disks', 'disks', {}, 'Disks'],
      ['prepare, disk', 'wizard', { name: 'prepare', step: 'disk' }, 'Prepare disk'],
      ['inject drivers, image', 'wizard', { name: 'drivers', step: 'place' }, 'Inject drivers'],
      ['jobs', 'jobs', {}, 'Jobs'],
      ['practice', 'practice', {}, 'Practice bench'],
      ['imaging settings', 'settings', { section: 'imaging' }, 'Settings'],
      ['exclusion lists', 'settings', { section: 'exclusions' }, 'Settings'],
      ['folders', 'settings', { section: 'folders' }, 'Settings'],
      ['appearance', 'settings', { section: 'appearance' }, 'Settings'],
      ['capture, source', 'wizard', { name: 'capture', step: 'source' }, 'Capture'],
      ['capture, compression', 'wizard', { name: 'capture', step: 'compression' }, 'Capture'],
      ['append', 'wizard', { name: 'append' }, 'Append'],
      ['apply', 'wizard', { name: 'apply' }, 'Apply'],
    ];
    it.each(places)('%s', async (_, view, params, title) => {
      const page = await open();
      await goTo(page, view, params);
      await shows(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
      await expectAllShown(page, 5);
    });
    it.each(['contents', 'space', 'compare', 'integrity'])('image, %s', async (tab) => {
      const page = await open();
      await openWim(page);
      if (tab !== 'contents') await goTo(page, 'image', { wim, tab });
      await shows(page.getByRole('tabpanel')).not.toBeEmpty();
      await expectAllShown(page, 12);
    });
  });
});

/** Every stop of Tab has a ring, and there are at least so many. */
async function expectAllShown(page: Page, least: number): Promise<void> {
  const stops = await tabStops(page);
  expect(stops.length).toBeGreaterThanOrEqual(least);
  expect(stops.filter(({ hidden }) => hidden !== undefined)).toEqual([]);
}

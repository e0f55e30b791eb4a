import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wimlib } from '../support/cli';
import { expectSameTree, snapshotTree } from '../support/compareTrees';
import { wimlibImages } from '../support/kill';
import { noise } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { button, goTo, row, saveAs, typePath, shows } from './support/steps';
import { makeChangedTree, makeSmallTree } from './support/trees';
import { openBrowser, openWindow, type WatchedPage } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

const LIST = 'Contents of the folder';

describeWithTools(['chromium', 'wimlib-imagex'], 'an opened WIM', () => {
  let base: string;
  let small: string;
  let changed: string;
  let host: StartedHost;
  let browser: Browser;
  const windows: WatchedPage[] = [];
  let page: Page;

  const at = (...names: string[]): string => path.join(base, ...names);
  const openWim = async (wim: string, params: Record<string, string> = {}, on = page): Promise<void> => {
    await goTo(on, 'image', { wim, ...params });
    await shows(on.getByRole('heading', { level: 1 })).toContainText(path.basename(wim));
    await on.getByRole('grid', { name: 'Images' }).waitFor();
  };
  /** A WIM of the small tree, and where wanted of the changed one, in a folder of its own. */
  const madeWim = (
    name: string,
    images: 1 | 2 = 1,
    options: readonly string[] = ['--compress=fast'],
  ): string => {
    mkdirSync(at(name));
    const wim = at(name, 'lab.wim');
    wimlib('capture', small, wim, 'Base', 'As delivered', ...options);
    if (images === 2) wimlib('append', changed, wim, 'Later');
    return wim;
  };
  const names = async (): Promise<string[]> => {
    const cells = page
      .getByRole('grid', { name: LIST })
      .locator('.body-row')
      .locator('[role=gridcell]:first-child');
    return (await cells.allInnerTexts()).map((text) => text.trim());
  };
  const menu = async (entry: string): Promise<void> => {
    await button(page, 'More actions').click();
    await page.getByRole('menuitem', { name: entry }).click();
  };
  /** Waits until the changed properties are written. */
  const saved = (properties: Locator): Promise<void> =>
    shows(button(properties, /^(Save|Saving)/)).toHaveCount(0, { timeout: 20_000 });
  /** Runs what a dialog planned, and waits until it is done. */
  const runDialog = async (dialog: Locator, label: string, says: string | RegExp): Promise<void> => {
    await button(dialog, label).click();
    await shows(dialog.getByRole('status').filter({ hasText: says })).toBeVisible({ timeout: 30_000 });
    await button(dialog, 'Close').click();
    await dialog.waitFor({ state: 'hidden' });
  };

  beforeAll(async () => {
    base = temporaryDirectory();
    small = at('small');
    changed = at('changed');
    makeSmallTree(small);
    makeChangedTree(changed);
    host = await startHost(at('data'));
    browser = await openBrowser();
    const opened = await openWindow(browser, host.address, { width: 1300, height: 850 });
    windows.push(opened);
    page = opened.page;
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('shows folders, sorts them, finds by glob and looks into files', async () => {
    await openWim(madeWim('browsed'));
    await shows.poll(names).toEqual(['Users', 'Windows', 'alpha.log', 'zeta.log']);
    const list = page.getByRole('grid', { name: LIST });
    await list.getByRole('button', { name: 'Name' }).click();
    await shows.poll(names).toEqual(['Windows', 'Users', 'zeta.log', 'alpha.log']);
    await list.getByRole('button', { name: 'Size' }).click();
    await shows.poll(async () => (await names()).slice(0, 2)).toEqual(['alpha.log', 'zeta.log']);
    await list.getByRole('button', { name: 'Name' }).click();

    await row(page, LIST, 'Users').dblclick();
    await shows.poll(names).toEqual(['Ada', 'Public']);
    const tree = page.getByRole('tree', { name: 'Folders' });
    await tree.focus();
    await tree.press('ArrowRight');
    await tree.getByRole('treeitem', { name: 'Ada' }).click();
    await shows.poll(names).toEqual(['notes.txt', 'picture.bin', 'report.txt']);
    await shows(page.getByRole('navigation', { name: 'Path in the image' })).toContainText('Ada');

    await row(page, LIST, 'report.txt').dblclick();
    const preview = page.getByRole('dialog', { name: 'report.txt' });
    await shows(preview.getByLabel('Preview')).toHaveText('What the report says.\n'.repeat(20));
    await preview.press('Escape');
    await row(page, LIST, 'picture.bin').click();
    await shows(page.getByText('Streams (SHA-1)')).toBeVisible();

    const search = page.getByRole('searchbox', { name: 'Search by name or glob' });
    await search.fill('*.txt');
    const found = page.getByRole('grid', { name: 'Search results' }).locator('.body-row');
    await shows(found).toHaveCount(2);
    await shows(found.filter({ hasText: 'report.txt' })).toHaveCount(1);
    await search.fill('DISK');
    await shows(found).toHaveCount(1);
    await shows(found).toContainText('drivers');
    await search.fill('nowhere');
    await shows(page.getByText('Nothing found.')).toBeVisible();
    await search.press('Escape');
    await shows.poll(names).toEqual(['notes.txt', 'picture.bin', 'report.txt']);
  });

  it('extracts a selection', async () => {
    await openWim(madeWim('extracted'), { path: '/Users/Ada' });
    await row(page, LIST, 'picture.bin').click();
    await row(page, LIST, 'report.txt').click({ modifiers: ['Control'] });
    await shows(page.getByText('2 selected')).toBeVisible();
    await button(page, 'Extract…').click();
    const dialog = page.getByRole('dialog', { name: 'Extract 2 entries' });
    await typePath(dialog, 'Target folder', at('extracted', 'out'));
    await runDialog(dialog, 'Extract 2 entries to out', '2 files');
    expect(readdirSync(at('extracted', 'out')).sort()).toEqual(['picture.bin', 'report.txt']);
    for (const name of ['picture.bin', 'report.txt'])
      expect(
        readFileSync(at('extracted', 'out', name)).equals(readFileSync(path.join(small, 'Users/Ada', name))),
      ).toBe(true);
  });

  it('adds, deletes and renames with one commit', async () => {
    const wim = madeWim('edited');
    writeFileSync(at('edited', 'tool.exe'), noise(5000, 40));
    mkdirSync(at('edited', 'Drivers', 'net'), { recursive: true });
    writeFileSync(at('edited', 'Drivers', 'net', 'card.inf'), '[Version]\r\n');
    const before = readFileSync(wim);
    await openWim(wim);

    await button(page, 'Add a file…').click();
    let dialog = page.getByRole('dialog', { name: 'Add a file to the image' });
    await typePath(dialog, 'File on this computer', at('edited', 'tool.exe'));
    await shows(dialog.getByLabel('Name in the image')).toHaveValue('tool.exe');
    await dialog.getByLabel('Name in the image').fill('ToolKit.exe');
    await button(dialog, 'Add to Image root').click();
    await button(page, 'Add a folder…').click();
    dialog = page.getByRole('dialog', { name: 'Add a folder to the image' });
    await typePath(dialog, 'Folder on this computer', at('edited', 'Drivers'));
    await button(dialog, 'Add to Image root').click();
    await row(page, LIST, 'zeta.log').click();
    await page.keyboard.press('Delete');
    await row(page, LIST, 'alpha.log').click();
    await page.keyboard.press('F2');
    const editor = page.getByLabel('New name');
    await editor.fill('ZETA.LOG');
    await editor.press('Enter');
    await editor.waitFor({ state: 'hidden' });
    await row(page, LIST, 'Users').dblclick();
    await row(page, LIST, 'Public').click();
    await button(page, 'Rename (F2)').click();
    await editor.fill('Everybody');
    await editor.press('Enter');
    const pending = page.getByRole('region', { name: 'Pending changes' });
    await shows(pending).toContainText('Not written yet: 2 added, 1 deleted, 2 renamed.');

    // Nothing is written yet, and a reload of the window loses nothing.
    expect(readFileSync(wim).equals(before)).toBe(true);
    await page.reload();
    await shows(pending).toContainText('Not written yet: 2 added, 1 deleted, 2 renamed.');
    await button(pending, 'Write 5 changes…').click();
    dialog = page.getByRole('dialog', { name: 'Change the contents of Base' });
    await runDialog(dialog, 'Write 5 changes to lab.wim', 'lab.wim is written');
    await shows(pending).toBeHidden();
    await shows.poll(names).toEqual(['Ada', 'Everybody']);

    expect(wimlibImages(wim)).toBe(1);
    wimlib('verify', wim);
    const listed = wimlib('dir', wim, '1').split('\n');
    for (const name of [
      '/ToolKit.exe',
      '/Drivers/net/card.inf',
      '/ZETA.LOG',
      '/Users/Everybody/same picture.bin',
    ])
      expect(listed).toContain(name);
    for (const name of ['/zeta.log', '/alpha.log', '/Users/Public']) expect(listed).not.toContain(name);
    wimlib(
      'extract',
      wim,
      '1',
      '/ToolKit.exe',
      '/ZETA.LOG',
      '/Users/Ada',
      `--dest-dir=${at('edited', 'out')}`,
    );
    const same = (left: string, right: string): void =>
      expect(readFileSync(left).equals(readFileSync(right)), left).toBe(true);
    same(at('edited', 'out', 'ToolKit.exe'), at('edited', 'tool.exe'));
    same(at('edited', 'out', 'ZETA.LOG'), path.join(small, 'alpha.log'));
    expectSameTree(at('edited', 'out', 'Ada'), path.join(small, 'Users/Ada'));
  });

  it('edits the properties of images', async () => {
    const wim = madeWim('described', 2);
    await openWim(wim, { image: '2' });
    const properties = page.getByRole('complementary', { name: 'Properties of the image' });
    await shows(properties.getByLabel('Name', { exact: true })).toHaveValue('Later');
    await properties.getByLabel('Name', { exact: true }).fill('Base');
    await shows(properties.getByText('Image 1 has this name.')).toBeVisible();
    await properties.getByLabel('Name', { exact: true }).fill('Ada’s PC <2>');
    await properties.getByLabel('Description').fill('After the visit & before the next');
    await properties.getByLabel('Flags').fill('Professional');
    await properties.getByText('Boot from this image').click();
    await button(properties, 'Save 4 changes').click();
    await saved(properties);
    await shows(row(page, 'Images', 'Ada’s PC <2>')).toBeVisible();

    const info = wimlib('info', wim);
    expect(info).toMatch(/Boot Index:\s+2\n/);
    expect(info).toMatch(/Name:\s+Ada’s PC <2>\n/);
    expect(info).toMatch(/Description:\s+After the visit & before the next\n/);
    expect(info).toMatch(/Flags:\s+Professional\n/);
    expect(info).toMatch(/Name:\s+Base\n/);
    wimlib('verify', wim);
  });

  it('tells the second of two windows that a WIM was changed, and loses nothing', async () => {
    const wim = madeWim('shared');
    const other = await openWindow(browser, host.address);
    windows.push(other);
    await openWim(wim, {}, other.page);
    await openWim(wim);
    const theirs = other.page.getByRole('complementary', { name: 'Properties of the image' });
    await theirs.getByLabel('Description').fill('Written by the second window');
    await row(other.page, LIST, 'alpha.log').click();
    await other.page.keyboard.press('Delete');

    await row(page, LIST, 'zeta.log').click();
    await page.keyboard.press('F2');
    await page.getByLabel('New name').fill('omega.log');
    await page.getByLabel('New name').press('Enter');
    await button(page, 'Write 1 change…').click();
    await runDialog(page.getByRole('dialog'), 'Write 1 change to lab.wim', 'lab.wim is written');

    const told = other.page.getByText(
      'lab.wim was changed by another window or program. Your 2 changes are still here',
    );
    await shows(told).toBeVisible();
    // What is pressed all the same is refused: nothing is written over.
    await button(theirs, 'Save 1 change').click();
    await shows(theirs.getByText('nothing was written')).toBeVisible();
    expect(wimlib('dir', wim, '1')).toContain('omega.log');
    await button(other.page, 'Look at the new state').first().click();
    await shows(told).toBeHidden();
    await shows(row(other.page, LIST, 'omega.log')).toBeVisible();
    await shows(theirs.getByLabel('Description')).toHaveValue('Written by the second window');
    await button(theirs, 'Save 1 change').click();
    await saved(theirs);
    await button(other.page, 'Write 1 change…').click();
    await runDialog(other.page.getByRole('dialog'), 'Write 1 change to lab.wim', 'lab.wim is written');

    // The first one had nothing pending: it shows the new state by itself.
    await shows(row(page, LIST, 'alpha.log')).toBeHidden();
    expect(wimlib('info', wim)).toMatch(/Description:\s+Written by the second window\n/);
    const listed = wimlib('dir', wim, '1').split('\n');
    expect(listed).toContain('/omega.log');
    expect(listed).not.toContain('/zeta.log');
    expect(listed).not.toContain('/alpha.log');
    wimlib('verify', wim);
    await other.page.close();
  });

  it('compares an image with another and with a folder, and saves the differences', async () => {
    const wim = madeWim('compared', 2);
    await openWim(wim, { tab: 'compare' });
    await button(page, 'Compare').click();
    const table = page.getByRole('grid', { name: '1: Base → 2: Later' });
    const expected = [
      ['added', '/Users/Ada/new plan.txt'],
      ['removed', '/Users/Ada/notes.txt'],
      ['changed', '/Windows/win.ini'],
      ['metadata', '/zeta.log'],
    ];
    const words: Record<string, string> = {
      added: 'Added',
      removed: 'Removed',
      changed: 'Changed',
      metadata: 'Metadata only',
    };
    // Times alone are no difference unless that is wanted.
    await shows(table.locator('.body-row')).toHaveCount(3);
    await page.getByText('Ignore times').click();
    await button(page, 'Compare').first().click();
    await shows(table.locator('.body-row')).toHaveCount(4);
    for (const [difference, name] of expected) {
      const found = table.getByRole('row').filter({ has: page.getByTitle(name, { exact: true }) });
      await shows(found).toContainText(words[difference]);
    }
    const kinds = page.getByRole('group', { name: 'Kinds of difference' });
    await button(kinds, 'Metadata only 1').click();
    await shows(table.locator('.body-row')).toHaveCount(3);

    const filter = page.getByRole('searchbox', { name: 'Filter by path' });
    await filter.fill('Ada');
    await shows(table.locator('.body-row')).toHaveCount(2);
    await filter.fill('');
    await shows(table.locator('.body-row')).toHaveCount(3);
    for (const format of ['CSV', 'JSON', 'HTML']) {
      await button(page, 'Save list…').click();
      await page.getByRole('menuitem', { name: format }).click();
      await saveAs(page, 'Save the list of differences', at('compared', `list.${format.toLowerCase()}`));
      await shows(page.getByText(`list.${format.toLowerCase()} holds 3 differences`)).toBeVisible();
    }
    const wanted = expected.slice(0, 3);
    const csv = readFileSync(at('compared', 'list.csv'), 'utf8')
      .replace('\ufeff', '')
      .trimEnd()
      .split('\r\n');
    expect(
      csv
        .slice(1)
        .map((line) => line.split(','))
        .map(([difference, , name]) => [difference, name]),
    ).toEqual(expect.arrayContaining(wanted));
    expect(csv).toHaveLength(4);
    const json = JSON.parse(readFileSync(at('compared', 'list.json'), 'utf8')) as {
      differences: { path: string; difference: string }[];
    };
    expect(json.differences.map((one) => [one.difference, one.path])).toEqual(expect.arrayContaining(wanted));
    const html = readFileSync(at('compared', 'list.html'), 'utf8');
    for (const [difference, name] of wanted)
      expect(html).toMatch(
        new RegExp(`<td>${difference}</td><td>file</td><td class="path"><bdi>${name}</bdi>`),
      );

    await page.getByRole('button', { name: /Compare with/ }).click();
    await page.getByRole('option', { name: 'A folder' }).click();
    await typePath(page, 'Folder', small);
    await button(page, 'Compare').first().click();
    await shows(page.getByText(/No difference: all \d+ entries are the same\./)).toBeVisible();
    await typePath(page, 'Folder', changed);
    await button(page, 'Compare').first().click();
    await shows(page.getByRole('grid', { name: `1: Base → ${changed}` }).locator('.body-row')).toHaveCount(4);
  });

  it('shows where the bytes are', async () => {
    await openWim(madeWim('measured'), { tab: 'space' });
    const files = Object.values(snapshotTree(small)).filter(({ kind }) => kind === 'file');
    const sum = (sizes: readonly (number | undefined)[]): number =>
      sizes.reduce<number>((all, size) => all + (size ?? 0), 0);
    const logical = sum(files.map(({ size }) => size));
    const single = sum([...new Map(files.map(({ sha1, size }) => [sha1, size])).values()]);
    const figures = page.getByRole('complementary', { name: 'Figures' });
    await shows(figures.locator('[data-bar=logical] dd')).toHaveText(kilobytes(logical));
    await shows(figures.locator('[data-bar=single] dd')).toContainText(kilobytes(single));
    await shows(figures.getByRole('listitem').first()).toContainText(kilobytes(400_000));

    const map = page.getByRole('group', { name: 'Where the bytes are' });
    await map.getByRole('button', { name: /^Users: / }).click();
    await shows(map.getByRole('button', { name: /^Ada: 391 KB/ })).toBeVisible();
    await page.getByRole('button', { name: /Group by/ }).click();
    await page.getByRole('option', { name: 'By type' }).click();
    await page.getByRole('button', { name: /Show/ }).click();
    await page.getByRole('option', { name: 'As a table' }).click();
    await shows(row(page, 'Where the bytes are', /bin/)).toContainText(kilobytes(800_000));
  });

  it('verifies, and shows the faults of a damaged copy image by image', async () => {
    const wim = madeWim('damaged', 2, ['--compress=none']);
    await openWim(wim, { tab: 'integrity' });
    await button(page, 'Verify lab.wim').click();
    await shows(page.getByText(/^lab\.wim is whole: /)).toBeVisible({ timeout: 20_000 });

    const copy = at('damaged', 'copy.wim');
    copyFileSync(wim, copy);
    const bytes = readFileSync(copy);
    const place = bytes.indexOf('A new plan.');
    expect(place).toBeGreaterThan(0);
    bytes[place] ^= 1;
    writeFileSync(copy, bytes);
    await openWim(copy);
    await button(page, 'Verify').click();
    await shows(page.getByText('copy.wim is damaged: 1 fault.')).toBeVisible({ timeout: 20_000 });
    await shows(row(page, 'Result for each image', 'Base')).toContainText('whole');
    await shows(row(page, 'Result for each image', 'Later')).toContainText('1 fault');
    await shows(
      page.getByRole('group', { name: 'Integrity' }).getByText('/Users/Ada/new plan.txt'),
    ).toBeVisible();
    // The library knows of both.
    await goTo(page, 'images');
    await shows(row(page, 'WIM files', 'copy.wim')).toContainText('Failed');
    await shows(row(page, 'WIM files', at('damaged')).filter({ hasNotText: 'copy.wim' })).toContainText(
      'Verified',
    );
  });

  it('exports an image, and deletes one when that is confirmed', async () => {
    const wim = madeWim('exported', 2);
    const out = at('exported', 'out.wim');
    await openWim(wim, { image: '2' });
    await menu('Export image…');
    let dialog = page.getByRole('dialog', { name: 'Export an image' });
    await typePath(dialog, 'Destination file', out);
    await dialog.getByLabel('Name of the image there').fill('Alone');
    await runDialog(dialog, 'Export image 2: Later to out.wim', 'out.wim');
    expect(wimlib('info', out)).toMatch(/Name:\s+Alone\n/);
    wimlib('apply', out, '1', at('exported', 'applied'));
    expectSameTree(at('exported', 'applied'), changed);

    await menu('Delete image…');
    dialog = page.getByRole('dialog', { name: 'Delete image 2: Later from lab.wim' });
    await shows(dialog).toContainText('Image 2');
    await button(dialog, 'Cancel').click();
    await dialog.waitFor({ state: 'hidden' });
    expect(wimlibImages(wim)).toBe(2);
    await menu('Delete image…');
    await runDialog(dialog, 'Delete image 2: Later', 'lab.wim is written');
    await shows(row(page, 'Images', 'Later')).toBeHidden();
    expect(wimlibImages(wim)).toBe(1);
    wimlib('verify', wim);
    wimlib('apply', wim, '1', at('exported', 'rest'));
    expectSameTree(at('exported', 'rest'), small);
  });

  it('splits, joins and optimises', async () => {
    mkdirSync(at('split', 'tree'), { recursive: true });
    for (let i = 0; i < 4; i++) writeFileSync(at('split', 'tree', `noise ${i}`), noise(700_000, 60 + i));
    const wim = at('split', 'lab.wim');
    wimlib('capture', at('split', 'tree'), wim, 'Noise', '--compress=fast', '--check');
    await openWim(wim);
    await menu('Split…');
    let dialog = page.getByRole('dialog', { name: 'Split lab.wim' });
    await dialog.getByText('Another size').click();
    await dialog.getByLabel('Megabytes').fill('1');
    await dialog.getByLabel('Megabytes').blur();
    await runDialog(dialog, 'Split lab.wim', /was split into \d parts/);
    const parts = readdirSync(at('split'))
      .filter((name) => name.endsWith('.swm'))
      .sort();
    expect(parts.length).toBeGreaterThan(2);
    wimlib('verify', at('split', 'lab.swm'), `--ref=${at('split', '*.swm')}`);

    await openWim(at('split', 'lab.swm'));
    await menu('Join parts…');
    dialog = page.getByRole('dialog', { name: 'Join the parts of a split WIM' });
    await shows(dialog.getByRole('listitem').filter({ hasText: '.swm' })).toHaveCount(parts.length);
    await typePath(dialog, 'Destination file', at('split', 'joined.wim'));
    await runDialog(dialog, `Join ${parts.length} parts to joined.wim`, 'joined.wim is written');
    wimlib('verify', at('split', 'joined.wim'));
    wimlib('apply', at('split', 'joined.wim'), '1', at('split', 'applied'));
    expectSameTree(at('split', 'applied'), at('split', 'tree'));

    // Deleting softly leaves the data behind: optimising takes it away.
    wimlib('append', small, wim, 'Small');
    wimlib('delete', wim, '1', '--soft');
    const large = statSync(wim).size;
    await openWim(wim);
    await menu('Optimise…');
    dialog = page.getByRole('dialog', { name: 'Optimise lab.wim' });
    await runDialog(dialog, 'Optimise lab.wim', 'lab.wim is written');
    expect(statSync(wim).size).toBeLessThan(large - 2_500_000);
    wimlib('verify', wim);
    wimlib('apply', wim, '1', at('split', 'small'));
    expectSameTree(at('split', 'small'), small);
  });

  it('no window complained', () => {
    expect(windows.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});

/** A size below one MB as the workbench shows it. */
function kilobytes(bytes: number): string {
  const value = bytes / 1024;
  return `${value >= 100 ? String(Math.round(value)) : value.toFixed(1)} KB`;
}

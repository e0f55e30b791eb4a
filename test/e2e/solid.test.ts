import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wimlib } from '../support/cli';
import { expectSameTree } from '../support/compareTrees';
import { noise } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { button, expectResult, fillUntilPlace, goTo, next, row, run, shows, typePath } from './support/steps';
import { makeSmallTree } from './support/trees';
import { expectAccessible, openBrowser, openWindow } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

const LIST = 'Contents of the folder';

describeWithTools(['chromium', 'wimlib-imagex'], 'a solid WIM', () => {
  let base: string;
  let source: string;
  let wim: string;
  let host: StartedHost;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];

  const at = (...names: string[]): string => path.join(base, ...names);

  beforeAll(async () => {
    base = temporaryDirectory();
    source = at('source');
    wim = at('archive.wim');
    makeSmallTree(source);
    // Enough that cannot be compressed to be split among parts of a megabyte.
    for (let i = 0; i < 2; i++) writeFileSync(path.join(source, `noise ${i}`), noise(700_000, 90 + i));
    host = await startHost(at('data'));
    browser = await openBrowser();
    ({ page, complaints } = await openWindow(browser, host.address, { width: 1300, height: 850 }));
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('is made by the wizard, which says what that costs', async () => {
    await fillUntilPlace(page, source, { compression: 'Solid (LZMS)', level: 20 });
    await button(page, 'Back').click();
    await shows(page.getByText(/its figures are limits; it takes about .* of memory\./)).toBeVisible();
    await shows(page.getByText(/^at most /)).toBeVisible();
    await button(page, 'Advanced').click();
    await shows(page.getByRole('checkbox', { name: /^Pipable/ })).toBeDisabled();
    await expectAccessible(page, 'the choice of solid data');
    await next(page, 'Name and place');
    await page.getByLabel('Image name').fill('Archive');
    await typePath(page, 'WIM file', wim);
    await next(page, 'Review');
    await shows(page.getByText(/as image "Archive"\. Compression: Solid \(LZMS\)\./)).toBeVisible();
    await shows(page.getByLabel('Line for wimsmith')).toContainText('--solid --solid-compress=lzms:20');
    await page.getByRole('tab', { name: 'ImageX' }).click();
    await shows(page.getByText('ImageX does not write solid images here.')).toBeVisible();

    await run(page, 'Capture to archive.wim');
    await expectResult(page, 'Captured');
    wimlib('verify', wim);
    expect(wimlib('info', wim, '--header')).toMatch(/Version\s*= 0xe00/);
    wimlib('apply', wim, '1', at('applied'));
    expectSameTree(at('applied'), source);
  });

  it('is opened, looked into and verified like any other', async () => {
    await goTo(page, 'image', { wim, path: '/Users/Ada' });
    await shows(page.getByText('Recovery (LZMS), solid')).toBeVisible();
    await shows(row(page, 'Images', 'Archive')).not.toContainText('–');
    await row(page, LIST, 'report.txt').dblclick();
    const preview = page.getByRole('dialog', { name: 'report.txt' });
    await shows(preview.getByLabel('Preview')).toHaveText('What the report says.\n'.repeat(20));
    await preview.press('Escape');
    await shows(page.getByText(/^ ?440 B, together with others: .*, compressed /)).toBeVisible();
    await button(page, 'Verify').click();
    await shows(page.getByText(/^archive\.wim is whole: /)).toBeVisible();
  });

  it('is split when a person allows that its data is compressed anew', async () => {
    await button(page, 'More actions').click();
    await page.getByRole('menuitem', { name: 'Split…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Split archive.wim' });
    await shows(button(dialog, 'Split archive.wim')).toBeDisabled();
    await dialog.getByText('Another size').click();
    await dialog.getByLabel('Megabytes').fill('1');
    await dialog.getByLabel('Megabytes').blur();
    mkdirSync(at('parts'));
    await typePath(dialog, 'First part', at('parts', 'archive.swm'));
    await dialog.getByText('Compress the data anew for the parts').click();
    await shows(button(dialog, 'Split archive.wim')).toBeEnabled();
    await expectAccessible(page, 'the split of a solid file');
    await button(dialog, 'Split archive.wim').click();
    await shows(dialog.getByText(/archive\.wim was split into \d parts\./)).toBeVisible();
    expect(readdirSync(at('parts')).filter((name) => !name.endsWith('.swm'))).toEqual([]);
    wimlib('apply', at('parts', 'archive.swm'), '1', at('joined'), `--ref=${at('parts', '*.swm')}`);
    expectSameTree(at('joined'), source);
  });

  it('no window complained', () => {
    expect(complaints).toEqual([]);
  });
});

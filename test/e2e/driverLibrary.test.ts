import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { readDeviceList } from '../../src-main/engine/devices/readDeviceList';
import { describeWithTools, fixtures, temporaryDirectory } from '../support/tools';
import { noDisks } from './support/fakeDisks';
import { button, expectStep, goTo, row, saveAs, shows } from './support/steps';
import { openBrowser, openWindow } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

const DEVICES = ['USB\\VID_2341&PID_003D', 'USB\\VID_2341&PID_0C9F', 'PCI\\VEN_FFFF&DEV_0001'];

describeWithTools(['chromium'], 'the driver library', () => {
  let base: string;
  let host: StartedHost;
  let browser: Browser;
  const at = (...names: string[]): string => path.join(base, ...names);

  beforeAll(async () => {
    base = temporaryDirectory();
    host = await startHost(at('data'));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('shows what is a copy or out of date, and how large a model’s drivers are before they go in', async () => {
    const vendor = fixtures('drivers/arduino');
    makePackages(vendor, at('drivers'));
    writeFileSync(at('devices.txt'), DEVICES.join('\r\n'));
    const { page, context, complaints } = await openWindow(browser, host.address, { before: noDisks });
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    const choose = async (title: string, folder: string, name?: string): Promise<void> => {
      const dialog = page.getByRole('dialog', { name: title });
      const field = dialog.getByRole('combobox', { name: 'Path' });
      await shows(field).not.toHaveValue('');
      await field.fill(folder);
      await field.press('Enter');
      await dialog.getByRole('grid', { name: `Contents of ${folder}` }).waitFor();
      if (name !== undefined) await dialog.getByRole('row').filter({ hasText: name }).click();
      await dialog.getByRole('button').last().click();
      await dialog.waitFor({ state: 'hidden' });
    };

    await goTo(page, 'drivers');
    await shows(page.getByRole('heading', { level: 2 })).toHaveText('No drivers yet');
    await button(page, 'Add a folder…').click();
    await choose('Choose a folder with drivers', at('drivers'));
    const table = 'Driver packages';
    await shows(page.getByRole('tab', { name: 'Packages (4)' })).toBeVisible();
    await shows(row(page, table, 'genuino.inf')).toHaveCount(2);
    await shows(row(page, table, 'Copy of another package')).toHaveCount(1);

    // Filters: by state, by group, by words.
    await button(page, /State$/).click();
    await page.getByRole('option', { name: 'Superseded (1)' }).click();
    await shows(page.getByText(/^1 of 4 packages, /)).toBeVisible();
    await row(page, table, 'arduino.inf').click();
    const details = page.getByRole('complementary', { name: 'Details of arduino.inf' });
    await shows(details).toContainText('A newer version is there');
    await shows(details).toContainText(path.join('new', 'arduino.inf'));
    await button(page, /State$/).click();
    await page.getByRole('option', { name: 'Any state' }).click();
    await page.getByRole('searchbox', { name: 'Search packages' }).fill('genuino');
    await shows(page.getByText(/^2 of 4 packages, /)).toBeVisible();

    // A set with one package that was chosen.
    await row(page, table, 'genuino.inf').first().click();
    await button(page, 'Model sets…').click();
    await page.getByRole('menuitem', { name: 'New set with it' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Bench PC');
    await page.keyboard.press('Enter');
    const set = page.getByRole('region', { name: 'Set Bench PC' });
    const size = bytesOf(vendor, 'genuino');
    await shows(set).toContainText(`${kilobytes(size)}in 1 package goes in`);
    await shows(set.getByLabel('Line for wimsmith')).toContainText('genuino.inf');

    // With devices besides, and then with them alone.
    await button(set, 'Read devices from a file…').click();
    await choose('Choose a list of devices', base, 'devices.txt');
    await shows(row(set, 'Packages of the set', 'arduino.inf')).toContainText('For ');
    await shows(set).toContainText(`${kilobytes(size + bytesOf(vendor, 'arduino'))}in 2 packages go in`);
    await button(set, 'Take out of Bench PC').click();
    await shows(set).toContainText(`${kilobytes(bytesOf(vendor, 'arduino'))}in 1 package goes in`);
    await shows(set).toContainText(/[12] \/ 3devices served/);
    await button(set, 'Save the list…').click();
    await saveAs(page, 'Save the list of devices', at('bench.json'));
    await shows(set.getByLabel('Line for wimsmith')).toContainText(`--match=${at('bench.json')}`);
    const saved = readDeviceList(readFileSync(at('bench.json')), 'bench.json');
    expect(saved.devices.map(({ hardwareIds }) => hardwareIds[0])).toEqual(DEVICES);

    // The wizard has it all but the image.
    await button(set, 'Inject into an image').click();
    await expectStep(page, 'Image');
    await button(page, /^Devices/).click();
    await expectStep(page, 'Devices');
    await shows(page.getByText('3 devices').first()).toBeVisible();
    await shows(page.getByRole('radio', { name: /A saved model/ })).toBeChecked();

    // A place that is gone is told, and the others stay.
    rmSync(at('drivers'), { recursive: true });
    await goTo(page, 'drivers');
    await button(page, 'Look again').click();
    await shows(page.getByText(`${at('drivers')} is not there. Connect its drive`)).toBeVisible();
    await shows(page.getByText('No driver package was found')).toBeVisible();
  });
});

/** Two packages as their vendor signed them, a copy of one, and the other as it was years before. */
function makePackages(vendor: string, folder: string): void {
  for (const name of ['new', 'copy', 'old']) mkdirSync(path.join(folder, name), { recursive: true });
  for (const stem of ['arduino', 'genuino']) {
    for (const ending of ['inf', 'cat'])
      cpSync(path.join(vendor, `${stem}.${ending}`), path.join(folder, 'new', `${stem}.${ending}`));
  }
  for (const ending of ['inf', 'cat'])
    cpSync(path.join(vendor, `genuino.${ending}`), path.join(folder, 'copy', `genuino.${ending}`));
  const inf = readFileSync(path.join(vendor, 'arduino.inf'), 'latin1');
  const old = inf.replace('DriverVer=11/24/2015,1.2.3.0', 'DriverVer=03/01/2012,1.0.0.0');
  expect(old).not.toBe(inf);
  writeFileSync(path.join(folder, 'old', 'arduino.inf'), old, 'latin1');
}

/** Bytes of a package that has an INF and a catalog only. */
function bytesOf(folder: string, stem: string): number {
  return ['inf', 'cat'].reduce(
    (sum, ending) => sum + statSync(path.join(folder, `${stem}.${ending}`)).size,
    0,
  );
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

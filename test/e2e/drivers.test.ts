import { createHash, randomFillSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { PlannedTree } from '../../src-main/platform/plannedTree';
import { driverlessWindows, practiceDrivers } from '../../src-main/app/practice/driverPractice';
import { wimlib } from '../support/cli';
import { describeWithTools, fixtures, temporaryDirectory } from '../support/tools';
import { noDisks } from './support/fakeDisks';
import {
  button,
  expectResult,
  expectStep,
  goTo,
  next,
  row,
  run,
  saveAs,
  shows,
  startAgain,
  typePath,
} from './support/steps';
import { expectAccessible, openBrowser, openWindow } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

/** Bytes of a package whose injection lasts long enough to be cancelled. */
const LARGE = 96 << 20;

describeWithTools(['chromium', 'wimlib-imagex'], 'drivers', () => {
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
  /** A WIM of a Windows without drivers, made by another program. */
  const makeImage = (name: string, compression = 'fast'): string => {
    const folder = at(`${name} tree`);
    writeTree(folder, driverlessWindows());
    wimlib('capture', folder, at(name), 'Lab PC', `--compress=${compression}`, '--check');
    return at(name);
  };
  /** From the first step to the one that asks for devices. */
  const fillUntilDevices = async (page: Page, wim: string, drivers: string): Promise<void> => {
    await goTo(page, 'wizard', { name: 'drivers' });
    await startAgain(page, 'Image');
    await typePath(page, 'WIM file', wim);
    await shows(page.getByText('Windows 11 Pro 24H2 (10.0.26100), amd64')).toBeVisible();
    await next(page, 'Drivers');
    await typePath(page, 'Folder, .zip, .cab or .inf', drivers);
    await row(page, 'Driver packages', /\.inf/).first().waitFor();
    await next(page, 'Devices');
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

  it('puts what a PC needs into an image, and says what stays out and why', async () => {
    const vendor = fixtures('drivers/arduino');
    const page = await open();
    const wim = makeImage('lab.wim');
    const list = at('devices.txt');
    writeFileSync(
      list,
      ['USB\\VID_2341&PID_003D', 'USB\\VID_2341&PID_0C9F', 'PCI\\VEN_FFFF&DEV_0001'].join('\r\n'),
    );
    await fillUntilDevices(page, wim, vendor);
    await button(page, 'Back').click();
    // What is wrong with a package is said before anything else.
    await row(page, 'Driver packages', 'arduino_gemma.inf').click();
    const details = page.getByRole('region', { name: 'Details' });
    await shows(details).toContainText('is not in the package');
    await next(page, 'Devices');
    await typePath(page, 'List of devices', list);
    await shows(page.getByText('3 devices').first()).toBeVisible();
    // The list is kept under a name, and found there.
    await page.getByLabel('Keep it as a model').fill('Bench PC');
    await button(page, 'Keep').click();
    await shows(page.getByText('Kept as Bench PC.')).toBeVisible();
    await page.getByText('A saved model').click();
    await button(page, /Model$/).click();
    await page.getByRole('option', { name: /Bench PC/ }).click();
    await shows(page.getByRole('button', { name: /^Devices/ })).toContainText('Bench PC, 3 devices');
    // So is the script for a PC without a network.
    await page.getByText('A list from that PC').click();
    await button(page, 'Save the script…').click();
    await saveAs(page, 'Save the script', at('collect.cmd'));
    await shows(page.getByText(/collect\.cmd is written/)).toBeVisible();
    expect(readFileSync(at('collect.cmd'), 'latin1')).toMatch(/^@echo off\r\n/i);

    await next(page, 'What goes in');
    await shows(row(page, 'Devices', 'VID_2341&PID_003D')).toContainText('arduino.inf');
    await row(page, 'Devices', 'VID_2341&PID_003D').click();
    await shows(details).toContainText(/ and stays? out, best first/);
    await shows(details).toContainText('Arduino Due Programming Port.inf');
    // The next step waits for a word about the faulty one.
    await shows(page.getByText('Decide about 1 package with faults.')).toBeVisible();
    await button(page, 'Look at them').click();
    await row(page, 'Driver packages', 'arduino_gemma.inf').click();
    await shows(details).toContainText('Would serve');
    await expectAccessible(page, 'what goes in');
    await button(details, 'Leave out').click();
    await shows(details).toContainText('Stays out. You left it out.');
    await page.getByRole('tab', { name: /^Packages/ }).click();
    await shows(row(page, 'Driver packages', 'genuino.inf')).toContainText('Serves no device');
    await shows(row(page, 'Driver packages', 'arduino.inf')).toContainText('For ');
    await next(page, 'Options');
    await shows(page.getByRole('checkbox', { name: /Register storage drivers/ })).not.toBeChecked();
    await next(page, 'Review');
    await shows(page.getByText(/^1 package \(.*\) goes into image 1 of lab\.wim/)).toBeVisible();
    await shows(page.getByLabel('Line for wimsmith')).toContainText('drivers add');
    await page.getByRole('tab', { name: 'DISM' }).click();
    await shows(page.getByLabel('Line for DISM')).toContainText('/Add-Driver');
    await run(page, 'Inject into image 1 of lab.wim');
    const result = await expectResult(page, 'Drivers injected');
    await shows(result).toContainText('1 package is staged in image 1 of');
    await shows(row(result, 'Driver packages', 'arduino.inf').first()).toContainText('Staged');

    wimlib('verify', wim);
    const staged = wimlib('dir', wim, '1')
      .split('\n')
      .filter((name) => /\/Drivers\/.*\/arduino\.inf$/i.test(name));
    expect(staged).toHaveLength(1);
    const folder = path.posix.dirname(staged[0]);
    wimlib('extract', wim, '1', folder, `--dest-dir=${at('out')}`, '--no-acls');
    for (const name of ['arduino.inf', 'arduino.cat']) {
      const there = readFileSync(at('out', path.posix.basename(folder), name));
      expect(there.equals(readFileSync(path.join(vendor, name))), name).toBe(true);
    }
    expect(wimlib('dir', wim, '1')).not.toMatch(/gemma/i);
  });

  it('goes on over a reload, and leaves the image as it was when it is cancelled', async () => {
    const page = await open();
    const wim = makeImage('cancelled.wim', 'maximum');
    const drivers = at('large drivers');
    writeTree(drivers, practiceDrivers());
    writeFileSync(path.join(drivers, 'Network', 'pnet.sys'), randomFillSync(Buffer.alloc(LARGE)));
    const before = digest(wim);
    await fillUntilDevices(page, wim, drivers);
    await page.getByText('Any PC').click();
    await next(page, 'What goes in');
    // The packages of the practice are not signed; one lacks a file, too.
    await shows(page.getByText('Decide about 2 packages with faults.')).toBeVisible();
    await button(page, 'Look at them').click();
    const details = page.getByRole('region', { name: 'Details' });
    await row(page, 'Driver packages', 'pnet.inf').click();
    await button(details, 'Take in all the same').click();
    await shows(details).toContainText('Goes in.');
    await button(page, 'Leave all of them out').click();
    await shows(page.getByText(/1 package goes in, /)).toBeVisible();
    await next(page, 'Options');
    await next(page, 'Review');
    await run(page, 'Inject into image 1 of cancelled.wim');
    await page.reload();
    await shows(page.getByRole('heading', { level: 1 })).toHaveText('Injecting drivers into cancelled.wim');
    await button(page, 'Cancel').click();
    await shows(page.getByRole('heading', { level: 1 })).toHaveText('cancelled.wim: cancelled');
    await shows(page.getByText(/^cancelled\.wim is as it was/)).toBeVisible();
    expect(digest(wim)).toBe(before);
    // What was filled in is still there.
    await button(page, 'Back to the settings').click();
    await expectStep(page, 'Review');
    await shows(page.getByText(/^1 package \(.*\) goes into image 1/)).toBeVisible();
  });

  it('refuses what is no Windows, and a volume with what can be done instead', async () => {
    const page = await open();
    mkdirSync(at('empty folder'));
    await goTo(page, 'wizard', { name: 'drivers' });
    await startAgain(page, 'Image');
    await page.getByText('A folder', { exact: true }).click();
    await typePath(page, 'Folder with Windows', at('empty folder'));
    await shows(page.getByText(/holds no Windows/)).toBeVisible();
    await shows(button(page, 'Next')).toBeDisabled();
    await page.getByText('A volume of a disk').click();
    await shows(page.getByText(/Put the drivers into the image, then apply it/)).toBeVisible();
    await shows(button(page, 'Next')).toBeDisabled();
    await expectAccessible(page, 'a volume');
  });
});

function writeTree(root: string, { directories, files }: PlannedTree): void {
  mkdirSync(root, { recursive: true });
  for (const directory of directories) mkdirSync(path.join(root, directory), { recursive: true });
  for (const file of files) writeFileSync(path.join(root, file.path), Buffer.concat([...file.content()]));
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

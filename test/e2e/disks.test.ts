import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { succeed, wimsmith, wimsmithResult } from '../support/cli';
import { expectSameTree } from '../support/compareTrees';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import type { DiskSummary } from '../../src-shared/model/disks';
import { fakeDisks, noDisks, stick } from './support/fakeDisks';
import { pressUntil } from './support/focus';
import {
  button,
  expectResult,
  expectStep,
  goTo,
  next,
  row,
  run,
  shows,
  startAgain,
  typePath,
} from './support/steps';
import { makeSmallTree } from './support/trees';
import { expectAccessible, openBrowser, openWindow, type WindowOptions } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

const MB = 2 ** 20;

describeWithTools(['chromium', 'sgdisk', 'qemu-img'], 'disks', () => {
  let base: string;
  let source: string;
  let wim: string;
  let host: StartedHost;
  let browser: Browser;

  const at = (...names: string[]): string => path.join(base, ...names);
  const open = async (options: WindowOptions = {}): Promise<Page> => {
    const { page, context, complaints } = await openWindow(browser, host.address, {
      before: noDisks,
      ...options,
    });
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    return page;
  };
  const info = (disk: string): DiskSummary => wimsmithResult<DiskSummary>('disk', 'info', disk);
  /** Other programs find nothing wrong with a disk file. */
  const judge = (disk: string): void => {
    succeed('qemu-img', 'check', '-f', 'vhdx', disk);
    const raw = `${disk}.raw`;
    succeed('qemu-img', 'convert', '-O', 'raw', disk, raw);
    expect(succeed('sgdisk', '-v', raw)).toContain('No problems found');
  };

  beforeAll(async () => {
    base = temporaryDirectory();
    source = at('pc');
    wim = at('lab.wim');
    makeSmallTree(source);
    wimsmith('capture', source, wim, 'Lab PC', '--compress=fast', '--unix-data');
    host = await startHost(at('data'));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('makes a disk as it was drawn, with the mouse, the table and the plan in step', async () => {
    const page = await open();
    const made = at('drawn.vhdx');
    await goTo(page, 'wizard', { name: 'prepare' });
    await expectStep(page, 'Disk');
    await expectAccessible(page, 'the choice of a disk');
    await typePath(page, 'New disk file', made);
    await page.getByLabel('Size', { exact: true }).fill('8 gb');
    await next(page, 'Layout');
    const bar = page.getByRole('group', { name: 'As it will be' });
    await shows(bar.getByRole('button')).toHaveCount(4);
    await expectAccessible(page, 'the layout of a disk');

    // Recovery grows by what the line before it is dragged.
    const line = bar.getByRole('slider', { name: 'Boundary between Windows and Recovery' });
    const size = page.getByLabel('Size of partition 4');
    await shows(size).toHaveValue('1GB');
    const box = (await line.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x - 120, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await shows(size).not.toHaveValue('1GB');
    const drawn = Number(await line.getAttribute('aria-valuenow'));
    // And the other way round: what is typed moves the line.
    await size.fill('2GB');
    await size.press('Enter');
    await shows.poll(async () => Number(await line.getAttribute('aria-valuenow'))).not.toBe(drawn);
    await shows(page.getByRole('button', { name: /^Layout/ })).toContainText('Own layout');

    await button(page, 'Add a partition').click();
    await shows(bar.getByRole('button')).toHaveCount(5);
    await button(page, 'Remove partition 4').click();
    await shows(bar.getByRole('button')).toHaveCount(4);
    await next(page, 'Review');
    await shows(page.getByText('a VHDX of 8.0 GB that grows as it is filled')).toBeVisible();
    await shows(page.getByLabel('Line for wimsmith')).toContainText(
      /disk create --size=8G --format=vhdx --layout=layout\.json/,
    );
    await page.getByRole('tab', { name: 'diskpart' }).click();
    await shows(page.getByLabel('Line for diskpart')).toContainText('create partition efi size=260');
    await expectAccessible(page, 'the plan of a disk');
    await run(page, 'Make drawn.vhdx');
    const result = await expectResult(page, 'Disk made');
    await shows(result).toContainText('drawn.vhdx is made and has 4 partitions.');
    await shows(result).toContainText('It was read back and is as planned.');
    await expectAccessible(page, 'the result of a disk');

    judge(made);
    const disk = info(made);
    expect(disk.partitions.map(({ role, size: bytes }) => [role, bytes / MB])).toEqual([
      ['efi', 260],
      ['msr', 16],
      [expect.stringMatching(/windows|data/), 8192 - 2 - 260 - 16 - 2048],
      ['recovery', 2048],
    ]);
  });

  it('erases a disk by the keyboard alone, after it was said what goes', async () => {
    const page = await open();
    const { keyboard } = page;
    const used = at('used.vhdx');
    wimsmith('disk', 'create', used, '--size=4G', '--layout=data');
    await goTo(page, 'wizard', { name: 'prepare', file: used });
    await shows(page.getByRole('list', { name: 'As it is' })).toBeVisible();
    await keyboard.press('Control+Enter');
    await expectStep(page, 'Layout');
    await pressUntil(page, 'Tab', /^slider Boundary between Windows and Recovery/);
    const line = page.getByRole('slider', { name: 'Boundary between Windows and Recovery' });
    const before = Number(await line.getAttribute('aria-valuenow'));
    await keyboard.press('ArrowLeft');
    await shows.poll(async () => Number(await line.getAttribute('aria-valuenow'))).toBe(before - 32);
    await keyboard.press('Shift+ArrowRight');
    await shows.poll(async () => Number(await line.getAttribute('aria-valuenow'))).toBe(before - 31);
    await keyboard.press('Control+Enter');
    await expectStep(page, 'Review');
    await shows(page.getByText(/^Partition 2 .*NTFS/)).toBeVisible();
    await shows(button(page, 'Erase used.vhdx and prepare it')).toBeDisabled();
    await pressUntil(page, 'Tab', /^input Erase everything on used\.vhdx/);
    await keyboard.press('Space');
    await shows(button(page, 'Erase used.vhdx and prepare it')).toBeEnabled();
    await keyboard.press('Control+Enter');
    await expectResult(page, 'Disk prepared');
    judge(used);
    expect(info(used).partitions.map(({ size }) => size / MB)).toEqual([260, 16, before - 31, 1055]);
  });

  it('does not do what was planned for another disk', async () => {
    const page = await open();
    const disk = at('changes.vhdx');
    wimsmith('disk', 'create', disk, '--size=4G', '--layout=data');
    await goTo(page, 'wizard', { name: 'prepare', file: disk });
    await next(page, 'Layout');
    await next(page, 'Review');
    await page.getByText('Erase everything on changes.vhdx').click();
    // Meanwhile somebody else divides it.
    wimsmith('disk', 'prepare', disk, '--layout=uefi', '--overwrite');
    const there = info(disk);
    await button(page, 'Erase changes.vhdx and prepare it').click();
    await shows(
      page.getByText('Something changed since the plan was made. This is the new plan.'),
    ).toBeVisible();
    await shows(page.getByText(/^Partition 4 .*Recovery/)).toBeVisible();
    await shows(button(page, 'Erase changes.vhdx and prepare it')).toBeDisabled();
    expect(info(disk)).toEqual(there);
  });

  it('shows why a disk may be no target, and has the name of another typed', async () => {
    let asked: Awaited<ReturnType<typeof fakeDisks>> | undefined;
    const page = await open({
      before: async (context) => {
        asked = await fakeDisks(context);
      },
    });
    await goTo(page, 'wizard', { name: 'prepare' });
    await page.getByText('A physical disk').click();
    const refused = page.getByRole('radio', { name: /Samsung SSD 980/ });
    await shows(refused).toBeDisabled();
    await shows(refused).toHaveAccessibleName(/Not a target: it holds the running system/);
    await expectAccessible(page, 'physical disks');
    await page.getByText('SanDisk Ultra').first().click();
    await shows(page.getByText('Photos 2025, Taxes, thesis.docx')).toBeVisible();
    await next(page, 'Layout');
    await next(page, 'Review');
    const erase = button(page, 'Erase SanDisk Ultra 57.0 GB and prepare it');
    await page.getByText('Erase everything on SanDisk Ultra').click();
    await shows(page.getByText('Type SanDisk Ultra.', { exact: true })).toBeVisible();
    const name = page.getByLabel('Type SanDisk Ultra to confirm');
    await name.fill('sandisk ultra');
    await shows(erase).toBeDisabled();
    await name.fill('SanDisk Ultra');
    await expectAccessible(page, 'the typed confirmation');
    await erase.click();
    await shows(page.getByText(/is another disk now; nothing was written/)).toBeVisible();
    expect(asked?.runs).toEqual([
      {
        work: {
          verb: 'diskPrepare',
          request: {
            disk: stick.path,
            layout: 'uefi',
            identity: stick.identity,
            confirmation: 'SanDisk Ultra',
            overwrite: true,
          },
        },
        fingerprint: 'fake.fake',
      },
    ]);
    await goTo(page, 'disks', { disk: stick.path });
    await shows(page.getByRole('region', { name: 'SanDisk Ultra' })).toContainText('HOLIDAY');
    await expectAccessible(page, 'the disks of a machine');
  });

  it('sets up a new PC, looks into its volume and captures it again', async () => {
    const page = await open({ width: 1300, height: 850 });
    const pc = at('new pc.vhdx');
    await goTo(page, 'wizard', { name: 'apply', wim, image: '1' });
    await next(page, 'Target');
    await page.getByText('A new disk file').click();
    await typePath(page, 'New disk file', pc);
    await page.getByLabel('Size', { exact: true }).fill('1GB');
    await page.getByLabel('Size', { exact: true }).press('Enter');
    await shows(page.getByText('The partitions do not fit on the disk.').first()).toBeVisible();
    await shows(button(page, 'Next')).toBeDisabled();
    await page.getByLabel('Size', { exact: true }).fill('4GB');
    await next(page, 'Options');
    await shows(page.getByText('Compress system files on the volume')).toBeVisible();
    await next(page, 'Review');
    await shows(page.getByLabel('Line for wimsmith')).toContainText('--prepare=uefi --size=4G');
    await run(page, 'Apply Lab PC to new pc.vhdx');
    await expectResult(page, 'Applied');
    judge(pc);

    await button(page, 'Open new pc.vhdx').click();
    await shows(page.getByRole('table', { name: 'Partitions' })).toContainText('Recovery');
    await expectAccessible(page, 'a disk with its partitions');
    await button(page, 'Look into it').click();
    const list = 'Contents of the folder';
    await row(page, list, 'Users').dblclick();
    await row(page, list, 'Ada').dblclick();
    await shows(row(page, list, 'report.txt')).toBeVisible();
    await expectAccessible(page, 'the files of a volume');
    await button(page, 'Back to new pc.vhdx').click();
    await button(page, 'Capture it…').click();
    await shows(page.getByRole('button', { name: /^Source/ })).toContainText(/files/);
    await page.getByRole('button', { name: /^Compression/ }).click();
    await shows(page.getByText(/^Figures come from a sample of this very source/)).toBeVisible();
    await page.getByRole('button', { name: /^Name and place/ }).click();
    await typePath(page, 'WIM file', at('again.wim'));
    await next(page, 'Review');
    await shows(page.getByLabel('Line for wimsmith')).toContainText('--volume=3');
    await run(page, 'Capture to again.wim');
    await expectResult(page, 'Captured');
    wimsmith('apply', wim, '1', at('applied'));
    wimsmith('apply', at('again.wim'), '1', at('applied again'));
    expectSameTree(at('applied again'), at('applied'));
  });

  it('wipes and converts a disk from its place in the list', async () => {
    const page = await open({ width: 1300, height: 850 });
    const disk = at('old.vhdx');
    wimsmith('disk', 'create', disk, '--size=2G', '--layout=data');
    await goTo(page, 'disks', { disk });
    await button(page, 'Convert…').click();
    const convert = page.getByRole('dialog', { name: 'Convert old.vhdx' });
    await convert.getByText('Raw', { exact: true }).click();
    await shows(button(convert, 'Convert to old.img')).toBeEnabled();
    await expectAccessible(page, 'the conversion of a disk');
    await button(convert, 'Convert to old.img').click();
    await shows(convert.getByText('old.img holds the disk, with 2 partitions.')).toBeVisible();
    await button(convert, 'Close').click();
    expect(succeed('sgdisk', '-v', at('old.img'))).toContain('No problems found');

    await goTo(page, 'disks', { disk });
    await button(page, 'Wipe…').click();
    const wipe = page.getByRole('dialog', { name: 'Wipe old.vhdx' });
    await shows(wipe.getByText('Erased on old.vhdx')).toBeVisible();
    await expectAccessible(page, 'the wipe of a disk');
    await button(wipe, 'Wipe old.vhdx').click();
    await shows(wipe.getByText('old.vhdx is wiped.')).toBeVisible();
    await button(wipe, 'Close').click();
    await shows(page.getByText(/^Nothing was found on it: /)).toBeVisible();
    expect(info(disk)).toMatchObject({ table: 'none', partitions: [] });
  });

  it('leaves nothing when a new PC is cancelled', async () => {
    const page = await open();
    const large = at('large');
    mkdirSync(large);
    const bytes = Buffer.alloc(40 * MB);
    for (let i = 0; i < bytes.length; i += 8) bytes.writeDoubleLE(Math.sin(i + 1), i);
    for (let i = 0; i < 12; i++)
      writeFileSync(path.join(large, `data ${i}`), Buffer.concat([Buffer.from([i]), bytes]));
    wimsmith('capture', large, at('large.wim'), 'Large', '--compress=none');
    const pc = at('cancelled.vhdx');
    await goTo(page, 'wizard', {
      name: 'apply',
      wim: at('large.wim'),
      image: '1',
      targetKind: 'newDisk',
      target: pc,
    });
    await next(page, 'Target');
    await next(page, 'Options');
    await next(page, 'Review');
    await run(page, 'Apply Large to cancelled.vhdx');
    await button(page, 'Cancel').click();
    await shows(page.getByText('What is there now')).toBeVisible();
    expect(existsSync(pc)).toBe(false);
  });

  it('asks again for a layout that does not fit, and takes one from a file', async () => {
    const page = await open();
    await goTo(page, 'wizard', { name: 'prepare' });
    await startAgain(page, 'Disk');
    await typePath(page, 'New disk file', at('own.vhdx'));
    await page.getByLabel('Size', { exact: true }).fill('2GB');
    await next(page, 'Layout');
    const own = {
      table: 'gpt',
      partitions: [{ role: 'data', size: '50%', fileSystem: 'ntfs', label: 'Half' }],
    };
    writeFileSync(at('layout.json'), JSON.stringify(own));
    writeFileSync(at('bad.json'), JSON.stringify({ ...own, partition: [] }));
    const load = async (name: string): Promise<void> => {
      await button(page, 'Load a layout…').click();
      const dialog = page.getByRole('dialog', { name: 'Load a layout…' });
      const where = dialog.getByRole('combobox', { name: 'Path' });
      await shows(where).not.toHaveValue('');
      await where.fill(base);
      await where.press('Enter');
      await dialog.getByRole('row').filter({ hasText: name }).dblclick();
      await dialog.waitFor({ state: 'hidden' });
    };
    await load('bad.json');
    await shows(page.getByText(/is not known here; there are table, alignment, partitions/)).toBeVisible();
    await load('layout.json');
    await shows(page.getByLabel('Size of partition 1')).toHaveValue('50%');
    await shows(page.getByRole('group', { name: 'As it will be' }).getByRole('button')).toHaveCount(1);
    await page.getByLabel('Size of partition 1').fill('3GB');
    await page.getByLabel('Size of partition 1').press('Enter');
    await shows(page.getByText(/does not fit on a disk of/)).toBeVisible();
    await shows(button(page, 'Next')).toBeDisabled();
  });
});

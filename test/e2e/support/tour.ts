import { copyFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { temporaryDirectory } from '../../support/tools';
import { button, goTo, shows, typePath } from './steps';

/** Real files that a tour leads through. */
export interface TourFiles {
  /** A folder to capture, small. */
  readonly source: string;
  /** A folder whose capture takes long enough to be looked at. */
  readonly large: string;
  /** A WIM with three images. */
  readonly wim: string;
  /** A file that is called .wim and is none. */
  readonly damaged: string;
  /** An empty folder for what the tour makes. */
  readonly made: string;
}

/** Called at each stop: the window shows what `name` says, and nothing moves. */
export type Visit = (name: string, page: Page) => Promise<void>;

/** Presses Esc until no dialog is left. */
export async function closeDialogs(page: Page): Promise<void> {
  const open = page.locator('[role="dialog"], [role="alertdialog"], [role="menu"]');
  while ((await open.count()) > 0) {
    await page.keyboard.press('Escape');
    await open.last().waitFor({ state: 'detached' });
  }
}

/** Home without files, and the practice bench before it is made. */
export async function tourEmpty(page: Page, visit: Visit): Promise<void> {
  await goTo(page, 'images');
  await page.getByRole('heading', { level: 2 }).waitFor();
  await visit('images, empty', page);
  await goTo(page, 'practice');
  await button(page, 'Make the practice bench').waitFor();
  await visit('practice, not made', page);
  await goTo(page, 'jobs');
  await page.getByRole('heading', { name: 'Jobs' }).waitFor();
  await visit('jobs, empty', page);
  await goTo(page, 'image');
  await page.getByText('No WIM is open').waitFor();
  await visit('image, nothing open', page);
  await goTo(page, 'wizard');
  await page.getByText('What is to be done').waitFor();
  await visit('wizard, none chosen', page);
}

/** The image view: its tabs, its menus, its dialogs. */
export async function tourImage(page: Page, files: TourFiles, visit: Visit): Promise<void> {
  await goTo(page, 'image', { wim: files.wim });
  const list = page.getByRole('grid', { name: 'Contents of the folder' });
  await list.getByText('Windows', { exact: true }).waitFor();
  await visit('image, contents', page);
  await list.getByText('Windows', { exact: true }).click();
  await visit('image, contents, entry', page);
  await page.keyboard.press('Delete');
  await button(page, /^Write 1 change/).waitFor();
  await visit('image, pending changes', page);
  await button(page, /^Write 1 change/).click();
  await page.getByRole('dialog').getByText('Free there').waitFor();
  await visit('image, commit dialog', page);
  await closeDialogs(page);
  await button(page, 'Discard').click();
  await page.getByRole('searchbox', { name: 'Search by name or glob' }).fill('*.dll');
  await page.getByRole('grid', { name: 'Search results' }).waitFor();
  await page.getByText(/ found$/).waitFor();
  await visit('image, search', page);
  await page.getByRole('searchbox', { name: 'Search by name or glob' }).fill('');
  await button(page, 'Add a file…').click();
  await page.getByRole('dialog').waitFor();
  await visit('image, add dialog', page);
  await closeDialogs(page);
  await list.getByText('Windows', { exact: true }).click();
  await button(page, 'Extract…').click();
  await page.getByRole('dialog').waitFor();
  await visit('image, extract dialog', page);
  await closeDialogs(page);

  await page.getByRole('tab', { name: 'Space' }).click();
  await page.getByRole('complementary', { name: 'Figures' }).waitFor();
  await visit('image, space', page);
  await button(page, /As a map/).click();
  await page.getByRole('listbox').waitFor();
  await visit('image, space, choice', page);
  await page.getByRole('option', { name: 'As a table' }).click();
  await page.getByRole('grid', { name: 'Where the bytes are' }).waitFor();
  await visit('image, space as a table', page);
  await page.getByRole('tab', { name: 'Compare' }).click();
  await button(page, 'Compare').waitFor();
  await visit('image, compare, empty', page);
  await button(page, 'Compare').click();
  await page.getByText(/ differences? listed/).waitFor();
  await visit('image, compare', page);
  await page.getByRole('tab', { name: 'Integrity' }).click();
  await button(page, /^Verify .*\.wim$/).waitFor();
  await visit('image, integrity', page);
  await button(page, /^Verify .*\.wim$/).click();
  await page.getByText(/ is whole: /).waitFor();
  await visit('image, integrity, verified', page);

  await button(page, 'More actions').click();
  await page.getByRole('menu').waitFor();
  await visit('image, menu', page);
  await closeDialogs(page);
  for (const [entry, settled] of [
    ['Export image…', 'Destination file'],
    ['Split…', 'Size of a part'],
    ['Optimise…', 'Tidy up'],
    ['Delete image…', 'What happens'],
  ] as const) {
    await button(page, 'More actions').click();
    await page.getByRole('menuitem', { name: entry }).click();
    await page.getByRole('dialog').getByText(settled, { exact: true }).first().waitFor();
    await visit(`image, dialog ${entry.replace(/\W+$/, '')}`, page);
    await closeDialogs(page);
  }
  await goTo(page, 'image', { wim: files.damaged });
  await page.getByText('Open another file…').waitFor();
  await visit('image, not a WIM', page);
}

/** Home with files, its menus; palette and path browser. */
export async function tourFrame(page: Page, visit: Visit): Promise<void> {
  await goTo(page, 'images');
  const table = page.getByRole('grid', { name: 'WIM files' });
  await table.getByRole('row').nth(1).click();
  await visit('images, selected', page);
  await button(page, 'Columns').click();
  await page.getByRole('menu').waitFor();
  await visit('images, columns', page);
  await closeDialogs(page);
  await table.getByRole('row').nth(1).click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await visit('images, menu of a row', page);
  await closeDialogs(page);
  await page.getByRole('searchbox').fill('no such file');
  await page.getByText('No file matches').waitFor();
  await visit('images, nothing found', page);
  await button(page, 'Clear search and filters').click();

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await visit('palette', page);
  await page.keyboard.type('zzz');
  await page.getByText('Nothing matches.').waitFor();
  await visit('palette, nothing found', page);
  await closeDialogs(page);

  await page.keyboard.press('Control+o');
  await page.getByRole('dialog').getByRole('grid').waitFor();
  await visit('path browser', page);
  await closeDialogs(page);
}

/** The settings, section by section. */
export async function tourSettings(page: Page, visit: Visit): Promise<void> {
  for (const section of ['Imaging', 'Exclusion lists', 'Folders', 'Appearance', 'Diagnostics']) {
    await goTo(page, 'settings');
    await page.getByRole('navigation', { name: 'Sections' }).getByText(section).click();
    await page.getByRole('group', { name: section }).waitFor();
    if (section === 'Exclusion lists' && (await button(page, 'Delete this list').count()) === 0) {
      await button(page, 'Add a list').click();
    }
    await visit(`settings, ${section}`, page);
  }
}

/** Capture from its first step to its result, and a running and a cancelled one. */
export async function tourCapture(page: Page, files: TourFiles, visit: Visit): Promise<void> {
  await goTo(page, 'wizard', { name: 'capture' });
  const next = button(page, 'Next');
  await page.getByRole('combobox', { name: 'Folder to capture' }).waitFor();
  await visit('capture, source, empty', page);
  await typePath(page, 'Folder to capture', files.source);
  await page.getByText('What it is').waitFor();
  await visit('capture, source', page);
  await next.click();
  await page.getByText('Usual exclusions of Windows imaging').first().waitFor();
  await page.getByText(/^Left out: /).waitFor();
  await visit('capture, exclusions', page);
  await next.click();
  await page.getByText(/^Figures come from a sample/).waitFor();
  await visit('capture, compression', page);
  await button(page, 'Advanced').click();
  await visit('capture, compression, advanced', page);
  await button(page, 'Advanced').click();
  await next.click();
  await page.getByLabel('Image name').fill('Windows 11 24H2 base');
  await visit('capture, place, missing', page);
  await typePath(page, 'WIM file', path.join(files.made, 'captured.wim'));
  await page.getByText(/^Needs /).waitFor();
  await visit('capture, place', page);
  await next.click();
  await page.getByText(/ are read from /).waitFor();
  await visit('capture, review', page);
  await button(page, 'Capture to captured.wim').click();
  await page.getByText('What next').waitFor();
  await visit('capture, result', page);

  await goTo(page, 'wizard', { name: 'capture' });
  await button(page, 'Start again').click();
  await typePath(page, 'Folder to capture', files.large);
  await page.getByText('What it is').waitFor();
  await goTo(page, 'wizard', { name: 'capture', step: 'place' });
  await page.getByLabel('Image name').fill('Data');
  await typePath(page, 'WIM file', path.join(files.made, 'large.wim'));
  await goTo(page, 'wizard', { name: 'capture', step: 'review' });
  await page.getByText(/ are read from /).waitFor();
  await button(page, 'Capture to large.wim').click();
  await page.getByText('Throughput', { exact: true }).waitFor();
  await page.getByRole('img', { name: 'Throughput over time' }).waitFor();
  await visit('capture, running', page);
  await goTo(page, 'images');
  await page.getByRole('region', { name: 'Running job' }).waitFor();
  await visit('job strip', page);
  await page.getByTitle('Open the job').click();
  await page.getByRole('tab', { name: 'Overview' }).waitFor();
  await visit('jobs, running', page);
  await button(page, 'Cancel the job').click();
  await page.getByRole('region', { name: 'Running job' }).waitFor({ state: 'detached' });
  await visit('jobs, cancelled', page);
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByRole('group', { name: 'Log of the job' }).getByRole('listitem').first().waitFor();
  await visit('jobs, log', page);
  await page.getByRole('tab', { name: 'Command lines' }).click();
  await visit('jobs, command lines', page);
  await page.goBack();
}

/** Append, apply and image info up to their last step. */
export async function tourOtherWizards(page: Page, files: TourFiles, visit: Visit): Promise<void> {
  const next = button(page, 'Next');
  await goTo(page, 'wizard', { name: 'append', wim: files.wim });
  await page.getByRole('grid', { name: 'Images' }).waitFor();
  await visit('append, WIM', page);
  await next.click();
  await typePath(page, 'Folder to capture', files.source);
  await page.getByText('What it is').waitFor();
  await visit('append, source', page);
  for (const step of ['exclusions', 'kept', 'name']) {
    await next.click();
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    if (step === 'name') await page.getByLabel('Image name').fill('One more');
    await visit(`append, ${step}`, page);
  }
  await next.click();
  await page.getByText(/They are added to /).waitFor();
  await visit('append, review', page);

  await goTo(page, 'wizard', { name: 'apply', wim: files.wim, image: '2' });
  await page.getByRole('grid', { name: 'Images' }).waitFor();
  await visit('apply, image', page);
  await next.click();
  await typePath(page, 'Folder to fill', path.join(files.made, 'target'));
  await page.getByText('The folder is made.').waitFor();
  await visit('apply, target', page);
  await next.click();
  await page.getByText('Check the integrity table first').waitFor();
  await visit('apply, options', page);
  await next.click();
  await page.getByText(/ is written to /).waitFor();
  await visit('apply, review', page);

  await goTo(page, 'wizard', { name: 'info', wim: files.wim });
  await page.getByRole('grid', { name: 'Images' }).waitFor();
  await visit('info, WIM', page);
  await next.click();
  await button(page, 'Save as HTML…').waitFor();
  await visit('info, report', page);
}

/** Disks: the wizard, the view, what is done from there. `files.made` gets a disk file. */
export async function tourDisks(page: Page, files: TourFiles, visit: Visit): Promise<void> {
  const next = button(page, 'Next');
  const disk = path.join(files.made, 'disk.vhdx');
  await goTo(page, 'disks');
  await page.getByRole('heading', { name: 'Disk files' }).waitFor();
  await visit('disks', page);
  await goTo(page, 'wizard', { name: 'prepare' });
  await typePath(page, 'New disk file', disk);
  await page.getByLabel('Size', { exact: true }).fill('4GB');
  await visit('prepare, disk', page);
  await next.click();
  await page.getByRole('slider').first().waitFor();
  await visit('prepare, layout', page);
  await next.click();
  await page.getByText(/ is made: a VHDX of /).waitFor();
  await visit('prepare, review', page);
  await button(page, 'Make disk.vhdx').click();
  await page.getByText('It was read back and is as planned.').waitFor();
  await visit('prepare, result', page);
  await button(page, 'Open disk.vhdx').click();
  await page.getByRole('table', { name: 'Partitions' }).waitFor();
  await visit('disks, a disk', page);
  await button(page, 'Convert…').click();
  await page.getByRole('dialog').getByText('Space needed').waitFor();
  await visit('disks, convert', page);
  await closeDialogs(page);
  await button(page, 'Wipe…').click();
  await page.getByRole('dialog').getByText('Erased on disk.vhdx').waitFor();
  await visit('disks, wipe', page);
  await closeDialogs(page);
  await page.getByRole('cell', { name: 'NTFS' }).first().click();
  await button(page, 'Look into it').click();
  await page.getByRole('grid', { name: 'Contents of the folder' }).waitFor();
  await page.getByText('Read only').waitFor();
  await visit('disks, files of a volume', page);
  await goTo(page, 'wizard', { name: 'prepare', file: disk });
  await page.getByRole('list', { name: 'As it is' }).waitFor();
  await visit('prepare, a disk that exists', page);
  await next.click();
  await page.getByRole('slider').first().waitFor();
  await next.click();
  await page.getByText('Erase everything on disk.vhdx').waitFor();
  await visit('prepare, what is erased', page);
  await goTo(page, 'wizard', { name: 'capture', source: disk, volume: '3' });
  await page.getByRole('list', { name: 'As it is' }).waitFor();
  await visit('capture, a volume', page);
  await goTo(page, 'wizard', { name: 'apply', wim: files.wim, image: '2', target: disk, volume: '3' });
  await page.getByRole('grid', { name: 'Images' }).waitFor();
  await next.click();
  await page.getByText('It is formatted anew: everything on it is erased.').waitFor();
  await visit('apply, a volume', page);
  await page.getByText('A new disk file').click();
  await typePath(page, 'New disk file', path.join(files.made, 'pc.vhdx'));
  await page.getByRole('slider').first().waitFor();
  await visit('apply, a new disk', page);
}

/** Inject drivers, from its first step to its result. `bench` is the folder of the practice bench. */
export async function tourDrivers(page: Page, bench: string, visit: Visit): Promise<void> {
  await tourLibrary(page, path.join(bench, 'Drivers'), visit);
  const next = button(page, 'Next');
  // Each run has an image without drivers.
  const wim = path.join(temporaryDirectory(), 'drivers.wim');
  copyFileSync(path.join(bench, 'drivers.wim'), wim);
  await goTo(page, 'wizard', { name: 'drivers', wim });
  await page.getByText('System folder').waitFor();
  await visit('drivers, image', page);
  await next.click();
  await typePath(page, 'Folder, .zip, .cab or .inf', path.join(bench, 'Drivers'));
  await page.getByRole('grid', { name: 'Driver packages' }).getByText('pgfx.inf').click();
  await page.getByText('pgfxui.dll is not in the package').waitFor();
  await visit('drivers, packages', page);
  await next.click();
  await typePath(page, 'List of devices', path.join(bench, 'Drivers', 'Devices of the practice PC.txt'));
  await page.getByRole('grid', { name: 'Devices' }).waitFor();
  await visit('drivers, devices', page);
  await next.click();
  await page.getByRole('grid', { name: 'Devices' }).getByText('Practice Network Adapter').click();
  await page.getByText('Compatible IDs').waitFor();
  await visit('drivers, what goes in', page);
  await button(page, 'Look at them').click();
  await page.getByRole('grid', { name: 'Driver packages' }).getByText('pnet.inf').click();
  await page.getByText('Would serve Practice Network Adapter.').waitFor();
  await visit('drivers, with faults', page);
  await button(page, 'Take in all the same').click();
  await button(page, 'Leave all of them out').click();
  await next.click();
  await button(page, 'Advanced').click();
  await visit('drivers, options', page);
  await next.click();
  await page.getByText(/ goes into image 1 of drivers\.wim/).waitFor();
  await visit('drivers, review', page);
  await button(page, 'Inject into image 1 of drivers.wim').click();
  await page.getByText(/ staged in image 1 of /).waitFor();
  await visit('drivers, result', page);
}

/** The driver library with packages in it, and a set of one of them. */
async function tourLibrary(page: Page, folder: string, visit: Visit): Promise<void> {
  await goTo(page, 'drivers');
  await button(page, 'Add').click();
  await page.getByRole('menuitem', { name: 'Add a folder…' }).click();
  const dialog = page.getByRole('dialog');
  const field = dialog.getByRole('combobox', { name: 'Path' });
  await shows(field).not.toHaveValue('');
  await field.fill(folder);
  await field.press('Enter');
  await dialog.getByRole('grid', { name: `Contents of ${folder}` }).waitFor();
  await dialog.getByRole('button').last().click();
  await button(page, /Groups$/).click();
  await page.getByRole('option', { name: 'By vendor' }).click();
  await page.getByRole('listbox', { name: 'Vendor' }).waitFor();
  await page.getByRole('grid', { name: 'Driver packages' }).getByText('pgfx.inf').click();
  await page.getByText('SHA-256').waitFor();
  await visit('drivers, library', page);
  await button(page, 'Model sets…').click();
  await page.getByRole('menuitem', { name: 'New set with it' }).click();
  await page.getByRole('dialog').waitFor();
  await closeDialogs(page);
  await page.getByText('Stays out: it has faults').waitFor();
  await visit('drivers, set', page);
}

/** The practice bench and its coach. */
export async function tourPractice(page: Page, visit: Visit): Promise<void> {
  await goTo(page, 'practice');
  await page.getByRole('group', { name: 'Lessons' }).waitFor();
  await visit('practice', page);
  await button(page, 'Remove the bench').click();
  await page.getByRole('alertdialog').waitFor();
  await visit('practice, remove dialog', page);
  await closeDialogs(page);
  await button(page, /^Start$/)
    .first()
    .click();
  await page.getByRole('region', { name: /^Lesson: / }).waitFor();
  await page.getByText('It is marked in the window.').waitFor();
  await visit('coach', page);
  await button(page, 'Next step').click();
  await button(page, 'Take me there').click();
  await page.getByText('It is marked in the window.').waitFor();
  await visit('coach, in a wizard', page);
  await button(page, 'End the lesson').click();
}

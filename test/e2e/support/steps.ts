import path from 'node:path';
import type { JSHandle, Locator, Page } from 'playwright';
import { expect } from 'playwright/test';

/** What a page shows, waited for: long enough for a machine that does much else. */
export const shows = expect.configure({ timeout: 20_000 });

/** Button of the page by its whole name. */
export function button(within: Page | Locator, name: string | RegExp): Locator {
  return within.getByRole('button', { name, exact: typeof name === 'string' });
}

/** Types a path into a field and leaves it: the offered paths close. */
export async function typePath(within: Page | Locator, label: string, value: string): Promise<void> {
  const field = within.getByRole('combobox', { name: label, exact: true });
  await field.fill(value);
  await field.blur();
  await shows(field).toHaveValue(value);
}

/** Goes to another view of the window by its address, as a link does. */
export async function goTo(
  page: Page,
  view: string,
  params: Readonly<Record<string, string>> = {},
): Promise<void> {
  const query = new URLSearchParams(params).toString();
  await page.evaluate(`location.hash = ${JSON.stringify(`#/${view}${query === '' ? '' : `?${query}`}`)}`);
}

/** The step of a wizard that is shown. */
export async function expectStep(page: Page, title: string): Promise<void> {
  await shows(page.locator('#wizard-step-title')).toHaveText(title);
}

/** On to the step with this title. */
export async function next(page: Page, title: string): Promise<void> {
  await button(page, 'Next').click();
  await expectStep(page, title);
}

export interface CaptureSteps {
  readonly source: string;
  readonly wim: string;
  readonly name?: string;
  readonly compression?: 'Fast (XPRESS)' | 'Maximum (LZX)' | 'Recovery (LZMS)' | 'Solid (LZMS)' | 'None';
  readonly level?: number;
}

/** Fills in the Capture wizard from its first step to the review. */
export async function fillCapture(page: Page, steps: CaptureSteps): Promise<void> {
  await fillUntilPlace(page, steps.source, steps);
  if (steps.name !== undefined) await page.getByLabel('Image name').fill(steps.name);
  await typePath(page, 'WIM file', steps.wim);
  await next(page, 'Review');
}

/** Fills in the Capture wizard up to the step that asks for name and place. */
export async function fillUntilPlace(
  page: Page,
  source: string,
  { compression = 'Maximum (LZX)', level }: Pick<CaptureSteps, 'compression' | 'level'> = {},
): Promise<void> {
  await goTo(page, 'wizard', { name: 'capture' });
  await startAgain(page, 'Source');
  await typePath(page, 'Folder to capture', source);
  await next(page, 'Exclusions');
  await next(page, 'Compression');
  await page.getByRole('radio', { name: compression }).check({ force: true });
  if (level !== undefined) {
    await button(page, 'Advanced').click();
    await page.getByLabel('Compression level').fill(String(level));
    await page.getByLabel('Compression level').blur();
  }
  await next(page, 'Name and place');
}

/** Begins a wizard anew, whatever was filled in before. */
export async function startAgain(page: Page, firstStep: string): Promise<void> {
  await button(page, 'Start again').click();
  await expectStep(page, firstStep);
}

/** Runs what the review shows, and waits until the job is there: it may have ended already. */
export async function run(page: Page, label: string): Promise<void> {
  await button(page, label).click();
  await page.locator('[data-lesson="wizard.progress"]').or(ended(page)).first().waitFor();
}

/** The page of a job that ended, well or not. */
function ended(page: Page): Locator {
  return page.locator('[data-lesson="wizard.result"]').or(page.getByText('What is there now'));
}

/** Waits for the result page of a wizard's job. */
export async function expectResult(page: Page, title: string): Promise<Locator> {
  await ended(page).first().waitFor({ timeout: 100_000 });
  await shows(page.getByRole('heading', { level: 1 })).toHaveText(title);
  return page.locator('[data-lesson="wizard.result"]');
}

/** Values of the page's progress bars with a label, as they come. */
export async function watchProgress(page: Page, label: string): Promise<JSHandle<number[]>> {
  return page.evaluateHandle<number[]>(`(() => {
    const seen = [];
    const look = () => {
      for (const bar of document.querySelectorAll('main [role="progressbar"]')) {
        const value = bar.getAttribute('aria-valuenow');
        if (bar.getAttribute('aria-label') !== ${JSON.stringify(label)} || value === null) continue;
        if (seen.at(-1) !== Number(value)) seen.push(Number(value));
      }
    };
    new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true, attributes: true });
    return seen;
  })()`);
}

/** Waits until a progress bar is past a percentage. */
export async function passes(bar: Locator, percent: number): Promise<void> {
  const value = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow'));
  await shows.poll(value, { timeout: 30_000 }).toBeGreaterThan(percent);
}

/** Fails unless a progress moved, in several steps, and never back. */
export async function expectMoved(seen: JSHandle<number[]>, steps = 5): Promise<void> {
  const values = await seen.jsonValue();
  shows(values.length, `progress values: ${values.join(' ')}`).toBeGreaterThanOrEqual(steps);
  shows(values, 'the progress went back').toEqual([...values].sort((a, b) => a - b));
  shows(values.at(-1)).toBeLessThanOrEqual(100);
}

/** Answers the window's own dialog for a place to save. */
export async function saveAs(page: Page, title: string, file: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title });
  const folder = dialog.getByRole('combobox', { name: 'Path' });
  // The dialog begins where the last one ended: it has to know where that is.
  await shows(folder).not.toHaveValue('');
  await folder.fill(path.dirname(file));
  await folder.press('Enter');
  await dialog.getByRole('grid', { name: `Contents of ${path.dirname(file)}` }).waitFor();
  await dialog.getByLabel('File name').fill(path.basename(file));
  await button(dialog, 'Save').click();
  await dialog.waitFor({ state: 'hidden' });
}

/** The row of a table that has a text. */
export function row(within: Page | Locator, table: string, text: string | RegExp): Locator {
  return within.getByRole('grid', { name: table }).getByRole('row').filter({ hasText: text });
}

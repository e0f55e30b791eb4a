import type { Page } from 'playwright';

/** Where the keyboard is. */
export interface Focus {
  /** Role and name, as a person would say it; 'body' when it is nowhere. */
  readonly name: string;
  /** Why it cannot be seen; undefined when it can. */
  readonly hidden: string | undefined;
  /** Whether it is in a dialog, a menu or a list of choices. */
  readonly inDialog: boolean;
  readonly inMain: boolean;
}

/** Runs in the page. What draws the focus of an element: itself, or for a radio button or a box its label. */
const FOCUS = `(() => {
  const active = document.activeElement;
  const inside = (selector) => active !== null && active.closest(selector) !== null;
  const rest = { inDialog: inside('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'), inMain: inside('main') };
  if (active === null || active === document.body) return { name: 'body', hidden: 'nothing has the focus', ...rest };
  const labelled = active.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
  const name = active.getAttribute('aria-label') ?? labelled ?? active.labels?.[0]?.textContent ?? active.textContent;
  const told = (active.getAttribute('role') ?? active.tagName.toLowerCase()) + ' ' + (name ?? '').trim().slice(0, 60);
  const label = active.closest('label');
  const drawn = label === null ? [active] : [active, label, ...label.querySelectorAll('*')];
  const ringed = drawn.find((element) => {
    const style = getComputedStyle(element);
    const width = Number.parseFloat(style.outlineWidth);
    const colour = style.outlineColor.match(/[\\d.]+/g)?.map(Number) ?? [];
    return style.outlineStyle !== 'none' && width >= 2 && colour[3] !== 0;
  });
  // A choice in a menu or a list is marked by its background.
  const marked = active.matches('[role^="menuitem"], [role="option"], [role="menu"], [role="listbox"]');
  if (ringed === undefined && !marked) return { name: told, hidden: 'it has no ring', ...rest };
  const box = (ringed ?? active).getBoundingClientRect();
  const seen = box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  return { name: told, hidden: seen ? undefined : 'it is out of the window', ...rest };
})()`;

/** What has the focus. */
export function focusOf(page: Page): Promise<Focus> {
  return page.evaluate<Focus>(FOCUS);
}

/** Presses a key until the focus is on what is wanted. @throws Error with all that was passed, when it never is */
export async function pressUntil(page: Page, key: string, wanted: RegExp, most = 60): Promise<Focus> {
  const passed: string[] = [];
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press(key);
    const focus = await focusOf(page);
    if (wanted.test(focus.name)) return focus;
    passed.push(focus.name);
  }
  throw new Error(`${key} does not lead to ${String(wanted)}, but to: ${passed.join(' | ')}`);
}

/** Every stop of the Tab key from the skip link at the top of the page to its end. */
export async function tabStops(page: Page, most = 120): Promise<Focus[]> {
  await page.evaluate(`document.querySelector('.skip').focus()`);
  const stops: Focus[] = [];
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    const focus = await focusOf(page);
    // Past its end the page gives the focus to the browser, or begins anew.
    if (focus.name === 'body' || focus.name.startsWith('a Skip')) return stops;
    stops.push(focus);
  }
  throw new Error(`Tab comes to no end: ${stops.map(({ name }) => name).join(' | ')}`);
}

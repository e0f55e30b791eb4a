import type { Page } from 'playwright';

/**
 * Runs in the page. Controls that a person could not get to: that no scrolling brings into the window as a whole, or that
 * something else covers there. In a dialog only what is in it counts.
 */
const UNREACHABLE = `(() => {
  const dialogs = document.querySelectorAll('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]');
  const root = dialogs.length === 0 ? document.body : dialogs[dialogs.length - 1];
  const controls = root.querySelectorAll('button, a[href], input, select, textarea, [tabindex="0"], [role="tab"], [role="menuitem"], [role="option"]');
  const problems = [];
  const seen = new Set();
  const scroller = (element) => {
    for (let pane = element.parentElement; pane !== null; pane = pane.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(pane).overflow)) return pane;
    }
    return document.documentElement;
  };
  for (const control of controls) {
    // Radio buttons and boxes are drawn by their label; the input itself is out of sight.
    const drawn = control.matches('input[type="radio"], input[type="checkbox"]') ? control.closest('label') : control;
    if (drawn === null || seen.has(drawn)) continue;
    seen.add(drawn);
    if (!drawn.checkVisibility({ visibilityProperty: true }) || control.closest('.visually-hidden, .skip, [aria-hidden="true"], [inert]') !== null) continue;
    // Parts of a map are as large as what they stand for; the table beside it has them all.
    if (drawn.closest('.image-treemap') !== null) continue;
    // React Aria's buttons for screen readers, which have no size of their own.
    if (drawn.closest('[style*="clip"]') !== null) continue;
    drawn.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const box = drawn.getBoundingClientRect();
    const name = (control.getAttribute('aria-label') ?? drawn.textContent ?? '').trim().slice(0, 60) || control.outerHTML.slice(0, 100);
    const says = (what) => problems.push(name + ': ' + what + ' (' + [box.left, box.top, box.right, box.bottom].map(Math.round).join(' ') + ')');
    if (box.width < 4 || box.height < 4) {
      says('too small to be hit');
      continue;
    }
    // What is larger than the pane that it scrolls in is seen part by part.
    const pane = scroller(drawn);
    if (box.width <= pane.clientWidth && (box.left < -1 || box.right > innerWidth + 1)) says('beside the window');
    if (box.height <= pane.clientHeight && (box.top < -1 || box.bottom > innerHeight + 1)) says('above or below the window');
    if (getComputedStyle(drawn).pointerEvents === 'none') continue;
    // In the middle of its height, at both ends: cut off or covered, another element is there.
    const y = Math.min(Math.max((box.top + box.bottom) / 2, 1), innerHeight - 2);
    for (const x of [box.left + 3, box.right - 3]) {
      const hit = document.elementFromPoint(Math.min(Math.max(x, 1), innerWidth - 2), y);
      if (hit !== null && (drawn.contains(hit) || hit.contains(drawn) || hit.closest('.lesson-coach') !== null)) continue;
      says('covered or cut off by ' + (hit === null ? 'nothing' : hit.outerHTML.slice(0, 80)));
      break;
    }
  }
  return problems;
})()`;

/** Controls of the window that cannot be reached by looking and scrolling, with why. */
export function unreachable(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(UNREACHABLE);
}

/** Runs in the page: texts that are cut off without a hint that there is more. */
const CUT_OFF = `(() => {
  const cut = [];
  for (const element of document.querySelectorAll('.ui-button, .ui-label, h1, h2, h3, .ui-tab, dt, .ui-badge')) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.matches('.visually-hidden, .visually-hidden *')) continue;
    const style = getComputedStyle(element);
    const hidden = element.scrollWidth - element.clientWidth > 1 && style.overflowX !== 'visible';
    if (hidden && style.textOverflow !== 'ellipsis') cut.push(element.textContent.slice(0, 80));
  }
  return cut;
})()`;

/** Labels, headings and buttons whose text is cut off without an ellipsis. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(CUT_OFF);
}

/** Animations that move now, by the class of what they move. */
export function running(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`document.getAnimations()
    .filter(({ playState, effect }) => playState === 'running' && effect.getComputedTiming().activeDuration > 0)
    .map(({ effect }) => String(effect.target.className))`);
}

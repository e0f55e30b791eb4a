import AxeBuilder from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { expect } from 'vitest';

/** Debian's Chromium, as it runs without a display and without a network. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  readonly reducedMotion?: boolean;
  readonly contrast?: boolean;
  /** Called before the page is opened, for what has to be in its way. */
  readonly before?: (context: BrowserContext) => Promise<void>;
}

/** What a page complained about: script errors and messages of the console that are errors. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: string[];
}

/** A window of the workbench in a browser profile of its own, ready when its rail is there. */
export async function openWindow(
  browser: Browser,
  address: string,
  options: WindowOptions = {},
): Promise<WatchedPage> {
  const {
    width = 1000,
    height = 700,
    scheme = 'light',
    reducedMotion = true,
    contrast = false,
    before,
  } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    contrast: contrast ? 'more' : 'no-preference',
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    locale: 'en-GB',
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await before?.(context);
  return openTab(context, address);
}

/** One window more in the same profile. */
export async function openTab(context: BrowserContext, address: string): Promise<WatchedPage> {
  const page = await context.newPage();
  const complaints = watchComplaints(page);
  await page.goto(address);
  await page.getByRole('navigation', { name: /Views|Ansichten/ }).waitFor();
  return { page, context, complaints };
}

/** Collects what a page complains about from now on, violations of its content security policy among it. */
export function watchComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

/** What Chromium itself says when a window tries to reach a host that is down, or that is another one by now. */
const HOST_DOWN =
  /^WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/rpc' failed: (Error in connection establishment: net::ERR_CONNECTION_REFUSED|Error during WebSocket handshake: Unexpected response code: 403|Connection closed before receiving a handshake response|Error in connection establishment: net::ERR_SOCKET_NOT_CONNECTED)$/;

/** Complaints without those that a host that is down cannot but cause. */
export function withoutLostHost(complaints: readonly string[]): string[] {
  return complaints.filter((complaint) => !HOST_DOWN.test(complaint));
}

/**
 * The violations that axe finds on the page as it is now.
 * @param rules the rules to look at; all when not given
 */
export async function violationsOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  // axe stays in the page until it is loaded anew; to send and read it again each time takes longer than to look.
  const there = await page.evaluate<boolean>(`typeof axe === 'object'`);
  // The page has no frames of others, for which the usual mode opens a window of its own each time; and of what is right
  // nothing need be told.
  const axe = new AxeBuilder(there ? { page, axeSource: 'void 0' } : { page })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] });
  const { violations } = await (rules === undefined ? axe : axe.withRules([...rules])).analyze();
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => `  ${html}`).join('\n')}`,
  );
}

/** Fails with the violations that axe finds on the page as it is now. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  expect(await violationsOf(page), `axe on ${what}`).toEqual([]);
}

import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { openBrowser } from './support/window';
import { startHost, type StartedHost } from './support/workbench';

/** Bytes of compressed JavaScript that the first view may take. */
const FIRST_VIEW = 400 * 1024;
/** Seconds to a usable window on a machine that does other things too; `npm run bench -- workbench` measures it. */
const LOOSELY = 5;

describeWithTools(['chromium'], 'budgets', () => {
  let host: StartedHost;
  let browser: Browser;

  beforeAll(async () => {
    host = await startHost(temporaryDirectory());
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  it('loads little JavaScript for the first view, and the rest when it is wanted', async () => {
    const page = await browser.newPage();
    const scripts = new Map<string, Promise<Buffer>>();
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.endsWith('.js')) scripts.set(pathname, response.body());
    });
    await page.goto(host.address);
    await page.getByRole('heading', { level: 1, name: 'Images' }).waitFor();
    await page.waitForLoadState('networkidle');
    const first = new Map(scripts);
    const bodies = await Promise.all(first.values());
    const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
    process.stdout.write(`first view: ${Math.round(bytes / 1024)} KB of JavaScript in ${first.size} files\n`);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(FIRST_VIEW);
    // React as it is shipped, not as it is developed with, whoever asked for the build.
    expect(bodies.filter((body) => body.includes('jsxDEV'))).toEqual([]);

    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(scripts.size).toBeGreaterThan(first.size);
    // Each language and each view is in a file of its own.
    const names = [...first.keys()].join(' ');
    expect(names).not.toMatch(/german|ImageView|WizardView|JobsView|SettingsView|PracticeView/);
    await page.close();
  });

  it('can be used soon after it is opened', async () => {
    const page = await browser.newPage();
    await page.addInitScript(`globalThis.usable = new Promise((resolve) => {
      const look = () => document.querySelector('main h1') === null ? setTimeout(look, 1) : resolve(performance.now());
      look();
    })`);
    await page.goto(host.address, { waitUntil: 'commit' });
    const milliseconds = await page.evaluate<number>('usable');
    process.stdout.write(`start to usable: ${Math.round(milliseconds)} ms\n`);
    expect(milliseconds).toBeLessThan(LOOSELY * 1000);
    await page.close();
  });
});

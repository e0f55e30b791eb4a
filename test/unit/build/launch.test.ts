import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fetchElectron } from '../../../build/fetchElectron.mjs';

const repository = path.resolve(__dirname, '../../..');
/** What the stand-in of the host prints, and what a browser is to be started with. */
const LINE = /^Wimsmith workbench: (http:\/\/127\.0\.0\.1:\d+)\/\?token=abc$/;

/** The window of Electron and its sandbox are not for root: there a start is made as nobody. */
const person = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
}

function start(root: string, args: string[], env: Record<string, string>, options = {}): Run {
  const child = spawn(process.execPath, [path.join(root, 'build/launch.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', HOME: root, ...env },
    ...options,
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return { child, output: () => output, errors: () => errors, ended };
}

/** A checkout in which everything that the launcher starts only writes down how it was started. */
function checkout({ electron, browser = false }: { electron?: string; browser?: boolean }): string {
  const root = mkdtempSync(path.join(os.tmpdir(), 'wimsmith-launch-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  chmodSync(root, 0o777);
  for (const folder of ['build', 'dist', 'bin', 'node_modules/electron/dist']) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  for (const file of ['launch.mjs', 'launchPlan.mjs', 'fetchElectron.mjs']) {
    copyFileSync(path.join(repository, 'build', file), path.join(root, 'build', file));
  }
  const note = (name: string): string =>
    `require('node:fs').writeFileSync(${JSON.stringify(path.join(root, name))}, JSON.stringify(process.argv.slice(2)));`;
  writeFileSync(
    path.join(root, 'dist/headless.cjs'),
    `${note('headless.json')}
     const server = require('node:http').createServer((request, response) => {
       response.statusCode = request.url === '/ticket?token=abc' ? 200 : 403;
       response.end('once');
     });
     server.listen(0, '127.0.0.1', () =>
       console.log('Wimsmith workbench: http://127.0.0.1:' + server.address().port + '/?token=abc'));
     process.on('SIGTERM', () => process.exit(0)); setInterval(() => undefined, 1000);`,
  );
  writeFileSync(path.join(root, 'dist/wimsmith.cjs'), `${note('wimsmith.json')} process.exit(7);`);
  const program = (file: string, code: string): void => {
    writeFileSync(path.join(root, file), `#!${process.execPath}\n${code}`, { mode: 0o755 });
  };
  if (browser) program('bin/chromium', note('browser.json'));
  if (electron !== undefined) {
    writeFileSync(path.join(root, 'node_modules/electron/path.txt'), 'electron');
    program('node_modules/electron/dist/electron', `${note('electron.json')} ${electron}`);
  }
  return root;
}

const noted = (root: string, name: string): unknown => {
  const file = path.join(root, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

describe('npm start', () => {
  it('serves the real page: --headless --no-open', async () => {
    const data = mkdtempSync(path.join(os.tmpdir(), 'wimsmith-launch-'));
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    const run = start(repository, ['--headless', '--no-open', '--data', data], {});
    await vi.waitFor(() => expect(run.output()).toContain('\n'), { timeout: 30_000 });
    const address = /^Wimsmith workbench: (http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43})\n$/.exec(
      run.output(),
    )?.[1];
    expect(address).toBeDefined();
    const page = await fetch(address!);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('<div id="root">');
    expect((await fetch(new URL('/', address))).status).toBe(403);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(run.errors()).toBe('');
  });

  it('opens Electron with the folder of the program, and ends with it', async () => {
    const root = checkout({ electron: 'process.exit(0)', browser: true });
    const run = start(root, ['--practice', '/x/a.wim'], { DISPLAY: ':99' }, person);
    expect(await run.ended).toBe(0);
    expect(noted(root, 'electron.json')).toEqual([root, '--practice', '/x/a.wim']);
    expect(noted(root, 'headless.json')).toBeUndefined();
    expect(run.output() + run.errors()).toBe('');
  });

  it('falls back to a browser window when Electron does not open, and says so in one line', async () => {
    const root = checkout({
      electron: `console.error('[1:FATAL:sandbox.cc(1)] The sandbox is not found.'); process.exit(133)`,
      browser: true,
    });
    const run = start(root, [], { DISPLAY: ':99', PATH: path.join(root, 'bin') }, person);
    await vi.waitFor(() => expect(noted(root, 'browser.json')).toBeDefined());
    const lines = run.output().trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^The Electron window does not open \(.*sandbox.*\); the workbench opens in a browser/,
    );
    const origin = LINE.exec(lines[1])?.[1];
    expect(origin).toBeDefined();
    // Others can read the arguments of a program: the token is not among them.
    expect(noted(root, 'browser.json')).toContain(`--app=${origin}/?ticket=once`);
    expect(noted(root, 'headless.json')).toEqual(['--until-closed']);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('without the runtime, a terminal and a display prints the address and tries nothing', async () => {
    const root = checkout({ browser: true });
    writeFileSync(
      path.join(root, 'node_modules/electron/install.js'),
      `require('node:fs').writeFileSync(${JSON.stringify(path.join(root, 'fetched.json'))}, '1')`,
    );
    const run = start(root, [], { PATH: path.join(root, 'bin') }, person);
    await vi.waitFor(() => expect(run.output()).toContain('token'));
    const lines = run.output().trim().split('\n');
    expect(lines).toEqual([
      'There is no display; open the address in a browser.',
      expect.stringMatching(LINE),
    ]);
    expect(noted(root, 'browser.json')).toBeUndefined();
    expect(noted(root, 'fetched.json')).toBeUndefined();
    expect(noted(root, 'headless.json')).toEqual([]);
  });

  it('opens nothing with --no-open', async () => {
    const root = checkout({ electron: '', browser: true });
    const run = start(root, ['--no-open'], { DISPLAY: ':99', PATH: path.join(root, 'bin') }, person);
    await vi.waitFor(() => expect(run.output().trim()).toMatch(LINE));
    expect(noted(root, 'electron.json')).toBeUndefined();
    expect(noted(root, 'browser.json')).toBeUndefined();
  });

  it('hands everything else to the command line with its exit code', async () => {
    const root = checkout({ electron: '' });
    const run = start(root, ['capture', 'a', 'b.wim'], { DISPLAY: ':99' });
    expect(await run.ended).toBe(7);
    expect(noted(root, 'wimsmith.json')).toEqual(['capture', 'a', 'b.wim']);
  });

  it('says what is missing, without a stack', async () => {
    const root = checkout({});
    rmSync(path.join(root, 'dist/headless.cjs'));
    const run = start(root, ['--headless'], {});
    expect(await run.ended).toBe(1);
    expect(run.errors()).toBe('dist/headless.cjs is missing; make it with: npm run build\n');
  });

  it('says in one line what is wrong with its arguments', async () => {
    const run = start(repository, ['--headless', '--nonsense'], {});
    expect(await run.ended).toBe(3);
    expect(run.errors()).toMatch(/^wimsmith: --nonsense is not known here; .*\.\n$/);
    expect(run.output()).toBe('');
  });
});

describe('fetching the runtime', () => {
  const installer = (code: string): string => {
    const root = checkout({});
    const file = path.join(root, 'install.cjs');
    writeFileSync(file, code);
    return file;
  };

  it('shows how much has arrived', async () => {
    const seen: number[] = [];
    const code = `
      const os = require('node:os'), path = require('node:path'), fs = require('node:fs');
      fs.writeFileSync(path.join(os.tmpdir(), 'electron.zip'), Buffer.alloc(3_000_000));
      setTimeout(() => undefined, 2500);`;
    const reason = await fetchElectron({
      installer: installer(code),
      onProgress: (megabytes) => seen.push(megabytes),
    });
    expect(reason).toBeUndefined();
    expect(seen).toContain(3);
  });

  it('ends in time, and says in a clause why it failed', async () => {
    const fetchWith = (code: string, time?: number): Promise<string | undefined> =>
      fetchElectron({ installer: installer(code), onProgress: () => undefined, ...(time ? { time } : {}) });
    expect(await fetchWith('setInterval(() => undefined, 1000)', 1000)).toBe(
      'it did not arrive within 1 seconds',
    );
    expect(
      await fetchWith('console.error(new Error("getaddrinfo ENOTFOUND github.com").stack); process.exit(1)'),
    ).toBe('getaddrinfo ENOTFOUND github.com');
    expect(await fetchWith('process.exit(1)')).toBe('the installer failed');
    expect(await fetchWith('console.error(new TypeError("fetch failed").stack); process.exit(1)')).toBe(
      'the server that has it cannot be reached',
    );
  });
});

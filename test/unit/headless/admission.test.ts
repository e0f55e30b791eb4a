import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assetHeaders, contentSecurityPolicy, resolveAsset } from '../../../src-main/app/assets';
import { createAdmission, sameText } from '../../../src-main/headless/admission';
import { parseHeadlessArguments } from '../../../src-main/headless/arguments';
import { dataDirectory } from '../../../src-main/platform/dataDirectory';

const root = path.resolve('/srv/page');

describe('resolveAsset', () => {
  it.each([
    ['/', 'index.html'],
    ['/?token=x', 'index.html'],
    ['app://wimsmith/', 'index.html'],
    ['app://wimsmith/assets/a-12345678.js#x', 'assets/a-12345678.js'],
    ['http://127.0.0.1:1/index.html', 'index.html'],
    ['/a%20b.js', undefined],
    ['/font.woff2', 'font.woff2'],
    ['/assets//a.css', undefined],
  ])('%s is %s', (url, file) => {
    expect(resolveAsset(root, url)).toBe(file === undefined ? undefined : path.join(root, file));
  });

  it.each([
    '/..',
    '/../page2/x.js',
    '/a/../../x.js',
    '/%2e%2e/x.js',
    '/.%2e/x.js',
    '/%252e%252e/x.js',
    '/..%2fx.js',
    '/..%2Fx.js',
    '/..%5cx.js',
    '/..%5Cx.js',
    '/..\\x.js',
    '/a\0.js',
    '/a%00.js',
    '/.git/config.json',
    '/x.js.',
    '/x.exe',
    '/assets',
    '/C:/x.js',
    '/x.js:stream.js',
    '/%',
    '/%ff.js',
    'relative.js',
    'file:///etc/x.json/../../x',
    '//evil.example/../x.js',
  ])('%s is nothing', (url) => {
    expect(resolveAsset(root, url)).toBeUndefined();
  });

  it('stays below the root whatever is asked', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      '%5c',
      '%00',
      'a',
      'b.js',
      '~',
      ':',
      '?',
      '#',
      '%25',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const file = resolveAsset(root, `/${parts.join('')}`);
        if (file === undefined) return;
        expect(path.relative(root, file)).not.toMatch(/^\.\.|[\\%\0]/);
        expect(path.isAbsolute(path.relative(root, file))).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  it('lets only hashed names be kept', () => {
    const caching = (file: string): string | undefined =>
      assetHeaders(path.join('/data/assets/page', file))['Cache-Control'];
    expect(caching('assets/index-B0wX_-9z.js')).toContain('immutable');
    expect(caching('index.html')).toBe('no-store');
    expect(caching('assets/plain.js')).toBe('no-store');
  });

  it('has a policy without any exception', () => {
    expect(contentSecurityPolicy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; " +
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });
});

describe('tokens', () => {
  it('are the same only when they are', () => {
    expect(sameText('abc', 'abc')).toBe(true);
    for (const other of ['', 'ab', 'abcd', 'abd', 'ABC']) expect(sameText('abc', other)).toBe(false);
  });
});

describe('tickets', () => {
  const show = (ticket: string): Parameters<ReturnType<typeof createAdmission>['takeTicket']>[0] => ({
    url: `/?ticket=${ticket}`,
    host: undefined,
    origin: undefined,
    cookie: undefined,
  });

  it('let in once, soon, and only while few are open', () => {
    let time = 0;
    const admission = createAdmission('token', 4000, () => time);
    const first = admission.issueTicket();
    expect(admission.takeTicket(show('other'))).toBe(false);
    expect(admission.takeTicket(show(''))).toBe(false);
    expect(admission.takeTicket(show(first))).toBe(true);
    expect(admission.takeTicket(show(first))).toBe(false);
    const late = admission.issueTicket();
    time = 61_000;
    expect(admission.takeTicket(show(late))).toBe(false);
    const crowded = admission.issueTicket();
    for (let count = 0; count < 16; count++) admission.issueTicket();
    expect(admission.takeTicket(show(crowded))).toBe(false);
  });
});

describe('the data directory', () => {
  const at = (platform: string, home: string, environment: Record<string, string>): string =>
    dataDirectory({ platform, home, environment });

  it("is the system's own place unless another is set", () => {
    expect(at('linux', '/home/a', {})).toBe('/home/a/.local/share/wimsmith');
    expect(at('linux', '/home/a', { XDG_DATA_HOME: '/data' })).toBe('/data/wimsmith');
    expect(at('linux', '/home/a', { XDG_DATA_HOME: 'relative' })).toBe('/home/a/.local/share/wimsmith');
    expect(at('darwin', '/Users/a', {})).toBe('/Users/a/Library/Application Support/Wimsmith');
    expect(at('win32', 'C:\\Users\\a', { APPDATA: 'D:\\Roaming' })).toBe('D:\\Roaming\\Wimsmith');
    expect(at('win32', 'C:\\Users\\a', {})).toBe('C:\\Users\\a\\AppData\\Roaming\\Wimsmith');
    expect(at('linux', '/home/a', { WIMSMITH_DATA: '/x', XDG_DATA_HOME: '/data' })).toBe('/x');
    expect(at('linux', '/home/a', { WIMSMITH_DATA: '' })).toBe('/home/a/.local/share/wimsmith');
  });
});

describe('arguments of the headless host', () => {
  const parse = (...args: string[]): unknown => parseHeadlessArguments(args, '/desk');

  it('are read in any order', () => {
    expect(parse()).toEqual({
      port: undefined,
      practice: false,
      data: undefined,
      open: null,
      untilClosed: false,
    });
    expect(parse('--practice', 'a.wim', '--port', '8080', '--data=d', '--until-closed')).toEqual({
      port: 8080,
      practice: true,
      data: path.resolve('/desk/d'),
      open: path.resolve('/desk/a.wim'),
      untilClosed: true,
    });
  });

  it.each([
    [['--port']],
    [['--port', '0']],
    [['--port', '65536']],
    [['--port', '80x']],
    [['--data=']],
    [['--unknown']],
    [['a.wim', 'b.wim']],
  ])('%j is refused in words', (args) => {
    expect(() => parse(...args)).toThrow(expect.objectContaining({ code: 'usage/invalid' }) as Error);
  });
});

import { writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from '../../../src-main/app/assets';
import { createAssetHandler } from '../../../src-main/electron/appProtocol';
import { readProgramFile } from '../../../src-main/platform/programFiles';
import { temporaryDirectory } from '../../support/tools';

type Asked = Pick<Request, 'method' | 'url'>;

let handle: (request: Asked) => Promise<Response>;
const asked: string[] = [];

beforeAll(() => {
  const parent = temporaryDirectory();
  const root = path.join(parent, 'renderer');
  mkdirSync(path.join(root, 'assets'), { recursive: true });
  writeFileSync(path.join(parent, 'secret.js'), 'secret');
  writeFileSync(path.join(root, 'index.html'), '<!doctype html>');
  writeFileSync(path.join(root, 'assets/main-12345678.js'), 'start();');
  handle = createAssetHandler({
    root,
    readFile: (file) => {
      asked.push(file);
      return readProgramFile(file);
    },
  });
});

/** As the handler gets it. Node's Request would make the address plain first, and knows no such scheme. */
function request(url: string, method = 'GET'): Asked {
  return { url, method };
}

describe('the program serves its page', () => {
  it.each([
    ['app://wimsmith/', 'text/html; charset=utf-8', '<!doctype html>'],
    ['app://wimsmith/index.html', 'text/html; charset=utf-8', '<!doctype html>'],
    ['app://wimsmith/assets/main-12345678.js?v=1', 'text/javascript; charset=utf-8', 'start();'],
  ])('%s', async (url, type, text) => {
    const response = await handle(request(url));
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      type,
      text,
    ]);
  });

  it('with the policy on every answer', async () => {
    const urls = [
      'app://wimsmith/',
      'app://wimsmith/none.js',
      'app://other/',
      'app://wimsmith/..%2fsecret.js',
    ];
    for (const url of urls) {
      const { headers } = await handle(request(url));
      expect(headers.get('content-security-policy')).toBe(contentSecurityPolicy);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('without a body for HEAD, and nothing for other methods', async () => {
    const head = await handle(request('app://wimsmith/', 'HEAD'));
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await handle(request('app://wimsmith/', 'POST'))).status).toBe(405);
  });

  it.each([
    'app://wimsmith/none.js',
    'app://wimsmith/../secret.js',
    'app://wimsmith/%2e%2e/secret.js',
    'app://wimsmith/..%2fsecret.js',
    'app://wimsmith/..%5csecret.js',
    'app://wimsmith/..\\secret.js',
    'app://wimsmith/assets',
    'app://wimsmith/index.html%00.js',
    'app://other/index.html',
    'app://wimsmith:1/index.html',
    'https://wimsmith/index.html',
    'file:///etc/passwd',
  ])('and nothing for %s', async (url) => {
    const response = await handle(request(url));
    expect([response.status, await response.text()]).toEqual([404, 'There is no such page.']);
  });

  it('and reads nothing outside its directory', () => {
    expect(asked.filter((file) => file.includes('secret') && !file.includes('renderer'))).toEqual([]);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { compilePathGlob } from '../../src-main/engine/tree/glob';
import { parsePathList } from '../../src-main/engine/tree/textLists';
import { describeWithTools, temporaryDirectory } from '../support/tools';

const files = [
  '/a/one.txt',
  '/a/two.txt',
  '/a/b/one.txt',
  '/a/b/[x].dat',
  '/A/one.TXT',
  '/c d/e f.txt',
  '/top.txt',
];

describeWithTools(['wimlib-imagex'], 'globs and list files against wimlib-imagex', () => {
  let wim = '';

  function wimlib(caseInsensitive: boolean, ...args: string[]): void {
    const env = { ...process.env, LC_ALL: 'C.UTF-8', WIMLIB_IMAGEX_IGNORE_CASE: caseInsensitive ? '1' : '0' };
    const { status, stderr } = spawnSync('wimlib-imagex', args, { env, encoding: 'utf8' });
    expect(stderr).not.toContain('ERROR');
    expect(status).toBe(0);
  }

  /** Files that come out when these paths are extracted; a path of a directory brings all that is in it. */
  function extracted(caseInsensitive: boolean, paths: string[]): string[] {
    const target = temporaryDirectory();
    wimlib(
      caseInsensitive,
      'extract',
      wim,
      '1',
      ...paths,
      `--dest-dir=${target}`,
      '--nullglob',
      '--preserve-dir-structure',
    );
    return readdirSync(target, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => '/' + path.relative(target, path.join(entry.parentPath, entry.name)))
      .sort();
  }

  function selected(caseInsensitive: boolean, patterns: readonly string[]): string[] {
    const globs = patterns.map((pattern) => compilePathGlob(pattern, { caseInsensitive }));
    return files
      .filter((file) => {
        const names = file.slice(1).split('/');
        const levels = names.map((_, level) => '/' + names.slice(0, level + 1).join('/'));
        return ['/', ...levels].some((at) => globs.some((glob) => glob.matches(at)));
      })
      .sort();
  }

  beforeAll(() => {
    const work = temporaryDirectory();
    for (const file of files) {
      mkdirSync(path.join(work, 'tree', path.dirname(file)), { recursive: true });
      writeFileSync(path.join(work, 'tree', file), file);
    }
    wim = path.join(work, 'test.wim');
    wimlib(false, 'capture', path.join(work, 'tree'), wim);
  });

  it.each([
    '/a/*.txt',
    'a\\b\\*',
    '/*/one.*',
    '/?/b',
    '/a/b/[x].dat',
    '/a/b/[a-z].dat',
    'c d',
    '*',
    '/*/*/*',
    '/A/ONE.txt',
    '//a//b//',
  ])('%s', (pattern) => {
    for (const caseInsensitive of [false, true]) {
      expect(selected(caseInsensitive, [pattern])).toEqual(extracted(caseInsensitive, [pattern]));
    }
  });

  it('a list file', () => {
    const list = path.join(temporaryDirectory(), 'list.txt');
    const text = '; one\r\n  "/c d/e f.txt"  \r\n# two\r\n\\top.*\r\n/a/b/*\r\n';
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const bytes = Buffer.from('\ufeff' + text, encoding);
      writeFileSync(list, bytes);
      const paths = parsePathList(bytes);
      expect(selected(false, paths)).toEqual(extracted(false, [`@${list}`]));
      expect(paths).toHaveLength(3);
    }
  });
});

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createNodeFileSystem } from '../../src-main/platform/nodeFileSystem';
import {
  builtProgram,
  expectImages,
  interrupted,
  makeTree,
  startWimsmith,
  wimlib,
  wimlibImages,
  wimsmith,
} from '../support/kill';
import { describeWithTools, temporaryDirectory } from '../support/tools';

let base: string;
let tree: string;
let old: string;
/** A new directory for each test, with a copy of the WIM. */
let place: string;
let wim: string;

beforeAll(async () => {
  await builtProgram();
  base = temporaryDirectory();
  tree = makeTree(path.join(base, 'tree'));
  old = path.join(base, 'old.wim');
  expect(wimsmith(['capture', tree, old, 'first', '--compress=xpress'])).toMatchObject({ code: 0 });
});

beforeEach(() => {
  place = path.join(base, `test${readdirSync(base).length}`);
  mkdirSync(place);
  wim = path.join(place, 'file.wim');
  copyFileSync(old, wim);
});

describeWithTools(['wimlib-imagex'], 'two at a time', () => {
  it('nothing that changes the file runs while another program holds it', () => {
    const files = createNodeFileSystem();
    const held = files.openReadWrite(wim);
    held.lock();
    try {
      for (const line of [
        ['capture', tree, wim, 'x'],
        ['append', tree, wim, 'x'],
        ['append', tree, wim, 'x', '--rebuild'],
        ['delete', wim, '1'],
        ['delete', wim, '1', '--soft'],
        ['optimize', wim],
        ['info', wim, '1', 'renamed'],
        ['export', old, '1', wim, 'exported'],
        ['update', wim, '1', '--command', 'delete /empty'],
      ]) {
        const { code, stderr } = wimsmith(line);
        expect(code, `${line[0]}: ${stderr}`).toBe(5);
        expect(stderr).toContain('another program');
        expect(readFileSync(wim).equals(readFileSync(old))).toBe(true);
      }
      expect(wimsmith(['info', wim])).toMatchObject({ code: 0 });
      expect(wimsmith(['verify', wim])).toMatchObject({ code: 0 });
    } finally {
      held.close();
    }
  });

  it('the second append is told that the file is in use, and the first is not harmed', async () => {
    const big = makeTree(path.join(place, 'big'), 5, 30_000_000);
    const { ended } = startWimsmith(['append', big, wim, 'second', '--threads=1']);
    // Bit 0x40 of the header's flags: the first one is writing.
    while ((readFileSync(wim)[0x10] & 0x40) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const line of [
      ['append', tree, wim, 'third'],
      ['optimize', wim],
    ]) {
      const { code, stderr } = wimsmith(line);
      // It may have ended by now; then there is nothing to be refused.
      if (code !== 0) expect(stderr).toContain('another program');
      expect([0, 5]).toContain(code);
    }
    expect(await ended).toMatchObject({ code: 0 });
    wimlib('verify', wim);
    expect(wimlib('info', wim)).toContain('second');
    expectImages(wim, [tree], path.join(place, 'applied'), wimlibImages(wim));
  });
});

describeWithTools(['wimlib-imagex'], 'Ctrl-C', () => {
  it.each<readonly [string, (big: string, bigWim: string) => string[]]>([
    ['capture over it', (big) => ['capture', big, wim, 'x', '--compress=lzx:100']],
    [
      'capture to a new file',
      (big) => ['capture', big, path.join(place, 'new.wim'), 'x', '--compress=lzx:100'],
    ],
    ['append', (big) => ['append', big, wim, 'second', '--check']],
    ['append --rebuild', (big) => ['append', big, wim, 'second', '--rebuild', '--compress=lzx:100']],
    ['export', (_, bigWim) => ['export', bigWim, '1', wim]],
    [
      'export recompressed',
      (_, bigWim) => [
        'export',
        bigWim,
        '1',
        path.join(place, 'new.wim'),
        '--compress=lzx:100',
        '--recompress',
      ],
    ],
    ['apply', (_, bigWim) => ['apply', bigWim, '1', path.join(place, 'target')]],
    ['verify', (_, bigWim) => ['verify', bigWim]],
  ])('%s', async (_, line) => {
    const big = path.join(base, 'big');
    const bigWim = path.join(base, 'big.wim');
    if (!existsSync(big)) {
      makeTree(big, 6, 40_000_000);
      expect(wimsmith(['capture', big, bigWim, '--compress=xpress', '--threads=2'])).toMatchObject({
        code: 0,
      });
    }
    const before = readdirSync(place);
    let cancelled = 0;
    for (const delay of [120, 180, 240, 300, 360, 450, 600]) {
      const { code, signal, milliseconds, stderr } = await interrupted(line(big, bigWim), delay, 'SIGINT');
      // Before the program listens, the system ends it; after that it ends itself.
      if (code === 0) break;
      if (signal === null) expect(code, stderr).toBe(130);
      else expect(signal).toBe('SIGINT');
      cancelled += 1;
      expect(milliseconds).toBeLessThan(10_000);
      expect(readdirSync(place)).toEqual(before);
      expect(readFileSync(wim).equals(readFileSync(old))).toBe(true);
    }
    expect(cancelled).toBeGreaterThan(0);
    wimlib('verify', wim);
  });
});

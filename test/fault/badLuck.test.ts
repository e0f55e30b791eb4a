import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  builtProgram,
  contents,
  makeTree,
  startWimsmith,
  temporaries,
  wimlib,
  wimlibImages,
  wimsmith,
} from '../support/kill';
import { noise } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';

let base: string;
let tree: string;
let old: string;
/** A new directory for each test, with a copy of the WIM. */
let place: string;
let wim: string;

const isRoot = process.getuid?.() === 0;
/** Runs what follows as a user without rights. */
const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];

beforeAll(async () => {
  await builtProgram();
  base = temporaryDirectory();
  chmodSync(base, 0o777);
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

/** Starts a program of Node that goes on until it is killed; ready when it has printed. */
async function busy(script: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('ready')`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return async () => {
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  };
}

describeWithTools(['wimlib-imagex'], 'sources', () => {
  it('names a file that cannot be read, and leaves the WIM as it was', ({ skip }) => {
    skip(!isRoot, 'needs root to become another user');
    const source = makeTree(path.join(place, 'source'), 4);
    writeFileSync(path.join(source, 'secret'), 'not for everybody');
    chmodSync(path.join(source, 'secret'), 0o600);
    chmodSync(place, 0o777);
    chmodSync(wim, 0o666);
    for (const line of [
      ['append', source, wim, 'second'],
      ['capture', source, wim, 'second'],
      ['append', source, wim, 'second', '--rebuild'],
    ]) {
      const { code, stderr } = wimsmith(line, { before: nobody });
      expect(code, stderr).toBe(5);
      expect(stderr).toContain('secret');
      expect(readFileSync(wim).equals(readFileSync(old))).toBe(true);
      expect(temporaries(place)).toEqual([]);
    }
  });

  it('names a directory that cannot be read', ({ skip }) => {
    skip(!isRoot, 'needs root to become another user');
    const source = makeTree(path.join(place, 'source'), 4);
    chmodSync(path.join(source, 'sub'), 0o700);
    chmodSync(place, 0o777);
    chmodSync(wim, 0o666);
    const { code, stderr } = wimsmith(['append', source, wim, 'second'], { before: nobody });
    expect(code, stderr).toBe(5);
    expect(stderr).toContain('sub');
    expect(readFileSync(wim).equals(readFileSync(old))).toBe(true);
  });

  it('tells of a file that changes all the time; the image verifies', async () => {
    const source = makeTree(path.join(place, 'source'), 4, 20_000_000);
    const log = path.join(source, 'large.bin');
    const stop = await busy(
      `const fs=require('fs');const fd=fs.openSync(${JSON.stringify(log)},'r+');
       setInterval(()=>{for(let i=0;i<50;i++){fs.writeSync(fd,'changed '+process.hrtime.bigint(),0);}},0)`,
    );
    try {
      for (const line of [
        ['append', source, wim, 'second'],
        ['capture', source, path.join(place, 'new.wim')],
      ]) {
        const { code, stderr, stdout } = wimsmith(line);
        expect(code, stderr).toBe(7);
        expect(stderr + stdout).toContain('large.bin');
        wimlib('verify', line[2]);
      }
    } finally {
      await stop();
    }
    expect(wimlibImages(wim)).toBe(2);
  });

  it('tells of a file that grows all the time', async () => {
    const source = makeTree(path.join(place, 'source'), 4);
    const log = path.join(source, 'growing.log');
    writeFileSync(log, 'line\n'.repeat(1000));
    const stop = await busy(
      `const fs=require('fs');const t=Date.now();
       setInterval(()=>{if(Date.now()-t<20000)for(let i=0;i<20;i++)fs.appendFileSync(${JSON.stringify(log)},'one more line '.repeat(50))},0)`,
    );
    try {
      const { code, stderr, stdout } = wimsmith(['append', source, wim, 'second']);
      expect([0, 7], stderr).toContain(code);
      if (code === 7) expect(stderr + stdout).toContain('growing.log');
    } finally {
      await stop();
    }
    wimlib('verify', wim);
    expect(temporaries(place)).toEqual([]);
  });

  it('goes on without files that vanish, and tells of them', async () => {
    const source = makeTree(path.join(place, 'source'), 4);
    mkdirSync(path.join(source, 'many'));
    for (let i = 0; i < 3000; i++) writeFileSync(path.join(source, 'many', `f${i}`), noise(2000, i));
    const { child, ended } = startWimsmith(['append', source, wim, 'second']);
    let seen = '';
    child.stdout?.on('data', (data: Buffer) => (seen += data.toString()));
    // Removed while the scan or the reading is under way, wherever it is.
    await new Promise((resolve) => setTimeout(resolve, 350));
    for (let i = 2999; i >= 0; i -= 2) rmSync(path.join(source, 'many', `f${i}`));
    const { code, stderr } = await ended;
    expect([0, 7], stderr + seen).toContain(code);
    wimlib('verify', wim);
    expect(wimlibImages(wim)).toBe(2);
  });

  it('leaves out the WIM that it writes', () => {
    const source = makeTree(path.join(place, 'source'), 4);
    const inside = path.join(source, 'inside.wim');
    const through = path.join(place, 'link');
    symlinkSync(source, through);
    for (const line of [
      ['capture', source, inside, 'one'],
      ['append', source, inside, 'two'],
      ['append', source, path.join(through, 'inside.wim'), 'three'],
      ['append', through, inside, 'four'],
      ['append', through, path.join(through, 'inside.wim'), 'five'],
      ['capture', source, inside, 'again'],
    ]) {
      expect(wimsmith(line), line.join(' ')).toMatchObject({ code: 0 });
      expect(wimlib('dir', inside, '1'), line.join(' ')).not.toContain('inside.wim');
    }
    expect(wimsmith(['append', through, path.join(through, 'inside.wim'), 'last'])).toMatchObject({
      code: 0,
    });
    expect(wimlib('dir', inside, '2')).not.toContain('inside.wim');
    wimlib('verify', inside);
  });
});

describe('destinations', () => {
  it('a directory that is not there', () => {
    const { code, stderr } = wimsmith(['capture', tree, path.join(place, 'no', 'such', 'new.wim')]);
    expect(code, stderr).toBe(4);
    expect(readdirSync(place)).toEqual(['file.wim']);
  });

  it('a directory where the file should be', () => {
    mkdirSync(path.join(place, 'new.wim'));
    expect(wimsmith(['capture', tree, path.join(place, 'new.wim')]).code).toBe(4);
    expect(readdirSync(path.join(place, 'new.wim'))).toEqual([]);
  });

  it('a source that is not there', () => {
    expect(wimsmith(['append', path.join(place, 'none'), wim, 'x']).code).toBe(4);
    expect(readFileSync(wim).equals(readFileSync(old))).toBe(true);
  });

  it('places that may not be written to', ({ skip }) => {
    skip(!isRoot, 'needs root to become another user');
    const target = path.join(place, 'target');
    for (const line of [
      ['capture', tree, path.join(place, 'new.wim')],
      ['append', tree, wim, 'second'],
      ['delete', wim, '1'],
      ['optimize', wim],
      ['info', wim, '1', 'renamed'],
      ['export', wim, '1', path.join(place, 'export.wim')],
      ['apply', wim, '1', target],
    ]) {
      const { code, stderr } = wimsmith(line, { before: nobody });
      expect(code, `${line[0]}: ${stderr}`).toBe(5);
      expect(readdirSync(place)).toEqual(['file.wim']);
    }
    expect(readFileSync(wim).equals(readFileSync(old))).toBe(true);
  });

  it('a target that is not empty keeps what it has; a directory in the way is told before anything is written', () => {
    const target = path.join(place, 'target');
    mkdirSync(target);
    writeFileSync(path.join(target, 'mine'), 'stays');
    writeFileSync(path.join(target, 'text1.txt'), 'is replaced');
    expect(wimsmith(['apply', wim, '1', target])).toMatchObject({ code: 0 });
    expect(contents(target)).toEqual(
      new Map([...contents(tree), ...contents(target)].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
    expect(readFileSync(path.join(target, 'mine'), 'utf8')).toBe('stays');
    const second = path.join(place, 'second');
    mkdirSync(path.join(second, 'text1.txt'), { recursive: true });
    writeFileSync(path.join(second, 'text2.txt'), 'mine');
    const { code, stderr } = wimsmith(['apply', wim, '1', second]);
    expect(code, stderr).toBe(4);
    expect(stderr).toContain('text1.txt');
    expect([...contents(second).keys()]).toEqual(['text1.txt/', 'text2.txt']);
  });

  it('never writes through a link in the target', () => {
    const target = path.join(place, 'target');
    const outside = path.join(place, 'outside');
    mkdirSync(target);
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'precious'), 'precious');
    symlinkSync(path.join(outside, 'precious'), path.join(target, 'text1.txt'));
    symlinkSync(outside, path.join(target, 'sub'));
    const { code } = wimsmith(['apply', wim, '1', target]);
    expect(code).toBe(4);
    expect(readdirSync(outside)).toEqual(['precious']);
    expect(readFileSync(path.join(outside, 'precious'), 'utf8')).toBe('precious');
  });
});

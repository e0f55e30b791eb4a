import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtProgram, contents, makeTree, temporaries, wimlib, wimsmith } from '../support/kill';
import { noise } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';

const mounts: string[] = [];

/** Mounts a small volume in memory. @returns false where that is not permitted */
function mount(place: string, options: string): boolean {
  mkdirSync(place);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place], { stdio: 'ignore' });
  if (status === 0) mounts.push(place);
  return status === 0;
}

afterAll(() => {
  for (const place of mounts) spawnSync('umount', [place], { stdio: 'ignore' });
});

const probe = path.join(temporaryDirectory(), 'probe');
const mayMount = process.getuid?.() === 0 && mount(probe, 'size=64k');
const onVolumes = mayMount
  ? describeWithTools
  : (_: readonly string[], title: string, body: () => void) =>
      describe.skip(`${title} [needs root and the right to mount]`, body);

onVolumes(['wimlib-imagex'], 'a full disk', () => {
  let base: string;
  let trees: string[];
  let old: string;
  let third: string;

  beforeAll(async () => {
    await builtProgram();
    base = temporaryDirectory();
    trees = [1, 2, 3].map((seed) => {
      const tree = makeTree(path.join(base, `tree${seed}`), seed, 400_000);
      writeFileSync(path.join(tree, 'noise.bin'), noise(1_500_000, seed));
      return tree;
    });
    old = path.join(base, 'old.wim');
    third = path.join(base, 'third.wim');
    for (const [verb, tree, wim] of [
      ['capture', trees[0], old],
      ['append', trees[1], old],
      ['capture', trees[2], third],
    ]) {
      expect(wimsmith([verb, tree, wim, path.basename(tree), '--compress=xpress'])).toMatchObject({
        code: 0,
      });
    }
  });

  /** A volume with the WIM on it and `free` bytes left. */
  function volume(title: string, free: number): { place: string; wim: string } {
    const place = path.join(base, title.replaceAll(/\W/g, '-'));
    const size = readFileSync(old).length + free;
    expect(mount(place, `size=${Math.ceil(size / 4096) * 4096 + 8192}`)).toBe(true);
    const wim = path.join(place, 'file.wim');
    copyFileSync(old, wim);
    return { place, wim };
  }

  it.each<readonly [string, (wim: string) => string[]]>([
    ['capture over it', (wim) => ['capture', trees[2], wim, 'three', '--compress=none']],
    ['capture to another name', (wim) => ['capture', trees[2], `${wim}2`, 'three', '--compress=none']],
    ['append', (wim) => ['append', trees[2], wim, 'three']],
    ['append with integrity', (wim) => ['append', trees[2], wim, 'three', '--check']],
    ['append --rebuild', (wim) => ['append', trees[2], wim, 'three', '--rebuild']],
    ['export into it', (wim) => ['export', third, '1', wim]],
    ['export to another name', (wim) => ['export', third, '1', `${wim}2`]],
    ['delete', (wim) => ['delete', wim, '1']],
    ['optimize', (wim) => ['optimize', wim]],
    ['optimize --recompress', (wim) => ['optimize', wim, '--recompress', '--compress=lzx:20']],
    ['split', (wim) => ['split', wim, path.join(path.dirname(wim), 'part.swm'), '1']],
    ['update', (wim) => ['update', wim, '1', '--command', `add ${path.join(trees[2], 'noise.bin')} /new`]],
  ])('%s', (title, line) => {
    const { place, wim } = volume(title, 600_000);
    const before = readdirSync(place);
    const { code, stderr } = wimsmith(line(wim));
    expect(code, stderr).toBe(6);
    expect(stderr).toMatch(/space/);
    expect(readdirSync(place)).toEqual(before);
    expect(readFileSync(wim).equals(readFileSync(old))).toBe(true);
    wimlib('verify', wim);
  });

  it('capture to standard output', () => {
    const place = path.join(base, 'pipe');
    expect(mount(place, 'size=256k')).toBe(true);
    const script = `exec "$0" "$1" capture "$2" - three --compress=none > "$3/out.wim"`;
    const program = path.resolve(__dirname, '../../dist/wimsmith.cjs');
    const run = spawnSync('sh', ['-c', script, process.execPath, program, trees[2], place], {
      encoding: 'utf8',
    });
    expect(run.status, run.stderr).toBe(6);
  });

  describe('apply', () => {
    it('refuses what does not fit before it writes', () => {
      const place = path.join(base, 'apply-size');
      expect(mount(place, 'size=1m')).toBe(true);
      const { code, stderr } = wimsmith(['apply', old, '1', path.join(place, 'target')]);
      expect(code, stderr).toBe(6);
      expect(readdirSync(place)).toEqual([]);
    });

    it('takes back what it wrote when the volume has no room for more files', () => {
      const place = path.join(base, 'apply-inodes');
      expect(mount(place, 'size=64m,nr_inodes=12')).toBe(true);
      const { code, stderr } = wimsmith(['apply', old, '1', path.join(place, 'target')]);
      expect(code, stderr).toBe(6);
      expect(readdirSync(place)).toEqual([]);
    });

    it('takes back what it wrote when the space goes to somebody else', () => {
      // Every file takes whole pages: the sum of the sizes fits, the files do not.
      const tree = path.join(base, 'tiny');
      mkdirSync(tree);
      for (let i = 0; i < 400; i++) writeFileSync(path.join(tree, `f${i}`), `file ${i}`);
      const wim = path.join(base, 'tiny.wim');
      expect(wimsmith(['capture', tree, wim])).toMatchObject({ code: 0 });
      const place = path.join(base, 'apply-pages');
      expect(mount(place, 'size=400k')).toBe(true);
      const target = path.join(place, 'target');
      mkdirSync(target);
      writeFileSync(path.join(target, 'mine'), 'was here before');
      const { code, stderr } = wimsmith(['apply', wim, '1', target]);
      expect(code, stderr).toBe(6);
      expect([...contents(target).keys()]).toEqual(['mine']);
      expect(statfsSync(place).bfree).toBeGreaterThan(90);
    });
  });

  it('extract takes back what it wrote', () => {
    const place = path.join(base, 'extract');
    expect(mount(place, 'size=1m')).toBe(true);
    const { code, stderr } = wimsmith(['extract', old, '1', '/noise.bin', `--dest-dir=${place}`]);
    expect(code, stderr).toBe(6);
    expect(readdirSync(place)).toEqual([]);
    expect(existsSync(old)).toBe(true);
    expect(temporaries(base)).toEqual([]);
  });
});

import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { DiskSummary } from '../../src-shared/model/disks';
import { noise } from '../support/pipeline';
import {
  builtProgram,
  contents,
  interrupted,
  makeTree,
  temporaries,
  wimlib,
  wimsmith,
} from '../support/kill';
import { describeWithTools, temporaryDirectory } from '../support/tools';

/** Points of a run at which it is killed or stopped. */
const runs = Number(process.env.WIMSMITH_RUNS ?? 3);

let tree: string;
let wim: string;
let disk: string;

function summaryOf(file: string): DiskSummary {
  const { code, stdout, stderr } = wimsmith(['disk', 'info', file, '--json']);
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { readonly result: DiskSummary }).result;
}

/** Milliseconds that a run takes here and now. */
function duration(line: readonly string[]): number {
  const start = performance.now();
  expect(wimsmith(line)).toMatchObject({ code: 0 });
  return performance.now() - start;
}

function expectTree(file: string, number: number): void {
  const target = path.join(temporaryDirectory(), 'extracted');
  expect(wimsmith(['extract', file, `--volume=${number}`, `--dest-dir=${target}`])).toMatchObject({
    code: 0,
  });
  expect(contents(target)).toEqual(contents(tree));
}

/** The volume is not there, or there whole: never half of one. The rest of the disk is as it was. */
function expectOldOrNew(file: string, before: DiskSummary, isDone: boolean): void {
  const check = spawnSync('qemu-img', ['check', file], { encoding: 'utf8' });
  expect(check.stdout + check.stderr).toMatch(/No errors were found|leaked/);
  const now = summaryOf(file);
  expect(now.partitions.map(({ offset, size, id }) => [offset, size, id])).toEqual(
    before.partitions.map(({ offset, size, id }) => [offset, size, id]),
  );
  const [, , windows] = now.partitions;
  expect(now.partitions.filter((_, i) => i !== 2)).toEqual(before.partitions.filter((_, i) => i !== 2));
  if (isDone) expect(windows.fileSystem).toBe('ntfs');
  if (windows.fileSystem !== 'ntfs') return;
  expect(windows.problem).toBeUndefined();
  // The volume that was there before had nothing on it.
  if (windows.found.length > 0) expectTree(file, 3);
}

describeWithTools(['wimlib-imagex', 'qemu-img'], 'an application to a disk that is broken off', () => {
  beforeAll(async () => {
    await builtProgram();
    const base = temporaryDirectory();
    tree = makeTree(path.join(base, 'tree'), 1, 20_000_000);
    for (let i = 0; i < 300; i++) writeFileSync(path.join(tree, `small ${i}`), noise(100 + i * 30, i));
    wim = path.join(base, 'image.wim');
    wimlib('capture', tree, wim, '--compress=none');
    disk = path.join(base, 'disk.vhdx');
    expect(wimsmith(['disk', 'create', disk, '--size=1500M', '--layout=uefi'])).toMatchObject({ code: 0 });
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('leaves a volume that is none, or whole (%s)', async (signal) => {
    const directory = temporaryDirectory();
    const before = summaryOf(disk);
    const copy = path.join(directory, 'copy.vhdx');
    copyFileSync(disk, copy);
    const whole = duration(['apply', wim, '1', copy]);
    expectOldOrNew(copy, before, true);
    for (let i = 0; i < runs; i++) {
      copyFileSync(disk, copy);
      const delay = (whole * (i + 1)) / (runs + 1);
      const outcome = await interrupted(['apply', wim, '1', copy, '--overwrite'], delay, signal);
      expectOldOrNew(copy, before, outcome.code === 0);
      // Before its first line runs a signal ends the program by itself.
      if (signal === 'SIGINT') expect([0, 130, null]).toContain(outcome.code);
    }
    // What was left is no hindrance, and no reason to take another volume.
    expect(wimsmith(['apply', wim, '1', copy, '--overwrite'])).toMatchObject({ code: 0 });
    expectOldOrNew(copy, before, true);
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('leaves no disk file, or a whole one (%s)', async (signal) => {
    const directory = temporaryDirectory();
    const made = path.join(directory, 'pc.vhdx');
    const line = ['apply', wim, '1', made, '--prepare=uefi', '--size=1500M'];
    const whole = duration(line);
    for (let i = 0; i < runs; i++) {
      rmSync(made, { force: true });
      const delay = (whole * (i + 1)) / (runs + 1);
      const outcome = await interrupted(line, delay, signal);
      const names = readdirSync(directory);
      if (names.includes('pc.vhdx')) expectTree(made, 3);
      else expect(outcome.code).not.toBe(0);
      if (signal === 'SIGINT') expect(temporaries(directory)).toEqual([]);
    }
    rmSync(made, { force: true });
    expect(wimsmith(line)).toMatchObject({ code: 0 });
    // The next run takes away what a killed one left.
    expect(readdirSync(directory)).toEqual(['pc.vhdx']);
    expectTree(made, 3);
  });
});

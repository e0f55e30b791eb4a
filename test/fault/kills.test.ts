import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { EngineHost } from '../../src-main/engine/os';
import { append } from '../../src-main/engine/wim/ops/capture';
import { info } from '../../src-main/engine/wim/ops/info';
import { createPosixSource } from '../../src-main/platform/posix/posixSource';
import { noise } from '../support/pipeline';
import {
  builtProgram,
  expectImages,
  inlineHost,
  interrupted,
  makeTree,
  temporaries,
  wimlib,
  wimlibImages,
  wimsmith,
} from '../support/kill';
import { describeWithTools, temporaryDirectory } from '../support/tools';

/** Points of each verb's run at which it is killed. */
const runs = Number(process.env.WIMSMITH_RUNS ?? 16);
/** Runs side by side. */
const LANES = 3;

let host: EngineHost;
let base: string;
let trees: string[];
let small: string;
let old: string;

beforeAll(async () => {
  await builtProgram();
  host = await inlineHost();
  base = temporaryDirectory();
  trees = [1, 2, 3].map((seed) => {
    const tree = makeTree(path.join(base, `tree${seed}`), seed, 2_000_000);
    writeFileSync(path.join(tree, 'noise.bin'), noise(800_000, seed));
    return tree;
  });
  small = path.join(base, 'small');
  mkdirSync(small);
  writeFileSync(path.join(small, 'file'), 'a small image');
  old = path.join(base, 'old.wim');
  expect(wimsmith(['capture', trees[0], old, 'one', '--check', '--compress=xpress'])).toMatchObject({
    code: 0,
  });
  expect(wimsmith(['append', trees[1], old, 'two'])).toMatchObject({ code: 0 });
});

interface Victim {
  readonly title: string;
  readonly line: (wim: string) => string[];
  /** Trees in the file when the verb has done its work; `undefined`: it changes the second image. */
  readonly after: readonly number[] | undefined;
}

const victims: readonly Victim[] = [
  {
    title: 'capture over it',
    line: (wim) => ['capture', trees[2], wim, 'three', '--compress=xpress'],
    after: [2],
  },
  { title: 'append', line: (wim) => ['append', trees[2], wim, 'three'], after: [0, 1, 2] },
  { title: 'delete', line: (wim) => ['delete', wim, '1'], after: [1] },
  { title: 'delete --soft', line: (wim) => ['delete', wim, '1', '--soft'], after: [1] },
  { title: 'optimize', line: (wim) => ['optimize', wim, '--recompress'], after: [0, 1] },
  {
    title: 'update',
    line: (wim) => ['update', wim, '2', '--command', `add ${path.join(trees[2], 'noise.bin')} /added.bin`],
    after: undefined,
  },
  {
    title: 'info',
    line: (wim) => ['info', wim, '1', 'new name', 'new description', '--boot'],
    after: [0, 1],
  },
];

describeWithTools(['wimlib-imagex'], 'SIGKILL', () => {
  /** Checks the file as it was left, repairs it by an append and checks again. */
  async function check(victim: Victim, directory: string, where: string, compare: boolean): Promise<void> {
    const wim = path.join(directory, 'file.wim');
    const count = wimlibImages(wim);
    const after = victim.after ?? [0, 1];
    expect([2, after.length], where).toContain(count);
    const summary = await info(host, { wim });
    expect(summary.imageCount, where).toBe(count);
    const left = temporaries(directory);
    const told = summary.warnings.join('\n');
    for (const name of left) expect(told, where).toContain(name);
    if (summary.attributes.writeInProgress) expect(told, where).toContain('cut off');
    else if (summary.leftoverBytes > 0) expect(told, where).toContain(String(summary.leftoverBytes));
    const kept = count === 2 ? [0, 1] : after;
    if (!compare) {
      wimlib('verify', wim);
    } else if (victim.after === undefined) {
      const changed = wimlib('dir', wim, '2').includes('/added.bin');
      expectImages(
        wim,
        [trees[0], ...(changed ? [] : [trees[1]])],
        path.join(directory, 'kept'),
        changed ? 2 : undefined,
      );
    } else {
      expectImages(
        wim,
        kept.map((tree) => trees[tree]),
        path.join(directory, 'kept'),
      );
    }
    await append(
      host,
      { wim, source: small, name: 'repair' },
      { source: createPosixSource(small), matcher: undefined },
    );
    const repaired = await info(host, { wim });
    expect(repaired, where).toMatchObject({ imageCount: count + 1, leftoverBytes: 0 });
    expect(repaired.attributes.writeInProgress, where).toBe(false);
    expect(temporaries(directory), where).toEqual([]);
    expect(repaired.warnings, where).toEqual([]);
    wimlib('verify', wim);
  }

  it.each(victims)('$title', async (victim) => {
    const fresh = (name: string): string => {
      const directory = path.join(base, `${victim.title.replaceAll(/\W/g, '-')}-${name}`);
      mkdirSync(directory);
      copyFileSync(old, path.join(directory, 'file.wim'));
      return directory;
    };
    const line = (directory: string): string[] => victim.line(path.join(directory, 'file.wim'));
    const whole = fresh('whole');
    const began = performance.now();
    expect(wimsmith(line(whole))).toMatchObject({ code: 0 });
    const duration = performance.now() - began;
    let next = 0;
    let killed = 0;
    const lane = async (): Promise<void> => {
      while (next < runs) {
        const number = next++;
        // The first part of a run is Node starting; nothing is written then.
        const delay = duration * (0.3 + (0.8 * number) / runs);
        const directory = fresh(String(number));
        const { signal, code, stderr } = await interrupted(line(directory), delay, 'SIGKILL');
        if (signal === null) expect(code, stderr).toBe(0);
        else killed += 1;
        await check(
          victim,
          directory,
          `killed after ${delay.toFixed(1)} of ${duration.toFixed(0)} ms`,
          number % 4 === 0,
        );
        rmSync(directory, { recursive: true });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    expect(killed).toBeGreaterThan(0);
  });
});

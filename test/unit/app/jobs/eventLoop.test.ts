import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { text } from '../../../support/pipeline';
import { temporaryDirectory } from '../../../support/tools';
import { builtThreads } from './fixture';

/** The host's event loop may not be held longer than this while a job runs, ms. */
const LIMIT = 50;

/**
 * Rounds of a capture and an application; the best one counts. The limit is on what the program itself does: the time
 * that the system gives to other programs is taken off where it tells, but their use of caches and memory is not, and a
 * machine under load stretches every piece of work. A piece of work that is too long is so in every round.
 */
const ROUNDS = 3;

let appDirectory: string;
beforeAll(async () => {
  appDirectory = await builtThreads({ loop: 'test/unit/app/jobs/loopProcess.ts' });
});

it('the event loop of the host is not held while jobs run', () => {
  const directory = temporaryDirectory();
  makeSource(path.join(directory, 'source'));
  const run = spawnSync(process.execPath, [path.join(appDirectory, 'loop.cjs'), directory, String(ROUNDS)], {
    encoding: 'utf8',
    timeout: 110_000,
  });
  expect(run.stderr).toBe('');
  const [, ...rounds] = z
    .array(z.object({ own: z.number(), all: z.number(), frames: z.number() }))
    .parse(JSON.parse(run.stdout));
  expect(rounds).toHaveLength(ROUNDS);
  for (const { frames } of rounds) expect(frames).toBeGreaterThan(1);
  expect(Math.min(...rounds.map(({ own }) => own))).toBeLessThan(LIMIT);
});

/** Some thousand small files and a few large ones; a fifth of the small ones is to be left out. */
function makeSource(source: string): void {
  for (let i = 0; i < 60; i++) {
    const folder = path.join(source, `folder ${i % 6}`, `sub ${i}`);
    mkdirSync(folder, { recursive: true });
    for (let j = 0; j < 50; j++)
      writeFileSync(
        path.join(folder, `file ${j}.${j % 5 === 0 ? 'tmp' : 'txt'}`),
        text(500 + 97 * j, (i * 50 + j) % 700),
      );
  }
  for (let i = 0; i < 6; i++)
    writeFileSync(path.join(source, `large ${i}.bin`), Buffer.alloc(8_000_000, `large ${i} `));
}

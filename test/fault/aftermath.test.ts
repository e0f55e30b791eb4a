import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createImagingService, type ImagingService } from '../../src-main/app/imagingService';
import { inspect } from '../../src-main/app/jobs/aftermath';
import { performWork } from '../../src-main/app/jobs/performWork';
import { RunLog } from '../../src-main/app/jobs/runLog';
import type { EngineHost } from '../../src-main/engine/os';
import type { Work } from '../../src-shared/contract/work';
import { inlineHost } from '../support/kill';
import { noise } from '../support/pipeline';
import { temporaryDirectory } from '../support/tools';

/** What is said of a file after work on it that nobody saw the end of. */

let host: EngineHost;
let service: ImagingService;
beforeAll(async () => {
  host = await inlineHost();
  service = createImagingService(host);
});

async function perform(work: Work, cancelAt?: string): Promise<void> {
  const controller = new AbortController();
  await performWork(host, service, work, {
    signal: controller.signal,
    onProgress: ({ phase }) => {
      if (phase === cancelAt) controller.abort();
    },
    log: new RunLog(() => ''),
  });
}

async function oneImage(): Promise<{ source: string; wim: string }> {
  const source = temporaryDirectory();
  writeFileSync(path.join(source, 'data.bin'), noise(300_000));
  const wim = path.join(temporaryDirectory(), 'lab.wim');
  await perform({ verb: 'capture', request: { source, wim, name: 'one' } });
  writeFileSync(path.join(source, 'more.bin'), noise(400_000));
  return { source, wim };
}

describe('after an append', () => {
  it('that was set back the file is as it was, though its time is a new one', async () => {
    const { source, wim } = await oneImage();
    const work: Work = { verb: 'append', request: { source, wim, name: 'two' } };
    const startedAt = new Date().toISOString();
    const before = host.files.status(wim)?.modifiedMs ?? 0;
    await expect(perform(work, 'Archiving')).rejects.toMatchObject({ code: 'job/cancelled' });
    expect(host.files.status(wim)?.modifiedMs).toBeGreaterThan(before);
    expect((await inspect(host, work, startedAt)).state).toBe('untouched');
  });

  it('that came to its end the file is complete', async () => {
    const { source, wim } = await oneImage();
    const work: Work = { verb: 'append', request: { source, wim, name: 'two' } };
    const startedAt = new Date().toISOString();
    await perform(work);
    expect((await inspect(host, work, startedAt)).state).toBe('written');
  });
});

describe('after a change in place', () => {
  it('it is not said that it is complete: one that was set back looks the same', async () => {
    const { wim } = await oneImage();
    const work: Work = { verb: 'info', request: { wim, image: 1, newName: 'renamed' } };
    const startedAt = new Date().toISOString();
    await perform(work);
    expect((await inspect(host, work, startedAt)).state).toBe('unknown');
  });
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../../src-shared/contract';
import type { Work } from '../../../src-shared/contract/work';
import { temporaryDirectory } from '../../support/tools';
import { builtThreads, connect, openBench, planAndRun } from './jobs/fixture';

let appDirectory: string;
beforeAll(async () => {
  appDirectory = await builtThreads();
});

/** A capture of a directory with one file. */
function smallWork(): Extract<Work, { verb: 'capture' }> {
  const source = temporaryDirectory();
  writeFileSync(path.join(source, 'content.txt'), 'content');
  return {
    verb: 'capture',
    request: { source, wim: path.join(temporaryDirectory(), 'small.wim'), name: 'small' },
  };
}

describe('the workbench', () => {
  it('serves every channel of the contract', async () => {
    const bench = await openBench(appDirectory);
    const work = smallWork();
    const { wim, source } = work.request;
    await planAndRun(bench, work);
    const { client } = bench;
    expect(await client.channel(contract.app).info({})).toMatchObject({
      shell: 'headless',
      version: '0.0.0',
    });
    const browse = client.channel(contract.browse);
    const { session, summary } = await browse.open({ wim });
    expect(summary.images).toMatchObject([{ name: 'small' }]);
    const order = { sort: 'name', descending: false, directoriesOnly: false } as const;
    expect(
      await browse.folder({ session, image: 1, path: '/', offset: 0, limit: 10, ...order }),
    ).toMatchObject({ rows: [{ name: 'content.txt' }] });
    const image = { kind: 'image', wim, image: 1 } as const;
    const comparison = await client
      .channel(contract.compare)
      .run({ left: image, right: image, ignoreTimes: false });
    expect((await comparison.result).counts).toMatchObject({ added: 0, removed: 0, changed: 0 });
    expect(await client.channel(contract.files).status({ path: wim })).toMatchObject({ wim: true });
    expect((await client.channel(contract.jobs).list({ offset: 0, limit: 1 })).total).toBe(1);
    expect(await client.channel(contract.library).add({ path: wim })).toMatchObject({
      imageNames: ['small'],
    });
    expect(await client.channel(contract.practice).status({})).toMatchObject({ made: false });
    const survey = await client.channel(contract.surveys).scan({ source, choices: {} });
    expect((await survey.result).files).toBeGreaterThan(0);
    const zip = path.join(temporaryDirectory(), 'diagnostics.zip');
    await client.channel(contract.app).saveDiagnostics({ path: zip, overwrite: false });
    expect(readFileSync(zip).subarray(0, 2).toString()).toBe('PK');
  });

  it('tells all windows of commands and settings, and its shell, too', async () => {
    const bench = await openBench(appDirectory);
    const other = connect(bench.workbench);
    const seen: unknown[] = [];
    const heard = new Promise<void>((resolve) => {
      other.channel(contract.app).command((command) => {
        seen.push(command);
        resolve();
      });
    });
    const settingsSeen: number[] = [];
    bench.workbench.onSettings(({ textSize }) => settingsSeen.push(textSize));
    // An answer after the subscription: it is there by then.
    await other.channel(contract.app).settings({});
    bench.workbench.command({ command: 'open-path', path: '/x.wim' });
    await heard;
    expect(seen).toEqual([{ command: 'open-path', path: '/x.wim' }]);
    await other.channel(contract.app).changeSettings({ textSize: 130 });
    expect(settingsSeen).toEqual([130]);
    expect(bench.workbench.settings.textSize).toBe(130);
  });

  it('works beside another one on the same data, which keeps its history', async () => {
    const data = temporaryDirectory();
    const first = await openBench(appDirectory, data);
    await planAndRun(first, smallWork());
    const second = await openBench(appDirectory, data);
    const { id } = await planAndRun(second, smallWork());
    expect((await second.jobs.list({ offset: 0, limit: 10 })).total).toBe(1);
    const { lines } = await second.jobs.log({ id, offset: 0, limit: 10 });
    expect(lines[0]).toMatchObject({ level: 'warning', text: expect.stringContaining('another workbench') });
    await planAndRun(first, smallWork());
    await second.close();
    await first.close();
    const third = await openBench(appDirectory, data);
    expect((await third.jobs.list({ offset: 0, limit: 10 })).jobs.map((job) => job.id)).toEqual([
      'job-2',
      'job-1',
    ]);
  });

  it('that was closed starts nothing again, whoever asks', async () => {
    const data = temporaryDirectory();
    const bench = await openBench(appDirectory, data);
    const work = smallWork();
    const job = await bench.jobs.run({ work });
    await bench.close();
    await expect(job.result).rejects.toMatchObject({ code: 'job/cancelled' });
    expect(readdirSync(data).sort()).toEqual(['history.lock', 'history.sqlite']);
    const asked = [
      () => bench.client.channel(contract.library).add({ path: work.request.source }),
      () => bench.client.channel(contract.browse).open({ wim: work.request.wim }),
      () => bench.jobs.run({ work }),
    ];
    for (const ask of asked) await expect(ask()).rejects.toBeDefined();
    expect((await bench.jobs.list({ offset: 0, limit: 1 })).total).toBeLessThanOrEqual(1);
    expect(readdirSync(data).sort()).toEqual(['history.lock', 'history.sqlite']);
  });

  it('does its work without a history when the store does not start', async () => {
    const broken = await builtThreads();
    writeFileSync(path.join(broken, 'store.cjs'), 'throw new Error("no store today");');
    const bench = await openBench(broken);
    const { id, result } = await planAndRun(bench, smallWork());
    expect(result.files).toBe(1);
    expect(await bench.jobs.list({ offset: 0, limit: 10 })).toMatchObject({
      total: 1,
      jobs: [{ id, state: 'done' }],
    });
    expect((await bench.jobs.get({ id })).result).toEqual(result);
  });
});

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBrowseHandlers } from '../../../../src-main/app/browse/browseHandlers';
import { createDiskHandlers } from '../../../../src-main/app/disks/diskHandlers';
import { createDriverHandlers } from '../../../../src-main/app/drivers/driverHandlers';
import { createImagingService } from '../../../../src-main/app/imagingService';
import { performWork } from '../../../../src-main/app/jobs/performWork';
import { RunLog } from '../../../../src-main/app/jobs/runLog';
import { disksThroughEngine } from '../../../../src-main/app/practice/practiceDisks';
import { driversThroughEngine } from '../../../../src-main/app/practice/practiceDrivers';
import { openThroughBrowse } from '../../../../src-main/app/practice/practiceImages';
import { createPracticeService } from '../../../../src-main/app/practice/practiceService';
import { engine } from '../../../../src-main/app/threads/engineChannel';
import { createEngineHandlers } from '../../../../src-main/app/threads/engineHandlers';
import { nodeClock } from '../../../../src-main/app/clock';
import { createNodeHost, type NodeHost } from '../../../../src-main/workers/nodeHost';
import { browse } from '../../../../src-shared/contract/browse';
import { drivers } from '../../../../src-shared/contract/drivers';
import { disks } from '../../../../src-shared/contract/disks';
import type { LessonCheck, LessonName, PracticeStatus } from '../../../../src-shared/contract/practice';
import type { Work } from '../../../../src-shared/contract/work';
import { RpcClient } from '../../../../src-shared/rpc/client';
import { JobHub } from '../../../../src-shared/rpc/jobs';
import { RpcServer } from '../../../../src-shared/rpc/server';
import { memoryTransports } from '../../../../src-shared/rpc/transport';
import { builtKernels } from '../../../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../../../support/tools';

// What the learner does is done here by another program, so that the lessons are right about images and not only about
// what this one makes.
describeWithTools(['wimlib-imagex'], 'the lessons', () => {
  const shared: { host?: NodeHost; bench?: ReturnType<typeof createPracticeService>; made?: PracticeStatus } =
    {};
  const told: PracticeStatus[] = [];

  beforeAll(async () => {
    await builtKernels();
    const host = createNodeHost({ appDirectory: path.resolve(__dirname, '../../../../dist') });
    const [near, far] = memoryTransports();
    new RpcServer(new JobHub(nodeClock))
      .serve(browse, createBrowseHandlers(host))
      .serve(disks, createDiskHandlers(host))
      .serve(drivers, createDriverHandlers(host))
      .serve(engine, createEngineHandlers(host, createImagingService(host)))
      .connect(far);
    const client = new RpcClient(near);
    const folder = path.join(temporaryDirectory(), 'practice');
    const openWim = openThroughBrowse(() => client.channel(browse));
    const lessonDisks = disksThroughEngine(() => ({
      disks: client.channel(disks),
      engine: client.channel(engine),
    }));
    const lessonDrivers = driversThroughEngine(() => ({
      drivers: client.channel(drivers),
      engine: client.channel(engine),
    }));
    const emit = (status: PracticeStatus): number => told.push(status);
    const bench = createPracticeService({
      folder,
      openWim,
      disks: lessonDisks,
      drivers: lessonDrivers,
      emit,
    });
    const control = { name: 'job-1', signal: new AbortController().signal, report: () => undefined };
    Object.assign(shared, { host, bench, made: await bench.handlers.make({}, control) });
  });
  afterAll(() => shared.host?.close());

  const imagex = (...args: string[]): void => {
    execFileSync('wimlib-imagex', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const check = async (lesson: LessonName) => {
    const { checks, done } = await shared.bench!.handlers.check({ lesson });
    const bad = checks.filter(({ ok }) => !ok).map(({ name }) => name);
    const facts = (name: string): LessonCheck['facts'] => checks.find((one) => one.name === name)!.facts;
    return { bad, done, facts, names: checks.map(({ name }) => name) };
  };

  /** What the workbench's own jobs do. */
  const perform = async (work: Work): Promise<void> => {
    const { host } = shared;
    const quiet = { signal: new AbortController().signal, onProgress: () => undefined };
    await performWork(host!, createImagingService(host!), work, { ...quiet, log: new RunLog(() => '') });
  };

  it('are open before anything was made', async () => {
    expect((await check('prepare')).bad).toEqual(['partitions', 'volumes']);
    expect((await check('drivers')).bad).toEqual(['rightDriver', 'othersOut', 'driverFiles']);
    for (const lesson of ['capture', 'append', 'info', 'apply', 'newPc'] as const) {
      const { bad, done, names } = await check(lesson);
      expect(done).toBe(false);
      expect(bad).toEqual(names);
    }
    expect(told.at(-1)).toMatchObject({ done: [] });
  });

  it('see a capture of something else', async () => {
    const { wim, target } = shared.made!;
    imagex('capture', path.join(target, '..', 'Reference PC', 'Boot'), wim, 'Boot', '--compress=none');
    expect((await check('capture')).bad).toEqual(['files', 'content', 'integrity']);
    rmSync(wim);
    imagex(
      'capture',
      shared.made!.reference,
      wim,
      '',
      '--no-acls',
      '--compress=none',
      '--check',
      '--config=/dev/null',
    );
    const { bad, facts } = await check('capture');
    expect(bad).toEqual(['named', 'files', 'leftOut']);
    expect(facts('leftOut')).toMatchObject({ found: expect.stringContaining('pagefile.sys') });
    rmSync(wim);
  });

  it('are done one after the other', async () => {
    const { wim, reference, changedReference, target } = shared.made!;
    imagex('capture', reference, wim, 'Reference', '--compress=fast', '--check');
    const captured = await check('capture');
    expect(captured.bad).toEqual([]);
    expect(captured.facts('files')).toMatchObject({ files: captured.facts('files').imageFiles });
    expect((await check('append')).bad).toEqual([
      'secondImage',
      'files',
      'changes',
      'content',
      'singleInstance',
    ]);
    expect((await check('info')).bad).toEqual(['description', 'flags']);

    imagex('append', changedReference, wim, 'With Office', '--check');
    const appended = await check('append');
    expect(appended.bad).toEqual([]);
    const { size, only, whole } = appended.facts('singleInstance');
    expect(Number(only)).toBeLessThan(Number(size) / 3);
    expect(Number(whole)).toBeGreaterThan(40e6);
    expect((await check('capture')).done).toBe(true);

    imagex(
      'info',
      wim,
      '1',
      '--image-property',
      'DESCRIPTION=The PC as installed',
      '--image-property',
      'FLAGS=Professional',
    );
    expect((await check('info')).bad).toEqual([]);

    expect((await check('apply')).bad).toEqual(['target', 'targetFiles', 'targetContent']);
    imagex('apply', wim, '1', target);
    expect((await check('apply')).bad).toEqual(['targetFiles', 'targetContent']);
    rmSync(target, { recursive: true });
    mkdirSync(target);
    imagex('apply', wim, '2', target);
    expect((await check('apply')).bad).toEqual([]);
    expect(told.at(-1)).toMatchObject({ done: ['capture', 'append', 'info', 'apply'] });
    expect(await shared.bench!.handlers.status({})).toMatchObject({
      done: ['capture', 'append', 'info', 'apply'],
    });

    appendFileSync(path.join(target, 'Windows/System32/config/SOFTWARE'), 'x');
    const spoilt = await check('apply');
    expect(spoilt.bad).toEqual(['targetContent']);
    expect(spoilt.facts('targetContent')).toMatchObject({ differs: 'Windows/System32/config/SOFTWARE' });
    expect(told.at(-1)).toMatchObject({ done: ['capture', 'append', 'info'] });

    await perform({
      verb: 'diskPrepare',
      request: { disk: shared.made!.disk, layout: 'data', overwrite: true },
    });
    expect((await check('prepare')).bad).toEqual(['partitions', 'volumes']);
    await perform({
      verb: 'diskPrepare',
      request: { disk: shared.made!.disk, layout: 'uefi', overwrite: true },
    });
    expect((await check('prepare')).bad).toEqual([]);

    const { newPc } = shared.made!;
    expect((await check('newPc')).bad).toEqual([
      'newPc',
      'newPcOpens',
      'partitions',
      'windows',
      'windowsFiles',
    ]);
    const prepare = { layout: 'uefi' as const, size: 4 * 2 ** 30, format: 'vhdx' as const };
    await perform({ verb: 'apply', request: { wim, image: 1, target: newPc, prepare } });
    expect((await check('newPc')).bad).toEqual(['windowsFiles']);
    await perform({
      verb: 'apply',
      request: { wim, image: 2, target: newPc, volume: 'auto', overwrite: true },
    });
    expect((await check('newPc')).bad).toEqual([]);
    expect(told.at(-1)).toMatchObject({ done: ['capture', 'append', 'info', 'prepare', 'newPc'] });

    rmSync(wim);
    expect(await shared.bench!.handlers.status({})).toMatchObject({ done: ['prepare', 'newPc'] });
    expect(await shared.bench!.handlers.reset({ all: false })).toMatchObject({ made: true, done: [] });
  });

  it('see which drivers are in the image, and which are not', async () => {
    const { drivers: folder, driversWim, deviceList } = shared.made!;
    const add = async (only: string): Promise<void> => {
      await perform({
        verb: 'driversAdd',
        request: {
          path: driversWim,
          image: 1,
          drivers: [path.join(folder, only)],
          devices: { kind: 'file', path: deviceList },
          forceFaulty: true,
        },
      });
    };
    await add('Network');
    const right = await check('drivers');
    expect(right.bad).toEqual([]);
    expect(right.done).toBe(true);
    // The one that lacks a file does no harm to the check of the other, but is in there.
    await add('Graphics');
    expect((await check('drivers')).bad).toEqual(['othersOut']);
    await shared.bench!.handlers.reset({ all: false });
    expect((await check('drivers')).bad).toEqual(['rightDriver', 'othersOut', 'driverFiles']);
  });
});

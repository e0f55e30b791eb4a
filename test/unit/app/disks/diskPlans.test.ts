import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createImagingService, type ImagingService } from '../../../../src-main/app/imagingService';
import { inspect } from '../../../../src-main/app/jobs/aftermath';
import { performWork } from '../../../../src-main/app/jobs/performWork';
import { RunLog } from '../../../../src-main/app/jobs/runLog';
import { withAbsolutePaths } from '../../../../src-main/app/jobs/workPaths';
import { checkWork } from '../../../../src-main/app/plans/checkWork';
import { makePlan } from '../../../../src-main/app/plans/makePlan';
import { createEngineHandlers } from '../../../../src-main/app/threads/engineHandlers';
import type { EngineHost } from '../../../../src-main/engine/os';
import { withConfirmation, withoutConfirmation } from '../../../../src-shared/contract/confirmation';
import { Plan, Work, WorkResult } from '../../../../src-shared/contract/work';
import { inlineHost } from '../../../support/kill';
import { temporaryDirectory } from '../../../support/tools';

const GB = 2 ** 30;

describe('work on disks', () => {
  let host: EngineHost;
  let service: ImagingService;
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  const quiet = () => ({ signal: new AbortController().signal, onProgress: () => undefined });
  const plan = async (work: Work): Promise<Plan> => Plan.parse(await makePlan(host, service, work, quiet()));
  const perform = async (work: Work): Promise<WorkResult> =>
    WorkResult.parse(await performWork(host, service, work, { ...quiet(), log: new RunLog(() => '') }));
  const run = (work: Work, fingerprint?: string) =>
    createEngineHandlers(host, service).run(
      { work, ...(fingerprint === undefined ? {} : { fingerprint }) },
      { name: 'job', signal: quiet().signal, report: () => undefined },
    );
  const create = (name: string): Work => ({
    verb: 'diskCreate',
    request: { path: at(name), size: 2 * GB, format: 'vhdx', layout: 'data' },
  });
  const prepare = (name: string): Work => ({
    verb: 'diskPrepare',
    request: { disk: at(name), layout: 'bios', overwrite: true },
  });

  beforeAll(async () => {
    host = await inlineHost();
    service = createImagingService(host);
    folder = temporaryDirectory();
  });

  it('is planned and done, with the disk in the result', async () => {
    const planned = await plan(create('new.vhdx'));
    expect(planned).toMatchObject({ erases: [], disk: { table: 'gpt', size: 2 * GB } });
    expect(planned.disk?.partitions.map(({ role }) => role)).toEqual(['msr', 'data']);
    expect(planned.confirmation).toBeUndefined();
    expect(existsSync(at('new.vhdx'))).toBe(false);
    const result = await perform(create('new.vhdx'));
    expect(result).toMatchObject({
      verb: 'diskCreate',
      wim: '',
      target: at('new.vhdx'),
      faults: { total: 0 },
    });
    expect(result.disk?.partitions).toHaveLength(2);
    await expect(perform(create('new.vhdx'))).rejects.toMatchObject({ code: 'io/exists' });
  });

  it('names all that is erased, and is done only as it was confirmed', async () => {
    await perform(create('used.vhdx'));
    const planned = await plan(prepare('used.vhdx'));
    expect(planned.erases.map(({ what, path: where }) => [what, where])).toEqual([
      ['partition', at('used.vhdx')],
      ['partition', at('used.vhdx')],
    ]);
    expect(planned.erases[1].name).toMatch(/^Partition 2 .*NTFS/);
    const check = await checkWork(host, prepare('used.vhdx'));
    expect(check).toMatchObject({ takesAway: true, fingerprint: planned.fingerprint, wims: [] });
    expect(check.touches).toEqual([{ path: at('used.vhdx'), writes: true, tree: true }]);

    const before = statSync(at('used.vhdx')).mtimeMs;
    await expect(run(prepare('used.vhdx'))).rejects.toMatchObject({ code: 'plan/needed' });
    await expect(run(prepare('used.vhdx'), 'other.other')).rejects.toMatchObject({ code: 'plan/stale' });
    expect(statSync(at('used.vhdx')).mtimeMs).toBe(before);
    await run(prepare('used.vhdx'), planned.fingerprint);
    // What was confirmed is not there any more.
    await expect(run(prepare('used.vhdx'), planned.fingerprint)).rejects.toMatchObject({
      code: 'plan/stale',
    });
  });

  it('of an image that goes to a disk names what is erased there', async () => {
    writeFileSync(at('file.txt'), 'text');
    await service.capture(
      { source: folder, wim: at('a.wim'), name: 'A', config: '[ExclusionList]\n*.vhdx\n*.wim\n' },
      {},
    );
    const made = { layout: 'uefi' as const, size: 4 * GB, format: 'vhdx' as const };
    const request = { wim: at('a.wim'), image: 1, target: at('pc.vhdx') };
    const fresh: Work = { verb: 'apply', request: { ...request, prepare: made } };
    expect(await plan(fresh)).toMatchObject({ erases: [], disk: { table: 'gpt' }, files: 1 });
    expect(await perform(fresh)).toMatchObject({ verb: 'apply', files: 1, disk: { format: 'vhdx' } });

    const volume: Work = { verb: 'apply', request: { ...request, volume: '3', overwrite: true } };
    const planned = await plan(volume);
    expect(planned.erases).toMatchObject([
      { what: 'partition', path: at('pc.vhdx'), found: { first: ['file.txt'] } },
    ]);
    expect((await checkWork(host, volume)).takesAway).toBe(true);
    await expect(run(volume)).rejects.toMatchObject({ code: 'plan/needed' });
    // A disk as the target needs its plan also where nobody said that it is one.
    const plain: Work = { verb: 'apply', request: { ...request, overwrite: true } };
    await expect(run(plain)).rejects.toMatchObject({ code: 'plan/needed' });
    await run(volume, planned.fingerprint);
  });

  it('has absolute paths, and a typed name goes into no plan and no recipe', () => {
    const work: Work = {
      verb: 'diskPrepare',
      request: { disk: 'a.vhdx', layout: 'uefi', identity: 'x', confirmation: 'Stick' },
    };
    const absolute = (name: string): string => `/base/${name}`;
    expect(withAbsolutePaths(work, absolute).request).toMatchObject({ disk: '/base/a.vhdx' });
    expect(withoutConfirmation(work).request).not.toHaveProperty('confirmation');
    expect(withConfirmation(withoutConfirmation(work), 'Stick')).toEqual(work);
    expect(Work.parse(work)).toEqual(work);
    const convert: Work = { verb: 'diskConvert', request: { disk: 'a', destination: 'b', format: 'raw' } };
    expect(withAbsolutePaths(convert, absolute).request).toMatchObject({
      disk: '/base/a',
      destination: '/base/b',
    });
    expect(withConfirmation(convert, 'x')).toBe(convert);
  });

  it('that was cut off is told by the file', async () => {
    const started = new Date().toISOString();
    expect(await inspect(host, create('never.vhdx'), started)).toEqual({ state: 'untouched', leftovers: [] });
    expect(
      await inspect(host, prepare('used.vhdx'), new Date(Date.now() + 60_000).toISOString()),
    ).toMatchObject({
      state: 'untouched',
    });
    expect(await inspect(host, prepare('used.vhdx'), new Date(0).toISOString())).toMatchObject({
      state: 'partial',
    });
  });
});

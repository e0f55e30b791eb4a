import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeClock } from '../../../../src-main/app/clock';
import { JobHistory } from '../../../../src-main/app/jobs/jobHistory';
import { isoNow, LiveJob } from '../../../../src-main/app/jobs/liveJob';
import { Recipes } from '../../../../src-main/app/jobs/recipes';
import { openDatabase } from '../../../../src-main/app/store/database';
import { store } from '../../../../src-main/app/store/storeChannel';
import { createStoreService } from '../../../../src-main/app/store/storeHandlers';
import { createNodeFileSystem } from '../../../../src-main/platform/nodeFileSystem';
import type { JobRecord } from '../../../../src-shared/contract/jobs';
import type { Work } from '../../../../src-shared/contract/work';
import { RpcClient } from '../../../../src-shared/rpc/client';
import { JobHub } from '../../../../src-shared/rpc/jobs';
import { RpcServer } from '../../../../src-shared/rpc/server';
import { memoryTransports } from '../../../../src-shared/rpc/transport';
import { temporaryDirectory } from '../../../support/tools';

/** What a person is told when the disk of the history stops serving while the program runs. */

const work: Work = { verb: 'capture', request: { source: '/s', wim: '/w.wim' } };

function job(number: number): JobRecord {
  return { ...new LiveJob(`job-${number}`, work, () => 0).record, state: 'done', endedAt: isoNow() };
}

function opened() {
  const database = openDatabase(createNodeFileSystem(), temporaryDirectory(), () => new Date());
  const service = createStoreService(database);
  onTestFinished(() => service.close());
  const [near, far] = memoryTransports();
  new RpcServer(new JobHub(nodeClock)).serve(store, service.handlers).connect(far);
  const client = new RpcClient(near).channel(store);
  const fill = (): void => {
    database.database.exec('PRAGMA max_page_count = 1');
    database.database.exec('PRAGMA query_only = ON');
  };
  return { client, fill };
}

describe('a store whose disk is full', () => {
  it('says once that jobs are not kept any more', async () => {
    const { client, fill } = opened();
    const told: string[] = [];
    const history = new JobHistory(
      () => client,
      (text) => told.push(text),
    );
    await history.put(job(1));
    expect(told).toEqual([]);
    fill();
    await history.put(job(2));
    await history.put(job(3));
    expect(told).toEqual([expect.stringMatching(/not kept beyond this run/)]);
  });

  it('does not let a recipe pass for saved', async () => {
    const { client, fill } = opened();
    let changes = 0;
    const { handlers } = new Recipes(
      () => client,
      () => changes++,
      () => undefined,
    );
    await handlers.saveRecipe({ name: 'kept', work });
    fill();
    await expect(handlers.saveRecipe({ name: 'Lab', work })).rejects.toMatchObject({
      code: 'io/failed',
      message: expect.stringMatching(/"Lab" is kept only until the program ends/),
    });
    expect(changes).toBe(2);
    expect((await client.recipes({})).map(({ name }) => name)).toEqual(['Lab', 'kept']);
  });
});

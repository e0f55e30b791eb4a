import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createWorkbench } from '../../../../src-main/app/workbench';
import { contract } from '../../../../src-shared/contract';
import type { Work } from '../../../../src-shared/contract/work';
import { RpcClient } from '../../../../src-shared/rpc/client';
import { memoryTransports } from '../../../../src-shared/rpc/transport';

/**
 * A host that measures how long its event loop is held while jobs run. Arguments: work directory with a `source`,
 * rounds after the first. It prints JSON: for each round the longest time, ms, that a turn of the loop took, without the time that the
 * system gave to other programs; and the same with it.
 */

/** Milliseconds that this thread was ready to run and did not, where the system tells. */
function waited(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

const INTERVAL = 5;

function watchLoop(): { stop(): { own: number; all: number } } {
  let own = 0;
  let all = 0;
  let last = performance.now();
  let lastWaited = waited();
  const timer = setInterval(() => {
    const now = performance.now();
    const nowWaited = waited();
    const gap = now - last - INTERVAL;
    all = Math.max(all, gap);
    own = Math.max(own, gap - (nowWaited - lastWaited));
    last = now;
    lastWaited = nowWaited;
  }, INTERVAL);
  return {
    stop() {
      clearInterval(timer);
      return { own, all };
    },
  };
}

async function main([directory, rounds]: string[]): Promise<void> {
  const workbench = await createWorkbench({
    appDirectory: __dirname,
    dataDirectory: path.join(directory, 'data'),
    version: '0.0.0',
    shell: { kind: 'headless' },
    start: { practice: false, open: null },
  });
  const [near, far] = memoryTransports();
  workbench.connect(far);
  const jobs = new RpcClient(near).channel(contract.jobs);
  const wim = path.join(directory, 'out.wim');
  const target = path.join(directory, 'target');
  let frames = 0;
  const run = async (work: Work): Promise<void> => {
    const { fingerprint } = await (await jobs.plan({ work })).result;
    const job = await jobs.run({ work, fingerprint });
    job.onProgress(() => frames++);
    await job.result;
    await jobs.list({ offset: 0, limit: 100 });
  };
  const round = async (): Promise<void> => {
    const compression = { format: 'xpress' } as const;
    const source = path.join(directory, 'source');
    const config = '[ExclusionList]\n*.tmp\n';
    await run({ verb: 'capture', request: { source, wim, overwrite: true, compression, config } });
    await run({ verb: 'apply', request: { wim, target } });
    rmSync(target, { recursive: true });
  };
  const results = [];
  // The first one, in which threads are started and code is compiled, is told as well.
  for (let i = 0; i <= Number(rounds); i++) {
    frames = 0;
    const watch = watchLoop();
    await round();
    results.push({ ...watch.stop(), frames });
  }
  await workbench.close();
  process.stdout.write(JSON.stringify(results));
}

void main(process.argv.slice(2));

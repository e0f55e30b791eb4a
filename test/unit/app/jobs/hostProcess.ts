import { createWorkbench } from '../../../../src-main/app/workbench';
import { contract } from '../../../../src-shared/contract';
import { Work } from '../../../../src-shared/contract/work';
import { RpcClient } from '../../../../src-shared/rpc/client';
import { memoryTransports } from '../../../../src-shared/rpc/transport';

/**
 * A host to be killed: it runs the works that are given as JSON and prints a line for each step of the first one.
 * Arguments: data directory, works. Its bundles lie beside it.
 */
async function main([dataDirectory, works]: string[]): Promise<void> {
  const workbench = await createWorkbench({
    appDirectory: __dirname,
    dataDirectory,
    version: '0.0.0',
    shell: { kind: 'headless' },
    start: { practice: false, open: null },
  });
  const [near, far] = memoryTransports();
  workbench.connect(far);
  const jobs = new RpcClient(near).channel(contract.jobs);
  for (const work of Work.array().parse(JSON.parse(works))) {
    const plan = await (await jobs.plan({ work })).result;
    const job = await jobs.run({ work, fingerprint: plan.fingerprint });
    job.onProgress(({ phase, fraction }) => process.stdout.write(`${job.name} ${phase} ${fraction ?? 0}\n`));
  }
}

void main(process.argv.slice(2));

import { createCipheriv } from 'node:crypto';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { buildKernels } from '../../../../build/kernels.mjs';
import { createWorkbench } from '../../../../src-main/app/workbench';
import type { Workbench } from '../../../../src-main/app/shell';
import { contract } from '../../../../src-shared/contract';
import type { JobRecord } from '../../../../src-shared/contract/jobs';
import type { Work, WorkResult } from '../../../../src-shared/contract/work';
import { RpcClient } from '../../../../src-shared/rpc/client';
import { memoryTransports } from '../../../../src-shared/rpc/transport';
import { kernelDirectory } from '../../../support/pipeline';
import { temporaryDirectory } from '../../../support/tools';

const repository = path.resolve(__dirname, '../../../..');

/** Bundles of the program's threads, with more or other ones by name. */
export async function builtThreads(entries: Readonly<Record<string, string>> = {}): Promise<string> {
  const directory = temporaryDirectory();
  await buildKernels();
  cpSync(kernelDirectory, path.join(directory, 'kernels'), { recursive: true });
  symlinkSync(path.join(repository, 'node_modules'), path.join(directory, 'node_modules'));
  const all = {
    engine: 'src-main/entry/engineThread.ts',
    store: 'src-main/entry/storeThread.ts',
    worker: 'src-main/workers/worker.ts',
    ...entries,
  };
  await build({
    absWorkingDir: repository,
    entryPoints: Object.entries(all).map(([out, file]) => ({ out, in: file })),
    outdir: directory,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['koffi', 'node-sqlite3-wasm', 'electron', 'original-fs'],
    logLevel: 'error',
  });
  return directory;
}

/** A workbench with a window. */
export interface Bench {
  readonly workbench: Workbench;
  readonly client: RpcClient;
  readonly jobs: ReturnType<typeof jobsOf>;
  /** States of jobs in the order in which windows were told. */
  readonly told: string[];
  close(): Promise<void>;
}

function jobsOf(client: RpcClient) {
  return client.channel(contract.jobs);
}

/** Opens a workbench; it is closed when the test ends, if it was not before. */
export async function openBench(appDirectory: string, dataDirectory = temporaryDirectory()): Promise<Bench> {
  const workbench = await createWorkbench({
    appDirectory,
    dataDirectory,
    version: '0.0.0',
    shell: { kind: 'headless' },
    start: { practice: false, open: null },
  });
  const client = connect(workbench);
  const jobs = jobsOf(client);
  const told: string[] = [];
  jobs.changed(({ id, job }) => told.push(`${id} ${job?.state ?? 'gone'}`));
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= workbench.close());
  onTestFinished(close);
  return { workbench, client, jobs, told, close };
}

/** A further window. */
export function connect(workbench: Workbench): RpcClient {
  const [near, far] = memoryTransports();
  workbench.connect(far);
  return new RpcClient(near);
}

/** Plans and runs work as a window does. */
export async function planAndRun(bench: Bench, work: Work): Promise<{ id: string; result: WorkResult }> {
  const plan = await (await bench.jobs.plan({ work })).result;
  const job = await bench.jobs.run({ work, fingerprint: plan.fingerprint });
  return { id: job.name, result: await job.result };
}

/** Bytes that nothing can compress, the same for the same seed; many of them in little time. */
function cipherNoise(length: number, seed: number): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16, seed >> 8));
  return cipher.update(Buffer.alloc(length));
}

/** A directory with files of noise, which takes its time to be compressed. */
export function sourceOfNoise(files: number, bytes: number): string {
  const directory = temporaryDirectory();
  for (let i = 0; i < files; i++) {
    const folder = path.join(directory, `folder ${i % 7}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `file ${i}.bin`), cipherNoise(bytes, i + 1));
  }
  return directory;
}

/** Resolves when a job's record is as wanted. */
export async function whenJob(
  bench: Bench,
  id: string,
  wanted: (job: JobRecord) => boolean,
): Promise<JobRecord> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      bench.jobs.get({ id }).then((job) => {
        if (!wanted(job)) return;
        leave();
        resolve(job);
      }, reject);
    };
    const leave = bench.jobs.changed((change) => {
      if (change.id === id) look();
    });
    look();
  });
}

import { randomBytes } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import type { Kernels } from '../engine/codec/kernel';
import { readDeviceList } from '../engine/devices/readDeviceList';
import type { EngineHost } from '../engine/os';
import type { TaskRunner } from '../engine/pipeline/tasks';
import { loadKernels } from '../platform/kernels';
import { createPhysicalDisks } from '../platform/devices/physicalDisks';
import { createPnpDevices } from '../platform/devices/pnp/pnpDevices';
import { findDism } from '../platform/dism/findDism';
import { createNodeFileSystem } from '../platform/nodeFileSystem';
import { createCrypto } from '../platform/crypto';
import { createSha1 } from '../platform/sha1';
import { createWorkerPool } from './pool';

/** Where the program lies. */
export interface NodeHostOptions {
  /** Directory of worker.cjs and kernels/. */
  readonly appDirectory: string;
}

/** The engine's host under Node and Electron. */
export interface NodeHost extends EngineHost {
  /** For what the engine decompresses in its own thread: metadata and tables. */
  readonly kernels: Kernels;
  /** Ends all threads; tasks under way are rejected. */
  close(): Promise<void>;
}

/** 100 ns ticks from 1601-01-01, where FILETIME starts, to 1970-01-01. */
const UNIX_EPOCH = 116_444_736_000_000_000n;

/** Current time as FILETIME, to the millisecond. */
function now(): bigint {
  return UNIX_EPOCH + BigInt(Date.now()) * 10_000n;
}

/** What a container allows counts where it is less than the machine has; 0 and beyond all sense: no limit. */
export function machineMemory(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
}

/** More threads than this gain nothing and cost memory: each has buffers of its own. */
const MAX_THREADS = 64;

/** What the engine needs from outside, through Node. */
export function createNodeHost({ appDirectory }: NodeHostOptions): NodeHost {
  const kernelDirectory = path.join(appDirectory, 'kernels');
  const pools = new Map<number, TaskRunner>();
  const dism = findDism();
  const pnp = createPnpDevices(readDeviceList);
  return {
    files: createNodeFileSystem(),
    devices: createPhysicalDisks({ programFiles: [process.execPath, appDirectory] }),
    ...(dism === undefined ? {} : { dism }),
    ...(pnp === undefined ? {} : { pnp }),
    sha1: createSha1(),
    crypto: createCrypto(),
    kernels: loadKernels(kernelDirectory),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    now,
    memory: machineMemory(),
    processId: process.pid,
    taskRunner(wanted) {
      const threads = wanted > 0 ? Math.min(wanted, MAX_THREADS) : availableParallelism();
      let pool = pools.get(threads);
      if (pool === undefined) {
        pool = createWorkerPool({
          threads,
          workerFile: path.join(appDirectory, 'worker.cjs'),
          workerData: { kernelDirectory },
        });
        pools.set(threads, pool);
      }
      return pool;
    },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    async close() {
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.close()));
    },
  };
}

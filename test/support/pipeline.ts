import { createHash } from 'node:crypto';
import path from 'node:path';
import { buildKernels } from '../../build/kernels.mjs';
import type { Kernels } from '../../src-main/engine/codec/kernel';
import { createTaskHandlers } from '../../src-main/engine/pipeline/handlers';
import type { TaskFiles } from '../../src-main/engine/pipeline/taskFiles';
import type { FilePlacement, ResourceLocation, TaskHandlers } from '../../src-main/engine/pipeline/tasks';
import { loadKernels } from '../../src-main/platform/kernels';
import { createNodeTaskFiles } from '../../src-main/platform/nodeTaskFiles';
import { createCrypto } from '../../src-main/platform/crypto';
import { createNodeFileSystem } from '../../src-main/platform/nodeFileSystem';
import { createSha1 } from '../../src-main/platform/sha1';

const repository = path.resolve(__dirname, '../..');

/** Where the kernels are built to. */
export const kernelDirectory = path.join(repository, 'dist/kernels');

/** The codecs' kernels, built first when their sources are newer. */
export async function builtKernels(): Promise<Kernels> {
  await buildKernels();
  return loadKernels(kernelDirectory);
}

/** Kernels for a test that must not need any. */
export const noKernels: Kernels = {
  kernel(name) {
    throw new Error(`the kernel ${name} is not wanted here`);
  },
};

/** The task handlers as a thread has them, in this thread. */
export function handlers(
  kernels: Kernels = noKernels,
  files: TaskFiles = createNodeTaskFiles(),
): TaskHandlers {
  return createTaskHandlers({
    files,
    sha1: createSha1(),
    kernels,
    system: { files: createNodeFileSystem(), crypto: createCrypto() },
  });
}

export function sha1(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha1').update(bytes).digest());
}

/** Shared memory that begins with `bytes`. */
export function shared(bytes: Uint8Array, length = bytes.length): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(length);
  new Uint8Array(memory).set(bytes);
  return memory;
}

/** A copy of a part of shared memory. */
export function part(memory: SharedArrayBuffer, start: number, length: number): Uint8Array {
  return Uint8Array.from(new Uint8Array(memory, start, length));
}

export function placement(file: string, more: Partial<FilePlacement> = {}): FilePlacement {
  return {
    kind: 'file',
    path: file,
    accessTime: 133_000_000_000_000_001n,
    writeTime: 133_000_000_000_000_003n,
    sparse: false,
    attributes: 0x20,
    creationTime: 133_000_000_000_000_000n,
    ...more,
  };
}

/** A resource at the start of a file; XPRESS with chunks of 4096 bytes unless said otherwise. */
export function resource(file: string, more: Partial<ResourceLocation>): ResourceLocation {
  return {
    file,
    offset: 0,
    storedSize: 0,
    size: 0,
    format: 'xpress',
    chunkSize: 4096,
    pipable: false,
    ...more,
  };
}

/** Bytes that compress, differing by `seed`. */
export function text(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = 97 + ((state >>> 16) % 5) * ((state >>> 24) % 2);
  }
  return bytes;
}

/** Bytes that do not compress. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0, round = 0; at < length; round++) {
    const block = createHash('sha512')
      .update(`${seed} ${round}`)
      .digest()
      .subarray(0, length - at);
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

import { parentPort, workerData } from 'node:worker_threads';
import { createTaskHandlers } from '../engine/pipeline/handlers';
import type { TaskHandlers, TaskName } from '../engine/pipeline/tasks';
import { loadKernels } from '../platform/kernels';
import { createNodeTaskFiles } from '../platform/nodeTaskFiles';
import { createSha1 } from '../platform/sha1';
import { toEnvelope, type TaskReply, type TaskRequest, type WorkerData } from './messages';

/** Buffers from this size on move to the other thread instead of being copied. */
const WORTH_MOVING = 64 * 1024;

function runTask<N extends TaskName>(handlers: TaskHandlers, { id, name, input }: TaskRequest<N>): TaskReply {
  try {
    return { id, ok: true, output: handlers[name](input) };
  } catch (error) {
    return { id, ok: false, error: toEnvelope(error) };
  }
}

/** Large arrays of a result. A handler makes its results anew, so nobody here misses what is moved away. */
function movable(reply: TaskReply): ArrayBuffer[] {
  if (!reply.ok || typeof reply.output !== 'object' || reply.output === null) return [];
  const buffers: ArrayBuffer[] = [];
  for (const value of Object.values(reply.output)) {
    if (
      ArrayBuffer.isView(value) &&
      value.buffer instanceof ArrayBuffer &&
      value.byteLength >= WORTH_MOVING
    ) {
      buffers.push(value.buffer);
    }
  }
  return buffers;
}

function serve(port: NonNullable<typeof parentPort>, data: WorkerData): void {
  const handlers = createTaskHandlers({
    files: createNodeTaskFiles(),
    sha1: createSha1(),
    kernels: loadKernels(data.kernelDirectory),
  });
  port.on('message', (request: TaskRequest) => {
    const reply = runTask(handlers, request);
    port.postMessage(reply, movable(reply));
  });
}

if (parentPort === null) throw new Error('this file runs in a worker thread');
serve(parentPort, workerData as WorkerData);

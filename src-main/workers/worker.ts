import { parentPort, workerData } from 'node:worker_threads';
import { createTaskHandlers } from '../engine/pipeline/handlers';
import type { TaskHandlers, TaskName, Tasks } from '../engine/pipeline/tasks';
import { loadKernels } from '../platform/kernels';
import { createNodeTaskFiles } from '../platform/nodeTaskFiles';
import { createCrypto } from '../platform/crypto';
import { createNodeFileSystem } from '../platform/nodeFileSystem';
import { createSha1 } from '../platform/sha1';
import { toEnvelope, type TaskReply, type TaskRequest, type WorkerData } from './messages';
import { buffersOf } from './wire/parcel';
import { packOutput, unpackInput } from './wire/taskWires';

/** Buffers from this size on move to the other thread instead of being copied. */
const WORTH_MOVING = 64 * 1024;

/** Milliseconds without a task after which a thread gives its memory back: the pool outlives its jobs. */
const IDLE = 5000;

/** Most tasks end before it returns; it waits for nothing then. */
function runTask<N extends TaskName>(
  handlers: TaskHandlers,
  request: TaskRequest<N>,
): TaskReply | Promise<TaskReply> {
  const { id, name } = request;
  try {
    const input = request.parcel === undefined ? request.input : unpackInput(name, request.parcel);
    const output = handlers[name](input as Tasks[N]['in']);
    if (output instanceof Promise) return later(id, output);
    const parcel = packOutput(name, output);
    return parcel === undefined ? { id, ok: true, output } : { id, ok: true, parcel };
  } catch (error) {
    return { id, ok: false, error: toEnvelope(error) };
  }
}

async function later(id: number, output: Promise<unknown>): Promise<TaskReply> {
  try {
    return { id, ok: true, output: await output };
  } catch (error) {
    return { id, ok: false, error: toEnvelope(error) };
  }
}

/** Large arrays of a result. A handler makes its results anew, so nobody here misses what is moved away. */
function movable(reply: TaskReply): ArrayBuffer[] {
  if (!reply.ok) return [];
  if ('parcel' in reply) return buffersOf(reply.parcel);
  if (typeof reply.output !== 'object' || reply.output === null) return [];
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
    system: { files: createNodeFileSystem(), crypto: createCrypto() },
  });
  const idle = setTimeout(() => handlers.release({}), IDLE);
  idle.unref();
  const send = (reply: TaskReply): void => {
    port.postMessage(reply, movable(reply));
    idle.refresh();
  };
  port.on('message', (request: TaskRequest) => {
    const reply = runTask(handlers, request);
    if (reply instanceof Promise) void reply.then(send);
    else send(reply);
  });
}

if (parentPort === null) throw new Error('this file runs in a worker thread');
serve(parentPort, workerData as WorkerData);

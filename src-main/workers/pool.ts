import { Worker } from 'node:worker_threads';
import { AppError, CancelledError } from '../../src-shared/errors/appError';
import type { TaskName, TaskRunner, Tasks } from '../engine/pipeline/tasks';
import { fromEnvelope, type TaskReply, type TaskRequest, type WorkerData } from './messages';
import { buffersOf } from './wire/parcel';
import { packInput, unpackOutput } from './wire/taskWires';

/** Memory of a thread for objects that were just made, MB. */
const YOUNG_MB = 12;

/** What a pool is made of. */
export interface WorkerPoolOptions {
  /** Threads at most; each is started when there is work for it. */
  readonly threads: number;
  /** The bundled entry of a thread. */
  readonly workerFile: string;
  readonly workerData: WorkerData;
}

/** A task that was given to the pool and is not done. */
interface Pending {
  readonly id: number;
  readonly name: TaskName;
  readonly input: Tasks[TaskName]['in'];
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: AppError) => void;
}

/** A thread and the tasks it was sent: it works on the first, the second waits there so that it need not ask. */
class PoolThread {
  readonly worker: Worker;
  readonly tasks: Pending[] = [];
  failure: Error | undefined;

  constructor({ workerFile, workerData }: WorkerPoolOptions) {
    this.worker = new Worker(workerFile, {
      workerData,
      trackUnmanagedFds: false,
      execArgv: [],
      // A thread's data lies in buffers; of objects it makes few that last, so little room for new ones is enough.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.worker.unref();
  }

  send(task: Pending): void {
    // Only a thread with work keeps the process alive.
    if (this.tasks.length === 0) this.worker.ref();
    this.tasks.push(task);
    const { id, name, input } = task;
    // Packed anew each time: a thread that dies takes what was moved to it along.
    const parcel = packInput(name, input);
    const request: TaskRequest = parcel === undefined ? { id, name, input } : { id, name, parcel };
    this.worker.postMessage(request, parcel === undefined ? [] : buffersOf(parcel));
  }

  /** Takes a task off the list that was answered. */
  take(id: number): Pending | undefined {
    const index = this.tasks.findIndex((task) => task.id === id);
    if (index < 0) return undefined;
    const [task] = this.tasks.splice(index, 1);
    if (this.tasks.length === 0) this.worker.unref();
    return task;
  }
}

class WorkerPool implements TaskRunner {
  readonly width: number;
  private readonly options: WorkerPoolOptions;
  private readonly threads = new Set<PoolThread>();
  private queue: Pending[] = [];
  private nextId = 1;
  private closed = false;

  constructor(options: WorkerPoolOptions) {
    this.options = options;
    this.width = Math.max(1, Math.floor(options.threads));
  }

  run<N extends TaskName>(name: N, input: Tasks[N]['in']): Promise<Tasks[N]['out']> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.closed) {
        reject(new CancelledError('the task was given to a pool that is closed'));
        return;
      }
      this.queue.push({ id: this.nextId++, name, input, resolve, reject });
      this.dispatch();
    }) as Promise<Tasks[N]['out']>;
  }

  prepare(): void {
    if (this.closed) return;
    while (this.start() !== undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    const tasks = [...this.threads].flatMap((thread) => thread.tasks).concat(this.queue);
    this.queue = [];
    const workers = [...this.threads].map(({ worker }) => worker);
    this.threads.clear();
    for (const task of tasks) task.reject(new CancelledError('the worker threads were ended'));
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  /** Gives out what waits: to idle threads first, then to new ones, and while plenty waits one ahead to busy ones. */
  private dispatch(): void {
    while (this.queue.length > 0) {
      const thread = this.threadWith(0) ?? this.start() ?? this.busyThread();
      if (thread === undefined) return;
      const [task] = this.queue.splice(0, 1);
      try {
        thread.send(task);
      } catch (error) {
        // An input that cannot be copied to another thread: the caller's fault, and nobody else's.
        thread.take(task.id);
        task.reject(bug('a task could not be sent to its thread', error));
      }
    }
  }

  private threadWith(tasks: number): PoolThread | undefined {
    for (const thread of this.threads) if (thread.tasks.length === tasks) return thread;
    return undefined;
  }

  /** With little in the queue a task is better kept for whichever thread is free first. */
  private busyThread(): PoolThread | undefined {
    return this.queue.length >= this.width ? this.threadWith(1) : undefined;
  }

  private start(): PoolThread | undefined {
    if (this.threads.size >= this.width) return undefined;
    const thread = new PoolThread(this.options);
    this.threads.add(thread);
    thread.worker.on('message', (reply: TaskReply) => this.settle(thread, reply));
    thread.worker.on('messageerror', (error) => {
      // A reply that cannot be read: which task it was for is lost with it, so the thread ends as if it had died.
      thread.failure ??= error;
      void thread.worker.terminate();
    });
    thread.worker.on('error', (error) => (thread.failure ??= asError(error)));
    thread.worker.on('exit', (exitCode) => this.bury(thread, exitCode));
    return thread;
  }

  private settle(thread: PoolThread, reply: TaskReply): void {
    const task = thread.take(reply.id);
    if (task !== undefined) {
      if (reply.ok) task.resolve(resultOf(task.name, reply));
      else task.reject(fromEnvelope(reply.error));
    }
    if (this.threads.has(thread)) this.dispatch();
  }

  /** A thread ended by itself: the task it worked on fails, one that it had not begun goes to another thread. */
  private bury(thread: PoolThread, exitCode: number): void {
    if (!this.threads.delete(thread)) return;
    const [culprit, ...rest] = thread.tasks.splice(0);
    this.queue.unshift(...rest);
    if ((culprit as Pending | undefined) !== undefined) {
      const why = thread.failure === undefined ? `exit code ${exitCode}` : thread.failure.message;
      culprit.reject(bug(`a worker thread ended while it ran ${culprit.name} (${why})`, thread.failure));
    }
    this.dispatch();
  }
}

function resultOf(name: TaskName, reply: Extract<TaskReply, { ok: true }>): unknown {
  return 'parcel' in reply ? unpackOutput(name, reply.parcel) : reply.output;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function bug(message: string, cause: unknown): AppError {
  return new AppError('internal/bug', message, {}, cause);
}

/**
 * A pool of worker threads that run tasks. A thread that dies takes only the task it worked on with it, and is
 * replaced when there is more to do. Idle threads do not keep the process alive.
 */
export function createWorkerPool(options: WorkerPoolOptions): TaskRunner {
  return new WorkerPool(options);
}

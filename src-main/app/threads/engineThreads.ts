import path from 'node:path';
import { AppError } from '../../../src-shared/errors/appError';
import type { RpcClient } from '../../../src-shared/rpc/client';
import type { EngineThreadData } from './engineChannel';
import { HostThread } from './hostThread';

/** A thread that runs one job after the other. */
export interface JobThread {
  readonly thread: HostThread;
  readonly lowPriority: boolean;
}

/** The engine's threads of a workbench: one for what windows look at, and one for each job that runs. */
export class EngineThreads {
  private interactive: HostThread | undefined;
  private readonly idle: JobThread[] = [];
  private readonly all = new Set<HostThread>();
  private closed = false;

  /** @param appDirectory directory of engine.cjs, worker.cjs and kernels/ */
  constructor(private readonly appDirectory: string) {}

  /** The thread for windows, started when it is first wanted and again when it has ended. */
  get interactiveClient(): RpcClient {
    if (this.interactive === undefined || this.interactive.isGone) {
      this.interactive = this.start({ interactive: true, lowPriority: false });
    }
    return this.interactive.client;
  }

  /**
   * A thread for one job.
   * @param lowPriority lets other programs go first; a thread keeps its priority as long as it lives
   */
  take(lowPriority = false): JobThread {
    for (let at = this.idle.length - 1; at >= 0; at--) {
      const idle = this.idle[at];
      if (idle.lowPriority !== lowPriority && !idle.thread.isGone) continue;
      this.idle.splice(at, 1);
      if (!idle.thread.isGone) return idle;
    }
    return { thread: this.start({ interactive: false, lowPriority }), lowPriority };
  }

  /**
   * Gives a thread back.
   * @param keep how many idle threads may wait for the next job
   */
  async giveBack(used: JobThread, keep: number): Promise<void> {
    const spare: JobThread[] = [];
    if (used.thread.isGone || this.closed) spare.push(used);
    else this.idle.push(used);
    // Those of another priority go when they are not asked for any more: they are the oldest.
    while (this.idle.length > keep) spare.push(...this.idle.splice(0, 1));
    await Promise.all(spare.map(({ thread }) => thread.terminate('no longer needed')));
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map((thread) => thread.terminate('the program ends')));
  }

  private start(kind: Pick<EngineThreadData, 'interactive' | 'lowPriority'>): HostThread {
    if (this.closed) throw new AppError('host/lost', 'the program is ending');
    const data: EngineThreadData = { appDirectory: this.appDirectory, ...kind };
    const thread = new HostThread(path.join(this.appDirectory, 'engine.cjs'), data);
    this.all.add(thread);
    void thread.ended.then(() => this.all.delete(thread));
    return thread;
  }
}

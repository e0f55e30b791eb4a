import path from 'node:path';
import { AppError } from '../../../src-shared/errors/appError';
import type { RpcClient } from '../../../src-shared/rpc/client';
import type { EngineThreadData } from './engineChannel';
import { HostThread } from './hostThread';

/** The engine's threads of a workbench: one for what windows look at, and one for each job that runs. */
export class EngineThreads {
  private interactive: HostThread | undefined;
  private readonly idle: HostThread[] = [];
  private readonly all = new Set<HostThread>();
  private closed = false;

  /** @param appDirectory directory of engine.cjs, worker.cjs and kernels/ */
  constructor(private readonly appDirectory: string) {}

  /** The thread for windows, started when it is first wanted and again when it has ended. */
  get interactiveClient(): RpcClient {
    if (this.interactive === undefined || this.interactive.isGone) this.interactive = this.start(true);
    return this.interactive.client;
  }

  /** A thread for one job. */
  take(): HostThread {
    for (let thread = this.idle.pop(); thread !== undefined; thread = this.idle.pop()) {
      if (!thread.isGone) return thread;
    }
    return this.start(false);
  }

  /**
   * Gives a thread back.
   * @param keep how many idle threads may wait for the next job
   */
  async giveBack(thread: HostThread, keep: number): Promise<void> {
    if (thread.isGone || this.closed || this.idle.length >= keep) await thread.terminate('no longer needed');
    else this.idle.push(thread);
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map((thread) => thread.terminate('the program ends')));
  }

  private start(interactive: boolean): HostThread {
    if (this.closed) throw new AppError('host/lost', 'the program is ending');
    const data: EngineThreadData = { appDirectory: this.appDirectory, interactive };
    const thread = new HostThread(path.join(this.appDirectory, 'engine.cjs'), data);
    this.all.add(thread);
    void thread.ended.then(() => this.all.delete(thread));
    return thread;
  }
}

import path from 'node:path';
import type { Proxy, RpcClient } from '../../../src-shared/rpc/client';
import { HostThread } from '../threads/hostThread';
import { store, type StoreThreadData } from './storeChannel';

export type Store = Proxy<(typeof store)['members']>;

/** The store's thread, started again when it has ended. */
export class StoreThread {
  private thread: HostThread;
  private closed = false;
  /** When the thread was started lately, ms. */
  private starts: number[] = [];

  constructor(
    private readonly appDirectory: string,
    private readonly dataDirectory: string,
  ) {
    this.thread = this.start();
  }

  /** What the store is asked through, at the time of asking. */
  get store(): Store {
    return this.client.channel(store);
  }

  private get client(): RpcClient {
    if (this.thread.isGone && this.mayStart()) this.thread = this.start();
    return this.thread.client;
  }

  /** Waits for what was asked, closes the file and ends the thread. */
  async close(): Promise<void> {
    this.closed = true;
    await this.thread.disconnect(CLOSE_WAIT);
  }

  /** A thread that ends again and again is left: what is asked of it fails at once then. */
  private mayStart(): boolean {
    if (this.closed) return false;
    this.starts = this.starts.filter((at) => at > performance.now() - STARTS_WINDOW);
    return this.starts.length < MAX_STARTS;
  }

  private start(): HostThread {
    this.starts.push(performance.now());
    const data: StoreThreadData = { dataDirectory: this.dataDirectory };
    return new HostThread(path.join(this.appDirectory, 'store.cjs'), data);
  }
}

/** Starts of the thread that are tried in so many milliseconds. */
const MAX_STARTS = 3;
const STARTS_WINDOW = 60_000;
/** Milliseconds that the store has for closing its file; it mends itself at the next start when that is not enough. */
const CLOSE_WAIT = 3000;

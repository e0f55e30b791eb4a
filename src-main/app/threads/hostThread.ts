import { setTimeout as after } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../src-shared/errors/appError';
import { RpcClient } from '../../../src-shared/rpc/client';
import { messagePortTransport } from '../../../src-shared/rpc/messagePortTransport';
import type { Transport } from '../../../src-shared/rpc/transport';

/** A thread of this program, spoken to by rpc. When it has ended, however that came, all that was asked of it fails. */
export class HostThread {
  readonly client: RpcClient;
  /** Resolves with the reason when the thread has ended. */
  readonly ended: Promise<string>;
  private readonly worker: Worker;
  private readonly transport: Transport;
  private reason: string | undefined;
  private gone = false;

  /**
   * @param file the thread's bundle
   * @param workerData plain data that it is started with
   */
  constructor(file: string, workerData: unknown) {
    this.worker = new Worker(file, { workerData, execArgv: [] });
    this.ended = new Promise((resolve) => {
      this.worker.on('error', (error) => (this.reason ??= reasonOf(error)));
      this.worker.on('messageerror', (error) => {
        this.reason ??= reasonOf(error);
        void this.worker.terminate();
      });
      this.worker.on('exit', (code) => {
        this.gone = true;
        resolve(this.reason ?? `exit code ${code}`);
      });
    });
    this.transport = messagePortTransport(this.worker);
    this.client = new RpcClient(this.transport);
  }

  get isGone(): boolean {
    return this.gone;
  }

  /**
   * Closes the connection, upon which a thread that listens for it ends by itself.
   * @param wait milliseconds after which it is ended
   */
  async disconnect(wait: number): Promise<void> {
    this.transport.close();
    const ended = await Promise.race([this.ended.then(() => true), after(wait, false)]);
    if (!ended) await this.terminate('it did not end when it was asked to');
  }

  /** Ends the thread at once, with all that it does. */
  async terminate(reason: string): Promise<void> {
    this.reason ??= reason;
    await this.worker.terminate();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What fails with a thread that ended by itself. */
export function threadEnded(what: string, reason: string): AppError {
  return new AppError('internal/bug', `the thread that ran ${what} ended: ${reason}`, { reason });
}

import { AppError, CancelledError } from '../errors/appError';
import type {
  Channel,
  EventNames,
  Input,
  JobNames,
  Members,
  Output,
  ProgressOf,
  RequestNames,
} from './declare';
import { fromEnvelope, HostFrame, type ClientFrame, type Outcome } from './frames';
import type { JobSignal } from './jobs';
import type { Transport } from './transport';

/** A job as its client sees it. */
export interface JobHandle<P, O> {
  /** Name under which any client may attach to it. */
  readonly name: string;
  readonly result: Promise<O>;
  cancel(): void;
  /** Called with the latest progress, at most about ten times a second. */
  onProgress(listener: (progress: P) => void): () => void;
}

/** What a client may ask of a channel. */
export type Proxy<M extends Members> = {
  readonly [N in RequestNames<M>]: (
    input: Input<M[N]>,
    options?: { signal?: JobSignal },
  ) => Promise<Output<M[N]>>;
} & {
  readonly [N in JobNames<M>]: (
    input: Input<M[N]>,
    options?: { signal?: JobSignal; onProgress?: (progress: ProgressOf<M[N]>) => void },
  ) => Promise<JobHandle<ProgressOf<M[N]>, Output<M[N]>>>;
} & {
  readonly [N in EventNames<M>]: (listener: (value: Output<M[N]>) => void) => () => void;
};

interface Waiting {
  readonly settle: (outcome: Outcome) => void;
  readonly started: (job: string) => void;
}

interface AttachedJob {
  readonly progress: Set<(value: unknown) => void>;
  latest: { readonly value: unknown } | undefined;
  readonly end: (outcome: Outcome) => void;
  readonly check: (value: unknown) => unknown;
}

/** The client's side of a transport. Every frame that arrives is checked before anything believes it. */
export class RpcClient {
  private readonly waiting = new Map<number, Waiting>();
  private readonly jobs = new Map<string, AttachedJob>();
  private readonly listeners = new Map<string, Set<(value: unknown) => void>>();
  private nextId = 0;
  private closed = false;

  constructor(private readonly transport: Transport) {
    transport.onFrame((raw) => {
      const frame = HostFrame.safeParse(raw);
      if (frame.success) this.handle(frame.data);
    });
    transport.onClose(() => this.close());
  }

  /** A channel as functions: requests resolve with the answer, jobs with a handle, events take listeners. */
  channel<M extends Members>(channel: Channel<M>): Proxy<M> {
    const members = Object.entries(channel.members).map(([name, declaration]) => {
      switch (declaration.kind) {
        case 'request':
          return [
            name,
            async (input: unknown, options?: { signal?: JobSignal }) =>
              checked(declaration.out, await this.request(channel.name, name, input, options?.signal)),
          ];
        case 'job':
          return [
            name,
            async (
              input: unknown,
              options?: { signal?: JobSignal; onProgress?: (value: unknown) => void },
            ) => {
              const check = {
                progress: (value: unknown) => checked(declaration.progress, value),
                out: (value: unknown) => checked(declaration.out, value),
              };
              const frame = { type: 'start', channel: channel.name, member: name, input } as const;
              const handle = await this.startJob(frame, check);
              if (options?.onProgress !== undefined) handle.onProgress(options.onProgress);
              if (options?.signal?.aborted === true) handle.cancel();
              options?.signal?.addEventListener('abort', () => handle.cancel(), { once: true });
              return handle;
            },
          ];
        case 'event':
          return [
            name,
            (listener: (value: unknown) => void) =>
              this.listen(channel.name, name, (value) => listener(checked(declaration.out, value))),
          ];
      }
    });
    return Object.fromEntries(members) as Proxy<M>;
  }

  /** Attaches to a job that runs, or has ended, under `name`: after a reload, or from a second window. */
  attach<M extends Members, N extends JobNames<M> & string>(
    channel: Channel<M>,
    member: N,
    name: string,
  ): Promise<JobHandle<ProgressOf<M[N]>, Output<M[N]>>> {
    const declaration = channel.members[member];
    if (declaration.kind !== 'job') throw new AppError('internal/bug', `${channel.name}.${member} is no job`);
    const check = {
      progress: (value: unknown) => checked(declaration.progress, value),
      out: (value: unknown) => checked(declaration.out, value),
    };
    return this.startJob({ type: 'attach', job: name }, check) as Promise<
      JobHandle<ProgressOf<M[N]>, Output<M[N]>>
    >;
  }

  private request(
    channel: string,
    member: string,
    input: unknown,
    signal: JobSignal | undefined,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      const settle = (outcome: Outcome): void => {
        this.waiting.delete(id);
        if (outcome.ok) resolve(outcome.value);
        else reject(fromEnvelope(outcome.error));
      };
      this.waiting.set(id, { settle, started: () => undefined });
      signal?.addEventListener(
        'abort',
        () => {
          if (!this.waiting.delete(id)) return;
          this.send({ type: 'abandon', id });
          reject(new CancelledError());
        },
        { once: true },
      );
      this.sendOrFail({ type: 'request', id, channel, member, input }, settle);
    });
  }

  private startJob(
    frame: Unnumbered<'start'> | Unnumbered<'attach'>,
    check: { progress: (value: unknown) => unknown; out: (value: unknown) => unknown },
  ): Promise<JobHandle<unknown, unknown>> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      const settle = (outcome: Outcome): void => {
        this.waiting.delete(id);
        if (!outcome.ok) reject(fromEnvelope(outcome.error));
      };
      const started = (name: string): void => {
        this.waiting.delete(id);
        resolve(this.handleOf(name, check));
      };
      this.waiting.set(id, { settle, started });
      this.sendOrFail({ ...frame, id }, settle);
    });
  }

  private handleOf(
    name: string,
    check: { progress: (value: unknown) => unknown; out: (value: unknown) => unknown },
  ): JobHandle<unknown, unknown> {
    const progress = new Set<(value: unknown) => void>();
    const result = new Promise<unknown>((resolve, reject) => {
      const end = (outcome: Outcome): void => {
        this.jobs.delete(name);
        if (!outcome.ok) {
          reject(fromEnvelope(outcome.error));
          return;
        }
        try {
          resolve(check.out(outcome.value));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.jobs.set(name, { progress, latest: undefined, end, check: check.progress });
    });
    // Whoever only watches progress need not handle the result.
    void Promise.allSettled([result]);
    return {
      name,
      result,
      cancel: () => this.send({ type: 'cancel', job: name }),
      onProgress: (listener) => {
        progress.add(listener);
        const latest = this.jobs.get(name)?.latest;
        if (latest !== undefined) listener(latest.value);
        return () => progress.delete(listener);
      },
    };
  }

  private listen(channel: string, member: string, listener: (value: unknown) => void): () => void {
    const key = `${channel}.${member}`;
    let set = this.listeners.get(key);
    if (set === undefined) {
      set = new Set();
      this.listeners.set(key, set);
      this.send({ type: 'listen', channel, member, on: true });
    }
    const all = set;
    all.add(listener);
    return () => {
      all.delete(listener);
      if (all.size > 0 || !this.listeners.delete(key)) return;
      this.send({ type: 'listen', channel, member, on: false });
    };
  }

  private handle(frame: HostFrame): void {
    switch (frame.type) {
      case 'answer':
        this.waiting.get(frame.id)?.settle(frame.outcome);
        return;
      case 'started':
        this.waiting.get(frame.id)?.started(frame.job);
        return;
      case 'progress': {
        const job = this.jobs.get(frame.job);
        if (job === undefined) return;
        const value = job.check(frame.value);
        job.latest = { value };
        for (const listener of [...job.progress]) listener(value);
        return;
      }
      case 'ended':
        this.jobs.get(frame.job)?.end(frame.outcome);
        return;
      case 'event':
        for (const listener of this.listeners.get(`${frame.channel}.${frame.member}`) ?? [])
          listener(frame.value);
        return;
    }
  }

  private sendOrFail(frame: ClientFrame, settle: (outcome: Outcome) => void): void {
    if (this.closed) settle(CONNECTION_LOST);
    else this.send(frame);
  }

  private send(frame: ClientFrame): void {
    this.transport.send(frame);
  }

  private close(): void {
    this.closed = true;
    for (const { settle } of [...this.waiting.values()]) settle(CONNECTION_LOST);
    for (const { end } of [...this.jobs.values()]) end(CONNECTION_LOST);
  }
}

type Unnumbered<T extends ClientFrame['type']> = Omit<Extract<ClientFrame, { type: T }>, 'id'>;

const CONNECTION_LOST: Outcome = {
  ok: false,
  error: { code: 'io/failed', message: 'the connection to the program was lost', facts: {} },
};

interface Schema {
  safeParse(value: unknown): { success: boolean; data?: unknown; error?: { message: string } };
}

function checked<T = never>(schema: Schema, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new AppError('internal/bug', `an answer is not as declared: ${parsed.error?.message ?? ''}`);
  }
  return parsed.data as T;
}

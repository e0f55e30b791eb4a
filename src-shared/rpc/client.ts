import { AppError, CancelledError } from '../errors/appError';
import type {
  Channel,
  EventNames,
  Input,
  JobDeclaration,
  JobNames,
  Members,
  Output,
  ProgressOf,
  RequestNames,
} from './declare';
import { FollowedJob, type JobCheck, type JobHandle } from './followedJob';
import { fromEnvelope, HostFrame, toEnvelope, type ClientFrame, type Outcome } from './frames';
import type { JobSignal } from './jobs';
import { callEach, Listeners, surfaceFault, type FaultListener } from './listeners';
import type { Transport } from './transport';

export type { JobHandle } from './followedJob';

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

export type ConnectionState = 'connected' | 'lost';

export interface RpcClientOptions {
  /**
   * Whether {@link RpcClient.reconnect} may follow a loss. With it, jobs stay open when the connection is lost; without
   * it they fail with 'host/lost' like everything else.
   */
  readonly reconnects?: boolean;
  /** Told what a listener throws, and of progress and events that are not as declared. */
  readonly onFault?: FaultListener;
}

interface Waiting {
  readonly settle: (outcome: Outcome) => void;
  readonly started: (job: string) => void;
}

interface EventListeners {
  readonly channel: string;
  readonly member: string;
  readonly check: (value: unknown) => unknown;
  readonly listeners: Set<(value: unknown) => void>;
}

/**
 * The client's side of a transport. Every frame that arrives is checked before anything believes it.
 *
 * When the connection is lost, requests that wait fail with 'host/lost', and so does what is asked until there is a new
 * one. {@link RpcClient.reconnect} gives it a new one: jobs are attached to again, and events are listened to again. A
 * job that the host does not know any more fails with 'host/lost' then.
 */
export class RpcClient {
  private readonly waiting = new Map<number, Waiting>();
  private readonly jobs = new Map<string, FollowedJob>();
  private readonly attaching = new Map<string, Promise<JobHandle<unknown, unknown>>>();
  private readonly events = new Map<string, EventListeners>();
  private readonly states = new Listeners<ConnectionState>();
  private readonly onFault: FaultListener;
  private transport: Transport | undefined;
  private nextId = 0;

  /** @param transport the connection; undefined: none yet, and {@link RpcClient.reconnect} follows */
  constructor(
    transport: Transport | undefined,
    private readonly options: RpcClientOptions = {},
  ) {
    this.onFault = options.onFault ?? surfaceFault;
    if (transport !== undefined) this.reconnect(transport);
  }

  get state(): ConnectionState {
    return this.transport === undefined ? 'lost' : 'connected';
  }

  /** Called when the connection is lost, and when there is one again. Returns what ends that. */
  onState(listener: (state: ConnectionState) => void): () => void {
    return this.states.add(listener);
  }

  /** Takes a new connection, in place of the present one if there is one. */
  reconnect(transport: Transport): void {
    if (this.transport !== undefined) this.lose(this.transport);
    this.transport = transport;
    transport.onFrame((raw) => {
      if (this.transport !== transport) return;
      const frame = HostFrame.safeParse(raw);
      if (frame.success) this.handle(frame.data);
    });
    transport.onClose(() => this.lose(transport));
    for (const { channel, member } of this.events.values()) {
      this.send({ type: 'listen', channel, member, on: true });
    }
    for (const [name, job] of [...this.jobs]) this.attachAgain(name, job);
    this.states.emit('connected');
  }

  /** Ends the connection for good: everything that is still open fails with 'host/lost'. */
  close(): void {
    const { transport } = this;
    if (transport !== undefined) {
      this.lose(transport);
      transport.close();
    }
    this.endJobs();
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
              const frame = { type: 'start', channel: channel.name, member: name, input } as const;
              const handle = await this.startJob(frame, checkOf(declaration));
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
              this.listen(channel.name, name, (value) => checked(declaration.out, value), listener),
          ];
      }
    });
    return Object.fromEntries(members) as Proxy<M>;
  }

  /**
   * Attaches to a job that runs, or has ended, under `name`: after a reload, or from a second window. Who attaches to a
   * job that this client follows already gets the same handle.
   * @throws AppError 'io/not-found' when the host has no such job
   */
  attach<M extends Members, N extends JobNames<M> & string>(
    channel: Channel<M>,
    member: N,
    name: string,
  ): Promise<JobHandle<ProgressOf<M[N]>, Output<M[N]>>> {
    const declaration = channel.members[member];
    if (declaration.kind !== 'job') throw new AppError('internal/bug', `${channel.name}.${member} is no job`);
    return this.attachOnce(name, checkOf(declaration)) as Promise<JobHandle<ProgressOf<M[N]>, Output<M[N]>>>;
  }

  private attachOnce(name: string, check: JobCheck): Promise<JobHandle<unknown, unknown>> {
    const followed = this.jobs.get(name);
    if (followed !== undefined) return Promise.resolve(followed.handle);
    let attaching = this.attaching.get(name);
    if (attaching === undefined) {
      attaching = this.startJob({ type: 'attach', job: name }, check).finally(() =>
        this.attaching.delete(name),
      );
      this.attaching.set(name, attaching);
    }
    return attaching;
  }

  private request(
    channel: string,
    member: string,
    input: unknown,
    signal: JobSignal | undefined,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new CancelledError());
        return;
      }
      const id = this.nextId++;
      const abandon = (): void => {
        if (!this.waiting.delete(id)) return;
        this.send({ type: 'abandon', id });
        reject(new CancelledError());
      };
      const settle = (outcome: Outcome): void => {
        this.waiting.delete(id);
        signal?.removeEventListener('abort', abandon);
        if (outcome.ok) resolve(outcome.value);
        else reject(fromEnvelope(outcome.error));
      };
      this.waiting.set(id, { settle, started: () => undefined });
      signal?.addEventListener('abort', abandon, { once: true });
      this.sendOrFail({ type: 'request', id, channel, member, input }, settle);
    });
  }

  private startJob(
    frame: Unnumbered<'start'> | Unnumbered<'attach'>,
    check: JobCheck,
  ): Promise<JobHandle<unknown, unknown>> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      const settle = (outcome: Outcome): void => {
        this.waiting.delete(id);
        if (!outcome.ok) reject(fromEnvelope(outcome.error));
      };
      const started = (name: string): void => {
        this.waiting.delete(id);
        resolve(this.follow(name, check));
      };
      this.waiting.set(id, { settle, started });
      this.sendOrFail({ ...frame, id }, settle);
    });
  }

  private follow(name: string, check: JobCheck): JobHandle<unknown, unknown> {
    let job = this.jobs.get(name);
    if (job === undefined) {
      job = new FollowedJob(name, check, this.onFault, () => this.cancel(name));
      this.jobs.set(name, job);
    }
    return job.handle;
  }

  private cancel(name: string): void {
    const job = this.jobs.get(name);
    if (job === undefined) return;
    if (this.transport === undefined) job.cancelLater = true;
    else this.send({ type: 'cancel', job: name });
  }

  private attachAgain(name: string, job: FollowedJob): void {
    const id = this.nextId++;
    const settle = (outcome: Outcome): void => {
      this.waiting.delete(id);
      // A connection that was lost once more is followed by yet another attempt.
      if (outcome.ok || outcome === LOST) return;
      this.jobs.delete(name);
      job.end(outcome.error.code === 'io/not-found' ? FORGOTTEN : outcome);
    };
    const started = (): void => {
      this.waiting.delete(id);
    };
    this.waiting.set(id, { settle, started });
    this.send({ type: 'attach', id, job: name });
    if (!job.cancelLater) return;
    job.cancelLater = false;
    this.send({ type: 'cancel', job: name });
  }

  private listen(
    channel: string,
    member: string,
    check: (value: unknown) => unknown,
    listener: (value: unknown) => void,
  ): () => void {
    const key = `${channel}.${member}`;
    let event = this.events.get(key);
    if (event === undefined) {
      event = { channel, member, check, listeners: new Set() };
      this.events.set(key, event);
      this.send({ type: 'listen', channel, member, on: true });
    }
    const { listeners } = event;
    const own = (value: unknown): void => listener(value);
    listeners.add(own);
    return () => {
      if (!listeners.delete(own) || listeners.size > 0) return;
      this.events.delete(key);
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
      case 'progress':
        this.jobs.get(frame.job)?.progress(frame.value);
        return;
      case 'ended': {
        const job = this.jobs.get(frame.job);
        this.jobs.delete(frame.job);
        job?.end(frame.outcome);
        return;
      }
      case 'event': {
        const event = this.events.get(`${frame.channel}.${frame.member}`);
        if (event === undefined) return;
        callEach(
          [(raw: unknown) => callEach(event.listeners, event.check(raw), this.onFault)],
          frame.value,
          this.onFault,
        );
        return;
      }
    }
  }

  private sendOrFail(frame: ClientFrame, settle: (outcome: Outcome) => void): void {
    if (this.transport === undefined) {
      settle(LOST);
      return;
    }
    try {
      this.transport.send(frame);
    } catch (error) {
      settle({ ok: false, error: toEnvelope(error) });
    }
  }

  private send(frame: ClientFrame): void {
    this.transport?.send(frame);
  }

  private lose(transport: Transport): void {
    if (this.transport !== transport) return;
    this.transport = undefined;
    for (const { settle } of [...this.waiting.values()]) settle(LOST);
    if (this.options.reconnects !== true) this.endJobs();
    this.states.emit('lost');
  }

  private endJobs(): void {
    const jobs = [...this.jobs.values()];
    this.jobs.clear();
    for (const job of jobs) job.end(LOST);
  }
}

type Unnumbered<T extends ClientFrame['type']> = Omit<Extract<ClientFrame, { type: T }>, 'id'>;

const LOST: Outcome = {
  ok: false,
  error: { code: 'host/lost', message: 'the connection to the program was lost', facts: {} },
};

const FORGOTTEN: Outcome = {
  ok: false,
  error: {
    code: 'host/lost',
    message:
      'the program was started again and does not know this job any more; the list of jobs says how it ended',
    facts: {},
  },
};

function checkOf(declaration: JobDeclaration): JobCheck {
  return {
    progress: (value) => checked(declaration.progress, value),
    out: (value) => checked(declaration.out, value),
  };
}

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

import { AppError } from '../errors/appError';
import type {
  Channel,
  EventNames,
  Input,
  JobNames,
  MemberDeclaration,
  Members,
  Output,
  ProgressOf,
  RequestNames,
} from './declare';
import { ClientFrame, toEnvelope, type HostFrame, type Outcome } from './frames';
import type { JobControl, JobHub } from './jobs';
import type { Transport } from './transport';

/** One function for each request and job of a channel; one that is missing does not compile. */
export type Handlers<M extends Members> = {
  [N in RequestNames<M>]: (input: Input<M[N]>) => Promise<Output<M[N]>> | Output<M[N]>;
} & {
  [N in JobNames<M>]: (input: Input<M[N]>, control: JobControl<ProgressOf<M[N]>>) => Promise<Output<M[N]>>;
};

type AnyHandler = (input: unknown, control?: JobControl<unknown>) => unknown;

interface Served {
  readonly channel: Channel;
  readonly handlers: Readonly<Record<string, AnyHandler>>;
}

/** The host's side: channels with their handlers, and clients that come and go. */
export class RpcServer {
  private readonly served = new Map<string, Served>();
  private readonly listeners = new Map<string, Set<Transport>>();

  constructor(private readonly hub: JobHub) {}

  /** Adds a channel. */
  serve<M extends Members>(channel: Channel<M>, handlers: Handlers<M>): this {
    this.served.set(channel.name, { channel, handlers });
    return this;
  }

  /** Sends an event to the clients that listen to it. */
  emit<M extends Members, N extends EventNames<M> & string>(
    channel: Channel<M>,
    member: N,
    value: Output<M[N]>,
  ): void {
    for (const transport of this.listeners.get(`${channel.name}.${member}`) ?? []) {
      send(transport, { type: 'event', channel: channel.name, member, value });
    }
  }

  /** Serves one client until its transport closes. Its jobs go on. */
  connect(transport: Transport): void {
    const leaves = new Set<() => void>();
    const abandoned = new Set<number>();
    const endFrames = transport.onFrame((raw) => {
      const frame = ClientFrame.safeParse(raw);
      // A frame that is none cannot be answered: nobody knows which question it was.
      if (frame.success) this.handle(transport, frame.data, leaves, abandoned);
    });
    transport.onClose(() => {
      endFrames();
      for (const leave of leaves) leave();
      for (const set of this.listeners.values()) set.delete(transport);
    });
  }

  private handle(
    transport: Transport,
    frame: ClientFrame,
    leaves: Set<() => void>,
    abandoned: Set<number>,
  ): void {
    switch (frame.type) {
      case 'request':
        void this.answer(transport, frame, abandoned);
        return;
      case 'start':
        this.startJob(transport, frame, leaves);
        return;
      case 'attach':
        this.attach(transport, frame.id, frame.job, leaves);
        return;
      case 'cancel':
        this.hub.cancel(frame.job);
        return;
      case 'abandon':
        abandoned.add(frame.id);
        return;
      case 'listen':
        this.listen(transport, `${frame.channel}.${frame.member}`, frame.on);
        return;
    }
  }

  private async answer(
    transport: Transport,
    frame: Extract<ClientFrame, { type: 'request' }>,
    abandoned: Set<number>,
  ): Promise<void> {
    const outcome = await this.outcomeOf(async () => {
      const { declaration, handler } = this.find(frame.channel, frame.member, 'request');
      const value = await handler(parse(declaration.in, frame.input, 'input'));
      return parse(declaration.out, value, 'answer');
    });
    if (abandoned.delete(frame.id)) return;
    send(transport, { type: 'answer', id: frame.id, outcome });
  }

  private startJob(
    transport: Transport,
    frame: Extract<ClientFrame, { type: 'start' }>,
    leaves: Set<() => void>,
  ): void {
    try {
      const { declaration, handler } = this.find(frame.channel, frame.member, 'job');
      const input = parse(declaration.in, frame.input, 'input');
      const job = this.hub.start(async (control) => {
        const report = (value: unknown): void =>
          control.report(parse(declaration.progress, value, 'progress'));
        return parse(declaration.out, await handler(input, { signal: control.signal, report }), 'result');
      });
      this.attach(transport, frame.id, job, leaves);
    } catch (error) {
      send(transport, { type: 'answer', id: frame.id, outcome: { ok: false, error: toEnvelope(error) } });
    }
  }

  private attach(transport: Transport, id: number, job: string, leaves: Set<() => void>): void {
    // The name must arrive before anything that is told under it.
    const early: HostFrame[] = [];
    let named = false;
    const tell = (frame: HostFrame): void => {
      if (named) send(transport, frame);
      else early.push(frame);
    };
    const leave = this.hub.attach(job, {
      progress: (value) => tell({ type: 'progress', job, value }),
      ended: (outcome) => tell({ type: 'ended', job, outcome }),
    });
    if (leave === undefined) {
      const error = toEnvelope(new AppError('io/not-found', `there is no ${job} any more`, { job }));
      send(transport, { type: 'answer', id, outcome: { ok: false, error } });
      return;
    }
    leaves.add(leave);
    send(transport, { type: 'started', id, job });
    named = true;
    for (const frame of early) send(transport, frame);
  }

  private listen(transport: Transport, key: string, on: boolean): void {
    let set = this.listeners.get(key);
    if (set === undefined) {
      // Only events that exist are kept: a client cannot fill the memory with names.
      const [channel, member] = key.split('.');
      if (this.served.get(channel)?.channel.members[member]?.kind !== 'event') return;
      set = new Set();
      this.listeners.set(key, set);
    }
    if (on) set.add(transport);
    else set.delete(transport);
  }

  private find<K extends 'request' | 'job'>(
    channelName: string,
    member: string,
    kind: K,
  ): { declaration: Extract<MemberDeclaration, { kind: K }>; handler: AnyHandler } {
    const served = this.served.get(channelName);
    const declaration =
      served !== undefined && Object.hasOwn(served.channel.members, member)
        ? served.channel.members[member]
        : undefined;
    if (served === undefined || declaration?.kind !== kind) {
      throw new AppError('internal/bug', `there is no ${kind} ${channelName}.${member}`);
    }
    return {
      declaration: declaration as Extract<MemberDeclaration, { kind: K }>,
      handler: served.handlers[member],
    };
  }

  private async outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      return { ok: false, error: toEnvelope(error) };
    }
  }
}

function send(transport: Transport, frame: HostFrame): void {
  transport.send(frame);
}

interface Schema {
  safeParse(value: unknown): { success: boolean; data?: unknown; error?: { message: string } };
}

function parse(schema: Schema, value: unknown, what: string): unknown {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new AppError('usage/invalid', `the ${what} is not as declared: ${parsed.error?.message ?? ''}`);
  }
  return parsed.data;
}

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

/** What else may be said about how a channel is served. */
export interface ServeOptions<M extends Members> {
  /**
   * Names a job before it starts, such as by the identity of the record that the host keeps of it; the handler gets the
   * same name as `control.name`. Undefined: the job gets a name of its own. It is asked once for each start, after the
   * input was checked; what it throws is the answer to the start.
   */
  readonly jobName?: <N extends JobNames<M>>(
    member: N,
    input: Input<M[N]>,
  ) => string | undefined | Promise<string | undefined>;
}

type AnyHandler = (input: unknown, control?: JobControl<unknown>) => unknown;
type AnyNaming = (member: string, input: unknown) => string | undefined | Promise<string | undefined>;

interface Served {
  readonly channel: Channel;
  readonly handlers: Readonly<Record<string, AnyHandler>>;
  readonly jobName: AnyNaming;
}

/** What the host keeps of one client, all of it bounded. */
interface Connection {
  readonly transport: Transport;
  /** Requests under way; false: the client no longer wants the answer. */
  readonly wanted: Map<number, boolean>;
  /** Jobs that it follows, with what ends that. */
  readonly followed: Map<string, () => void>;
  open: boolean;
}

/** Requests of one client that may wait for their answers. */
const MAX_WAITING = 1000;
/** Jobs that one client may follow. */
const MAX_FOLLOWED = 1000;

/** The host's side: channels with their handlers, and clients that come and go. */
export class RpcServer {
  private readonly served = new Map<string, Served>();
  private readonly listeners = new Map<string, Set<Transport>>();

  constructor(private readonly hub: JobHub) {}

  /** Adds a channel. */
  serve<M extends Members>(channel: Channel<M>, handlers: Handlers<M>, options: ServeOptions<M> = {}): this {
    const jobName = (options.jobName ?? (() => undefined)) as AnyNaming;
    this.served.set(channel.name, { channel, handlers, jobName });
    for (const [name, { kind }] of Object.entries(channel.members)) {
      // Only events that exist are kept: a client cannot fill the memory with names.
      if (kind === 'event') this.listeners.set(`${channel.name}.${name}`, new Set());
    }
    return this;
  }

  /**
   * Sends an event to the clients that listen to it.
   * @throws AppError 'internal/bug' when the value is not as declared
   */
  emit<M extends Members, N extends EventNames<M> & string>(
    channel: Channel<M>,
    member: N,
    value: Output<M[N]>,
  ): void {
    const declared = parse(channel.members[member].out, value, 'event', 'internal/bug');
    for (const transport of this.listeners.get(`${channel.name}.${member}`) ?? []) {
      transport.send({ type: 'event', channel: channel.name, member, value: declared });
    }
  }

  /** Serves one client until its transport closes. Its jobs go on. */
  connect(transport: Transport): void {
    const connection: Connection = { transport, wanted: new Map(), followed: new Map(), open: true };
    const endFrames = transport.onFrame((raw) => {
      const frame = ClientFrame.safeParse(raw);
      // A frame that is none cannot be answered: nobody knows which question it was.
      if (frame.success) this.handle(connection, frame.data);
    });
    transport.onClose(() => {
      connection.open = false;
      endFrames();
      for (const leave of connection.followed.values()) leave();
      connection.followed.clear();
      for (const set of this.listeners.values()) set.delete(transport);
    });
  }

  private handle(connection: Connection, frame: ClientFrame): void {
    switch (frame.type) {
      case 'request':
        void this.answer(connection, frame);
        return;
      case 'start':
        void this.startJob(connection, frame);
        return;
      case 'attach':
        this.attach(connection, frame.id, frame.job);
        return;
      case 'cancel':
        this.hub.cancel(frame.job);
        return;
      case 'abandon':
        if (connection.wanted.has(frame.id)) connection.wanted.set(frame.id, false);
        return;
      case 'listen':
        this.listen(connection, `${frame.channel}.${frame.member}`, frame.on);
        return;
    }
  }

  private async answer(
    connection: Connection,
    frame: Extract<ClientFrame, { type: 'request' }>,
  ): Promise<void> {
    const { wanted } = connection;
    // A number that is in use already would get two answers.
    if (wanted.has(frame.id)) return;
    if (wanted.size >= MAX_WAITING) {
      refuse(connection, frame.id, new AppError('io/failed', `${MAX_WAITING} questions wait for an answer`));
      return;
    }
    wanted.set(frame.id, true);
    const outcome = await outcomeOf(async () => {
      const { declaration, served } = this.find(frame.channel, frame.member, 'request');
      const input = parse(declaration.in, frame.input, 'input', 'usage/invalid');
      const value = await served.handlers[frame.member](input);
      return parse(declaration.out, value, 'answer', 'internal/bug');
    });
    const stillWanted = wanted.get(frame.id);
    wanted.delete(frame.id);
    if (stillWanted !== true) return;
    try {
      connection.transport.send({ type: 'answer', id: frame.id, outcome });
    } catch (error) {
      refuse(connection, frame.id, error);
    }
  }

  private async startJob(
    connection: Connection,
    frame: Extract<ClientFrame, { type: 'start' }>,
  ): Promise<void> {
    try {
      const { declaration, served } = this.find(frame.channel, frame.member, 'job');
      const input = parse(declaration.in, frame.input, 'input', 'usage/invalid');
      const name = await served.jobName(frame.member, input);
      const job = this.hub.start(async (control) => {
        const report = (value: unknown): void =>
          control.report(parse(declaration.progress, value, 'progress', 'internal/bug'));
        const value = await served.handlers[frame.member](input, { ...control, report });
        return parse(declaration.out, value, 'result', 'internal/bug');
      }, name);
      if (connection.open) this.attach(connection, frame.id, job);
    } catch (error) {
      refuse(connection, frame.id, error);
    }
  }

  private attach(connection: Connection, id: number, job: string): void {
    const { transport, followed } = connection;
    if (followed.has(job)) {
      // It is told already; a second stream would say everything twice.
      transport.send({ type: 'started', id, job });
      return;
    }
    if (followed.size >= MAX_FOLLOWED) {
      refuse(connection, id, new AppError('io/failed', `${MAX_FOLLOWED} jobs are followed already`));
      return;
    }
    // The name must arrive before anything that is told under it.
    const early: HostFrame[] = [];
    let named = false;
    const tell = (frame: HostFrame): void => {
      if (named) sendOr(transport, frame, (error) => endedBy(job, error));
      else early.push(frame);
    };
    let ended = false;
    const leave = this.hub.attach(job, {
      progress: (value) => tell({ type: 'progress', job, value }),
      ended: (outcome) => {
        ended = true;
        followed.delete(job);
        tell({ type: 'ended', job, outcome });
      },
    });
    if (leave === undefined) {
      refuse(connection, id, new AppError('io/not-found', `there is no ${job} any more`, { job }));
      return;
    }
    if (!ended) followed.set(job, leave);
    transport.send({ type: 'started', id, job });
    named = true;
    for (const frame of early) tell(frame);
  }

  private listen({ transport, open }: Connection, key: string, on: boolean): void {
    if (on && open) this.listeners.get(key)?.add(transport);
    else this.listeners.get(key)?.delete(transport);
  }

  private find<K extends 'request' | 'job'>(
    channelName: string,
    member: string,
    kind: K,
  ): { declaration: Extract<MemberDeclaration, { kind: K }>; served: Served } {
    const served = this.served.get(channelName);
    const declaration =
      served !== undefined && Object.hasOwn(served.channel.members, member)
        ? served.channel.members[member]
        : undefined;
    if (served === undefined || declaration?.kind !== kind) {
      throw new AppError('internal/bug', `there is no ${kind} ${channelName}.${member}`);
    }
    return { declaration: declaration as Extract<MemberDeclaration, { kind: K }>, served };
  }
}

async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: toEnvelope(error) };
  }
}

function refuse({ transport }: Connection, id: number, error: unknown): void {
  transport.send({ type: 'answer', id, outcome: { ok: false, error: toEnvelope(error) } });
}

/** What is said instead of a result that is too large to travel. Progress that is too large is left out. */
function endedBy(job: string, error: unknown): HostFrame {
  return { type: 'ended', job, outcome: { ok: false, error: toEnvelope(error) } };
}

function sendOr(transport: Transport, frame: HostFrame, instead: (error: unknown) => HostFrame): void {
  try {
    transport.send(frame);
  } catch (error) {
    if (frame.type === 'ended') transport.send(instead(error));
  }
}

interface Schema {
  safeParse(value: unknown): { success: boolean; data?: unknown; error?: { message: string } };
}

function parse(
  schema: Schema,
  value: unknown,
  what: string,
  code: 'usage/invalid' | 'internal/bug',
): unknown {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new AppError(code, `the ${what} is not as declared: ${parsed.error?.message ?? ''}`);
  return parsed.data;
}

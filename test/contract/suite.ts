import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { contract } from '../../src-shared/contract';
import { AppError } from '../../src-shared/errors/appError';
import { RpcClient } from '../../src-shared/rpc/client';
import { channel, event, job, request, type Channel } from '../../src-shared/rpc/declare';
import { JobHub, type JobClock } from '../../src-shared/rpc/jobs';
import { RpcServer } from '../../src-shared/rpc/server';
import type { Transport } from '../../src-shared/rpc/transport';
import { sampleOf, SAMPLES } from './samples';

/** A connection: the window's side and the host's. */
export interface TransportPair {
  readonly client: Transport;
  readonly host: Transport;
  /** Ends what the pair needed besides: servers, threads. */
  readonly dispose?: () => Promise<void>;
}

export const testClock: JobClock = {
  now: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
  controller: () => new AbortController(),
};

type AnyHandlers = Record<string, (input: unknown, control?: AnyControl) => unknown>;
interface AnyControl {
  readonly name: string;
  readonly report: (value: unknown) => void;
}
type AnyProxy = Record<string, (input: unknown, options?: unknown) => Promise<unknown>>;

const probe = channel('probe', {
  echo: request({ in: z.unknown(), out: z.unknown() }),
  fail: request({ in: z.object({}), out: z.null() }),
  never: request({ in: z.object({}), out: z.null() }),
  work: job({ in: z.object({}), progress: z.number(), out: z.string() }),
  told: event({ out: z.number() }),
});

/**
 * What every transport must do, the contract of the workbench first of all.
 * @param name of the transport
 * @param makePair makes a new connection, open on both sides
 */
export function contractSuite(name: string, makePair: () => Promise<TransportPair> | TransportPair): void {
  describe(`over ${name}`, () => {
    const pairs: TransportPair[] = [];
    const pair = async (): Promise<TransportPair> => {
      const made = await makePair();
      pairs.push(made);
      return made;
    };
    afterEach(async () => {
      for (const { client, host, dispose } of pairs.splice(0)) {
        client.close();
        host.close();
        await dispose?.();
      }
    });

    const connect = async (server: RpcServer): Promise<RpcClient> => {
      const { client, host } = await pair();
      server.connect(host);
      return new RpcClient(client, { reconnects: true });
    };

    for (const declared of Object.values(contract) as readonly Channel[]) {
      describe(`channel ${declared.name}`, () => {
        for (const [member, { kind }] of Object.entries(declared.members)) {
          it(`carries the ${kind} ${member} unchanged`, async () => {
            await carries(connect, declared, member);
          });
        }
      });
    }

    const probeServer = (): {
      server: RpcServer;
      finish: (text: string) => void;
      report: (n: number) => void;
    } => {
      let finish: (text: string) => void = () => undefined;
      let report: (value: number) => void = () => undefined;
      const server = new RpcServer(new JobHub(testClock)).serve(probe, {
        echo: (input) => input,
        fail: () => {
          throw new AppError('io/no-space', 'no space is left on D:', { path: 'D:', needed: 7 });
        },
        never: () => new Promise<null>(() => undefined),
        work: (_, control) =>
          new Promise((resolve, reject) => {
            finish = resolve;
            report = control.report;
            control.signal.addEventListener('abort', () => reject(new Error('stopped')));
          }),
      });
      return { server, finish: (text) => finish(text), report: (value) => report(value) };
    };

    it('carries errors with code, message and facts', async () => {
      const api = (await connect(probeServer().server)).channel(probe);
      await expect(api.fail({})).rejects.toMatchObject({
        code: 'io/no-space',
        message: 'no space is left on D:',
        facts: { path: 'D:', needed: 7 },
      });
    });

    it('keeps the order of many frames and carries a large one', async () => {
      const { server } = probeServer();
      const client = await connect(server);
      const heard: number[] = [];
      client.channel(probe).told((value) => heard.push(value));
      const large = 'ü'.repeat(1_000_000);
      expect(await client.channel(probe).echo(large)).toBe(large);
      for (let value = 0; value < 500; value++) server.emit(probe, 'told', value);
      expect(await client.channel(probe).echo(1)).toBe(1);
      expect(heard).toEqual(Array.from({ length: 500 }, (_, value) => value));
    });

    it('refuses a frame that is too large, and goes on', async () => {
      const client = await connect(probeServer().server);
      const api = client.channel(probe);
      await expect(api.echo('x'.repeat(33 * 1024 * 1024))).rejects.toBeInstanceOf(Error);
      expect(await api.echo('small')).toBe('small');
    });

    it('cancels jobs and abandons requests', async () => {
      const client = await connect(probeServer().server);
      const api = client.channel(probe);
      const handle = await api.work({});
      handle.cancel();
      await expect(handle.result).rejects.toMatchObject({ code: 'job/cancelled' });
      const controller = new AbortController();
      const asked = api.never({}, { signal: controller.signal });
      controller.abort();
      await expect(asked).rejects.toMatchObject({ code: 'job/cancelled' });
    });

    it('tells both sides once that it is closed, and then carries nothing', async () => {
      for (const side of ['client', 'host'] as const) {
        const made = await pair();
        const closes = { client: vi.fn(), host: vi.fn() };
        made.client.onClose(closes.client);
        made.host.onClose(closes.host);
        made.client.onFrame(() => undefined);
        made.host.onFrame(() => undefined);
        made[side].close();
        await vi.waitFor(() => expect(closes.client).toHaveBeenCalled());
        await vi.waitFor(() => expect(closes.host).toHaveBeenCalled());
        made.client.send({ late: true });
        made.host.send({ late: true });
        made.client.close();
        made.host.close();
        await wait(20);
        expect(closes.client).toHaveBeenCalledTimes(1);
        expect(closes.host).toHaveBeenCalledTimes(1);
      }
    });

    it('attaches to running jobs again when the connection comes back', async () => {
      const { server, finish, report } = probeServer();
      const first = await pair();
      server.connect(first.host);
      const client = new RpcClient(first.client, { reconnects: true });
      const states: string[] = [];
      client.onState((state) => states.push(state));
      const heard: number[] = [];
      client.channel(probe).told((value) => heard.push(value));
      const seen: number[] = [];
      const handle = await client.channel(probe).work({}, { onProgress: (value) => seen.push(value) });
      report(1);
      await vi.waitFor(() => expect(seen).toEqual([1]));
      const waiting = client.channel(probe).never({});
      first.host.close();
      await expect(waiting).rejects.toMatchObject({ code: 'host/lost' });
      await expect(client.channel(probe).echo(1)).rejects.toMatchObject({ code: 'host/lost' });
      report(2);

      const second = await pair();
      server.connect(second.host);
      client.reconnect(second.client);
      await vi.waitFor(() => expect(seen.at(-1)).toBe(2));
      finish('done');
      expect(await handle.result).toBe('done');
      server.emit(probe, 'told', 7);
      await vi.waitFor(() => expect(heard).toEqual([7]));
      expect(states).toEqual(['lost', 'connected']);
    });
  });
}

/** Sends samples of a member both ways and compares what arrives with what was sent. */
async function carries(
  connect: (server: RpcServer) => Promise<RpcClient>,
  declared: Channel,
  member: string,
): Promise<void> {
  const declaration = declared.members[member];
  const arrived: unknown[] = [];
  let number = 0;
  const handlers: AnyHandlers = Object.fromEntries(
    Object.entries(declared.members).map(([name, { kind, out, ...rest }]) => [
      name,
      (input: unknown, control?: AnyControl) => {
        arrived.push(input);
        if (kind === 'job' && 'progress' in rest && rest.progress instanceof z.ZodType) {
          control?.report(sampleOf(rest.progress, number));
        }
        return kind === 'job' ? Promise.resolve(sampleOf(out, number)) : sampleOf(out, number);
      },
    ]),
  );
  const server = new RpcServer(new JobHub(testClock)).serve(declared, handlers);
  const client = await connect(server);
  const proxy = client.channel(declared) as unknown as AnyProxy;

  if (declaration.kind === 'event') {
    const heard: unknown[] = [];
    const proxyEvent = proxy[member] as unknown as (listener: (value: unknown) => void) => () => void;
    proxyEvent((value) => heard.push(value));
    const expected = Array.from({ length: SAMPLES }, (_, index) => sampleOf(declaration.out, index));
    // Frames keep their order, so once something else has been answered the host listens for this client.
    await client
      .channel(probe)
      .echo(1)
      .then(
        () => undefined,
        (error: unknown) => expect(error).toMatchObject({ code: 'internal/bug' }),
      );
    for (const value of expected) server.emit(declared, member as never, value);
    await vi.waitFor(() => expect(heard).toHaveLength(SAMPLES));
    expect(heard).toEqual(expected);
    return;
  }
  for (number = 0; number < SAMPLES; number++) {
    const input = sampleOf(declaration.in, number);
    const output = sampleOf(declaration.out, number);
    if (declaration.kind === 'request') {
      expect(await proxy[member](input)).toEqual(output);
    } else {
      const progress: unknown[] = [];
      const handle = (await proxy[member](input, {
        onProgress: (value: unknown) => progress.push(value),
      })) as { result: Promise<unknown> };
      expect(await handle.result).toEqual(output);
      expect(progress).toEqual([sampleOf(declaration.progress, number)]);
    }
    expect(arrived.at(-1)).toEqual(input);
  }
  expect(arrived).toHaveLength(SAMPLES);
}

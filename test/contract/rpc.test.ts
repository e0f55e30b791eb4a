import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src-shared/errors/appError';
import { RpcClient } from '../../src-shared/rpc/client';
import { channel, event, job, request } from '../../src-shared/rpc/declare';
import { JobHub, type JobClock } from '../../src-shared/rpc/jobs';
import { RpcServer } from '../../src-shared/rpc/server';
import { memoryTransports, type Transport } from '../../src-shared/rpc/transport';
import { testClock } from './suite';

const math = channel('math', {
  half: request({ in: z.number(), out: z.number(), errors: ['usage/invalid'] }),
  count: job({ in: z.object({ to: z.number() }), progress: z.number(), out: z.string() }),
  told: event({ out: z.string() }),
});

function host(): { server: RpcServer; connect: () => RpcClient; close: () => void } {
  const server = new RpcServer(new JobHub(testClock)).serve(math, {
    half: (value) => {
      if (value % 2 !== 0) throw new AppError('usage/invalid', `${value} is odd`, { value });
      return value / 2;
    },
    count: async ({ to }, { signal, report }) => {
      for (let i = 1; i <= to; i++) {
        report(i);
        await wait(1);
        if (signal.aborted) throw new Error('stopped');
      }
      return `counted to ${to}`;
    },
  });
  const ends: (() => void)[] = [];
  return {
    server,
    connect: () => {
      const [near, far] = memoryTransports();
      server.connect(far);
      ends.push(() => near.close());
      return new RpcClient(near);
    },
    close: () => ends.forEach((end) => end()),
  };
}

describe('requests', () => {
  it('answer, and fail with the code, message and facts of the error', async () => {
    const api = host().connect().channel(math);
    expect(await api.half(6)).toBe(3);
    await expect(api.half(7)).rejects.toMatchObject({
      code: 'usage/invalid',
      message: '7 is odd',
      facts: { value: 7 },
    });
    await expect(api.half('x' as never)).rejects.toMatchObject({ code: 'usage/invalid' });
  });

  it('fail when the connection is lost, before and after', async () => {
    const { connect, close } = host();
    const api = connect().channel(math);
    const asked = api.half(2);
    close();
    await expect(asked).rejects.toMatchObject({ code: 'host/lost' });
    await expect(api.half(2)).rejects.toMatchObject({ code: 'host/lost' });
  });

  it('of unknown channels and malformed frames harm nobody', async () => {
    const { server } = host();
    const [near, far] = memoryTransports();
    server.connect(far);
    const answers: unknown[] = [];
    near.onFrame((frame) => answers.push(frame));
    for (const bad of [
      null,
      7,
      'x',
      {},
      { type: 'request' },
      { type: 'request', id: -1, channel: 'math', member: 'half' },
    ]) {
      near.send(bad);
    }
    near.send({ type: 'request', id: 1, channel: 'math', member: 'constructor', input: 1 });
    near.send({ type: 'request', id: 2, channel: 'math', member: 'half', input: 8 });
    await wait(10);
    expect(answers).toEqual([
      {
        type: 'answer',
        id: 1,
        outcome: { ok: false, error: expect.objectContaining({ code: 'internal/bug' }) as unknown },
      },
      { type: 'answer', id: 2, outcome: { ok: true, value: 4 } },
    ]);
  });
});

describe('jobs', () => {
  it('report progress that never goes back, at a bounded rate, and end with a result', async () => {
    const api = host().connect().channel(math);
    const seen: number[] = [];
    const handle = await api.count({ to: 250 }, { onProgress: (value) => seen.push(value) });
    expect(await handle.result).toBe('counted to 250');
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length).toBeLessThan(40);
  });

  it('are cancelled with a code of their own', async () => {
    const api = host().connect().channel(math);
    const handle = await api.count({ to: 1_000_000 });
    handle.cancel();
    await expect(handle.result).rejects.toMatchObject({ code: 'job/cancelled' });
  });

  it('outlive their client: another one attaches by name, also after the end', async () => {
    const { connect } = host();
    const first = connect();
    const { name } = await first.channel(math).count({ to: 50 });
    const second = connect();
    const attached = await second.attach(math, 'count', name);
    expect(await attached.result).toBe('counted to 50');
    const late = await second.attach(math, 'count', name);
    expect(await late.result).toBe('counted to 50');
    await expect(second.attach(math, 'count', 'job-99')).rejects.toMatchObject({ code: 'io/not-found' });
  });
});

describe('events', () => {
  it('reach those who listen, until they stop', async () => {
    const { server, connect } = host();
    const heard: string[] = [];
    const stop = connect()
      .channel(math)
      .told((text) => heard.push(text));
    connect();
    await wait(5);
    server.emit(math, 'told', 'one');
    await wait(5);
    stop();
    await wait(5);
    server.emit(math, 'told', 'two');
    await wait(5);
    expect(heard).toEqual(['one']);
  });
});

describe('names of jobs', () => {
  it('are given by the host, known to the handler, and stand for one job at a time', async () => {
    const hub = new JobHub(testClock);
    const names: string[] = [];
    let finish: () => void = () => undefined;
    const server = new RpcServer(hub).serve(
      math,
      {
        half: (value) => value / 2,
        count: (_, control) => {
          names.push(control.name);
          return new Promise((resolve) => (finish = () => resolve('done')));
        },
      },
      {
        jobName: async (member, { to }) => {
          await wait(1);
          return to === 0 ? undefined : `${member}-${to}`;
        },
      },
    );
    const [near, far] = memoryTransports();
    server.connect(far);
    const client = new RpcClient(near);
    const api = client.channel(math);
    const first = await api.count({ to: 17 });
    expect(first.name).toBe('count-17');
    await expect(api.count({ to: 17 })).rejects.toMatchObject({ code: 'internal/bug' });
    finish();
    expect(await first.result).toBe('done');
    expect((await api.count({ to: 17 })).name).toBe('count-17');
    const unnamed = await api.count({ to: 0 });
    expect(unnamed.name).toMatch(/^task-/);
    expect(names).toEqual(['count-17', 'count-17', unnamed.name]);
  });
});

/** A hub whose time passes when the test says so, with one job that reports when the test says so. */
function slowHub(): {
  hub: JobHub;
  report: (value: number) => void;
  finish: () => void;
  pass: (milliseconds: number) => void;
} {
  let time = 0;
  const timers = new Set<{ at: number; action: () => void }>();
  const clock: JobClock = {
    now: () => time,
    after: (milliseconds, action) => {
      const timer = { at: time + milliseconds, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    controller: () => new AbortController(),
  };
  let report: (value: number) => void = () => undefined;
  let finish: () => void = () => undefined;
  const hub = new JobHub(clock);
  hub.start<number>((control) => {
    report = control.report;
    return new Promise((resolve) => (finish = () => resolve('done')));
  }, 'slow');
  return {
    hub,
    report: (value) => report(value),
    finish: () => finish(),
    pass(milliseconds) {
      for (let step = 0; step < milliseconds; step++) {
        time++;
        for (const timer of [...timers].filter(({ at }) => at <= time)) {
          timers.delete(timer);
          timer.action();
        }
      }
    },
  };
}

describe('progress', () => {
  it('comes at most ten times in any second, the one before the end included, and the latest wins', async () => {
    const { hub, report, finish, pass } = slowHub();
    await wait(0);
    const seen: [number, unknown][] = [];
    let now = 0;
    hub.attach('slow', { progress: (value) => seen.push([now, value]), ended: () => undefined });
    for (now = 0; now < 3000; now++) {
      report(now);
      pass(1);
    }
    report(9999);
    finish();
    await vi.waitFor(() => expect(seen.at(-1)?.[1]).toBe(9999));
    for (const [from] of seen) {
      expect(seen.filter(([at]) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(10);
    }
    expect(seen.length).toBeGreaterThan(20);
  });
});

/** Counts the frames of a type that a side sends. */
function counting(transport: Transport): { transport: Transport; sent: Record<string, number> } {
  const sent: Record<string, number> = {};
  return {
    sent,
    transport: {
      ...transport,
      send(frame) {
        const { type } = frame as { type: string };
        sent[type] = (sent[type] ?? 0) + 1;
        transport.send(frame);
      },
    },
  };
}

describe('a job that is followed more than once', () => {
  it('has one handle and one stream of frames', async () => {
    const { server } = host();
    const [near, far] = memoryTransports();
    const counted = counting(far);
    server.connect(counted.transport);
    const client = new RpcClient(near);
    const started = await client.channel(math).count({ to: 30 });
    const [second, third] = await Promise.all([
      client.attach(math, 'count', started.name),
      client.attach(math, 'count', started.name),
    ]);
    expect(second).toBe(started);
    expect(third).toBe(started);
    expect(counted.sent.started).toBe(1);
    await started.result;
    expect(counted.sent.ended).toBe(1);

    const other = new RpcClient(connected(server));
    const both = await Promise.all([
      other.attach(math, 'count', started.name),
      other.attach(math, 'count', started.name),
    ]);
    expect(both[0]).toBe(both[1]);
    expect(await both[0].result).toBe('counted to 30');
  });

  it('is told once even to a client that insists', async () => {
    const { server } = host();
    const [near, far] = memoryTransports();
    const counted = counting(far);
    server.connect(counted.transport);
    const handle = await new RpcClient(near).channel(math).count({ to: 30 });
    for (let id = 100; id < 150; id++) near.send({ type: 'attach', id, job: handle.name });
    await handle.result;
    await wait(5);
    expect(counted.sent.ended).toBe(1);
    expect(counted.sent.progress).toBeLessThanOrEqual(10);
  });
});

function connected(server: RpcServer): Transport {
  const [near, far] = memoryTransports();
  server.connect(far);
  return near;
}

describe('listeners that throw', () => {
  it('do not keep others from hearing, and are reported', async () => {
    const { server } = host();
    const faults: string[] = [];
    const client = new RpcClient(connected(server), { onFault: ({ message }) => faults.push(message) });
    const api = client.channel(math);
    const heard: string[] = [];
    api.told(() => {
      throw new Error('bad listener');
    });
    api.told((text) => heard.push(text));
    const seen: number[] = [];
    const job = await api.count({ to: 3 });
    job.onProgress(() => {
      throw new Error('bad progress listener');
    });
    job.onProgress((value) => seen.push(value));
    server.emit(math, 'told', 'hello');
    expect(await job.result).toBe('counted to 3');
    expect(heard).toEqual(['hello']);
    expect(seen.at(-1)).toBe(3);
    expect(new Set(faults)).toEqual(new Set(['bad listener', 'bad progress listener']));
  });
});

describe('a host that answers wrongly', () => {
  it('is not believed: answers, progress, results and events that are not as declared', async () => {
    const [near, far] = memoryTransports();
    const faults: string[] = [];
    const client = new RpcClient(near, { onFault: ({ message }) => faults.push(message) });
    const api = client.channel(math);
    far.onFrame((raw) => {
      const frame = raw as { type: string; id: number };
      if (frame.type === 'request')
        far.send({ type: 'answer', id: frame.id, outcome: { ok: true, value: 'x' } });
      if (frame.type === 'start') {
        far.send({ type: 'started', id: frame.id, job: 'j' });
        far.send({ type: 'progress', job: 'j', value: 'x' });
        far.send({ type: 'ended', job: 'j', outcome: { ok: true, value: 7 } });
      }
      if (frame.type === 'listen') far.send({ type: 'event', channel: 'math', member: 'told', value: 7 });
      for (const bad of [{ type: 'answer' }, { type: 'ended', job: '' }, { type: 'progress' }, []])
        far.send(bad);
    });
    await expect(api.half(2)).rejects.toMatchObject({ code: 'internal/bug' });
    const seen: number[] = [];
    const job = await api.count({ to: 1 }, { onProgress: (value) => seen.push(value) });
    await expect(job.result).rejects.toMatchObject({ code: 'internal/bug' });
    const heard: string[] = [];
    api.told((text) => heard.push(text));
    await vi.waitFor(() => expect(faults).toHaveLength(2));
    expect([...seen, ...heard]).toEqual([]);
  });

  it('whose handler answers wrongly says that it is at fault', async () => {
    const server = new RpcServer(new JobHub(testClock)).serve(math, {
      half: () => 'x' as never,
      count: () => Promise.resolve(7 as never),
    });
    const api = new RpcClient(connected(server)).channel(math);
    await expect(api.half(2)).rejects.toMatchObject({ code: 'internal/bug' });
    await expect((await api.count({ to: 1 })).result).rejects.toMatchObject({ code: 'internal/bug' });
    expect(() => server.emit(math, 'told', 7 as never)).toThrow('not as declared');
  });
});

describe('what a client can make the host keep', () => {
  it('is bounded: questions that wait, numbers that are abandoned, names that are listened to', async () => {
    const answers: unknown[] = [];
    const never = channel('never', { ask: request({ in: z.null(), out: z.null() }) });
    const server = new RpcServer(new JobHub(testClock)).serve(never, {
      ask: () => new Promise(() => undefined),
    });
    const near = connected(server);
    near.onFrame((frame) => answers.push(frame));
    for (let id = 0; id < 1000; id++)
      near.send({ type: 'request', id, channel: 'never', member: 'ask', input: null });
    await wait(5);
    expect(answers).toEqual([]);
    for (let id = 1000; id < 1003; id++) {
      near.send({ type: 'abandon', id: id + 5000 });
      near.send({ type: 'listen', channel: `c${id}`, member: 'x', on: true });
      near.send({ type: 'listen', channel: 'never', member: 'constructor', on: true });
      near.send({ type: 'request', id, channel: 'never', member: 'ask', input: null });
    }
    await vi.waitFor(() => expect(answers).toHaveLength(3));
    for (const answer of answers) {
      expect(answer).toMatchObject({ outcome: { ok: false, error: { code: 'io/failed' } } });
    }
  });

  it('is no message that cannot be sent: an error is cut to what anybody reads', async () => {
    const list = channel('list', {
      add: request({ in: z.array(z.number()), out: z.null() }),
      run: job({ in: z.array(z.number()), progress: z.null(), out: z.null() }),
      fail: job({ in: z.null(), progress: z.null(), out: z.null() }),
    });
    const text = '\u4e2d'.repeat(8_000_000);
    const [near, far] = memoryTransports();
    new RpcServer(new JobHub(testClock))
      .serve(
        list,
        {
          add: () => null,
          run: () => Promise.resolve(null),
          fail: () => Promise.resolve(null),
        },
        {
          jobName: (member) => {
            if (member !== 'fail') return undefined;
            throw new AppError('io/failed', `cannot open ${text}`, { path: text });
          },
        },
      )
      .connect(far);
    const api = new RpcClient(near).channel(list);
    const wrong = Array.from({ length: 300_000 }, () => '') as never[];
    // Each of them would be longer than a message may be, and a rejection that nobody handles ends a host.
    await expect(api.add(wrong)).rejects.toMatchObject({ code: 'usage/invalid' });
    await expect(api.run(wrong)).rejects.toMatchObject({ code: 'usage/invalid' });
    await expect(api.fail(null)).rejects.toMatchObject({
      code: 'io/failed',
      message: expect.stringMatching(/^cannot open \u4e2d+…$/),
    });
  });

  it('is given up when it goes: a thousand clients leave no listener behind', async () => {
    const { server } = host();
    let sends = 0;
    for (let count = 0; count < 1000; count++) {
      const [near, far] = memoryTransports();
      server.connect({
        ...far,
        send: (frame) => {
          sends++;
          far.send(frame);
        },
      });
      near.send({ type: 'listen', channel: 'math', member: 'told', on: true });
      await Promise.resolve();
      near.close();
    }
    server.emit(math, 'told', 'nobody');
    expect(sends).toBe(0);
  });
});

describe('a connection that is lost', () => {
  it('fails jobs too when no other follows, and keeps them when one may', async () => {
    const { server } = host();
    const near = connected(server);
    const plain = await new RpcClient(near).channel(math).count({ to: 1000 });
    near.close();
    await expect(plain.result).rejects.toMatchObject({ code: 'host/lost' });

    const again = connected(server);
    const client = new RpcClient(again, { reconnects: true });
    const kept = await client.channel(math).count({ to: 1000 });
    again.close();
    // Asked to end while nobody can be told: it is told as soon as there is a connection.
    kept.cancel();
    expect(await Promise.race([kept.result, wait(50, 'open')])).toBe('open');
    client.reconnect(connected(server));
    await expect(kept.result).rejects.toMatchObject({ code: 'job/cancelled' });

    const forgotten = await client.channel(math).count({ to: 1000 });
    client.reconnect(connected(host().server));
    await expect(forgotten.result).rejects.toMatchObject({ code: 'host/lost' });

    const closed = await client.channel(math).count({ to: 1000 });
    client.close();
    await expect(closed.result).rejects.toMatchObject({ code: 'host/lost' });
    expect(client.state).toBe('lost');
  });
});

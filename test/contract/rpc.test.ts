import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src-shared/errors/appError';
import { RpcClient } from '../../src-shared/rpc/client';
import { channel, event, job, request } from '../../src-shared/rpc/declare';
import { JobHub, type JobClock } from '../../src-shared/rpc/jobs';
import { RpcServer } from '../../src-shared/rpc/server';
import { memoryTransports } from '../../src-shared/rpc/transport';

const clock: JobClock = {
  now: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
  controller: () => new AbortController(),
};

const math = channel('math', {
  half: request({ in: z.number(), out: z.number(), errors: ['usage/invalid'] }),
  count: job({ in: z.object({ to: z.number() }), progress: z.number(), out: z.string() }),
  told: event({ out: z.string() }),
});

function host(): { server: RpcServer; connect: () => RpcClient; close: () => void } {
  const server = new RpcServer(new JobHub(clock)).serve(math, {
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
    await expect(asked).rejects.toMatchObject({ code: 'io/failed' });
    await expect(api.half(2)).rejects.toMatchObject({ code: 'io/failed' });
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

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, readFileSync, statSync, writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchPresence } from '../../../src-main/headless/closing';
import { claimInstance, isAlive } from '../../../src-main/headless/instance';
import { runHeadless, type HeadlessEnvironment } from '../../../src-main/headless/run';
import { ask, fakeWorkbench, pageFolder, startHost, temporaryFolder, type FakeWorkbench } from './support';

interface Running {
  readonly lines: string[];
  readonly workbench: FakeWorkbench;
  readonly done: Promise<void>;
  readonly stop: () => void;
}

function run(data: string, args: string[] = [], changes: Partial<HeadlessEnvironment> = {}): Running {
  const lines: string[] = [];
  const workbench = fakeWorkbench();
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const done = runHeadless({
    args,
    directory: data,
    appDirectory: path.dirname(pageFolder()),
    dataDirectory: data,
    version: '1.2.3',
    processId: process.pid,
    createWorkbench: () => Promise.resolve(workbench),
    say: (line) => lines.push(line),
    warn: (line) => lines.push(`warning: ${line}`),
    stopped,
    ...changes,
  });
  onTestFinished(async () => {
    stop();
    await Promise.allSettled([done]);
  });
  return { lines, workbench, done, stop };
}

const addressIn = (lines: readonly string[]): string =>
  /^Wimsmith workbench: (http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43})$/.exec(lines[0])?.[1] ?? '';

describe('the headless host', () => {
  it('says one line, serves, and ends cleanly when it is told to', async () => {
    const data = path.join(temporaryFolder(), 'new', 'data');
    const { lines, workbench, done, stop } = run(data);
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    const address = new URL(addressIn(lines));
    expect((await ask(Number(address.port), `/${address.search}`)).status).toBe(200);
    const file = path.join(data, 'workbench.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: process.pid, address: address.href });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    stop();
    await done;
    expect(workbench.closed).toBe(true);
    expect(existsSync(file)).toBe(false);
    await expect(ask(Number(address.port), '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is found by a second start on the same data, which starts none of its own', async () => {
    const data = temporaryFolder();
    const first = run(data);
    await vi.waitFor(() => expect(first.lines).toHaveLength(1));
    const createWorkbench = vi.fn();
    const second = run(data, [], { createWorkbench, processId: process.pid + 1 });
    await second.done;
    expect(second.lines).toEqual(first.lines);
    expect(createWorkbench).not.toHaveBeenCalled();
  });

  it('replaces what a crash left: a dead host, a file that is none', async () => {
    for (const left of [
      JSON.stringify({ pid: 2 ** 22 + 1, address: 'http://127.0.0.1:9/?token=old' }),
      JSON.stringify({ pid: 2 ** 22 + 1, address: '' }),
      JSON.stringify({ pid: process.pid, address: 'http://evil.example/?token=x' }),
      'nonsense',
      '{"pid":"x"}',
    ]) {
      const data = temporaryFolder();
      writeFileSync(path.join(data, 'workbench.json'), left);
      const { lines, stop, done } = run(data);
      await vi.waitFor(() => expect(addressIn(lines)).not.toBe(''));
      stop();
      await done;
    }
  });

  it('waits for another start that is under way', async () => {
    const data = temporaryFolder();
    const file = path.join(data, 'workbench.json');
    const host = await startHost();
    writeFileSync(file, JSON.stringify({ pid: process.ppid, address: '' }));
    const claim = claimInstance(data, process.pid);
    setTimeout(() => writeFileSync(file, JSON.stringify({ pid: process.ppid, address: host.address })), 300);
    expect(await claim).toEqual({ kind: 'taken', address: host.address });
  });

  it('of two starts at once exactly one serves', async () => {
    const data = temporaryFolder();
    const starts = [run(data), run(data, [], { processId: process.ppid })];
    await vi.waitFor(() => starts.forEach(({ lines }) => expect(lines).toHaveLength(1)));
    expect(starts[0].lines).toEqual(starts[1].lines);
  });

  it('gives the data up when the workbench does not start, and says why', async () => {
    const data = temporaryFolder();
    const { done } = run(data, [], { createWorkbench: () => Promise.reject(new Error('no room')) });
    await expect(done).rejects.toThrow('no room');
    expect(existsSync(path.join(data, 'workbench.json'))).toBe(false);
    const blocked = temporaryFolder();
    mkdirSync(path.join(blocked, 'workbench.json'));
    await expect(run(blocked).done).rejects.toMatchObject({ code: expect.stringMatching(/^io\//) });
  });

  it('does not take another program on its port for itself', async () => {
    const seen: string[] = [];
    const other = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.end('I am alive');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    expect(await isAlive(`http://127.0.0.1:${port}/?token=secret`)).toBe(false);
    // What it asks does not give the token away.
    expect(seen.join('')).not.toContain('secret');
  });
});

describe('presence', () => {
  it('ends the host only after the last window has gone for good and no job runs', async () => {
    const gone = vi.fn();
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const presence = watchPresence(gone, 1000);
    await vi.advanceTimersByTimeAsync(5000);
    expect(gone).not.toHaveBeenCalled();
    presence.windows(1);
    presence.windows(0);
    await vi.advanceTimersByTimeAsync(900);
    presence.windows(1);
    await vi.advanceTimersByTimeAsync(5000);
    presence.jobs(1);
    presence.windows(0);
    await vi.advanceTimersByTimeAsync(5000);
    expect(gone).not.toHaveBeenCalled();
    presence.jobs(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(gone).toHaveBeenCalledTimes(1);
  });
});

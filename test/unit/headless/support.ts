import { request } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { ActiveJobs, Workbench } from '../../../src-main/app/shell';
import { startHeadlessHost, type HeadlessHost } from '../../../src-main/headless/host';
import { defaultSettings } from '../../../src-shared/contract/app';
import { channel, event, job, request as question } from '../../../src-shared/rpc/declare';
import { JobHub } from '../../../src-shared/rpc/jobs';
import { RpcServer } from '../../../src-shared/rpc/server';
import { testClock } from '../../contract/suite';

/** A channel for tests, in the place of the workbench's own. */
export const bench = channel('bench', {
  half: question({ in: z.number(), out: z.number() }),
  work: job({ in: z.object({}), progress: z.number(), out: z.string() }),
  told: event({ out: z.string() }),
});

export interface FakeWorkbench extends Workbench {
  readonly server: RpcServer;
  /** Ends the job under way. */
  readonly finish: (text: string) => void;
  readonly report: (value: number) => void;
  readonly setActive: (jobs: ActiveJobs) => void;
  closed: boolean;
}

export function fakeWorkbench(): FakeWorkbench {
  let finish: (text: string) => void = () => undefined;
  let report: (value: number) => void = () => undefined;
  let active: ActiveJobs = { running: 0, queued: 0, fraction: null };
  const listeners = new Set<(jobs: ActiveJobs) => void>();
  const server = new RpcServer(new JobHub(testClock)).serve(
    bench,
    {
      half: (value) => value / 2,
      work: (_, control) =>
        new Promise((resolve, reject) => {
          finish = resolve;
          report = control.report;
          control.signal.addEventListener('abort', () => reject(new Error('stopped')));
        }),
    },
    { jobName: () => 'job-17' },
  );
  return {
    server,
    finish: (text) => finish(text),
    report: (value) => report(value),
    connect: (transport) => server.connect(transport),
    command: () => undefined,
    settings: defaultSettings,
    onSettings: () => () => undefined,
    get activeJobs() {
      return active;
    },
    onActiveJobs(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setActive(jobs) {
      active = jobs;
      for (const listener of listeners) listener(jobs);
    },
    onJobEnd: () => () => undefined,
    closed: false,
    close() {
      this.closed = true;
      return Promise.resolve();
    },
  };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wimsmith-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A page as the bundler leaves it, small. A secret lies beside it. */
export function pageFolder(): string {
  const folder = temporaryFolder();
  const page = path.join(folder, 'renderer');
  mkdirSync(path.join(page, 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'secret.txt'), 'secret');
  writeFileSync(path.join(page, 'index.html'), '<!doctype html><title>Wimsmith page</title>');
  writeFileSync(path.join(page, 'assets/index-Ab3_d-9z.js'), 'export {};');
  return page;
}

export async function startHost(
  workbench: Pick<Workbench, 'connect'> = fakeWorkbench(),
  options: Partial<Parameters<typeof startHeadlessHost>[0]> = {},
): Promise<HeadlessHost & { token: string; origin: string }> {
  const host = await startHeadlessHost({ workbench, rendererDirectory: pageFolder(), ...options });
  onTestFinished(() => host.close());
  const url = new URL(host.address);
  return { ...host, token: url.searchParams.get('token') ?? '', origin: url.origin };
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request exactly as written: nothing of the path is tidied up. */
export function ask(
  port: number,
  target: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path: target, method, headers, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => (body += text));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Tries to open a window's connection: the socket, or the status with which it was refused. */
export function openSocket(
  port: number,
  { target = '/rpc', headers = {} }: { target?: string; headers?: Record<string, string> },
): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${target}`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (outgoing, response) => {
      resolve(response.statusCode ?? 0);
      outgoing.destroy();
    });
    onTestFinished(() => socket.terminate());
  });
}

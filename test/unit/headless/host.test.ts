import { connect } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { contentSecurityPolicy } from '../../../src-main/app/assets';
import { keepConnected } from '../../../src-renderer/api/keepConnected';
import { RpcClient } from '../../../src-shared/rpc/client';
import { closeCodes, webSocketTransport } from '../../../src-shared/rpc/webSocketTransport';
import { ask, bench, fakeWorkbench, openSocket, startHost } from './support';

describe('the page', () => {
  it('comes with the token, and then with the cookie alone', async () => {
    const { port, token, address } = await startHost();
    expect(address).toBe(`http://127.0.0.1:${port}/?token=${token}`);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const first = await ask(port, `/?token=${token}`);
    expect(first).toMatchObject({ status: 200, body: expect.stringContaining('Wimsmith page') });
    const cookie = String(first.headers['set-cookie']);
    expect(cookie).toBe(`wimsmith-${port}=${token}; Path=/; HttpOnly; SameSite=Strict`);
    expect(first.headers).toMatchObject({
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
    });
    const again = await ask(port, '/', { Cookie: `other=1; ${cookie.split(';')[0]}` });
    expect(again).toMatchObject({ status: 200, body: first.body });
    const script = await ask(port, '/assets/index-Ab3_d-9z.js', { Cookie: cookie.split(';')[0] });
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
    });
  });

  it('is refused without the token or with a wrong one, in words and without giving anything away', async () => {
    const { port, token } = await startHost();
    const wrong = [...token.slice(1), token[0] === 'A' ? 'B' : 'A'].join('');
    for (const [target, cookie] of [
      ['/', ''],
      ['/?token=', ''],
      [`/?token=${wrong}`, ''],
      [`/?token=${token.slice(0, -1)}`, ''],
      ['/', `wimsmith-${port}=${wrong}`],
      ['/', `wimsmith-${port + 1}=${token}`],
      ['/assets/index-Ab3_d-9z.js', ''],
      ['/missing.js', ''],
    ]) {
      const reply = await ask(port, target, cookie === '' ? {} : { Cookie: cookie });
      expect([target, reply.status]).toEqual([target, 403]);
      expect(reply.body).toContain('Open the whole address that the program printed');
      expect(reply.body).not.toContain(token);
      expect(reply.headers['set-cookie']).toBeUndefined();
    }
  });

  it('comes once with a ticket, which only the token gets', async () => {
    const { port, token } = await startHost();
    expect((await ask(port, '/ticket')).status).toBe(403);
    const { body: ticket } = await ask(port, `/ticket?token=${token}`);
    const first = await ask(port, `/?ticket=${ticket}`);
    expect(first.status).toBe(200);
    const cookie = String(first.headers['set-cookie']).split(';')[0];
    expect((await ask(port, '/', { Cookie: cookie })).status).toBe(200);
    expect((await ask(port, `/?ticket=${ticket}`)).status).toBe(403);
    expect((await ask(port, '/?ticket=')).status).toBe(403);
  });

  it('is refused under another name: whoever can make a name lead here has no business here', async () => {
    const { port, token } = await startHost();
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `[::1]:${port}`,
    ]) {
      expect((await ask(port, `/?token=${token}`, { Host: host })).status).toBe(403);
    }
    expect((await ask(port, `/?token=${token}`, { Host: `localhost:${port}` })).status).toBe(200);
  });

  it('never leads out of its folder', async () => {
    const { port, token } = await startHost();
    for (const target of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/..%5csecret.txt',
      '/..\\secret.txt',
      '//secret.txt/../../secret.txt',
      '/assets',
      '/assets/',
      '/index.html%00.txt',
      '/missing.js',
    ]) {
      const reply = await ask(port, `${target}?token=${token}`);
      expect([target, reply.status]).toEqual([target, 404]);
      expect(reply.body).not.toContain('secret');
    }
  });

  it('takes no other method, and no headers without end', async () => {
    const { port, token } = await startHost();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await ask(port, `/?token=${token}`, {}, method)).status).toBe(405);
    }
    const long = await ask(port, `/?token=${token}`, { 'X-Long': 'x'.repeat(20_000) });
    expect(long.status).toBe(400);
    const head = await ask(port, `/?token=${token}`, {}, 'HEAD');
    expect(head).toMatchObject({ status: 200, body: '' });
  });

  it.runIf(process.platform === 'linux')('listens on the loopback address alone', async () => {
    const { port } = await startHost();
    const listening = readFileSync('/proc/net/tcp', 'utf8').split('\n');
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const rows = listening.filter((line) => new RegExp(`:${hex} [0-9A-F]{8}:0000 0A`).test(line));
    expect(rows.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${hex}`]);
    expect(readFileSync('/proc/net/tcp6', 'utf8')).not.toMatch(new RegExp(`:${hex} [0-9A-F]{32}:0000 0A`));
  });

  it('says which port it cannot have', async () => {
    const { port } = await startHost();
    await expect(startHost(fakeWorkbench(), { port })).rejects.toMatchObject({
      code: 'io/failed',
      message: `cannot listen on 127.0.0.1:${port}: another program uses it`,
    });
  });
});

describe("a window's connection", () => {
  it('needs exact origin, exact host and the token', async () => {
    const { port, token, origin } = await startHost();
    const cookie = `wimsmith-${port}=${token}`;
    const query = `/rpc?token=${token}`;
    const refused: [string, string, Record<string, string>][] = [
      ['no token', '/rpc', { Origin: origin }],
      ['wrong token', '/rpc?token=wrong', { Origin: origin }],
      ['wrong cookie', '/rpc', { Origin: origin, Cookie: `wimsmith-${port}=wrong` }],
      ['no origin', query, {}],
      ['no origin, cookie', '/rpc', { Cookie: cookie }],
      ['origin null', query, { Origin: 'null' }],
      ['foreign origin', query, { Origin: 'https://evil.example' }],
      ['another port', query, { Origin: `http://127.0.0.1:${port + 1}` }],
      ['https', query, { Origin: `https://127.0.0.1:${port}` }],
      ['a name that begins alike', query, { Origin: `${origin}.evil.example` }],
      ['origin of the other name', query, { Origin: `http://localhost:${port}` }],
      ['wrong host', query, { Origin: origin, Host: `evil.example:${port}` }],
      ['wrong host and origin', query, { Origin: 'http://evil.example', Host: 'evil.example' }],
    ];
    for (const [what, target, headers] of refused) {
      expect([what, await openSocket(port, { target, headers })]).toEqual([what, 403]);
    }
    expect(await openSocket(port, { target: `/other?token=${token}`, headers: { Origin: origin } })).toBe(
      404,
    );
    for (const [target, headers] of [
      [query, { Origin: origin }],
      ['/rpc', { Origin: origin, Cookie: cookie }],
      ['/rpc', { Origin: `http://localhost:${port}`, Host: `localhost:${port}`, Cookie: cookie }],
    ] as const) {
      expect(await openSocket(port, { target, headers })).toBeInstanceOf(WebSocket);
    }
  });

  const window = async (
    host: Awaited<ReturnType<typeof startHost>>,
  ): Promise<{ socket: WebSocket; client: RpcClient }> => {
    const socket = await openSocket(host.port, {
      target: `/rpc?token=${host.token}`,
      headers: { Origin: host.origin },
    });
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    return { socket, client: new RpcClient(webSocketTransport(socket)) };
  };

  it('survives nothing malformed, and leaves other windows alone', async () => {
    const host = await startHost();
    const bystander = await window(host);
    for (const bad of ['garbage', '{"type":', Buffer.from([1, 2, 3])]) {
      const { socket } = await window(host);
      socket.send(bad);
      const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
      expect(code).toBe(closeCodes.malformed);
      expect(reason.toString()).toMatch(/^the message is /);
    }
    const { socket: large } = await window(host);
    large.send('x'.repeat(33 * 1024 * 1024));
    expect((await once(large, 'close'))[0]).toBe(1009);
    // A frame of the right form that asks for what there is not is answered; one of a wrong form is passed over.
    const { socket: odd, client } = await window(host);
    odd.send('{"type":"destroy","id":1}');
    odd.send('{"type":"request","id":-5,"channel":"bench","member":"half"}');
    odd.send('[]');
    expect(await client.channel(bench).half(8)).toBe(4);
    expect(await bystander.client.channel(bench).half(6)).toBe(3);
  });

  it('is cut when its bytes are no WebSocket, and the host lives on', async () => {
    const host = await startHost();
    const raw = connect(host.port, '127.0.0.1');
    raw.on('error', () => undefined);
    raw.resume();
    raw.write('\x16\x03\x01garbage\r\n\r\n');
    await once(raw, 'close');
    expect((await ask(host.port, `/?token=${host.token}`)).status).toBe(200);
  });

  it('ends with the host in the middle of a job, in words', async () => {
    const host = await startHost();
    const { client } = await window(host);
    const job = await client.channel(bench).work({});
    const began = performance.now();
    await host.close();
    await expect(job.result).rejects.toMatchObject({
      code: 'host/lost',
      message: 'the connection to the program was lost',
    });
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('counts windows', async () => {
    const counts: number[] = [];
    const host = await startHost(fakeWorkbench(), { onWindows: (count) => counts.push(count) });
    const { socket } = await window(host);
    await window(host);
    socket.close();
    await vi.waitFor(() => expect(counts).toEqual([1, 2, 1]));
  });

  it('is refused when there are too many', async () => {
    const host = await startHost();
    for (let count = 0; count < 16; count++) await window(host);
    expect(
      await openSocket(host.port, { target: `/rpc?token=${host.token}`, headers: { Origin: host.origin } }),
    ).toBe(503);
  });
});

describe('a window that keeps itself connected', () => {
  const ends: (() => void)[] = [];
  afterEach(() => ends.splice(0).forEach((end) => end()));

  it('asks before it is connected, attaches to its job after the host came back, and is told when that forgot it', async () => {
    const workbench = fakeWorkbench();
    let host = await startHost(workbench);
    const { port, token, origin } = host;
    const client = new RpcClient(undefined, { reconnects: true });
    const kept = keepConnected(
      client,
      () => new WebSocket(`ws://127.0.0.1:${port}/rpc?token=${token}`, { origin }),
    );
    ends.push(kept.end);
    const api = client.channel(bench);
    const heard: string[] = [];
    api.told((text) => heard.push(text));
    expect(await api.half(4)).toBe(2);

    const seen: number[] = [];
    const job = await api.work({}, { onProgress: (value) => seen.push(value) });
    expect(job.name).toBe('job-17');
    await host.close();
    await vi.waitFor(() => expect(client.state).toBe('lost'));
    await expect(api.half(4)).rejects.toMatchObject({ code: 'host/lost' });

    host = await startHost(workbench, { port, token });
    await vi.waitFor(() => expect(client.state).toBe('connected'), { timeout: 10_000 });
    workbench.report(5);
    await vi.waitFor(() => expect(seen).toEqual([5]));
    workbench.server.emit(bench, 'told', 'again');
    workbench.finish('done after all');
    expect(await job.result).toBe('done after all');
    await vi.waitFor(() => expect(heard).toEqual(['again']));

    const lost = await api.work({});
    await host.close();
    await startHost(fakeWorkbench(), { port, token });
    await expect(lost.result).rejects.toMatchObject({
      code: 'host/lost',
      message: expect.stringContaining('was started again'),
    });
  });

  it('fails what was asked when the first attempt fails', async () => {
    const { port } = await startHost();
    const client = new RpcClient(undefined, { reconnects: true });
    const kept = keepConnected(client, () => new WebSocket(`ws://127.0.0.1:${port}/rpc`));
    ends.push(kept.end);
    await expect(client.channel(bench).half(2)).rejects.toMatchObject({ code: 'host/lost' });
  });
});

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MessageChannel, Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { bridgeTransport } from '../../src-renderer/api/bridgeTransport';
import { messagePortTransport, type BrowserPort } from '../../src-shared/rpc/messagePortTransport';
import { memoryTransports, type Transport } from '../../src-shared/rpc/transport';
import { closeCodes, webSocketTransport } from '../../src-shared/rpc/webSocketTransport';
import { contractSuite, type TransportPair } from './suite';

contractSuite('memory', () => {
  const [client, host] = memoryTransports();
  return { client, host };
});

contractSuite('ports of threads', () => {
  const { port1, port2 } = new MessageChannel();
  return { client: messagePortTransport(port1), host: messagePortTransport(port2) };
});

contractSuite('ports as browsers have them', () => {
  const { port1, port2 } = new MessageChannel();
  return { client: messagePortTransport(browserPort(port1)), host: messagePortTransport(browserPort(port2)) };
});

contractSuite('a worker and its parentPort', workerPair);

contractSuite('a WebSocket', async () => {
  const { near, far, dispose } = await sockets();
  return { client: webSocketTransport(near), host: webSocketTransport(far), dispose };
});

contractSuite("a page's bridge", () => {
  const [page, host] = memoryTransports();
  const client = bridgeTransport({
    send: (frame) => page.send(frame),
    onFrame: (each) => page.onFrame(each),
  });
  page.onClose(() => client.close());
  client.onClose(() => page.close());
  return { client, host };
});

/** Hides what only Node's ports have. */
function browserPort(port: InstanceType<typeof MessageChannel>['port1']): BrowserPort {
  const dom = port as unknown as BrowserPort;
  return {
    postMessage: (value) => dom.postMessage(value),
    addEventListener: (type, listener) => dom.addEventListener(type, listener),
    removeEventListener: (type, listener) => dom.removeEventListener(type, listener),
    start: () => dom.start(),
    close: () => dom.close(),
  };
}

/** The host's side stands behind a thread that passes on what it hears on its parentPort. */
async function workerPair(): Promise<TransportPair> {
  const { port1, port2 } = new MessageChannel();
  const relay = `
    const { parentPort, workerData } = require('node:worker_threads');
    workerData.on('message', (message) => parentPort.postMessage(message));
    parentPort.on('message', (message) => workerData.postMessage(message));
  `;
  const worker = new Worker(relay, { eval: true, workerData: port2, transferList: [port2] });
  await once(worker, 'online');
  return {
    client: messagePortTransport(worker),
    host: messagePortTransport(port1),
    dispose: async () => {
      await worker.terminate();
    },
  };
}

async function sockets(): Promise<{ near: WebSocket; far: WebSocket; dispose: () => Promise<void> }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 32 * 1024 * 1024 });
  await once(server, 'listening');
  const near = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [[far]] = await Promise.all([once(server, 'connection') as Promise<[WebSocket]>, once(near, 'open')]);
  return {
    near,
    far,
    dispose: () =>
      new Promise((resolve) => {
        near.terminate();
        far.terminate();
        server.close(() => resolve());
      }),
  };
}

function framesOf(transport: Transport): unknown[] {
  const frames: unknown[] = [];
  transport.onFrame((frame) => frames.push(frame));
  return frames;
}

describe('a WebSocket with malformed frames', () => {
  it.each([
    ['garbage', 'hello', 'the message is not JSON'],
    ['a bare value', '7', 'the message is no frame'],
    ['binary', Buffer.from('{"type":"cancel"}'), 'the message is binary'],
  ])('is closed with a reason: %s', async (_, data, reason) => {
    const { near, far, dispose } = await sockets();
    const host = webSocketTransport(far);
    const frames = framesOf(host);
    const closed = vi.fn();
    host.onClose(closed);
    near.send(data);
    const [code, text] = (await once(near, 'close')) as [number, Buffer];
    expect(code).toBe(closeCodes.malformed);
    expect(text.toString()).toBe(reason);
    expect(closed).toHaveBeenCalledTimes(1);
    expect(frames).toEqual([]);
    await dispose();
  });

  it('is closed when a message is larger than a frame may be', async () => {
    const { near, far, dispose } = await sockets();
    const host = webSocketTransport(far);
    const closed = vi.fn();
    host.onClose(closed);
    near.send(`{"x":"${'x'.repeat(33 * 1024 * 1024)}"}`);
    const [code] = (await once(near, 'close')) as [number];
    expect(code).toBe(1009);
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1));
    await dispose();
  });

  it('is closed when the other side does not read', async () => {
    const { near, far, dispose } = await sockets();
    near.pause();
    const host = webSocketTransport(far);
    const closed = vi.fn();
    host.onClose(closed);
    const frame = { text: 'x'.repeat(16 * 1024 * 1024) };
    for (let count = 0; count < 8; count++) host.send(frame);
    expect(closed).toHaveBeenCalledTimes(1);
    await dispose();
  });
});

describe('a message port', () => {
  it('drops what is no frame and goes on', async () => {
    const { port1, port2 } = new MessageChannel();
    const frames = framesOf(messagePortTransport(port2));
    for (const bad of ['nonsense', '7', 7, undefined, { type: 'cancel' }, 'null']) port1.postMessage(bad);
    port1.postMessage('{"good":1}');
    await vi.waitFor(() => expect(frames).toEqual([{ good: 1 }]));
    port1.close();
  });

  it('closes when the thread behind it ends, and when that dies of an error', async () => {
    for (const code of ['process.exit(3)', 'throw new Error("died")']) {
      const transport = messagePortTransport(new Worker(code, { eval: true }));
      const closed = vi.fn();
      transport.onClose(closed);
      await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1), { timeout: 10_000 });
    }
  });

  it('keeps messages until there is a listener', async () => {
    const { port1, port2 } = new MessageChannel();
    const transport = messagePortTransport(port2);
    messagePortTransport(port1).send({ early: true });
    await new Promise((resolve) => setImmediate(resolve));
    const frames = framesOf(transport);
    await vi.waitFor(() => expect(frames).toEqual([{ early: true }]));
    transport.close();
  });
});

import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { MAX_FRAME_BYTES } from '../../../src-shared/rpc/frameText';
import type { Transport } from '../../../src-shared/rpc/transport';
import { FRAME_CHANNEL } from '../../../src-main/electron/ipcChannel';
import { IpcTransports } from '../../../src-main/electron/ipcTransport';
import { FakeWebContents } from '../../support/fakeElectron';
import { runPreload } from '../../support/fakeElectron/bridge';

interface Served {
  readonly transport: Transport;
  readonly frames: unknown[];
  closed: number;
}

function serve(): { ipcMain: EventEmitter; contents: FakeWebContents; served: Served[]; ipc: IpcTransports } {
  const ipcMain = new EventEmitter();
  const served: Served[] = [];
  const ipc = new IpcTransports(ipcMain as never, (transport) => {
    const one: Served = { transport, frames: [], closed: 0 };
    transport.onFrame((frame) => one.frames.push(frame));
    transport.onClose(() => one.closed++);
    served.push(one);
  });
  const contents = new FakeWebContents(ipcMain);
  ipc.add(contents as never);
  return { ipcMain, contents, served, ipc };
}

const name = '01234567-89ab-4cde-8f01-23456789abcd';
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('frames over IPC', () => {
  it('travel both ways through the preload script', async () => {
    const { contents, served } = serve();
    const bridge = await runPreload(contents.navigate());
    const got: unknown[] = [];
    const leave = bridge.onFrame((frame) => got.push(frame));
    bridge.send({ type: 'request', text: 'ä\u2028' });
    bridge.send({ type: 'second' });
    await settled();
    expect(served.map(({ frames }) => frames)).toEqual([
      [{ type: 'request', text: 'ä\u2028' }, { type: 'second' }],
    ]);
    served[0].transport.send({ type: 'answer', value: [1, null, 'x'] });
    await settled();
    leave();
    served[0].transport.send({ type: 'answer', value: 2 });
    await settled();
    expect(got).toEqual([{ type: 'answer', value: [1, null, 'x'] }]);
  });

  it('give a reload a transport of its own, and nothing of the earlier one', async () => {
    const { contents, served } = serve();
    const first = await runPreload(contents.navigate());
    first.send({ n: 1 });
    await settled();
    const second = await runPreload(contents.navigate());
    expect(served[0].closed).toBe(1);
    const got: unknown[] = [];
    second.onFrame((frame) => got.push(frame));
    second.send({ n: 2 });
    await settled();
    served[0].transport.send({ late: true });
    served[1].transport.send({ fresh: true });
    await settled();
    expect(served.map(({ frames }) => frames)).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    expect(got).toEqual([{ fresh: true }]);
  });

  it('of an earlier load do not take the place of what came after', async () => {
    const { ipcMain, contents, served } = serve();
    const page = contents.navigate();
    const event = { sender: contents, senderFrame: page.frame };
    const later = name.replace('0', 'f');
    ipcMain.emit(FRAME_CHANNEL, event, name, '{"n":1}');
    ipcMain.emit(FRAME_CHANNEL, event, later, '{"n":2}');
    ipcMain.emit(FRAME_CHANNEL, event, name, '{"n":3}');
    ipcMain.emit(FRAME_CHANNEL, event, later, '{"n":4}');
    await settled();
    expect(served.map(({ frames, closed }) => [frames, closed])).toEqual([
      [[{ n: 1 }], 1],
      [[{ n: 2 }, { n: 4 }], 0],
    ]);
  });

  it.each([
    ['a crash', (contents: FakeWebContents) => contents.crash('crashed')],
    ['the end of the window', (contents: FakeWebContents) => contents.destroy()],
    ['a navigation', (contents: FakeWebContents) => contents.navigate()],
  ])('end with %s, once', async (_what, happens) => {
    const { contents, served } = serve();
    (await runPreload(contents.navigate())).send({ n: 1 });
    await settled();
    happens(contents);
    expect(served[0].closed).toBe(1);
    const before = contents.sent.length;
    served[0].transport.send({ n: 2 });
    served[0].transport.close();
    expect([contents.sent.length, served[0].closed]).toEqual([before, 1]);
  });

  it('end all when the program does', async () => {
    const { ipcMain, contents, served, ipc } = serve();
    const bridge = await runPreload(contents.navigate());
    bridge.send({ n: 1 });
    await settled();
    ipc.close();
    bridge.send({ n: 2 });
    await settled();
    expect(served.map(({ frames, closed }) => [frames, closed])).toEqual([[[{ n: 1 }], 1]]);
    expect(ipcMain.listenerCount(FRAME_CHANNEL)).toBe(0);
  });

  it.each([
    ['no JSON', name, '{'],
    ['no object', name, '"text"'],
    ['no text', name, { n: 1 }],
    ['no name', undefined, '{"n":1}'],
    ['a name of another shape', '../x', '{"n":1}'],
  ])('are dropped when they are none: %s', async (_what, connection, text) => {
    const { ipcMain, contents, served } = serve();
    const page = contents.navigate();
    ipcMain.emit(FRAME_CHANNEL, { sender: contents, senderFrame: page.frame }, connection, text);
    ipcMain.emit(FRAME_CHANNEL, { sender: contents, senderFrame: page.frame }, name, '{"n":9}');
    await settled();
    expect(served.map(({ frames }) => frames)).toEqual([[{ n: 9 }]]);
  });

  it.each([
    ['another page', 'https://example.org', false],
    ['a frame within the page', 'app://wimsmith', true],
  ])('of %s are not heard', async (_what, origin, nested) => {
    const { contents, served } = serve();
    const page = contents.navigate(origin);
    if (nested) page.frame.parent = {} as never;
    (await runPreload(page)).send({ n: 1 });
    await settled();
    expect(served).toEqual([]);
  });

  it('of a page that is no window of the program are not heard', async () => {
    const { ipcMain, served } = serve();
    (await runPreload(new FakeWebContents(ipcMain).navigate())).send({ n: 1 });
    await settled();
    expect(served).toEqual([]);
  });

  it('have a limit in both directions', async () => {
    const { ipcMain, contents, served } = serve();
    const page = contents.navigate();
    const bridge = await runPreload(page);
    const large = 'x'.repeat(MAX_FRAME_BYTES);
    expect(() => bridge.send({ large })).toThrow(/larger than the 32 MB/);
    ipcMain.emit(
      FRAME_CHANNEL,
      { sender: contents, senderFrame: page.frame },
      name,
      JSON.stringify({ large }),
    );
    expect(served).toEqual([]);
    bridge.send({ n: 1 });
    await settled();
    expect(() => served[0].transport.send({ large })).toThrow(/larger than the 32 MB/);
  });
});

describe('the preload script', () => {
  it('gives the page three functions and nothing else', async () => {
    const page = new FakeWebContents(new EventEmitter()).navigate();
    const bridge = await runPreload(page);
    expect([...page.world.keys()]).toEqual(['wimsmith']);
    expect(Object.entries(bridge).map(([key, value]) => [key, typeof value])).toEqual([
      ['send', 'function'],
      ['onFrame', 'function'],
      ['pathForFile', 'function'],
    ]);
  });

  it('tells the path of a dropped file', async () => {
    const page = new FakeWebContents(new EventEmitter()).navigate();
    const bridge = await runPreload(page);
    const dropped = {};
    page.dropped.set(dropped, 'C:\\images\\lab.wim');
    expect([bridge.pathForFile(dropped), bridge.pathForFile({})]).toEqual(['C:\\images\\lab.wim', '']);
  });

  it('hands the frame on, and never the event', async () => {
    const page = new FakeWebContents(new EventEmitter()).navigate();
    const send = vi.spyOn(page, 'send');
    const bridge = await runPreload(page);
    const callback = vi.fn();
    bridge.onFrame(callback);
    bridge.send({ n: 1 });
    const connection = send.mock.calls[0][1];
    page.receive(FRAME_CHANNEL, [connection, '{"n":2}']);
    page.receive(FRAME_CHANNEL, [connection, 'no frame']);
    page.receive(FRAME_CHANNEL, ['another', '{"n":3}']);
    await settled();
    expect(callback.mock.calls).toEqual([[{ n: 2 }]]);
  });
});

import { EventEmitter } from 'node:events';
import { bridgeTransport } from '../../src-renderer/api/bridgeTransport';
import { IpcTransports } from '../../src-main/electron/ipcTransport';
import type { Transport } from '../../src-shared/rpc/transport';
import { FakeWebContents } from '../support/fakeElectron';
import { runPreload } from '../support/fakeElectron/bridge';
import { contractSuite } from './suite';

/** The page's transport through the preload script and the fake's IPC to the window's transport in the main process. */
contractSuite("Electron's IPC", async () => {
  const ipcMain = new EventEmitter();
  const contents = new FakeWebContents(ipcMain);
  const connected = new Promise<Transport>((resolve) => {
    new IpcTransports(ipcMain as never, resolve).add(contents as never);
  });
  const bridge = await runPreload(contents.navigate());
  const client = bridgeTransport(bridge);
  // The window's transport comes with the page's first frame.
  client.send({});
  const host = await connected;
  // The page's side lasts as long as the page: its end is a navigation, and the host's end is the window's.
  client.onClose(() => contents.navigate());
  host.onClose(() => client.close());
  return { client, host };
});

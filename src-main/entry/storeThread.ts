import { parentPort, workerData } from 'node:worker_threads';
import { JobHub } from '../../src-shared/rpc/jobs';
import { messagePortTransport } from '../../src-shared/rpc/messagePortTransport';
import { RpcServer } from '../../src-shared/rpc/server';
import { nodeClock } from '../app/clock';
import { openDatabase } from '../app/store/database';
import { store, type StoreThreadData } from '../app/store/storeChannel';
import { createStoreService } from '../app/store/storeHandlers';
import { createNodeFileSystem } from '../platform/nodeFileSystem';

/** The thread that keeps history, recipes and library. It ends, and closes its file, when the connection is closed. */
function serve(port: NonNullable<typeof parentPort>, { dataDirectory }: StoreThreadData): void {
  const opened = openDatabase(createNodeFileSystem(), dataDirectory, () => new Date());
  const service = createStoreService(opened);
  const transport = messagePortTransport(port);
  new RpcServer(new JobHub(nodeClock)).serve(store, service.handlers).connect(transport);
  transport.onClose(() => service.close());
}

if (parentPort === null) throw new Error('this file runs in a worker thread');
serve(parentPort, workerData as StoreThreadData);

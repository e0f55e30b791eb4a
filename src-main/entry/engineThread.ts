import { parentPort, workerData } from 'node:worker_threads';
import { contract } from '../../src-shared/contract';
import { JobHub } from '../../src-shared/rpc/jobs';
import { messagePortTransport } from '../../src-shared/rpc/messagePortTransport';
import { RpcServer } from '../../src-shared/rpc/server';
import { createBrowseHandlers } from '../app/browse/browseHandlers';
import { nodeClock } from '../app/clock';
import { createCompareHandlers } from '../app/compare/compareHandlers';
import { createDiskHandlers } from '../app/disks/diskHandlers';
import { createDriverHandlers } from '../app/drivers/driverHandlers';
import { createImagingService } from '../app/imagingService';
import { createSurveyHandlers } from '../app/survey/surveyHandlers';
import { engine, type EngineThreadData } from '../app/threads/engineChannel';
import { createEngineHandlers } from '../app/threads/engineHandlers';
import { lowerThreadPriority } from '../app/threads/priority';
import { createNodeHost } from '../workers/nodeHost';

/** A thread that does the engine's work for the workbench: jobs, or what windows look at. */
function serve(port: NonNullable<typeof parentPort>, data: EngineThreadData): void {
  const { appDirectory, interactive, lowPriority } = data;
  if (lowPriority) lowerThreadPriority();
  const host = createNodeHost({ appDirectory });
  const server = new RpcServer(new JobHub(nodeClock));
  server.serve(engine, createEngineHandlers(host, createImagingService(host)));
  if (interactive) {
    server.serve(contract.browse, createBrowseHandlers(host));
    server.serve(contract.compare, createCompareHandlers(host));
    server.serve(contract.disks, createDiskHandlers(host));
    server.serve(contract.drivers, createDriverHandlers(host));
    server.serve(contract.surveys, createSurveyHandlers(host));
  }
  server.connect(messagePortTransport(port));
}

if (parentPort === null) throw new Error('this file runs in a worker thread');
serve(parentPort, workerData as EngineThreadData);

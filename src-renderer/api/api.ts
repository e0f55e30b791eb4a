import { contract } from '../../src-shared/contract';
import { RpcClient, type ConnectionState } from '../../src-shared/rpc/client';
import { connect } from './connect';

/** The window's connection to the host. It is there from the first use on, and comes back by itself when it was lost. */
export const client = new RpcClient(undefined, { reconnects: true });

/** Every channel of the host, as functions. */
export const api = {
  app: client.channel(contract.app),
  browse: client.channel(contract.browse),
  compare: client.channel(contract.compare),
  deviceModels: client.channel(contract.deviceModels),
  disks: client.channel(contract.disks),
  drivers: client.channel(contract.drivers),
  files: client.channel(contract.files),
  jobs: client.channel(contract.jobs),
  library: client.channel(contract.library),
  practice: client.channel(contract.practice),
  surveys: client.channel(contract.surveys),
} as const;

/** Whether the host can be reached, in the shape of React's useSyncExternalStore. */
export const connection = {
  state: (): ConnectionState => client.state,
  subscribe: (listener: () => void): (() => void) => client.onState(listener),
} as const;

connect(client);

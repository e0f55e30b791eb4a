import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppError } from '../../src-shared/errors/appError';
import { MAX_FRAME_BYTES } from '../../src-shared/rpc/frameText';
import { webSocketTransport } from '../../src-shared/rpc/webSocketTransport';
import { assetHeaders, resolveAsset, securityHeaders } from '../app/assets';
import type { Workbench } from '../app/shell';
import { readProgramFile } from '../platform/programFiles';
import { systemErrorName } from '../platform/systemErrors';
import { createAdmission, queryOf, type Admission, type Caller } from './admission';
import { refusalPage } from './refusalPage';

export interface HeadlessHostOptions {
  readonly workbench: Pick<Workbench, 'connect'>;
  /** Directory of index.html and its assets. */
  readonly rendererDirectory: string;
  /** What lets a window in; random unless given. */
  readonly token?: string;
  /** A free one unless given. */
  readonly port?: number;
  /** Told how many windows are connected, whenever that changes. */
  readonly onWindows?: (windows: number) => void;
  /** Told what went wrong while a window was served: a fault of the program, or a page that cannot be read. */
  readonly onFault?: (error: unknown) => void;
}

export interface HeadlessHost {
  /** What to open: http://127.0.0.1:PORT/?token=TOKEN */
  readonly address: string;
  readonly port: number;
  /** Ends all connections, and returns when the port is free. The workbench lives on. */
  close(): Promise<void>;
}

const ADDRESS = '127.0.0.1';
/** Path of the windows' connection. */
const RPC_PATH = '/rpc';
/** Path under which a second start asks whether this host lives. */
const ALIVE_PATH = '/alive';
/** Path under which the launcher gets a ticket for the browser that it starts. */
const TICKET_PATH = '/ticket';
const MAX_SOCKETS = 128;
const MAX_WINDOWS = 16;
const MAX_HEADER_BYTES = 16 * 1024;
/** Milliseconds between two looks at whether a window is still there. */
const PING_INTERVAL = 15_000;

/**
 * Serves the workbench to browsers of this machine: its page, and a WebSocket with the channels of the contract.
 * @throws AppError 'io/failed' when it cannot listen
 */
export async function startHeadlessHost(options: HeadlessHostOptions): Promise<HeadlessHost> {
  const token = options.token ?? randomBytes(32).toString('base64url');
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    keepAliveTimeout: 5_000,
  });
  server.maxConnections = MAX_SOCKETS;
  const port = await listen(server, options.port ?? 0);
  const admission = createAdmission(token, port);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  });
  const onFault = options.onFault ?? (() => undefined);
  // Such as no descriptors being left for one more connection: that must not end the program and its jobs.
  server.on('error', onFault);

  server.on('request', (request, response) => {
    answer(request, response, admission, options.rendererDirectory).catch((error: unknown) => {
      onFault(error);
      if (!response.headersSent) plain(response, 500, 'The page cannot be read.\n');
      else response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const caller = callerOf(request);
    if (pathOf(caller.url) !== RPC_PATH) refuseUpgrade(socket, '404 Not Found');
    else if (!admission.mayConnect(caller)) refuseUpgrade(socket, '403 Forbidden');
    else if (sockets.clients.size >= MAX_WINDOWS) refuseUpgrade(socket, '503 Service Unavailable');
    else sockets.handleUpgrade(request, socket, head, (webSocket) => welcome(webSocket));
  });
  server.on('clientError', (_, socket) => refuseUpgrade(socket, '400 Bad Request'));
  const endPings = keepAlive(sockets);

  const welcome = (webSocket: WebSocket): void => {
    options.workbench.connect(webSocketTransport(webSocket));
    options.onWindows?.(sockets.clients.size);
    webSocket.on('close', () => options.onWindows?.(sockets.clients.size));
  };

  return {
    address: `http://${ADDRESS}:${port}/?token=${token}`,
    port,
    async close() {
      endPings();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of sockets.clients) client.close(1001, 'the program ends');
      // A window that does not answer the farewell is cut off.
      const late = setTimeout(() => sockets.clients.forEach((client) => client.terminate()), 500);
      server.closeIdleConnections();
      const lateRequests = setTimeout(() => server.closeAllConnections(), 500);
      await closed;
      clearTimeout(late);
      clearTimeout(lateRequests);
      sockets.close();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const reason =
        systemErrorName(error) === 'EADDRINUSE'
          ? 'another program uses it'
          : systemErrorName(error) === 'EACCES'
            ? 'permission was denied'
            : error.message;
      reject(new AppError('io/failed', `cannot listen on ${ADDRESS}:${port}: ${reason}`, { port }, error));
    });
    server.listen({ host: ADDRESS, port, exclusive: true }, () => {
      server.removeAllListeners('error');
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

function callerOf({ url, headers }: IncomingMessage): Caller {
  return { url: url ?? '/', host: headers.host, origin: headers.origin, cookie: headers.cookie };
}

function pathOf(url: string): string {
  return url.split('?', 1)[0];
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  admission: Admission,
  rendererDirectory: string,
): Promise<void> {
  const caller = callerOf(request);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    plain(response, 405, 'Only GET is known here.\n');
    return;
  }
  if (!admission.forThisHost(caller)) {
    refuse(response);
    return;
  }
  if (pathOf(caller.url) === ALIVE_PATH) {
    const challenge = queryOf(caller.url).get('challenge') ?? '';
    plain(response, 200, admission.prove(`alive ${challenge.slice(0, 100)}`));
    return;
  }
  const isNew = admission.hasTokenInQuery(caller) || admission.takeTicket(caller);
  if (!isNew && !admission.hasToken(caller)) {
    refuse(response);
    return;
  }
  if (pathOf(caller.url) === TICKET_PATH) {
    plain(response, 200, admission.issueTicket());
    return;
  }
  if (pathOf(caller.url) === '/favicon.ico') {
    // Browsers ask for it by themselves; a page that has none is no fault.
    response.writeHead(204, securityHeaders);
    response.end();
    return;
  }
  const file = resolveAsset(rendererDirectory, caller.url);
  const content = file === undefined ? undefined : await readPage(file);
  if (file === undefined || content === undefined) {
    plain(response, 404, 'There is no such page.\n');
    return;
  }
  if (isNew) response.setHeader('Set-Cookie', admission.setCookie);
  response.writeHead(200, { ...assetHeaders(file), 'Content-Length': content.byteLength });
  response.end(request.method === 'HEAD' ? undefined : content);
}

/** What a file of the page holds; undefined when there is no such file. */
async function readPage(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readProgramFile(file);
  } catch (error) {
    // A directory's name is no page either.
    const missing = ['io/not-found', 'io/not-a-directory'].includes(
      error instanceof AppError ? error.code : '',
    );
    if (missing || (error instanceof AppError && error.facts.system === 'EISDIR')) return undefined;
    throw error;
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(403, {
    ...securityHeaders,
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(refusalPage);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...securityHeaders,
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

function refuseUpgrade(socket: Duplex, status: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  // Not left to the other side, which may keep its half open for ever.
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/** Ends windows that no longer answer: a browser that was killed, a machine that slept. */
function keepAlive(sockets: WebSocketServer): () => void {
  const silent = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const client of sockets.clients) {
      if (silent.has(client)) {
        client.terminate();
        continue;
      }
      silent.add(client);
      client.once('pong', () => silent.delete(client));
      client.ping();
    }
  }, PING_INTERVAL);
  timer.unref();
  return () => clearInterval(timer);
}

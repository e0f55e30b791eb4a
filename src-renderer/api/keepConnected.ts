import type { RpcClient } from '../../src-shared/rpc/client';
import { Listeners } from '../../src-shared/rpc/listeners';
import type { Transport } from '../../src-shared/rpc/transport';
import { webSocketTransport, type Socket } from '../../src-shared/rpc/webSocketTransport';

/** A WebSocket that may not be open yet. */
export interface OpeningSocket extends Socket {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
}

/** Milliseconds between the first attempts, and at most. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;

/**
 * Gives a client a connection, and a new one whenever it is lost: at once, then ever slower. What is asked before the
 * first attempt has come to something waits for it.
 * @returns `retry` tries again without waiting, `end` gives up for good and closes the connection
 */
export function keepConnected(
  client: RpcClient,
  open: () => OpeningSocket,
): { readonly retry: () => void; readonly end: () => void } {
  let ended = false;
  let wait = FIRST_WAIT;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt: OpeningSocket | undefined;
  let first: EarlyTransport | undefined = new EarlyTransport();
  client.reconnect(first);

  const attemptNow = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const socket = open();
    attempt = socket;
    socket.addEventListener('open', () => {
      wait = FIRST_WAIT;
      const transport = webSocketTransport(socket);
      if (first !== undefined) first.connect(transport);
      else client.reconnect(transport);
      first = undefined;
    });
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('close', () => {
      attempt = undefined;
      first?.close();
      first = undefined;
      if (ended) return;
      timer = setTimeout(attemptNow, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  };
  attemptNow();

  return {
    retry() {
      if (!ended && attempt === undefined) attemptNow();
    },
    end() {
      ended = true;
      clearTimeout(timer);
      client.close();
      attempt?.close();
    },
  };
}

/** Keeps what is sent until the connection is there. */
class EarlyTransport implements Transport {
  private readonly frames = new Listeners<unknown>();
  private readonly closes = new Listeners<undefined>();
  private waiting: unknown[] = [];
  private target: Transport | undefined;
  private closed = false;

  connect(target: Transport): void {
    this.target = target;
    target.onFrame((frame) => this.frames.emit(frame));
    target.onClose(() => this.close());
    for (const frame of this.waiting) target.send(frame);
    this.waiting = [];
  }

  send(frame: unknown): void {
    if (this.target !== undefined) this.target.send(frame);
    else if (!this.closed) this.waiting.push(frame);
  }

  onFrame(listener: (frame: unknown) => void): () => void {
    return this.frames.add(listener);
  }

  onClose(listener: () => void): () => void {
    return this.closes.add(() => listener());
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.waiting = [];
    this.target?.close();
    this.closes.emit(undefined);
  }
}

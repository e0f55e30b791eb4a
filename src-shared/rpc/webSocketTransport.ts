import { decodeFrame, encodeFrame, MAX_FRAME_BYTES } from './frameText';
import { Listeners } from './listeners';
import type { Transport } from './transport';

/** The part of a WebSocket that is needed: the browser's own and that of the package `ws` both fit. */
export interface Socket {
  /** 1 while frames can be sent. */
  readonly readyState: number;
  /** Bytes that were given to `send` and have not left yet. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close' | 'error', listener: () => void): void;
}

/** Why a side ends a connection by itself: codes of the range that is left to programs. */
export const closeCodes = {
  /** A message that is no frame. */
  malformed: 4400,
  /** The other side does not take what it is sent. */
  slow: 4408,
  /** The person closed the program. */
  ended: 4001,
} as const;

const OPEN = 1;
/** Bytes that may wait for a side that does not read. */
const MAX_WAITING = 2 * MAX_FRAME_BYTES;

/**
 * A transport over a WebSocket that is open. A message that is no frame (binary, not JSON, too large) closes the
 * connection with a reason, and so does a side that does not read what it is sent. Frames that arrive before the first
 * listener are lost: add it in the turn in which the socket opens.
 */
export function webSocketTransport(socket: Socket): Transport {
  const frames = new Listeners<unknown>();
  const closes = new Listeners<undefined>();
  let open = true;

  const end = (code: number, reason: string): void => {
    if (!open) return;
    open = false;
    socket.close(code, reason);
    closes.emit(undefined);
  };
  socket.addEventListener('message', ({ data }) => {
    if (!open) return;
    const decoded = typeof data === 'string' ? decodeFrame(data) : { fault: 'the message is binary' };
    if ('frame' in decoded) frames.emit(decoded.frame);
    else end(closeCodes.malformed, decoded.fault);
  });
  // Without a listener the error of a socket of `ws` would end the program. A close always follows it.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', () => {
    if (!open) return;
    open = false;
    closes.emit(undefined);
  });

  return {
    send(frame) {
      if (!open || socket.readyState !== OPEN) return;
      const text = encodeFrame(frame);
      if (socket.bufferedAmount > MAX_WAITING) end(closeCodes.slow, 'the messages are not read');
      else socket.send(text);
    },
    onFrame: (listener) => frames.add(listener),
    onClose: (listener) => closes.add(() => listener()),
    close: () => end(closeCodes.ended, 'closed'),
  };
}

import { decodeFrame, encodeFrame } from './frameText';
import { Listeners } from './listeners';
import type { Transport } from './transport';

/** A port as Node has it: a MessagePort of worker_threads, `parentPort`, or a Worker. */
export interface NodePort {
  postMessage(value: unknown): void;
  on(event: string, listener: (value: unknown) => void): unknown;
  off(event: string, listener: (value: unknown) => void): unknown;
  close?(): void;
}

/** A MessagePort as browsers have it. */
export interface BrowserPort {
  postMessage(value: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  start(): void;
  close(): void;
}

/** Says to the other side that no frame follows: a thread lives on, and a browser's port is not told of a close. */
const GOODBYE = null;

/**
 * A transport over a message port: between threads, or between windows. Frames travel as JSON text, of bounded size;
 * a message that is no frame is dropped. It closes when the port is closed, when the other side closes, and when the
 * thread behind a Worker ends; closing it does not end that thread. Messages wait in the port until the first listener
 * for frames is there.
 */
export function messagePortTransport(port: NodePort | BrowserPort): Transport {
  const frames = new Listeners<unknown>();
  const closes = new Listeners<undefined>();
  let open = true;
  let receiving = false;

  const receive = (message: unknown): void => {
    if (!open) return;
    if (message === GOODBYE) {
      end();
    } else if (typeof message === 'string') {
      const decoded = decodeFrame(message);
      if ('frame' in decoded) frames.emit(decoded.frame);
    }
  };
  const receiveEvent = ({ data }: { readonly data: unknown }): void => receive(data);
  const end = (): void => {
    if (!open) return;
    open = false;
    if (isNodePort(port)) port.off('message', receive);
    else port.removeEventListener('message', receiveEvent);
    port.close?.();
    closes.emit(undefined);
  };
  // A Worker's 'error' has nobody else to hear it, and would end the program; its 'exit' follows.
  if (isNodePort(port)) for (const event of ['close', 'exit', 'error']) port.on(event, end);

  return {
    send(frame) {
      if (open) port.postMessage(encodeFrame(frame));
    },
    onFrame(listener) {
      const leave = frames.add(listener);
      if (!receiving && open) {
        receiving = true;
        if (isNodePort(port)) {
          port.on('message', receive);
        } else {
          port.addEventListener('message', receiveEvent);
          port.start();
        }
      }
      return leave;
    },
    onClose: (listener) => closes.add(() => listener()),
    close() {
      if (!open) return;
      port.postMessage(GOODBYE);
      end();
    },
  };
}

function isNodePort(port: NodePort | BrowserPort): port is NodePort {
  return 'on' in port;
}

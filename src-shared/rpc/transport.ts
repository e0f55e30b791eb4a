import { decodeFrame, encodeFrame } from './frameText';
import { Listeners } from './listeners';

export { Listeners } from './listeners';

/**
 * Carries frames between two sides, in order, as JSON-safe values. Adapters exist for memory, WebSocket, MessagePort and
 * Electron's IPC; nothing above this line knows which one it is.
 */
export interface Transport {
  /**
   * Sends one frame. After the connection has closed it does nothing.
   * @throws AppError 'io/failed' when the frame is larger than a message may be
   */
  send(frame: unknown): void;
  /** Called for each frame that arrives. Returns what ends the subscription. */
  onFrame(listener: (frame: unknown) => void): () => void;
  /** Called once when the connection has ended, by either side. Returns what ends the subscription. */
  onClose(listener: () => void): () => void;
  close(): void;
}

/** Two transports that are each other's other side. Frames are copied as JSON, as on every real transport. */
export function memoryTransports(): [Transport, Transport] {
  const frames = [new Listeners<unknown>(), new Listeners<unknown>()];
  const closes = [new Listeners<undefined>(), new Listeners<undefined>()];
  let open = true;
  const side = (own: 0 | 1, other: 0 | 1): Transport => ({
    send(frame) {
      if (!open) return;
      const text = encodeFrame(frame);
      void Promise.resolve().then(() => {
        if (!open) return;
        const decoded = decodeFrame(text);
        if ('frame' in decoded) frames[other].emit(decoded.frame);
      });
    },
    onFrame: (listener) => frames[own].add(listener),
    onClose: (listener) => closes[own].add(() => listener()),
    close() {
      if (!open) return;
      open = false;
      closes[other].emit(undefined);
      closes[own].emit(undefined);
    },
  });
  return [side(0, 1), side(1, 0)];
}

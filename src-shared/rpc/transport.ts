/**
 * Carries frames between two sides, in order, as JSON-safe values. Adapters exist for memory, WebSocket, MessagePort and
 * Electron's IPC; nothing above this line knows which one it is.
 */
export interface Transport {
  /** Sends one frame. After the connection has closed it does nothing. */
  send(frame: unknown): void;
  /** Called for each frame that arrives. Returns what ends the subscription. */
  onFrame(listener: (frame: unknown) => void): () => void;
  /** Called once when the other side is gone. Returns what ends the subscription. */
  onClose(listener: () => void): () => void;
  close(): void;
}

/** A set of listeners that can be left again. */
export class Listeners<T> {
  private readonly all = new Set<(value: T) => void>();

  add(listener: (value: T) => void): () => void {
    this.all.add(listener);
    return () => {
      this.all.delete(listener);
    };
  }

  emit(value: T): void {
    for (const listener of [...this.all]) listener(value);
  }
}

/** Two transports that are each other's other side. Frames are copied as JSON, as on every real transport. */
export function memoryTransports(): [Transport, Transport] {
  const frames = [new Listeners<unknown>(), new Listeners<unknown>()];
  const closes = [new Listeners<undefined>(), new Listeners<undefined>()];
  let open = true;
  const side = (own: 0 | 1, other: 0 | 1): Transport => ({
    send(frame) {
      if (!open) return;
      const text = JSON.stringify(frame);
      void Promise.resolve().then(() => {
        if (open) frames[other].emit(JSON.parse(text));
      });
    },
    onFrame: (listener) => frames[own].add(listener),
    onClose: (listener) => closes[own].add(listener),
    close() {
      if (!open) return;
      open = false;
      closes[other].emit(undefined);
      closes[own].emit(undefined);
    },
  });
  return [side(0, 1), side(1, 0)];
}

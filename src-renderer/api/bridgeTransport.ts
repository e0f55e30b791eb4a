import { Listeners } from '../../src-shared/rpc/listeners';
import type { Transport } from '../../src-shared/rpc/transport';

/** What the desktop window gives the page to speak with the host. */
export interface FrameBridge {
  readonly send: (frame: unknown) => void;
  readonly onFrame: (callback: (frame: unknown) => void) => () => void;
}

/** A transport over the desktop window's bridge. It lasts as long as the page. */
export function bridgeTransport(bridge: FrameBridge): Transport {
  const closes = new Listeners<undefined>();
  const leaves = new Set<() => void>();
  let open = true;
  return {
    send(frame) {
      if (open) bridge.send(frame);
    },
    onFrame(listener) {
      const leave = bridge.onFrame((frame) => {
        if (open) listener(frame);
      });
      leaves.add(leave);
      return () => {
        leaves.delete(leave);
        leave();
      };
    },
    onClose: (listener) => closes.add(() => listener()),
    close() {
      if (!open) return;
      open = false;
      for (const leave of leaves) leave();
      closes.emit(undefined);
    },
  };
}

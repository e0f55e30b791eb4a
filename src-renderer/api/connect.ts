import type { RpcClient } from '../../src-shared/rpc/client';
import { bridgeTransport, type FrameBridge } from './bridgeTransport';
import { keepConnected } from './keepConnected';

/** What the desktop window's preload script leaves on the page; a browser has no such thing. */
interface DesktopBridge extends FrameBridge {
  readonly pathForFile: (file: File) => string;
}

declare global {
  interface Window {
    readonly wimsmith?: DesktopBridge;
  }
}

/** Connects the page with its host: through the desktop window, or by a WebSocket to where the page came from. */
export function connect(client: RpcClient): void {
  if (window.wimsmith !== undefined) {
    client.reconnect(bridgeTransport(window.wimsmith));
    return;
  }
  hideToken();
  const { retry } = keepConnected(client, () => new WebSocket(`ws://${location.host}/rpc`));
  window.addEventListener('online', retry);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') retry();
  });
}

/**
 * Path of a file or folder that was dropped on the page; undefined in a browser, which does not tell it, and for what has
 * none.
 */
export function pathOfDrop(file: File): string | undefined {
  const path = window.wimsmith?.pathForFile(file) ?? '';
  return path === '' ? undefined : path;
}

/** What let the page in came with the address; the cookie has it by now, and nobody should read or copy it there. */
function hideToken(): void {
  const query = new URLSearchParams(location.search);
  if (!query.has('token') && !query.has('ticket')) return;
  query.delete('token');
  query.delete('ticket');
  const rest = query.size > 0 ? `?${query.toString()}` : '';
  history.replaceState(history.state, '', `${location.pathname}${rest}${location.hash}`);
}

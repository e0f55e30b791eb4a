import type { Session, WebContents, WindowOpenHandlerResponse } from 'electron';
import { isOwnAddress, ORIGIN } from './origin';

/** Hosts whose pages the program may show in the person's own browser: the documentation of the formats. */
export const EXTERNAL_HOSTS: ReadonlySet<string> = new Set(['learn.microsoft.com', 'wimlib.net']);

/** Whether an address may be handed to the person's browser: https, a host of {@link EXTERNAL_HOSTS}, nothing odd. */
export function mayOpenExternally(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  // `host` has the port, if there is one that is not 443.
  return protocol === 'https:' && EXTERNAL_HOSTS.has(host) && username === '' && password === '';
}

interface Navigation {
  readonly url: string;
  preventDefault(): void;
}

/** What the program allows, as functions of nothing but their arguments. */
export const guards = {
  /** No page opens a window. An allowed address goes to the person's browser instead. */
  windowOpen: (
    { url }: { readonly url: string },
    openExternal: (address: string) => void,
  ): WindowOpenHandlerResponse => {
    if (mayOpenExternally(url)) openExternal(url);
    return { action: 'deny' };
  },
  /** A frame goes, or is sent, nowhere but to the workbench's own page. */
  navigation: (event: Navigation): void => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  },
  /** No page holds another one. */
  webviewAttach: (event: { preventDefault(): void }): void => {
    event.preventDefault();
  },
  /** A page asks for a permission: no. */
  permissionRequest: (_contents: unknown, _permission: unknown, answer: (granted: boolean) => void): void => {
    answer(false);
  },
  /** A page looks whether it has a permission: it has none. */
  permissionCheck: (): boolean => false,
  /** A page wants a device. */
  devicePermission: (): boolean => false,
} as const;

/** Sets the guards of a page. To be called for every page that comes into being, before it loads anything. */
export function guardContents(contents: WebContents, openExternal: (address: string) => void): void {
  contents.setWindowOpenHandler((details) => guards.windowOpen(details, openExternal));
  contents.on('will-navigate', guards.navigation);
  contents.on('will-frame-navigate', guards.navigation);
  contents.on('will-redirect', guards.navigation);
  contents.on('will-attach-webview', guards.webviewAttach);
}

/** Sets the guards of a session. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler(guards.permissionRequest);
  session.setPermissionCheckHandler(guards.permissionCheck);
  session.setDevicePermissionHandler(guards.devicePermission);
}

/** As much of a message's event as tells who sent it. */
export interface SenderEvent {
  readonly sender: { readonly id: number };
  readonly senderFrame: {
    readonly origin: string;
    readonly parent: unknown;
    readonly detached: boolean;
  } | null;
}

/**
 * Whether a message comes from a page of the workbench: a window that the program opened, its top frame, exactly its
 * origin. To be asked at once when the message arrives: later the frame may be gone, or be another page.
 * @param known whether a page of this number is one of the program's windows
 */
export function isTrustedSender(event: SenderEvent, known: (contentsId: number) => boolean): boolean {
  const frame = event.senderFrame;
  if (frame === null || !known(event.sender.id)) return false;
  try {
    return !frame.detached && frame.parent === null && frame.origin === ORIGIN;
  } catch {
    // A frame that was disposed between the message and this line throws when it is asked: it is nobody's.
    return false;
  }
}

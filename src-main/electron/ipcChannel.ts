/** What the preload script and the main process agree on. */

/** The one channel. Arguments: the connection's name, and the frame as the text that all transports carry. */
export const FRAME_CHANNEL = 'wimsmith:frame';

/** Every load of the page is a connection of its own, so that nothing of an earlier one reaches it. */
export const CONNECTION_NAME = /^[0-9a-f-]{16,64}$/;

/** What the preload script gives the page as `window.wimsmith`. */
export interface DesktopBridge<DroppedFile> {
  /** Sends a frame to the program. It must be JSON-safe; one that is too large throws. */
  readonly send: (frame: unknown) => void;
  /** Called with each frame from the program. Returns what ends that. */
  readonly onFrame: (callback: (frame: unknown) => void) => () => void;
  /** Path of a file or folder that was dropped on the page; '' when it has none. */
  readonly pathForFile: (file: DroppedFile) => string;
}

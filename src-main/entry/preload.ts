import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { decodeFrame, encodeFrame } from '../../src-shared/rpc/frameText';
import { callEach } from '../../src-shared/rpc/listeners';
import { FRAME_CHANNEL, type DesktopBridge } from '../electron/ipcChannel';

/** The file of a drop, as the page has it. */
type DroppedFile = Parameters<typeof webUtils.getPathForFile>[0];

// Frames of an earlier load of the page carry another name, and are no concern of this one.
const connection = crypto.randomUUID();
const callbacks = new Set<(frame: unknown) => void>();

ipcRenderer.on(FRAME_CHANNEL, (_event, name: unknown, text: unknown) => {
  if (name !== connection || typeof text !== 'string') return;
  const decoded = decodeFrame(text);
  if (!('frame' in decoded)) return;
  // The event stays here: through it the page could reach the IPC itself.
  callEach(callbacks, decoded.frame);
});

const bridge: DesktopBridge<DroppedFile> = {
  send: (frame) => ipcRenderer.send(FRAME_CHANNEL, connection, encodeFrame(frame)),
  onFrame(callback) {
    callbacks.add(callback);
    return () => {
      callbacks.delete(callback);
    };
  },
  pathForFile: (file) => webUtils.getPathForFile(file),
};

contextBridge.exposeInMainWorld('wimsmith', bridge);

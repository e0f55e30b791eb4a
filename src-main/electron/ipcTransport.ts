import type { IpcMain, IpcMainEvent, WebContents } from 'electron';
import { decodeFrame, encodeFrame } from '../../src-shared/rpc/frameText';
import { Listeners } from '../../src-shared/rpc/listeners';
import type { Transport } from '../../src-shared/rpc/transport';
import { isTrustedSender } from './guards';
import { CONNECTION_NAME, FRAME_CHANNEL } from './ipcChannel';

/** One load of a page. */
class PageTransport implements Transport {
  private readonly frames = new Listeners<unknown>();
  private readonly closes = new Listeners<undefined>();
  private open = true;

  constructor(
    readonly connection: string,
    private readonly contents: WebContents,
  ) {}

  send(frame: unknown): void {
    if (!this.open || this.contents.isDestroyed()) return;
    this.contents.send(FRAME_CHANNEL, this.connection, encodeFrame(frame));
  }

  onFrame(listener: (frame: unknown) => void): () => void {
    return this.frames.add(listener);
  }

  onClose(listener: () => void): () => void {
    return this.closes.add(listener);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.closes.emit(undefined);
  }

  receive(frame: unknown): void {
    if (this.open) this.frames.emit(frame);
  }
}

interface Page {
  readonly contents: WebContents;
  current: PageTransport | undefined;
  /** Names of earlier connections: a late frame of one must not take the place of what came after it. */
  readonly past: string[];
}

/** Past connections that are remembered for each page. */
const PAST = 32;

/**
 * The IPC side of the rpc: a transport for each load of each of the program's pages. It comes with the page's first
 * frame, and closes when the page navigates, reloads, crashes or goes.
 */
export class IpcTransports {
  private readonly pages = new Map<number, Page>();
  private readonly listener: (event: IpcMainEvent, connection: unknown, text: unknown) => void;

  constructor(
    private readonly ipcMain: Pick<IpcMain, 'on' | 'off'>,
    private readonly connect: (transport: Transport) => void,
  ) {
    this.listener = (event, connection, text) => this.receive(event, connection, text);
    ipcMain.on(FRAME_CHANNEL, this.listener);
  }

  /** Serves a page from now on. Pages that were not added are not heard. */
  add(contents: WebContents): void {
    const page: Page = { contents, current: undefined, past: [] };
    this.pages.set(contents.id, page);
    const id = contents.id;
    contents.on('did-navigate', () => this.leave(page));
    contents.on('render-process-gone', () => this.leave(page));
    contents.on('destroyed', () => {
      this.leave(page);
      this.pages.delete(id);
    });
  }

  /** Closes all transports and hears no page any more. */
  close(): void {
    this.ipcMain.off(FRAME_CHANNEL, this.listener);
    for (const page of this.pages.values()) this.leave(page);
    this.pages.clear();
  }

  private receive(event: IpcMainEvent, connection: unknown, text: unknown): void {
    // First of all and synchronously: the frame may be another page in the next turn.
    if (!isTrustedSender(event, (id) => this.pages.has(id))) return;
    const page = this.pages.get(event.sender.id);
    if (page === undefined || typeof connection !== 'string' || !CONNECTION_NAME.test(connection)) return;
    if (typeof text !== 'string' || page.past.includes(connection)) return;
    const decoded = decodeFrame(text);
    // What is no frame can have no answer; the window that sent it keeps working.
    if ('frame' in decoded) this.transportOf(page, connection).receive(decoded.frame);
  }

  private transportOf(page: Page, connection: string): PageTransport {
    if (page.current?.connection === connection) return page.current;
    this.leave(page);
    const transport = new PageTransport(connection, page.contents);
    page.current = transport;
    this.connect(transport);
    return transport;
  }

  private leave(page: Page): void {
    const { current } = page;
    if (current === undefined) return;
    page.current = undefined;
    page.past.push(current.connection);
    if (page.past.length > PAST) page.past.shift();
    current.close();
  }
}

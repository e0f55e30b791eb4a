import type { FileRow } from '../../../src-shared/contract/files';

/** A folder as far as it was read. */
export interface Folder {
  /** The folder that the rows are of; '' until the first was read. */
  readonly path: string;
  readonly parent: string | null;
  readonly total: number;
  /** By place in the folder's order: directories first, then by name. */
  readonly rows: ReadonlyMap<number, FileRow>;
}

export const emptyFolder: Folder = { path: '', parent: null, total: 0, rows: new Map() };

/** One stretch of the folder, as the host gives it. */
export interface FolderPage {
  readonly path: string;
  readonly parent: string | null;
  readonly total: number;
  readonly rows: readonly FileRow[];
}

/** Rows that are read at once. */
export const PAGE = 500;
/** Places that a search for a name looks at. */
const SEARCHED = 50_000;

/** A folder that is read page by page. After {@link end} nothing is told any more. */
export class PagedFolder {
  private readonly request = new AbortController();
  private readonly pages = new Map<number, Promise<void>>();
  private folder = emptyFolder;

  constructor(
    private readonly list: (offset: number, limit: number, signal: AbortSignal) => Promise<FolderPage>,
    private readonly onFolder: (folder: Folder) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  get ended(): boolean {
    return this.request.signal.aborted;
  }

  end(): void {
    this.request.abort();
  }

  /** Reads what of these places was not read yet. A page that failed is read again. */
  async need(first: number, last: number): Promise<void> {
    const pages: Promise<void>[] = [];
    for (let page = Math.floor(first / PAGE); page * PAGE <= last; page++) pages.push(this.page(page));
    await Promise.all(pages);
  }

  /** The place at or after `from`, and then from the beginning, of a name that begins so in any case; -1: none. */
  async find(start: string, from: number): Promise<number> {
    const { total } = this.folder;
    const count = Math.min(total, SEARCHED);
    const sought = start.toLowerCase();
    for (let step = 0; step < count; step++) {
      const at = (from + step) % total;
      if (!this.folder.rows.has(at)) await this.need(at, at);
      if (this.ended) return -1;
      if (this.folder.rows.get(at)?.name.toLowerCase().startsWith(sought) === true) return at;
    }
    return -1;
  }

  private page(page: number): Promise<void> {
    let promise = this.pages.get(page);
    if (promise === undefined) {
      promise = this.read(page);
      this.pages.set(page, promise);
    }
    return promise;
  }

  private async read(page: number): Promise<void> {
    const offset = page * PAGE;
    try {
      const found = await this.list(offset, PAGE, this.request.signal);
      if (this.ended) return;
      const rows = new Map(this.folder.rows);
      found.rows.forEach((row, i) => rows.set(offset + i, row));
      this.folder = { path: found.path, parent: found.parent, total: found.total, rows };
      this.onFolder(this.folder);
    } catch (error) {
      this.pages.delete(page);
      if (!this.ended) this.onError(error);
    }
  }
}

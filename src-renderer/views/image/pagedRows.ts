/** A stretch of rows of a list that the host keeps. */
export interface RowPage<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

type FetchPage<Row> = (offset: number, limit: number, signal: AbortSignal) => Promise<RowPage<Row>>;

const PAGE = 200;
/** Pages that are kept at most; those used longest ago go first. */
const KEPT = 100;

/**
 * A long list of which only what is looked at is here. Pages are fetched one at a time, always from the stretch that was
 * last wanted: what a fast scroll passed by is never asked for.
 */
export class PagedRows<Row> {
  /** null until the first page is there. */
  total: number | null = null;
  error: unknown = undefined;
  /** Changes whenever there is something new to draw. */
  version = 0;
  private readonly pages = new Map<number, readonly Row[]>();
  private readonly listeners = new Set<() => void>();
  private abort = new AbortController();
  private wanted = { first: 0, last: 0 };
  private fetching = false;

  constructor(private readonly fetch: FetchPage<Row>) {}

  /** The row at a place; undefined while it is not here. */
  row(index: number): Row | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Says which rows are looked at. */
  want(first: number, last: number): void {
    if (this.abort.signal.aborted) this.abort = new AbortController();
    this.wanted = { first, last };
    if (this.error === undefined) void this.next();
  }

  /** Asks again after an error. */
  retry(): void {
    this.error = undefined;
    void this.next();
  }

  /** All rows of a stretch; fetches what is missing of it. */
  async range(first: number, last: number): Promise<Row[]> {
    const rows: Row[] = [];
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) {
      const known = this.pages.get(page) ?? (await this.load(page));
      for (const [i, row] of known.entries()) {
        const index = page * PAGE + i;
        if (index >= first && index <= last) rows.push(row);
      }
    }
    return rows;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): number => this.version;

  /** Ends what is under way; what is here stays. */
  pause(): void {
    this.abort.abort();
  }

  private async next(): Promise<void> {
    if (this.fetching || this.abort.signal.aborted) return;
    const page = this.missing();
    if (page === undefined) return;
    const { signal } = this.abort;
    this.fetching = true;
    try {
      await this.load(page);
    } catch (error) {
      if (!signal.aborted) {
        this.error = error;
        this.changed();
      }
    } finally {
      this.fetching = false;
    }
    if (this.error === undefined) void this.next();
  }

  private missing(): number | undefined {
    const end = this.total ?? 1;
    const last = Math.floor(Math.min(this.wanted.last, Math.max(0, end - 1)) / PAGE);
    for (let page = Math.floor(this.wanted.first / PAGE); page <= last; page++) {
      const known = this.pages.get(page);
      if (known === undefined) return page;
      // Used just now: it goes to the end of the map.
      this.pages.delete(page);
      this.pages.set(page, known);
    }
    return undefined;
  }

  private async load(page: number): Promise<readonly Row[]> {
    const { total, rows } = await this.fetch(page * PAGE, PAGE, this.abort.signal);
    this.total = total;
    this.pages.set(page, rows);
    for (const old of this.pages.keys()) {
      if (this.pages.size <= KEPT) break;
      this.pages.delete(old);
    }
    this.changed();
    return rows;
  }

  private changed(): void {
    this.version += 1;
    for (const listener of [...this.listeners]) listener();
  }
}

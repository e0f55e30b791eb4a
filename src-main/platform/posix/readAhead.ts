import type { DirectoryListing, ListDirectories } from '../../engine/tree/directoryListing';

/** Directories that are asked for in one go: most have few entries. */
const BATCH = 16;
/** Listings on their way or waiting to be taken, at most: directories, and entries of those that have arrived. */
const MAX_DIRECTORIES = 256;
const MAX_ENTRIES = 32_768;

interface Announced {
  readonly row: number;
  readonly path: string;
}

/** Lists directories before they are asked for, in the order in which they were announced. */
export class DirectoryReadAhead {
  private readonly announced: Announced[] = [];
  private next = 0;
  private readonly listings = new Map<number, Promise<DirectoryListing | undefined>>();
  private entries = 0;

  constructor(private readonly list: ListDirectories) {}

  /** Says that a directory will be asked for, after all that were announced before. */
  announce(row: number, path: string): void {
    this.announced.push({ row, path });
  }

  /** The listing of an announced directory; undefined when it has to be looked at again, for the reason. */
  async take(row: number): Promise<DirectoryListing | undefined> {
    // One that nothing of was started yet is always the next one.
    if (!this.listings.has(row)) this.start();
    const listing = await this.listings.get(row);
    this.listings.delete(row);
    this.entries -= listing?.names.length ?? 0;
    this.refill();
    return listing;
  }

  private refill(): void {
    while (
      this.announced.length - this.next >= BATCH &&
      this.listings.size + BATCH <= MAX_DIRECTORIES &&
      this.entries < MAX_ENTRIES
    ) {
      this.start();
    }
  }

  private start(): void {
    const batch = this.announced.slice(this.next, this.next + BATCH);
    this.next += batch.length;
    if (this.next > 1024) {
      this.announced.splice(0, this.next);
      this.next = 0;
    }
    const answer = this.list(batch.map(({ path }) => path));
    batch.forEach(({ row }, i) => {
      const listing = answer.then((listings) => {
        this.entries += listings[i]?.names.length ?? 0;
        return listings[i];
      });
      // A failure is told to whoever takes the listing; a scan that ended before takes none.
      void Promise.allSettled([listing]);
      this.listings.set(row, listing);
    });
  }
}

import { AppError } from '../../../src-shared/errors/appError';
import { watchFolder } from '../../platform/folderWatch';

/** The system reports one change of a file many times, ms. */
const QUIET = 500;
/** What the system does not report (shares, unplugged drives) is found by looking, ms. */
const PERIOD = 30_000;

/** Looks again when something in one of the folders may have changed, and from time to time. Never twice at once. */
export class FolderWatch {
  private readonly ends = new Map<string, () => void>();
  private quiet: NodeJS.Timeout | undefined;
  private readonly period: NodeJS.Timeout;
  private looking: Promise<void> | undefined;
  private again = false;
  private closed = false;

  /**
   * @param folders absolute
   * @param look reads what is there; its failures are told and end nothing
   */
  constructor(
    private readonly folders: () => readonly string[],
    private readonly look: () => Promise<void>,
    private readonly warn: (text: string) => void,
  ) {
    this.period = setInterval(() => this.start(), PERIOD);
    this.period.unref();
  }

  /** The folders are other ones now: looks at once. */
  changed(): void {
    this.watchAll();
    this.start();
  }

  /** Resolves when no look is under way. */
  async settled(): Promise<void> {
    while (this.looking !== undefined) await this.looking;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.period);
    clearTimeout(this.quiet);
    for (const end of this.ends.values()) end();
    this.ends.clear();
    await this.settled();
  }

  private watchAll(): void {
    const wanted = new Set(this.folders());
    for (const [folder, end] of this.ends) {
      if (wanted.has(folder)) continue;
      end();
      this.ends.delete(folder);
    }
    for (const folder of wanted) {
      if (!this.ends.has(folder))
        this.ends.set(
          folder,
          watchFolder(folder, () => this.noticed()),
        );
    }
  }

  private noticed(): void {
    if (this.closed) return;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.start(), QUIET);
    this.quiet.unref();
  }

  private start(): void {
    if (this.closed) return;
    if (this.looking !== undefined) {
      this.again = true;
      return;
    }
    this.looking = this.run();
  }

  private async run(): Promise<void> {
    do {
      this.again = false;
      try {
        await this.look();
      } catch (error) {
        this.warn(error instanceof AppError ? error.message : String(error));
      }
    } while (this.again && !this.closed);
    this.looking = undefined;
  }
}

import { AppError, FormatError } from '../../../src-shared/errors/appError';
import type { BaseBlock } from './baseBlock';
import { CellAllocator } from './cellAllocator';
import type { CellStore } from './cellStore';
import { checkHive } from './checkHive';

const MOST_WARNINGS = 100;

/** What the parts of an open hive share. */
export class HiveCore {
  readonly warnings: string[] = [];
  changed = false;
  /** Which key lists which: a key that a second one lists is not shown there again, so keys are a tree. */
  readonly parents = new Map<number, number>();
  /** Keys whose list of subkeys is known to be in order. */
  readonly ordered = new Set<number>();
  private allocator: CellAllocator | undefined;
  /** Counts deletions of keys; and for each deleted cell which one it was. */
  private deletions = 0;
  private readonly deleted = new Map<number, number>();

  /**
   * @param unchangeable why the hive must not be changed
   * @param now FILETIME
   */
  constructor(
    readonly label: string,
    readonly block: BaseBlock,
    readonly cells: CellStore,
    private readonly unchangeable: AppError | undefined,
    readonly now: () => bigint,
  ) {
    this.parents.set(block.root, block.root);
  }

  get root(): number {
    return this.block.root;
  }

  /**
   * For the one who changes something. The first time, the whole hive is checked and copied.
   * @throws AppError when it is dirty; FormatError when it is damaged
   */
  change(): CellAllocator {
    if (this.allocator === undefined) {
      if (this.unchangeable !== undefined) throw this.unchangeable;
      if (this.cells.faults.length > 0) {
        const [{ offset, problem }] = this.cells.faults;
        throw new FormatError({ structure: 'hive bin', offset, problem }, 'registry/malformed');
      }
      const allocator = new CellAllocator(this.cells);
      this.cells.makeOwn();
      checkHive(this.cells, this.root).forEach((repair) => this.warn(repair));
      this.allocator = allocator;
    }
    this.changed = true;
    return this.allocator;
  }

  /** The allocator of a hive that was changed. */
  get changes(): CellAllocator | undefined {
    return this.allocator;
  }

  warn(text: string): void {
    if (this.warnings.length < MOST_WARNINGS) this.warnings.push(`${this.label}: ${text}`);
    else if (this.warnings.length === MOST_WARNINGS) this.warnings.push(`${this.label}: and more like these`);
  }

  /** Runs what reads one part; if that is damaged, warns and goes on without it. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.warn(error.message);
      return undefined;
    }
  }

  /** Whether a key may appear below this one: the first that lists it has it. */
  claim(child: number, parent: number): boolean {
    const known = this.parents.get(child);
    if (known === undefined) this.parents.set(child, parent);
    return known === undefined || known === parent;
  }

  /** What tells later whether a key of now is still there. */
  get moment(): number {
    return this.deletions;
  }

  noteDeleted(key: number): void {
    this.deletions++;
    this.deleted.set(key, this.deletions);
    this.parents.delete(key);
    this.ordered.delete(key);
  }

  /** @throws AppError when the key was deleted after that moment */
  requireKey(key: number, moment: number): void {
    if (this.deletions > moment && (this.deleted.get(key) ?? 0) > moment) {
      throw new AppError('registry/no-such-key', `${this.label}: the key was deleted`);
    }
  }
}

import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import { FileAttribute } from '../../engine/tree/attributes';
import type { FilePlacement } from '../../engine/pipeline/tasks';
import type {
  ApplyOptions,
  Feature,
  Realization,
  TargetRemains,
  TargetRemark,
  TreeTarget,
} from '../../engine/tree/target';
import { NONE } from '../../engine/tree/tree';
import { rawFs } from '../rawFs';
import { systemErrorName } from '../systemErrors';
import { nativePath } from './nativePath';
import { absolutePath } from './paths';
import { RemarkTally } from '../../engine/tree/remarkTally';
import { Replacements } from './replacements';
import { makeDirectory, makeTarget, markOccupied, markTaken } from './targetDirectories';
import { LinkMaker } from './targetLinks';
import { tallyLosses } from './targetLosses';
import { MetadataSetter, unixMetadata } from './targetMetadata';
import { nameRulesOf } from './targetNames';
import { EntryState, TargetPlan } from './targetPlan';

/** How long a loop may hold the thread, ms. */
const BREATH = 20;
const ENTRIES_PER_LOOK = 64;

const posixFeatures: readonly Feature[] = ['hardLinks', 'symbolicLinks', 'unixData', 'sparse'];
const windowsFeatures: readonly Feature[] = ['hardLinks', 'symbolicLinks', 'attributes', 'creationTime'];

type BeginRequest = Parameters<TreeTarget['begin']>[0];

/** What exists between begin and finish. */
interface Run {
  readonly plan: TargetPlan;
  readonly options: ApplyOptions;
  readonly tally: RemarkTally;
  readonly links: LinkMaker;
  readonly metadata: MetadataSetter;
  /** Directories whose own metadata is not set. */
  readonly bare: ReadonlySet<number> | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * A directory as a target. It need not exist, and need not be empty: a file in the way is replaced by one that is
 * complete, in one step; a failure leaves either of them whole. Nothing is ever written through a link below it.
 *
 * `begin` throws AppError `io/exists` when a file is where a directory must go or the reverse, `target/cannot-keep`
 * when the options are strict about what this target has no place for. Remarks count each kind of loss once.
 */
export function createPosixTarget(path: string): TreeTarget {
  return new DirectoryTarget(path);
}

class DirectoryTarget implements TreeTarget {
  readonly keeps: ReadonlySet<Feature> = new Set(
    process.platform === 'win32' ? windowsFeatures : posixFeatures,
  );
  private readonly base: string;
  private run: Run | undefined;
  /** The plan while begin is under way: abort then removes directories only. */
  private plan: TargetPlan | undefined;
  /** The target and those above it that this run made, outermost first. */
  private readonly madeAbove: string[] = [];
  private readonly replacements = new Replacements();
  private lastBreath = 0;

  constructor(readonly label: string) {
    this.base = absolutePath(label);
  }

  async begin({ tree, root, options, reparseData, bare, signal }: BeginRequest): Promise<void> {
    const tally = new RemarkTally();
    const plan = new TargetPlan(tree, root, options, nameRulesOf(process.platform), tally);
    this.refuseStrictness(plan, options);
    this.plan = plan;
    tallyLosses({ plan, keeps: this.keeps, options, bare }, tally);
    const isDirectory = plan.realization(tree.inode[root]) === 'directory';
    const top = isDirectory ? this.base : dirname(this.base);
    makeTarget(top, this.madeAbove);
    if (isDirectory) await this.makeDirectories(plan, signal);
    else markTaken(plan, root, this.base);
    const links = new LinkMaker(plan, top, options, reparseData, tally);
    const metadata = new MetadataSetter(plan, options, tally);
    this.run = { plan, options, tally, links, metadata, bare, signal };
  }

  realization(inode: number): Realization {
    const { plan } = this.running();
    return plan.firstEntry[inode] === NONE ? 'skipped' : plan.realization(inode);
  }

  placement(inode: number): FilePlacement {
    const { plan, options } = this.running();
    const { tree } = plan;
    const entry = plan.firstEntry[inode];
    if (entry === NONE || plan.realization(inode) !== 'file') {
      throw new AppError('internal/bug', `inode ${inode} is not applied as a file`);
    }
    const path = plan.path(this.base, entry);
    const place = this.madeAt(plan, entry, path);
    const plain = {
      kind: 'file' as const,
      path,
      accessTime: tree.lastAccessTime[inode],
      writeTime: tree.lastWriteTime[inode],
      sparse: (tree.attributes[inode] & FileAttribute.SPARSE_FILE) !== 0,
      attributes: tree.attributes[inode],
      creationTime: tree.creationTime[inode],
    };
    const { data, xattrs } = unixMetadata(plan, inode, options);
    // Most files have none of this, and objects that are copied to be extended cost more than they hold.
    if (place === path && data === undefined && xattrs.length === 0) return plain;
    return {
      ...plain,
      ...(place === path ? {} : { temporary: place }),
      ...(data === undefined ? {} : { mode: data.mode & 0o7777, owner: { uid: data.uid, gid: data.gid } }),
      ...(xattrs.length === 0 ? {} : { xattrs }),
    };
  }

  async finish(): Promise<readonly TargetRemark[]> {
    const run = this.running();
    const { plan, metadata, tally } = run;
    for (const entry of plan.entries) {
      await this.breathe(entry, run.signal);
      this.finishEntry(run, entry);
    }
    for (const entry of plan.entries.toReversed()) {
      await this.breathe(entry, run.signal);
      const isDirectory = plan.realization(plan.tree.inode[entry]) === 'directory';
      if (isDirectory && run.bare?.has(entry) !== true) metadata.set(entry, plan.path(this.base, entry));
    }
    return tally.remarks();
  }

  async abort(): Promise<TargetRemains> {
    const { plan } = this;
    if (plan === undefined)
      return { replaced: [], left: this.removeDirectories(this.madeAbove.toReversed()) };
    const replaced: string[] = [];
    const left: string[] = [];
    for (const entry of plan.entries.toReversed()) {
      await this.breathe(entry, undefined);
      const path = plan.path(this.base, entry);
      const state = plan.state[entry];
      if (plan.realization(plan.tree.inode[entry]) === 'directory') {
        if ((state & EntryState.MADE) !== 0) left.push(...this.removeDirectories([path]));
      } else if ((state & EntryState.BEGUN) !== 0) {
        if ((state & EntryState.OCCUPIED) === 0) {
          if (!remove(() => rawFs.unlinkSync(nativePath(path)))) left.push(path);
        } else if (this.isReplaced(entry, path, left)) {
          replaced.push(path);
        }
      }
    }
    left.push(...this.removeDirectories(this.madeAbove.toReversed()));
    return { replaced, left };
  }

  private isReplaced(entry: number, path: string, left: string[]): boolean {
    try {
      return this.replacements.abort(entry, path);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      left.push(`${path} (${error.message})`);
      return false;
    }
  }

  /** Where an entry is made: beside what is there already, until it is complete. */
  private madeAt(plan: TargetPlan, entry: number, path: string): string {
    plan.state[entry] |= EntryState.BEGUN;
    if ((plan.state[entry] & EntryState.OCCUPIED) === 0) return path;
    return this.replacements.begin(entry, path);
  }

  private finishEntry({ plan, links, metadata }: Run, entry: number): void {
    const inode = plan.tree.inode[entry];
    const realization = plan.realization(inode);
    const first = plan.firstEntry[inode];
    const isWritten = realization === 'file' && entry === first;
    if (realization === 'directory' || (isWritten && process.platform !== 'win32')) return;
    const path = plan.path(this.base, entry);
    if (isWritten) {
      // What a worker's open file cannot be given on Windows: attributes and the creation time.
      metadata.set(entry, path);
      return;
    }
    const place = this.madeAt(plan, entry, path);
    let isNew: boolean;
    if (realization === 'link') isNew = links.symbolicLink(entry, place);
    else if (realization === 'special' && entry === first) isNew = links.specialFile(entry, place);
    else isNew = links.hardLink(entry, plan.path(this.base, first), place);
    this.replacements.complete(entry, path);
    if (isNew) metadata.set(entry, path);
  }

  private async makeDirectories(plan: TargetPlan, signal: AbortSignal | undefined): Promise<void> {
    for (const entry of plan.entries) {
      if (plan.realization(plan.tree.inode[entry]) !== 'directory') continue;
      await this.breathe(entry, signal);
      const path = plan.path(this.base, entry);
      if (entry !== plan.root) makeDirectory(plan, entry, path);
      const isNew =
        entry === plan.root ? this.madeAbove.length > 0 : (plan.state[entry] & EntryState.MADE) !== 0;
      if (!isNew) markOccupied(plan, entry, path);
    }
  }

  /** Removes empty directories. @returns those that stay */
  private removeDirectories(paths: readonly string[]): string[] {
    return paths.filter((path) => !remove(() => rawFs.rmdirSync(nativePath(path))));
  }

  private refuseStrictness(plan: TargetPlan, options: ApplyOptions): void {
    const { tree, entries } = plan;
    const noAcls = options.securityDescriptors === 'strict' && options.unixData !== true;
    if (noAcls && entries.some((entry) => tree.securityId[tree.inode[entry]] !== NONE)) {
      throw new AppError('target/cannot-keep', `${this.base} cannot keep security descriptors`, {
        path: this.base,
      });
    }
    const noShortNames = options.strictShortNames === true;
    if (noShortNames && entries.some((entry) => tree.shortNameUnits(entry) > 0)) {
      throw new AppError('target/cannot-keep', `${this.base} cannot keep short names`, { path: this.base });
    }
  }

  private running(): Run {
    if (this.run === undefined) throw new AppError('internal/bug', 'the target has not begun');
    return this.run;
  }

  /** Lets other work run now and then. @throws CancelledError */
  private async breathe(entry: number, signal: AbortSignal | undefined): Promise<void> {
    if (entry % ENTRIES_PER_LOOK !== 0 || performance.now() - this.lastBreath < BREATH) return;
    await setImmediate();
    this.lastBreath = performance.now();
    if (signal?.aborted === true) throw new CancelledError();
  }
}

/** Whether a removal succeeded or there was nothing to remove. */
function remove(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    const name = systemErrorName(error);
    if (name === undefined) throw error;
    return name === 'ENOENT';
  }
}

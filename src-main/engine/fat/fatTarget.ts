import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import type { BlockDevice } from '../disk/blockDevice';
import type { ExtentPlacement } from '../pipeline/tasks';
import { RemarkTally } from '../tree/remarkTally';
import type { Feature, Realization, TargetRemains, TargetRemark, TreeTarget } from '../tree/target';
import type { Tree } from '../tree/tree';
import { tallyFatLosses } from './fatLosses';
import { fatTreeSize, planFatTree, type FatTreeEntry, type FatTreePlan } from './fatTreePlan';
import { createFatVolume, type FatFormatOptions, type FatVolumeWriter } from './fatVolumeWriter';
import { planFat32 } from './geometry';

type BeginRequest = Parameters<TreeTarget['begin']>[0];
type Place = ReturnType<FatVolumeWriter['reserveFile']>;

export interface FatTargetOptions extends FatFormatOptions {
  /** What messages call it; the device's name where absent. */
  readonly name?: string;
  /** Lets timers and signals run. */
  readonly breathe?: () => Promise<void>;
}

/** What exists between begin and finish. */
interface Run {
  readonly plan: FatTreePlan;
  readonly writer: FatVolumeWriter;
  readonly places: ReadonlyMap<FatTreeEntry, Place>;
  readonly tally: RemarkTally;
}

const PIECE = 1 << 20;
/** Entries between two looks at the signal. */
const ENTRIES_AT_A_TIME = 1000;

/**
 * A new FAT32 volume of the whole device as a target, formatted and filled in one pass. It keeps names, times to two
 * seconds (creation to 10 ms) and four attributes; hard links become copies, links are left out. Whatever was on the
 * device is gone from `begin` on; until `finish` has returned it holds no file system.
 *
 * `begin` throws AppError `io/no-space`, `layout/invalid`, or `target/cannot-keep` for a file of 4 GB or more.
 */
export function createFatTarget(device: BlockDevice, options: FatTargetOptions): TreeTarget {
  return new FatTarget(device, options);
}

class FatTarget implements TreeTarget {
  readonly label: string;
  readonly keeps: ReadonlySet<Feature> = new Set<Feature>(['attributes', 'creationTime']);
  private run: Run | undefined;
  private begun = false;

  constructor(
    private readonly device: BlockDevice,
    private readonly options: FatTargetOptions,
  ) {
    this.label = options.name ?? device.name;
  }

  space(request: {
    readonly tree: Tree;
    readonly root: number;
    readonly sizeOf: (stream: number) => number;
  }): { needed: number; free: number } {
    return this.spaceOf(planFatTree({ ...request, options: {} }, new RemarkTally()));
  }

  describe(): { steps: string[]; warnings: string[] } {
    const name = this.options.label ?? '';
    return {
      steps: [
        `Format ${this.label} with FAT32${name === '' ? '' : ` as "${name}"`}`,
        'Write the data of files at its place, then directories',
      ],
      warnings: [
        `Everything on ${this.label} is erased`,
        'FAT32 keeps no security descriptors, links, named streams or other metadata of NTFS',
      ],
    };
  }

  async begin(request: BeginRequest): Promise<void> {
    const { tree, options, bare, signal } = request;
    const tally = new RemarkTally();
    const plan = planFatTree(request, tally);
    tallyFatLosses(tree, plan, options, bare, tally);
    const { needed, free } = this.spaceOf(plan);
    if (needed > free) {
      throw new AppError(
        'io/no-space',
        `${this.label} has room for ${free} bytes, the image needs ${needed}`,
        {
          needed,
          free,
        },
      );
    }
    const writer = createFatVolume(this.device, this.options);
    this.begun = true;
    const places = new Map<FatTreeEntry, Place>();
    for (const [i, entry] of plan.entries.entries()) {
      if (entry.isDirectory) {
        writer.addDirectory(entry.path, entry.facts);
      } else {
        const place = writer.reserveFile(entry.path, entry.size, entry.facts);
        if (place.length > 0) this.device.allocate(place.offset, place.length);
        places.set(entry, place);
      }
      if (i % ENTRIES_AT_A_TIME !== ENTRIES_AT_A_TIME - 1) continue;
      if (this.options.breathe !== undefined) await this.options.breathe();
      if (signal?.aborted === true) throw new CancelledError();
    }
    this.device.flush();
    this.run = { plan, writer, places, tally };
  }

  realization(inode: number): Realization {
    const first = this.running().plan.firstOf.get(inode);
    if (!first) return 'skipped';
    return first.isDirectory ? 'directory' : 'file';
  }

  placement(inode: number): ExtentPlacement {
    const { plan, places } = this.running();
    const first = plan.firstOf.get(inode);
    const place = first && places.get(first);
    if (!place) throw new AppError('internal/bug', `inode ${inode} is no file here`);
    const extents: number[] = [];
    let file = '';
    for (const extent of place.length === 0 ? [] : this.device.extents(place.offset, place.length)) {
      if (extent.kind !== 'file' || (file !== '' && file !== extent.path)) {
        throw new AppError(
          'internal/bug',
          `${this.device.name}: a place that was asked for is not in its file`,
        );
      }
      file = extent.path;
      extents.push(extent.offset, extent.length);
    }
    return { kind: 'extents', path: first.path, file, extents: Float64Array.from(extents) };
  }

  streamPlacement(): undefined {
    return undefined;
  }

  async finish(): Promise<readonly TargetRemark[]> {
    const { plan, places, writer, tally } = this.running();
    for (const [entry, place] of places) {
      const first = plan.firstOf.get(entry.inode);
      const from = first && places.get(first);
      if (from === undefined || from === place) continue;
      this.copy(from, place);
      if (this.options.breathe !== undefined) await this.options.breathe();
    }
    writer.finish();
    return tally.remarks();
  }

  async abort(): Promise<TargetRemains> {
    await Promise.resolve();
    if (this.begun) {
      this.device.write(0, new Uint8Array(this.device.sectorSize));
      this.device.flush();
    }
    return { replaced: [], left: [] };
  }

  private copy(from: Place, to: Place): void {
    const piece = new Uint8Array(Math.min(PIECE, from.length));
    for (let at = 0; at < from.length; at += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, from.length - at));
      this.device.read(from.offset + at, part);
      this.device.write(to.offset + at, part);
    }
  }

  private spaceOf(plan: FatTreePlan): { needed: number; free: number } {
    const { size, sectorSize } = this.device;
    const layout = planFat32(size, sectorSize, this.options.clusterSize);
    // What cannot be formatted at all is refused with its reason by begin.
    if (!layout) return { needed: 0, free: size };
    const { clusterSize, clusters } = layout;
    return { needed: fatTreeSize(plan, clusterSize), free: clusters * clusterSize };
  }

  private running(): Run {
    if (this.run === undefined) throw new AppError('internal/bug', 'the target has not begun');
    return this.run;
  }
}

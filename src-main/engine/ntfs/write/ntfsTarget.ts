import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../../disk/blockDevice';
import type { ExtentPlacement } from '../../pipeline/tasks';
import { RemarkTally } from '../../tree/remarkTally';
import type { Feature, Realization, TargetRemains, TargetRemark, TreeTarget } from '../../tree/target';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { ReparseTag } from '../../tree/attributes';
import {
  REPARSE_MICROSOFT,
  ReparsePointHeader,
  WOF_PROVIDER_FILE,
  WofReparseData,
} from '../records/reparsePoint';
import { compactFormat, type CompactOptions } from './compactRules';
import { PackedFiles } from './packedFiles';
import { makeExtendedAttributes } from './extendedAttributes';
import type { NtfsFormatOptions } from './formatOptions';
import type { MetadataValues } from './inodeRecords';
import { makeWriter, placeData, planVolume } from './ntfsFormat';
import { StreamPlaces } from './streamPlaces';
import type { PlanRequest, VolumePlan } from './volumePlan';
import type { VolumeWriter } from './volumeWriter';

const features: readonly Feature[] = [
  'hardLinks',
  'symbolicLinks',
  'reparsePoints',
  'namedStreams',
  'securityDescriptors',
  'shortNames',
  'attributes',
  'creationTime',
  'objectIds',
  'extendedAttributes',
  'sparse',
];
/** Of a third party's reparse tag. */
const GUID_SIZE = 16;

type BeginRequest = Parameters<TreeTarget['begin']>[0];

/** What exists between begin and finish. */
interface Run {
  readonly plan: VolumePlan;
  readonly writer: VolumeWriter;
  readonly places: StreamPlaces;
  readonly tally: RemarkTally;
  readonly signal: AbortSignal | undefined;
}

/**
 * A new NTFS volume of the whole device as a target: formatted and filled in one pass. `begin` plans it, refuses what
 * has no room, and writes all metadata; threads write the data straight to its place; `finish` makes it a volume.
 * Whatever was on the device is gone from `begin` on; after `abort` it holds nothing that looks like a volume.
 *
 * `begin` throws AppError `io/no-space`, `layout/invalid`, `disk/too-small`, `disk/unsupported`,
 * `target/cannot-keep`, or what the device throws.
 */
export function createNtfsTarget(device: BlockDevice, options: NtfsFormatOptions): TreeTarget {
  return new NtfsTarget(device, options);
}

class NtfsTarget implements TreeTarget {
  readonly label: string;
  readonly keeps: ReadonlySet<Feature> = new Set(features);
  private run: Run | undefined;
  /** The plan that the space was told from: a tree of a million files is not planned twice. */
  private prepared: { readonly plan: VolumePlan; readonly tally: RemarkTally } | undefined;
  /** Something was written. */
  private begun = false;
  private writer: VolumeWriter | undefined;

  constructor(
    private readonly device: BlockDevice,
    private readonly options: NtfsFormatOptions,
  ) {
    this.label = options.name ?? device.name;
  }

  space(request: {
    readonly tree: Tree;
    readonly root: number;
    readonly sizeOf: (stream: number) => number;
  }): {
    needed: number;
    free: number;
  } {
    const tally = new RemarkTally();
    const plan = planVolume(this.device, { ...request, options: {} }, this.options, tally);
    this.prepared = { plan, tally };
    return { needed: plan.needed, free: plan.geometry.clusters * plan.geometry.clusterSize };
  }

  describe(): { steps: string[]; warnings: string[] } {
    const name = this.options.label ?? '';
    return {
      steps: [
        `Format ${this.label} with NTFS${name === '' ? '' : ` as "${name}"`}`,
        'Write all directories and metadata, then the data of files at its place',
      ],
      warnings: [`Everything on ${this.label} is erased`],
    };
  }

  async begin(request: BeginRequest): Promise<void> {
    const { device, options } = this;
    const { plan, tally } = this.takePrepared(request) ?? this.prepare(request);
    placeData(plan, this.label);
    const writer = makeWriter(device, plan, options, valuesOf(plan, request, options));
    this.begun = true;
    this.writer = writer;
    writer.eraseBoot();
    writer.allocate();
    const { signal } = request;
    await this.takeSteps(writer.write(), signal);
    device.flush();
    this.run = { plan, writer, places: new StreamPlaces(device, plan), tally, signal };
  }

  realization(inode: number): Realization {
    const { plan } = this.running();
    if (plan.names.firstEntry[inode] === NONE) return 'skipped';
    if (plan.names.isDirectory(inode)) return 'directory';
    const stream = this.dataOf(plan, inode);
    const hasData = stream !== NONE && plan.sizeOf(stream) > 0;
    return plan.facts.reparse(inode) !== undefined && !hasData ? 'link' : 'file';
  }

  placement(inode: number): ExtentPlacement {
    const { plan, places } = this.running();
    const entry = plan.names.firstEntry[inode];
    if (entry === NONE) throw new AppError('internal/bug', `inode ${inode} is not applied`);
    const path = plan.tree.path(entry);
    const stream = this.dataOf(plan, inode);
    if (stream === NONE) return { kind: 'extents', path, file: '', extents: new Float64Array() };
    return places.place(stream, path);
  }

  streamPlacement(stream: number): ExtentPlacement | undefined {
    const { plan, places } = this.running();
    if (plan.tree.streamKind[stream] !== StreamKind.NAMED || !plan.facts.isKept(stream)) return undefined;
    return places.place(stream, `stream ${plan.tree.streamName(stream)}`);
  }

  async finish(): Promise<readonly TargetRemark[]> {
    const { writer, tally, signal } = this.running();
    const freed = await this.compact();
    await this.takeSteps(writer.complete(freed), signal);
    writer.writeBoot();
    return tally.remarks();
  }

  async abort(): Promise<TargetRemains> {
    await Promise.resolve();
    if (this.begun) this.writer?.eraseBoot();
    return { replaced: [], left: [] };
  }

  /** Compresses the files that may be; what they leave is free. */
  private async compact(): Promise<[start: number, end: number][]> {
    const { plan, signal } = this.running();
    const { compact } = this.options;
    if (compact === undefined || plan.compactStreams.size === 0) return [];
    const { runner, format } = compact;
    const packed = new PackedFiles(this.device, plan, runner, compactFormat(format), signal);
    return packed.pack();
  }

  private async takeSteps(steps: Generator<void>, signal: AbortSignal | undefined): Promise<void> {
    while (steps.next().done !== true) {
      if (signal?.aborted === true) throw new CancelledError();
      if (this.options.breathe !== undefined) await this.options.breathe();
    }
  }

  private prepare(request: BeginRequest): { plan: VolumePlan; tally: RemarkTally } {
    const tally = new RemarkTally();
    return { plan: planVolume(this.device, planRequest(request), this.options, tally), tally };
  }

  /** What was planned when the space was asked for, if it is what is wanted now. */
  private takePrepared({ tree, root, options, bare }: BeginRequest): typeof this.prepared {
    const { prepared } = this;
    this.prepared = undefined;
    const isPlain =
      bare === undefined &&
      options.securityDescriptors !== 'none' &&
      options.includeInvalidNames !== true &&
      options.strictShortNames !== true &&
      options.unixData !== true;
    return isPlain && prepared?.plan.tree === tree && prepared.plan.root === root ? prepared : undefined;
  }

  private dataOf({ tree, facts }: VolumePlan, inode: number): number {
    const stream = tree.findStream(inode, StreamKind.DATA);
    return stream !== NONE && facts.isKept(stream) ? stream : NONE;
  }

  private running(): Run {
    if (this.run === undefined) throw new AppError('internal/bug', 'the target has not begun');
    return this.run;
  }
}

function planRequest({ tree, root, options, sizeOf, bare }: BeginRequest): PlanRequest {
  return { tree, root, options, sizeOf, bare };
}

/** Values that only the image has, built when their record is. */
function valuesOf(
  plan: VolumePlan,
  { tree, reparseData }: BeginRequest,
  { compact }: NtfsFormatOptions,
): MetadataValues {
  return {
    reparsePoint(inode) {
      if (compact !== undefined && plan.packed.has(tree.firstStream[inode])) return wofPoint(compact);
      const data = reparseData(inode);
      const tag = plan.facts.reparse(inode)?.tag ?? 0;
      const reserved = tree.extras.get(inode)?.reparseReserved ?? 0;
      const guid = (tag & REPARSE_MICROSOFT) === 0 ? GUID_SIZE : 0;
      const value = new Uint8Array(ReparsePointHeader.size + data.length);
      value.set(
        ReparsePointHeader.serialize({ tag, dataLength: data.length - guid, reserved: reserved & 0xffff }),
      );
      value.set(data, ReparsePointHeader.size);
      return value;
    },
    extendedAttributes(inode) {
      const attributes = makeExtendedAttributes(tree.extras.get(inode)?.tagged);
      if (attributes === undefined || attributes === 'malformed')
        throw new AppError('internal/bug', `inode ${inode} has no extended attributes`);
      return attributes;
    },
  };
}

/** $REPARSE_POINT of a file that WOF expands. */
function wofPoint({ format }: CompactOptions): Uint8Array {
  const { algorithm } = compactFormat(format);
  const data = WofReparseData.serialize({
    wofVersion: 1,
    wofProvider: WOF_PROVIDER_FILE,
    fileVersion: 1,
    algorithm,
  });
  const value = new Uint8Array(ReparsePointHeader.size + data.length);
  value.set(ReparsePointHeader.serialize({ tag: ReparseTag.WOF, dataLength: data.length, reserved: 0 }));
  value.set(data, ReparsePointHeader.size);
  return value;
}

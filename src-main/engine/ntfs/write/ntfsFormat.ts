import { AppError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../../disk/blockDevice';
import { FileAttribute } from '../../tree/attributes';
import { RemarkTally } from '../../tree/remarkTally';
import { NONE, Tree } from '../../tree/tree';
import { startupMatcher, type CompactOptions } from './compactRules';
import { LABEL_LIMIT, type NtfsFormatOptions } from './formatOptions';
import { planGeometry } from './geometry';
import type { MetadataValues } from './inodeRecords';
import { VolumePlan, type PlanRequest } from './volumePlan';
import { VolumeWriter } from './volumeWriter';

/** Plans a volume with a tree on it. @throws AppError `layout/invalid`, `disk/too-small`, `disk/unsupported` */
export function planVolume(
  device: BlockDevice,
  request: PlanRequest,
  options: NtfsFormatOptions,
  tally: RemarkTally,
): VolumePlan {
  const { label = '' } = options;
  if (label.length > LABEL_LIMIT || [...label].some((character) => character < ' ')) {
    throw new AppError(
      'layout/invalid',
      `"${label}" cannot be a label: it has up to ${LABEL_LIMIT} characters, none of them control characters`,
    );
  }
  const geometry = planGeometry(device, options.clusterSize);
  const planOptions = { extendAll: options.wholeClusters === true, compacts: compactRule(options.compact) };
  return new VolumePlan(request, geometry, planOptions, tally);
}

/** Tells by its path whether a file may be compressed. */
function compactRule(compact: CompactOptions | undefined): ((path: string) => boolean) | undefined {
  if (compact === undefined) return undefined;
  const isStartup = startupMatcher();
  return (path) => !isStartup(path) && compact.excludes?.(path) !== true;
}

/** Gives data its clusters. @throws AppError `io/no-space` with what is needed and what is there */
export function placeData(plan: VolumePlan, name: string): void {
  const free = plan.geometry.clusters * plan.geometry.clusterSize;
  if (plan.needed <= free && plan.allocateData()) return;
  throw new AppError(
    'io/no-space',
    `${name} has room for ${free} bytes, the files and their metadata need ${plan.needed}; nothing was written`,
    { needed: plan.needed, free },
  );
}

export function makeWriter(
  device: BlockDevice,
  plan: VolumePlan,
  options: NtfsFormatOptions,
  values: MetadataValues,
): VolumeWriter {
  const random = options.randomBytes(8);
  const serial = new DataView(random.buffer, random.byteOffset, 8).getBigUint64(0, true);
  return new VolumeWriter(device, plan, {
    label: options.label ?? '',
    now: options.now(),
    boot: {
      hiddenSectors: Math.floor((options.partitionOffset ?? 0) / device.sectorSize),
      serial: options.serial ?? serial,
    },
    values,
  });
}

/** A tree that has nothing but its root, as Windows makes it. */
function emptyTree(now: bigint): Tree {
  const tree = new Tree();
  const attributes = FileAttribute.DIRECTORY | FileAttribute.HIDDEN | FileAttribute.SYSTEM;
  tree.addEntry(NONE, '', tree.addInode(attributes, now, now, now));
  return tree;
}

const noValues: MetadataValues = {
  reparsePoint: () => new Uint8Array(),
  extendedAttributes: () => ({ value: new Uint8Array(), information: new Uint8Array() }),
};

/**
 * Makes an empty NTFS 3.1 volume of the whole device. The boot sectors are written last: what fails before leaves
 * nothing that looks like a volume.
 * @throws AppError `layout/invalid`, `disk/too-small`, `disk/unsupported`, or what the device throws
 */
export function formatNtfs(device: BlockDevice, options: NtfsFormatOptions): void {
  const tree = emptyTree(options.now());
  const request = { tree, root: 0, options: {}, sizeOf: () => 0 };
  const plan = planVolume(device, request, options, new RemarkTally());
  if (plan.needed > plan.geometry.clusters * plan.geometry.clusterSize) {
    throw new AppError(
      'disk/too-small',
      `${options.name ?? device.name}: NTFS itself needs ${plan.needed} bytes`,
    );
  }
  const writer = makeWriter(device, plan, options, noValues);
  writer.eraseBoot();
  for (const steps of [writer.write(), writer.complete()]) while (steps.next().done !== true);
  writer.writeBoot();
}

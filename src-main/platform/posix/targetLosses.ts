import { FileAttribute } from '../../engine/tree/attributes';
import type { ApplyOptions, Feature } from '../../engine/tree/target';
import { NONE, StreamKind } from '../../engine/tree/tree';
import type { RemarkTally } from '../../engine/tree/remarkTally';
import type { TargetPlan } from './targetPlan';
import { ItemTag } from '../../engine/tree/unixData';

const OBJECT_ID_TAG = 1;

/** Attributes that mean something to a person and have no equal elsewhere. */
const namedAttributes = [
  ['READONLY', FileAttribute.READONLY],
  ['HIDDEN', FileAttribute.HIDDEN],
  ['SYSTEM', FileAttribute.SYSTEM],
  ['ARCHIVE', FileAttribute.ARCHIVE],
  ['COMPRESSED', FileAttribute.COMPRESSED],
  ['OFFLINE', FileAttribute.OFFLINE],
  ['NOT_CONTENT_INDEXED', FileAttribute.NOT_CONTENT_INDEXED],
  ['ENCRYPTED', FileAttribute.ENCRYPTED],
] as const;

/** Those that Windows sets in other ways than with the rest; ENCRYPTED cannot be without its certificate. */
const unsettable = FileAttribute.COMPRESSED | FileAttribute.ENCRYPTED;

/** What is applied, and where. */
interface Losing {
  readonly plan: TargetPlan;
  readonly keeps: ReadonlySet<Feature>;
  readonly options: ApplyOptions;
  /** Directories whose metadata is not wanted, so not lost. */
  readonly bare: ReadonlySet<number> | undefined;
}

/** Counts what the entries of a plan have that the target cannot keep. */
export function tallyLosses({ plan, keeps, options, bare }: Losing, tally: RemarkTally): void {
  const { tree } = plan;
  for (const entry of plan.entries) {
    if (bare?.has(entry) === true) continue;
    const path = (): string => tree.path(entry);
    const inode = tree.inode[entry];
    if (tree.shortNameUnits(entry) > 0 && !keeps.has('shortNames'))
      tally.add('its short name is not kept', path);
    if (plan.firstEntry[inode] !== entry) continue;
    tallyInode(plan, inode, keeps, options, (problem) => tally.add(problem, path));
  }
}

function tallyInode(
  plan: TargetPlan,
  inode: number,
  keeps: ReadonlySet<Feature>,
  options: ApplyOptions,
  add: (problem: string) => void,
): void {
  const { tree } = plan;
  if (
    tree.securityId[inode] !== NONE &&
    options.securityDescriptors !== 'none' &&
    !keeps.has('securityDescriptors')
  ) {
    add('its security descriptor is not kept');
  }
  const realization = plan.realization(inode);
  for (const stream of tree.streams(inode)) {
    if (
      tree.streamKind[stream] === StreamKind.DATA &&
      tree.streamSize[stream] > 0 &&
      realization !== 'file'
    ) {
      add(`its data is not kept: it is made as a ${realization}`);
    }
    if (tree.streamKind[stream] === StreamKind.NAMED && !keeps.has('namedStreams'))
      add('a named stream is not kept');
    if (
      tree.streamKind[stream] === StreamKind.REPARSE &&
      realization !== 'link' &&
      !keeps.has('reparsePoints')
    ) {
      const tag = tree.extras.get(inode)?.reparseTag ?? 0;
      add(`its reparse point (tag 0x${tag.toString(16).padStart(8, '0')}) is not kept`);
    }
  }
  for (const [name, bit] of namedAttributes) {
    if ((tree.attributes[inode] & bit) !== 0 && (!keeps.has('attributes') || (unsettable & bit) !== 0))
      add(`its attribute ${name} is not kept`);
  }
  if (!keeps.has('creationTime') && tree.creationTime[inode] !== tree.lastWriteTime[inode]) {
    add('its creation time is not kept');
  }
  for (const { tag } of tree.extras.get(inode)?.tagged ?? []) tallyItem(tag, keeps, options, add);
}

function tallyItem(
  tag: number,
  keeps: ReadonlySet<Feature>,
  options: ApplyOptions,
  add: (problem: string) => void,
): void {
  const isUnix = tag === ItemTag.UNIX_DATA || tag === ItemTag.XATTRS_OLD;
  if (tag === OBJECT_ID_TAG && !keeps.has('objectIds')) add('its object ID is not kept');
  else if (tag === ItemTag.XATTRS && options.unixData !== true && !keeps.has('extendedAttributes')) {
    add('its extended attributes are not kept without UNIX data');
  } else if (isUnix && options.unixData === true && !keeps.has('unixData')) add('its UNIX data is not kept');
  else if (!isUnix && tag !== OBJECT_ID_TAG && tag !== ItemTag.XATTRS) {
    add(`a metadata item of unknown tag 0x${tag.toString(16).padStart(8, '0')} is not kept`);
  }
}

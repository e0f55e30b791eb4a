import { FileAttribute } from '../tree/attributes';
import type { RemarkTally } from '../tree/remarkTally';
import type { ApplyOptions } from '../tree/target';
import { NONE, StreamKind, type Tree } from '../tree/tree';
import { ItemTag } from '../tree/unixData';
import type { FatTreePlan } from './fatTreePlan';

const OBJECT_ID_TAG = 1;

/** Attributes that FAT has no place for, and that mean something to a person. */
const lostAttributes = [
  ['COMPRESSED', FileAttribute.COMPRESSED],
  ['OFFLINE', FileAttribute.OFFLINE],
  ['NOT_CONTENT_INDEXED', FileAttribute.NOT_CONTENT_INDEXED],
  ['ENCRYPTED', FileAttribute.ENCRYPTED],
] as const;

/** Counts what the entries of a plan have that only NTFS can keep. */
export function tallyFatLosses(
  tree: Tree,
  plan: FatTreePlan,
  options: ApplyOptions,
  bare: ReadonlySet<number> | undefined,
  tally: RemarkTally,
): void {
  for (const planned of plan.entries) {
    const { entry, inode } = planned;
    if (bare?.has(entry) === true) continue;
    const path = (): string => tree.path(entry);
    if (tree.shortNameUnits(entry) > 0) tally.add('its short name is not kept', path);
    if (plan.firstOf.get(inode) !== planned) continue;
    for (const problem of lossesOf(tree, inode, options)) tally.add(problem, path);
  }
}

function* lossesOf(tree: Tree, inode: number, options: ApplyOptions): Generator<string> {
  if (tree.securityId[inode] !== NONE && options.securityDescriptors !== 'none') {
    yield 'its security descriptor is not kept';
  }
  for (const stream of tree.streams(inode)) {
    if (tree.streamKind[stream] === StreamKind.NAMED) yield 'a named stream is not kept';
    if (tree.streamKind[stream] === StreamKind.REPARSE) {
      const tag = tree.extras.get(inode)?.reparseTag ?? 0;
      yield `its reparse point (tag 0x${tag.toString(16).padStart(8, '0')}) is not kept`;
    }
  }
  for (const [name, bit] of lostAttributes) {
    if ((tree.attributes[inode] & bit) !== 0) yield `its attribute ${name} is not kept`;
  }
  for (const { tag } of tree.extras.get(inode)?.tagged ?? []) {
    if (tag === OBJECT_ID_TAG) yield 'its object ID is not kept';
    else if (tag === ItemTag.XATTRS) yield 'its extended attributes are not kept';
    else if (tag !== ItemTag.UNIX_DATA && tag !== ItemTag.XATTRS_OLD) {
      yield `a metadata item of unknown tag 0x${tag.toString(16).padStart(8, '0')} is not kept`;
    } else if (options.unixData === true) yield 'its UNIX data is not kept';
  }
}

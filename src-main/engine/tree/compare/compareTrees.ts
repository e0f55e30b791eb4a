import { bytesEqual } from '../../binary/bytesEqual';
import type { Steps } from '../../steps';
import { dataStream, kindOf } from '../entryKind';
import { parseLinkData } from '../symlinkReparse';
import { NONE, StreamKind, type Tree } from '../tree';
import { Comparison, Field } from './comparison';
import { pairChildren, sortedChildren } from './pairChildren';
import type { ComparedSide } from './side';

export interface CompareOptions {
  /** Names that differ only in case are one. */
  readonly ignoreCase: boolean;
  /** Differences of times are none. */
  readonly ignoreTimes: boolean;
}

/** Data that has to be read to tell whether a pair differs. */
export interface Undecided {
  /** Row of the comparison: `decide` it when the data differs. */
  readonly row: number;
  /** Streams of the unnamed data; NONE where it is empty. */
  readonly left: number;
  readonly right: number;
}

/** A comparison that needs `finish` once everything undecided is decided. */
export interface ComparedTrees {
  readonly comparison: Comparison;
  readonly undecided: readonly Undecided[];
}

/** Pairs between pauses. */
const PAIRS_PER_STEP = 512;

/**
 * Compares two trees, path by path. Not compared: times of last access, object IDs, extended attributes, UNIX data.
 * What has no data to compare by its SHA-1 is left undecided when the sizes agree.
 */
export function* compareTreesSteps(
  left: ComparedSide,
  right: ComparedSide,
  options: CompareOptions,
): Steps<ComparedTrees> {
  const comparer = new TreeComparer(left, right, options);
  // Pairs still to come, the next one last.
  const pending: number[] = [0, 0];
  let count = 0;
  while (pending.length > 0) {
    const rightEntry = pending.pop() as number;
    const leftEntry = pending.pop() as number;
    comparer.compare(leftEntry, rightEntry);
    const isLeft = leftEntry !== NONE && left.tree.firstChild[leftEntry] !== NONE;
    const isRight = rightEntry !== NONE && right.tree.firstChild[rightEntry] !== NONE;
    const below: number[] = [];
    if (isLeft && isRight) {
      pairChildren(left.tree, leftEntry, right.tree, rightEntry, options.ignoreCase, (a, b) =>
        below.push(a, b),
      );
    } else if (isLeft) {
      for (const row of sortedChildren(left.tree, leftEntry)) below.push(row, NONE);
    } else if (isRight) {
      for (const row of sortedChildren(right.tree, rightEntry)) below.push(NONE, row);
    }
    for (let i = below.length - 2; i >= 0; i -= 2) pending.push(below[i], below[i + 1]);
    if (++count % PAIRS_PER_STEP === 0) yield;
  }
  return { comparison: comparer.comparison, undecided: comparer.undecided };
}

class TreeComparer {
  readonly comparison: Comparison;
  readonly undecided: Undecided[] = [];
  /** Which inode of the other side an inode was found to be: hard links must join the same paths. */
  private readonly rightOf = new Map<number, number>();
  private readonly leftOf = new Map<number, number>();
  /** Descriptors of both sides by content. */
  private readonly leftDescriptors: Int32Array;
  private readonly rightDescriptors: Int32Array;

  constructor(
    private readonly left: ComparedSide,
    private readonly right: ComparedSide,
    private readonly options: CompareOptions,
  ) {
    this.comparison = new Comparison(left.tree, right.tree);
    const numbers = new Map<string, number>();
    this.leftDescriptors = numberDescriptors(left.tree, numbers);
    this.rightDescriptors = numberDescriptors(right.tree, numbers);
  }

  compare(leftEntry: number, rightEntry: number): void {
    if (leftEntry === NONE || rightEntry === NONE) {
      this.comparison.add(leftEntry, rightEntry, 0);
      return;
    }
    if (kindOf(this.left.tree, leftEntry) !== kindOf(this.right.tree, rightEntry)) {
      this.comparison.add(leftEntry, rightEntry, Field.kind);
      return;
    }
    const left = this.left.tree.inode[leftEntry];
    const right = this.right.tree.inode[rightEntry];
    let fields = this.metadata(left, right) | this.names(leftEntry, rightEntry) | this.links(left, right);
    if (!this.sameNamedStreams(left, right)) fields |= Field.streams;
    if (!this.sameReparse(left, right)) fields |= Field.reparse;
    const leftData = dataStream(this.left.tree, left);
    const rightData = dataStream(this.right.tree, right);
    const sameData = this.sameData(leftData, rightData);
    if (sameData === false) fields |= Field.content;
    if (sameData === undefined) {
      const row = this.comparison.add(leftEntry, rightEntry, fields);
      this.undecided.push({ row, left: leftData, right: rightData });
    } else if (fields !== 0) {
      this.comparison.add(leftEntry, rightEntry, fields);
    } else {
      this.comparison.addSame();
    }
  }

  private metadata(left: number, right: number): number {
    const { left: a, right: b, options } = this;
    let fields = 0;
    const mask = a.attributes & b.attributes;
    if (((a.tree.attributes[left] ^ b.tree.attributes[right]) & mask) !== 0) fields |= Field.attributes;
    if (!options.ignoreTimes) {
      if (a.tree.lastWriteTime[left] !== b.tree.lastWriteTime[right]) fields |= Field.lastWriteTime;
      const creation = a.creationTimes && b.creationTimes;
      if (creation && a.tree.creationTime[left] !== b.tree.creationTime[right]) fields |= Field.creationTime;
    }
    if (a.security && b.security) {
      const leftId = a.tree.securityId[left];
      const rightId = b.tree.securityId[right];
      const number = (ids: Int32Array, id: number): number => (id === NONE ? NONE : ids[id]);
      if (number(this.leftDescriptors, leftId) !== number(this.rightDescriptors, rightId))
        fields |= Field.security;
    }
    return fields;
  }

  private names(leftEntry: number, rightEntry: number): number {
    const { left, right } = this;
    if (!left.shortNames || !right.shortNames) return 0;
    if (left.tree.shortNameUnits(leftEntry) === 0 && right.tree.shortNameUnits(rightEntry) === 0) return 0;
    return left.tree.shortName(leftEntry) === right.tree.shortName(rightEntry) ? 0 : Field.shortName;
  }

  private links(left: number, right: number): number {
    const leftCount = this.left.tree.linkCount[left];
    const rightCount = this.right.tree.linkCount[right];
    if (leftCount < 2 && rightCount < 2) return 0;
    const known = this.rightOf.get(left);
    const knownBack = this.leftOf.get(right);
    if (known === undefined) this.rightOf.set(left, right);
    if (knownBack === undefined) this.leftOf.set(right, left);
    const agrees = (known ?? right) === right && (knownBack ?? left) === left;
    return agrees && leftCount === rightCount ? 0 : Field.links;
  }

  /** undefined: the data has to be read. */
  private sameData(left: number, right: number): boolean | undefined {
    if (left === NONE && right === NONE) return true;
    const leftSize = left === NONE ? 0 : this.left.size(left);
    const rightSize = right === NONE ? 0 : this.right.size(right);
    if (leftSize !== undefined && rightSize !== undefined) {
      if (leftSize !== rightSize) return false;
      if (leftSize === 0) return true;
    }
    const leftDigest = left === NONE ? undefined : this.left.digest(left);
    const rightDigest = right === NONE ? undefined : this.right.digest(right);
    if (leftDigest !== undefined && rightDigest !== undefined) return bytesEqual(leftDigest, rightDigest);
    return undefined;
  }

  private sameNamedStreams(left: number, right: number): boolean {
    if (!this.left.namedStreams || !this.right.namedStreams) return true;
    const leftStreams = namedStreams(this.left.tree, left);
    const rightStreams = namedStreams(this.right.tree, right);
    if (leftStreams.length === 0 && rightStreams.length === 0) return true;
    if (leftStreams.length !== rightStreams.length) return false;
    const byName = new Map(rightStreams.map((row) => [this.right.tree.streamName(row), row]));
    return leftStreams.every((row) => {
      const other = byName.get(this.left.tree.streamName(row));
      return other !== undefined && this.sameData(row, other) !== false;
    });
  }

  private sameReparse(left: number, right: number): boolean {
    const { left: a, right: b } = this;
    const leftStream = a.tree.findStream(left, StreamKind.REPARSE);
    const rightStream = b.tree.findStream(right, StreamKind.REPARSE);
    if (leftStream === NONE && rightStream === NONE) return true;
    if (leftStream === NONE || rightStream === NONE) return !(a.reparsePoints && b.reparsePoints);
    const leftTag = a.tree.extras.get(left)?.reparseTag;
    const rightTag = b.tree.extras.get(right)?.reparseTag;
    if (a.reparsePoints && b.reparsePoints) {
      return leftTag === rightTag && this.sameData(leftStream, rightStream) !== false;
    }
    // A directory has the target only: the same link may be laid out in several ways.
    const leftData = a.reparseData(leftStream);
    const rightData = b.reparseData(rightStream);
    if (leftData === undefined || rightData === undefined) return false;
    if (leftTag === rightTag && bytesEqual(leftData, rightData)) return true;
    const leftTarget = parseLinkData(leftTag ?? 0, leftData);
    const rightTarget = parseLinkData(rightTag ?? 0, rightData);
    if (leftTarget === undefined || rightTarget === undefined) return false;
    return leftTarget.relative === rightTarget.relative && leftTarget.path === rightTarget.path;
  }
}

function namedStreams(tree: Tree, inode: number): number[] {
  const found: number[] = [];
  for (let row = tree.firstStream[inode]; row !== NONE; row = tree.streamNext[row])
    if (tree.streamKind[row] === StreamKind.NAMED) found.push(row);
  return found;
}

/** For each descriptor of a tree a number that is the same for equal ones. */
function numberDescriptors(tree: Tree, numbers: Map<string, number>): Int32Array {
  return Int32Array.from(tree.securityDescriptors, (bytes) => {
    let key = '';
    for (const byte of bytes) key += String.fromCharCode(byte);
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
    }
    return number;
  });
}

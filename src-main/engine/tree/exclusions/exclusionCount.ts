import type { Steps } from '../../steps';
import { isPlainDirectory } from '../attributes';
import { upcase } from '../nameOrder';
import { pathNames } from '../imagePath';
import { compileNamePattern, foldCase, hasWildcards, type NameTest } from '../namePattern';
import { NONE, type Tree } from '../tree';
import type { CaptureConfig } from './captureConfig';
import { ExclusionMatcher, type ExclusionMatcherOptions } from './exclusionMatcher';

/** What one pattern leaves out. */
export interface PatternHits {
  readonly pattern: string;
  readonly files: number;
  readonly directories: number;
  /** Bytes of all streams; a file of several names counts when all of them are left out, to the first one's pattern. */
  readonly bytes: number;
  /** Paths that it matched itself, the first of them. */
  readonly first: readonly string[];
}

/** What a configuration leaves out of a tree. */
export interface ExclusionHits {
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
  /** In order of the exclusion list. */
  readonly patterns: readonly PatternHits[];
  /** By entry: 1 for one that is left out. */
  readonly excluded: Uint8Array;
}

/** Entries between pauses. */
const ENTRIES_PER_STEP = 1024;
/** Paths that are told of each pattern. */
const SHOWN_PATHS = 20;

interface Tally {
  files: number;
  directories: number;
  bytes: number;
  readonly first: string[];
}

/**
 * Counts what a capture with a configuration would leave out of a tree that was scanned without. What the capture
 * decides is decided by the same {@link ExclusionMatcher}; here it is asked only about the entries that a look at their
 * names, or at the way to them, does not rule out.
 */
export function* countExclusionsSteps(
  tree: Tree,
  config: CaptureConfig,
  options: ExclusionMatcherOptions,
): Steps<ExclusionHits> {
  const matcher = new ExclusionMatcher(config, options);
  const candidates = new Candidates(tree, config.exclusionList, options.caseInsensitive);
  const tallies = new Map<string, Tally>();
  for (const pattern of config.exclusionList) tallies.set(pattern, emptyTally());
  const exclusion = new Exclusion(tree);
  const pending: { readonly directory: number; readonly way: Way }[] = [
    { directory: 0, way: candidates.start },
  ];
  let count = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { directory, way } = next;
    const above = directory === 0 ? '/' : `${tree.path(directory)}/`;
    for (let row = tree.firstChild[directory]; row !== NONE; row = tree.nextSibling[row]) {
      if (++count % ENTRIES_PER_STEP === 0) yield;
      const path = candidates.mayMatch(row, way) ? above + tree.name(row) : undefined;
      const pattern = path === undefined ? undefined : matcher.excludes(path);
      const tally = pattern === undefined ? undefined : tallies.get(pattern);
      if (tally !== undefined && path !== undefined) {
        if (tally.first.length < SHOWN_PATHS) tally.first.push(path);
        exclusion.add(row, tally);
      } else if (tree.firstChild[row] !== NONE) {
        pending.push({ directory: row, way: candidates.below(row, way) });
      }
    }
  }
  const firsts = new Map([...config.exclusionList.entries()].reverse().map(([i, pattern]) => [pattern, i]));
  // A pattern that is listed again finds nothing that the first one left.
  const patterns = config.exclusionList.map((pattern, i) => {
    const isFirst = firsts.get(pattern) === i;
    return { pattern, ...((isFirst ? tallies.get(pattern) : undefined) ?? emptyTally()) };
  });
  const all = { files: 0, directories: 0, bytes: 0 };
  for (const tally of tallies.values()) {
    all.files += tally.files;
    all.directories += tally.directories;
    all.bytes += tally.bytes;
  }
  return { ...all, patterns, excluded: exclusion.excluded };
}

function emptyTally(): Tally {
  return { files: 0, directories: 0, bytes: 0, first: [] };
}

/** Counts entries to the patterns that leave them out. */
class Exclusion {
  /** By entry: 1 for one that is left out. */
  readonly excluded: Uint8Array;
  /** Files of several names, with the names that are not left out yet. */
  private readonly shared = new Map<number, { left: number; readonly tally: Tally }>();

  constructor(private readonly tree: Tree) {
    this.excluded = new Uint8Array(tree.entryCount);
  }

  /** An entry and all below it. */
  add(top: number, tally: Tally): void {
    this.addOne(top, tally);
    if (this.tree.firstChild[top] === NONE) return;
    for (const entry of this.tree.preorder(top)) if (entry !== top) this.addOne(entry, tally);
  }

  private addOne(entry: number, tally: Tally): void {
    const { tree, shared } = this;
    this.excluded[entry] = 1;
    const inode = tree.inode[entry];
    if (isPlainDirectory(tree.attributes[inode])) tally.directories += 1;
    else tally.files += 1;
    if (tree.linkCount[inode] < 2) {
      tally.bytes += inodeBytes(tree, inode);
      return;
    }
    let names = shared.get(inode);
    if (names === undefined) {
      names = { left: tree.linkCount[inode], tally };
      shared.set(inode, names);
    }
    names.left -= 1;
    if (names.left === 0) names.tally.bytes += inodeBytes(tree, inode);
  }
}

/** Bytes of all streams of an inode. */
export function inodeBytes(tree: Tree, inode: number): number {
  let bytes = 0;
  for (let row = tree.firstStream[inode]; row !== NONE; row = tree.streamNext[row])
    bytes += tree.streamSize[row];
  return bytes;
}

/** Where a directory stands to the patterns that are paths. */
interface Way {
  /** Patterns whose first names are those of the directory's path, and how many. */
  readonly open: readonly PathPattern[];
  readonly depth: number;
  /** A pattern covers it, but an exception kept it: everything below has to be looked at. */
  readonly covered: boolean;
}

interface PathPattern {
  readonly tests: readonly NameTest[];
}

const nowhere: readonly PathPattern[] = [];

/** Tells quickly which entries no pattern can match. */
class Candidates {
  readonly start: Way;
  private readonly names: readonly ((entry: number) => boolean)[];
  private readonly fold: (name: string) => string;

  constructor(
    private readonly tree: Tree,
    patterns: readonly string[],
    caseInsensitive: boolean,
  ) {
    this.fold = caseInsensitive ? foldCase : (name) => name;
    const distinct = [...new Set(patterns)];
    const paths = distinct.filter((pattern) => pattern.startsWith('/'));
    const tests = paths.map((pattern) => ({
      tests: pathNames(this.fold(pattern)).map(compileNamePattern),
    }));
    // The pattern of the root covers everything.
    const covered = tests.some((pattern) => pattern.tests.length === 0);
    this.start = { open: tests.filter((pattern) => pattern.tests.length > 0), depth: 0, covered };
    this.names = distinct
      .filter((pattern) => !pattern.startsWith('/'))
      .map((pattern) => nameFilter(tree, pattern));
  }

  mayMatch(entry: number, way: Way): boolean {
    if (way.covered) return true;
    for (const test of this.names) if (test(entry)) return true;
    if (way.open.length === 0) return false;
    const name = this.fold(this.tree.name(entry));
    return way.open.some(({ tests }) => tests.length === way.depth + 1 && tests[way.depth](name));
  }

  /** The way of a directory in a directory. */
  below(entry: number, way: Way): Way {
    if (way.open.length === 0)
      return way.covered ? way : { open: nowhere, depth: way.depth + 1, covered: false };
    const name = this.fold(this.tree.name(entry));
    const fitting = way.open.filter(({ tests }) => tests[way.depth](name));
    const depth = way.depth + 1;
    return {
      open: fitting.filter(({ tests }) => tests.length > depth),
      depth,
      covered: way.covered || fitting.some(({ tests }) => tests.length === depth),
    };
  }
}

/**
 * A test without strings that holds for every name that the pattern matches, in whatever case, and for few others: the
 * longest run of ASCII characters in the pattern is in the name.
 */
function nameFilter(tree: Tree, pattern: string): (entry: number) => boolean {
  // Beyond ASCII the two ways to fold case differ in some letters.
  const pieces = pattern.split(/[^\x20-\x7e]|[*?]/);
  const piece = pieces.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  const table = upcase();
  const units = Uint16Array.from({ length: piece.length }, (_, i) => table[piece.charCodeAt(i)]);
  const isWhole = piece.length === pattern.length && !hasWildcards(pattern);
  return isWhole
    ? (entry) => tree.nameUnits(entry) === units.length && tree.nameContains(entry, units)
    : (entry) => tree.nameContains(entry, units);
}

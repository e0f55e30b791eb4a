import { NONE, StreamKind, type Tree } from './tree';

/** Files of about the same size: from a power of two up to the next. */
export interface SizeClass {
  /** Streams of unnamed data, in order of the tree. */
  readonly streams: readonly number[];
  /** An entry of each. */
  readonly entries: readonly number[];
  readonly bytes: number;
}

/** A part of a file that stands for others. */
export interface SamplePiece {
  readonly sizeClass: number;
  readonly stream: number;
  readonly entry: number;
  readonly offset: number;
  readonly length: number;
}

/** Longest piece, in bytes. */
export const PIECE_SIZE = 256 * 1024;
/** Pieces that each class gives before the classes with most bytes give more. */
const LEAST_PIECES = 3;

/** Files of a tree that are wanted and have data, by size; every hard link once. */
export function sizeClasses(tree: Tree, isWanted: (entry: number) => boolean): SizeClass[] {
  const classes: { streams: number[]; entries: number[]; bytes: number }[] = [];
  const seen = new Uint8Array(tree.inodeCount);
  for (let entry = 0; entry < tree.entryCount; entry++) {
    const inode = tree.inode[entry];
    if (seen[inode] === 1 || !isWanted(entry)) continue;
    seen[inode] = 1;
    for (let row = tree.firstStream[inode]; row !== NONE; row = tree.streamNext[row]) {
      const size = tree.streamSize[row];
      if (tree.streamKind[row] !== StreamKind.DATA || size <= 0) continue;
      const power = Math.floor(Math.log2(size));
      const present = (classes[power] ??= { streams: [], entries: [], bytes: 0 });
      present.streams.push(row);
      present.entries.push(entry);
      present.bytes += size;
    }
  }
  return classes.filter((present) => present !== undefined);
}

/**
 * Pieces in the order in which they are best taken: after any number of them the sample is spread over the sizes by
 * their bytes, over the tree, and over the data of large files. No piece comes twice; it ends when everything was given.
 */
export function* samplePieces(tree: Tree, classes: readonly SizeClass[]): Generator<SamplePiece> {
  const taken = classes.map(() => ({ count: 0, bytes: 0 }));
  const pieces = classes.map((one, i) => piecesOfClass(tree, one, i));
  const open = new Set(classes.keys());
  while (open.size > 0) {
    let best = NONE;
    for (const i of open) if (best === NONE || urgency(i) > urgency(best)) best = i;
    const next = pieces[best].next();
    if (next.done === true) {
      open.delete(best);
      continue;
    }
    taken[best].count += 1;
    taken[best].bytes += next.value.length;
    yield next.value;
  }

  function urgency(i: number): number {
    const few = LEAST_PIECES - taken[i].count;
    return few > 0 ? 1e300 + few * 1e299 : classes[i].bytes / (taken[i].bytes + 1);
  }
}

/** Multiples of these two visit a square evenly, however many are taken: files one way, places in them the other. */
const FILE_STEP = 0.754_877_666_246_692_7;
const PLACE_STEP = 0.569_840_290_998_053_2;

function* piecesOfClass(
  tree: Tree,
  { streams, entries }: SizeClass,
  sizeClass: number,
): Generator<SamplePiece> {
  const countOf = (at: number): number => Math.ceil(tree.streamSize[streams[at]] / PIECE_SIZE);
  const most = streams.reduce((count, _, at) => Math.max(count, countOf(at)), 0);
  const given = new Set<number>();
  const pieceOf = (at: number, place: number): SamplePiece | undefined => {
    const key = at * most + place;
    if (given.has(key)) return undefined;
    given.add(key);
    const offset = place * PIECE_SIZE;
    const length = Math.min(PIECE_SIZE, tree.streamSize[streams[at]] - offset);
    return { sizeClass, stream: streams[at], entry: entries[at], offset, length };
  };
  for (let k = 1; k <= streams.length * most; k++) {
    const at = Math.floor(((k * FILE_STEP) % 1) * streams.length);
    const piece = pieceOf(at, Math.floor(((k * PLACE_STEP) % 1) * countOf(at)));
    if (piece !== undefined) yield piece;
  }
  for (let at = 0; at < streams.length; at++) {
    for (let place = 0; place < countOf(at); place++) {
      const piece = pieceOf(at, place);
      if (piece !== undefined) yield piece;
    }
  }
}

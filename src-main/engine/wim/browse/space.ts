import type { SpaceNode, SpaceReport } from '../../../../src-shared/contract/browse';
import { safeCount } from '../../binary/safeCount';
import type { Steps } from '../../steps';
import { isPlainDirectory } from '../../tree/attributes';
import { NONE, type Tree } from '../../tree/tree';
import type { Wim } from '../wim';
import { extensionOf } from './folderOrder';
import { storedSizes } from './storedSizes';
import { folderMap } from './folderMap';

/** Extensions that are told one by one; '*' gathers the others. */
const MAX_TYPES = 60;
export const OTHER_TYPES = '*';
/** Longest extension: what is longer is part of a name. */
const MAX_EXTENSION = 16;
const MAX_LARGEST = 100;
const ENTRIES_PER_STEP = 4096;

/** What each entry and all below it hold, by entry. */
export interface EntryTotals {
  /** Bytes of all streams, under every name. */
  readonly bytes: Float64Array;
  /** Bytes in the WIM: a blob's belong to the first entry that names it. */
  readonly stored: Float64Array;
  /** Names that are no directories. */
  readonly files: Uint32Array;
}

export type SpaceFigures = Omit<SpaceReport, 'onlyHere'>;

/**
 * Where an image's bytes are. `logical` counts every name by itself, as a person does; so do the bytes of folders and
 * types. Stored bytes are counted once for each blob, so that those of all folders add up to `stored`.
 */
export function* spaceSteps(wim: Wim, tree: Tree): Steps<SpaceFigures> {
  const sizes = storedSizes(wim);
  const totals: EntryTotals = {
    bytes: new Float64Array(tree.entryCount),
    stored: new Float64Array(tree.entryCount),
    files: new Uint32Array(tree.entryCount),
  };
  const seen = new Uint8Array(wim.blobs.length);
  let single = 0;
  for (let entry = 0; entry < tree.entryCount; entry++) {
    if (entry % ENTRIES_PER_STEP === 0) yield;
    const inode = tree.inode[entry];
    if (!isPlainDirectory(tree.attributes[inode])) totals.files[entry] = 1;
    for (let row = tree.firstStream[inode]; row !== NONE; row = tree.streamNext[row]) {
      totals.bytes[entry] += tree.streamSize[row];
      const blob = tree.streamBlob[row];
      if (blob === NONE || seen[blob] === 1) continue;
      seen[blob] = 1;
      single += tree.streamSize[row];
      totals.stored[entry] += sizes[blob] ?? 0;
    }
  }
  const { types, largest } = yield* typesAndLargest(tree, totals);
  // Parents come before what is in them: backwards, each is complete when it is added to the one above.
  for (let entry = tree.entryCount - 1; entry > 0; entry--) {
    const parent = tree.parent[entry];
    if (parent === NONE) continue;
    totals.bytes[parent] += totals.bytes[entry];
    totals.stored[parent] += totals.stored[entry];
    totals.files[parent] += totals.files[entry];
  }
  yield;
  const folders: SpaceNode = folderMap(tree, totals);
  const sizesOfAll = {
    logical: safeCount(totals.bytes[0]),
    single: safeCount(single),
    stored: safeCount(totals.stored[0]),
  };
  return { sizes: sizesOfAll, folders, types, largest };
}

interface TypeTotals {
  extension: string;
  files: number;
  bytes: number;
  stored: number;
}

/** @param totals of the entries alone, not yet of what is below them */
function* typesAndLargest(tree: Tree, totals: EntryTotals): Steps<Pick<SpaceFigures, 'types' | 'largest'>> {
  const byExtension = new Map<string, TypeTotals>();
  const seen = new Uint8Array(tree.inodeCount);
  let largest: number[] = [];
  let least = 0;
  const bySize = (a: number, b: number): number => totals.bytes[b] - totals.bytes[a];
  for (let entry = 0; entry < tree.entryCount; entry++) {
    if (entry % ENTRIES_PER_STEP === 0) yield;
    if (totals.files[entry] === 0) continue;
    const extension = typeOf(tree.name(entry));
    let type = byExtension.get(extension);
    if (type === undefined) {
      type = { extension, files: 0, bytes: 0, stored: 0 };
      byExtension.set(extension, type);
    }
    type.files += 1;
    type.bytes += totals.bytes[entry];
    type.stored += totals.stored[entry];
    const inode = tree.inode[entry];
    if (seen[inode] === 1 || totals.bytes[entry] <= least) continue;
    seen[inode] = 1;
    largest.push(entry);
    if (largest.length < 4 * MAX_LARGEST) continue;
    largest = largest.sort(bySize).slice(0, MAX_LARGEST);
    least = totals.bytes[largest[MAX_LARGEST - 1]];
  }
  const types = [...byExtension.values()].sort((a, b) => b.bytes - a.bytes || b.files - a.files);
  const rest = types.splice(MAX_TYPES);
  if (rest.length > 0) {
    const gathered = { extension: OTHER_TYPES, files: 0, bytes: 0, stored: 0 };
    for (const { files, bytes, stored } of rest) {
      gathered.files += files;
      gathered.bytes += bytes;
      gathered.stored += stored;
    }
    types.push(gathered);
  }
  return {
    types: types.map((type) => ({ ...type, bytes: safeCount(type.bytes), stored: safeCount(type.stored) })),
    largest: largest
      .sort(bySize)
      .slice(0, MAX_LARGEST)
      .map((entry) => ({ path: tree.path(entry), bytes: safeCount(totals.bytes[entry]) })),
  };
}

/** The extension in lower case, '' for none and for what is too long or odd to be one. */
function typeOf(name: string): string {
  const extension = extensionOf(name);
  return extension.length > MAX_EXTENSION || extension.includes(OTHER_TYPES) ? '' : extension.toLowerCase();
}

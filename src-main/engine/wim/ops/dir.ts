import { AppError } from '../../../../src-shared/errors/appError';
import type { DirRequest } from '../../../../src-shared/model/requests';
import type { EntryDetails, SolidDetails, StreamDetails } from '../../../../src-shared/model/summaries';
import type { EngineHost } from '../../os';
import { compareNames, sameNameIgnoringCase } from '../../tree/nameOrder';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { BlobPlace, hex } from '../blobTable';
import { isoTime } from '../fileTime';
import { ItemTag } from '../metadata/taggedItems';
import { loadImage, openWim } from '../openWim';
import { ResourceFlag } from '../records/resourceHeader';
import type { Wim } from '../wim';
import { chooseImages, reportWarnings, type VerbContext } from './common';

/** How names are compared when a person types a path. */
export interface NameRules {
  readonly ignoreCase: boolean;
}

/** Paths below the requested one in order of their names, parents first; every chosen image in turn. */
export async function* dirPaths(
  host: EngineHost,
  request: DirRequest,
  rules: NameRules,
  context: VerbContext = {},
): AsyncGenerator<string> {
  for await (const { tree, start } of listings(host, request, rules, context)) {
    for (const entry of listed(tree, start, request.oneFileOnly === true)) yield tree.path(entry);
  }
}

/** Everything the image keeps of the entries below the requested path. */
export async function* dir(
  host: EngineHost,
  request: DirRequest,
  rules: NameRules,
  context: VerbContext = {},
): AsyncGenerator<EntryDetails> {
  for await (const { wim, tree, start } of listings(host, request, rules, context)) {
    const groups = linkGroups(tree);
    for (const entry of listed(tree, start, request.oneFileOnly === true))
      yield describeEntry(tree, entry, groups, (stream) => describeStream(wim, tree, stream));
  }
}

async function* listings(
  host: EngineHost,
  request: DirRequest,
  rules: NameRules,
  context: VerbContext,
): AsyncGenerator<{ wim: Wim; tree: Tree; start: number }> {
  const wim = await openWim(host, host.files.absolute(request.wim), {
    ref: request.ref,
    signal: context.signal,
  });
  try {
    for (const index of chooseImages(wim, request.image)) {
      const tree = loadImage(host, wim, index);
      yield { wim, tree, start: findEntry(tree, request.path ?? '/', rules, wim.path) };
    }
    reportWarnings(wim, context);
  } finally {
    wim.close();
  }
}

/** An entry and all below it, parents first, children by name. @param only the entry alone */
export function* listed(tree: Tree, start: number, only: boolean): Generator<number> {
  if (only) {
    yield start;
    return;
  }
  const stack = [start];
  while (stack.length > 0) {
    const entry = stack.pop() as number;
    yield entry;
    const names = [...tree.children(entry)].map((row) => ({ row, name: tree.name(row) }));
    names.sort((a, b) => compareNames(b.name, a.name));
    for (const { row } of names) stack.push(row);
  }
}

/**
 * The entry at a path, `/` or `\` between names.
 * @throws AppError `wim/no-such-path`
 */
export function findEntry(tree: Tree, path: string, rules: NameRules, label: string): number {
  let entry = 0;
  for (const name of path.split(/[\\/]/).filter((part) => part !== '')) {
    const child = findChild(tree, entry, name, rules);
    if (child === NONE) throw new AppError('wim/no-such-path', `${label} has no "${path}"`, { path });
    entry = child;
  }
  return entry;
}

/** A directory's entry of that name, or NONE. Without case, the exact name comes first. */
export function findChild(tree: Tree, directory: number, name: string, rules: NameRules): number {
  let similar = NONE;
  for (let row = tree.firstChild[directory]; row !== NONE; row = tree.nextSibling[row]) {
    if (tree.hasName(row, name)) return row;
    if (rules.ignoreCase && similar === NONE && sameNameIgnoringCase(tree.name(row), name)) similar = row;
  }
  return similar;
}

/** Numbers for inodes of several names, in the order in which the tree shows them. */
export function linkGroups(tree: Tree): Map<number, number> {
  const groups = new Map<number, number>();
  for (let inode = 0; inode < tree.inodeCount; inode++) {
    if (tree.linkCount[inode] > 1) groups.set(inode, groups.size + 1);
  }
  return groups;
}

/** What is kept of an entry. @param groups of {@link linkGroups} */
export function describeEntry(
  tree: Tree,
  entry: number,
  groups: ReadonlyMap<number, number>,
  describe: (stream: number) => StreamDetails,
): EntryDetails {
  const inode = tree.inode[entry];
  const extras = tree.extras.get(inode);
  const unix = extras?.tagged?.find(({ tag, data }) => tag === ItemTag.UNIX_DATA && data.length >= 16)?.data;
  const objectId = extras?.tagged?.find(({ tag }) => tag === ItemTag.OBJECT_ID)?.data;
  const securityId = tree.securityId[inode];
  return {
    path: tree.path(entry),
    name: tree.name(entry),
    shortName: tree.shortName(entry),
    attributes: tree.attributes[inode],
    securityDescriptor: securityId === NONE ? null : hex(tree.securityDescriptors[securityId]),
    creationTime: isoTime(tree.creationTime[inode]),
    lastAccessTime: isoTime(tree.lastAccessTime[inode]),
    lastWriteTime: isoTime(tree.lastWriteTime[inode]),
    reparseTag: extras?.reparseTag ?? null,
    linkCount: tree.linkCount[inode],
    hardLinkGroup: String(groups.get(inode) ?? 0),
    unixData: unix === undefined ? null : unixDetails(unix),
    objectId: objectId === undefined ? null : hex(objectId),
    streams: [...tree.streams(inode)].map(describe),
  };
}

function unixDetails(data: Uint8Array): { uid: number; gid: number; mode: number; rdev: number } {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return {
    uid: view.getUint32(0, true),
    gid: view.getUint32(4, true),
    mode: view.getUint32(8, true),
    rdev: view.getUint32(12, true),
  };
}

/** Kinds of streams as a listing names them. */
export const streamKinds: Readonly<Record<StreamKind, StreamDetails['kind']>> = {
  [StreamKind.DATA]: 'data',
  [StreamKind.NAMED]: 'named',
  [StreamKind.REPARSE]: 'reparse',
  [StreamKind.ENCRYPTED_RAW]: 'encrypted',
};

/** A stream and where its data is. */
export function describeStream(wim: Wim, tree: Tree, stream: number): StreamDetails {
  const { blobs } = wim;
  const blob = tree.streamBlob[stream];
  const kind = streamKinds[tree.streamKind[stream] as StreamKind];
  const name = tree.streamName(stream);
  if (blob === NONE) {
    return {
      kind,
      name,
      size: 0,
      storedSize: null,
      sha1: '0'.repeat(40),
      offset: null,
      compressed: false,
      referenceCount: null,
      partNumber: null,
    };
  }
  const there = blobs.place[blob] !== 0;
  return {
    kind,
    name,
    size: blobs.size[blob],
    storedSize: there ? blobs.storedSize[blob] : null,
    sha1: hex(blobs.sha1(blob)),
    offset: there ? blobs.offset[blob] : null,
    compressed: (blobs.flags[blob] & ResourceFlag.COMPRESSED) !== 0,
    referenceCount: there ? blobs.referenceCount[blob] : null,
    partNumber: there ? wim.parts[blobs.part[blob]].header.partNumber : null,
    ...solidDetails(wim, blob),
  };
}

/** The solid resource that a blob lies in, where it lies in one. */
export function solidDetails(wim: Wim, blob: number): { readonly solidResource?: SolidDetails } {
  if (wim.blobs.place[blob] !== BlobPlace.SOLID) return {};
  const { size, storedSize, offset } = wim.solids[wim.blobs.solid[blob]];
  return { solidResource: { size, storedSize, offset } };
}

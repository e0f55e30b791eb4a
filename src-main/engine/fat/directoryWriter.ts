import { fatTimeOf } from './fatTime';
import { longNameEntries, serializeLongName, ShortNames, type ShortName } from './names';
import { FatAttribute, FatEntry } from './records';

interface NodeFacts {
  attributes: number;
  /** FILETIMEs. */
  creationTime: bigint;
  accessTime: bigint;
  writeTime: bigint;
}

export interface FileNode extends NodeFacts {
  readonly name: string;
  /** First cluster; 0 without data. */
  readonly first: number;
  readonly size: number;
}

export interface DirectoryNode extends NodeFacts {
  readonly name: string;
  /** By the key of their names. */
  readonly children: Map<string, FileNode | DirectoryNode>;
  /** First cluster; 0 until it has its place. */
  first: number;
  /** Where the root directory goes on behind its first cluster. */
  second?: number;
}

/** Bytes of a directory's entries: at least one, since even an empty directory has a cluster. */
export function directorySize(node: DirectoryNode, label: string | undefined, isRoot: boolean): number {
  let entries = isRoot ? 0 : 2;
  if (label !== undefined) entries++;
  const names = new ShortNames(node.children);
  for (const child of node.children.values()) {
    entries += 1 + (names.add(child.name).isWhole ? 0 : longNameEntries(child.name));
  }
  return Math.max(1, entries) * FatEntry.size;
}

/**
 * The entries of a directory, filled up with zeroes to whole clusters.
 * @param place `parent`: first cluster of the directory above, 0 for the root; undefined for the root itself
 */
export function serializeDirectory(
  node: DirectoryNode,
  place: {
    readonly label: string | undefined;
    readonly parent: number | undefined;
    readonly clusterSize: number;
  },
): Uint8Array<ArrayBuffer> {
  const size = directorySize(node, place.label, place.parent === undefined);
  const bytes = new Uint8Array(Math.ceil(size / place.clusterSize) * place.clusterSize);
  let at = 0;
  const push = (entry: Uint8Array) => {
    bytes.set(entry, at);
    at += entry.length;
  };
  if (place.label !== undefined) {
    push(
      entryOf({ name: place.label, caseFlags: 0 }, { ...node, attributes: FatAttribute.VOLUME_LABEL }, 0, 0),
    );
  }
  if (place.parent !== undefined) {
    push(entryOf({ name: '.'.padEnd(11), caseFlags: 0 }, node, node.first, 0));
    push(entryOf({ name: '..'.padEnd(11), caseFlags: 0 }, node, place.parent, 0));
  }
  const names = new ShortNames(node.children);
  for (const child of node.children.values()) {
    const short = names.add(child.name);
    if (!short.isWhole) {
      for (const part of serializeLongName(child.name, storedName(short.name))) push(part);
    }
    push(entryOf(short, child, child.first, 'size' in child ? child.size : 0));
  }
  return bytes;
}

function storedName(name: string): Uint8Array {
  return Uint8Array.from(name, (character) => character.charCodeAt(0));
}

function entryOf(
  short: Pick<ShortName, 'name' | 'caseFlags'>,
  facts: NodeFacts,
  first: number,
  size: number,
): Uint8Array {
  const created = fatTimeOf(facts.creationTime);
  const written = fatTimeOf(facts.writeTime);
  const isLabel = facts.attributes === FatAttribute.VOLUME_LABEL;
  return FatEntry.serialize({
    name: storedName(short.name),
    attributes: facts.attributes,
    caseFlags: short.caseFlags,
    creationTenths: isLabel ? 0 : created.tenths,
    creationTime: isLabel ? 0 : created.time,
    creationDate: isLabel ? 0 : created.date,
    accessDate: isLabel ? 0 : fatTimeOf(facts.accessTime).date,
    clusterHigh: first >>> 16,
    writeTime: written.time,
    writeDate: written.date,
    clusterLow: first & 0xffff,
    size,
  });
}

import { AppError } from '../../../src-shared/errors/appError';
import { bytesSource, type ByteSource } from '../binary/byteSource';
import type { BlockDevice } from '../disk/blockDevice';
import { diskSizeText } from '../disk/sizeWords';
import { writeZeroes } from '../disk/writeZeroes';
import { ROOT_CLUSTER, writeBootSectors } from './bootSector';
import { directorySize, serializeDirectory, type DirectoryNode, type FileNode } from './directoryWriter';
import { planFat32, smallestFat32, type Fat32Plan } from './geometry';
import { faultOfName, nameKey } from './names';
import { FatAttribute, FatEntry } from './records';
import { ClusterChains, writeFats } from './writeFat';

export interface FatFormatOptions {
  /** At most 11 characters of ASCII; stored in upper case, as Windows does. */
  readonly label?: string;
  /** Bytes; Windows's default for the size where absent. */
  readonly clusterSize?: number;
  /** Where the volume begins on its disk, bytes. */
  readonly partitionOffset?: number;
  /** Volume serial number; random where absent. */
  readonly serial?: number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** FILETIME: time of the label, and of what is added without one. */
  readonly now: bigint;
}

/** What a directory entry has beside its name. */
export interface FatEntryFacts {
  /** Windows attributes, of which read-only, hidden, system and archive are kept. */
  readonly attributes?: number;
  /** FILETIMEs; of the time of access only the day is kept. */
  readonly creationTime?: bigint;
  readonly accessTime?: bigint;
  readonly writeTime?: bigint;
}

export interface FatVolumeFigures {
  readonly clusterSize: number;
  /** Bytes of the clusters in use and free. */
  readonly used: number;
  readonly free: number;
  readonly serial: string;
}

const KEPT_ATTRIBUTES =
  FatAttribute.READ_ONLY | FatAttribute.HIDDEN | FatAttribute.SYSTEM | FatAttribute.ARCHIVE;
/** Bytes of the largest file. */
export const MAX_FAT_FILE = 0xffff_ffff;
/** Bytes of the entries of a directory. */
export const MAX_FAT_DIRECTORY = 65536 * FatEntry.size;
/** Directories above each other. */
export const MAX_FAT_DEPTH = 128;
const PIECE = 1 << 20;

/**
 * A FAT32 volume that is made and filled in one pass: data as it comes, then directories, FATs, and at last the boot
 * sector. Until {@link finish} has returned, the device has no file system.
 */
export class FatVolumeWriter {
  private readonly root: DirectoryNode;
  private readonly chains: ClusterChains;
  private readonly serial: number;
  private readonly label: string;

  /** Formats: erases boot sectors and FATs. See {@link createFatVolume}. */
  constructor(
    private readonly device: BlockDevice,
    private readonly plan: Fat32Plan,
    private readonly options: FatFormatOptions,
  ) {
    this.label = storedLabel(options.label ?? '');
    const random = new DataView(Uint8Array.from(options.randomBytes(4)).buffer).getUint32(0, true);
    this.serial = options.serial ?? random;
    this.root = {
      ...this.factsOf({}, FatAttribute.DIRECTORY),
      name: '',
      children: new Map(),
      first: ROOT_CLUSTER,
    };
    this.chains = new ClusterChains(ROOT_CLUSTER, ROOT_CLUSTER + plan.clusters);
    this.chains.allocate(1);
    const dataOffset = this.offsetOf(ROOT_CLUSTER);
    writeZeroes(device, 0, dataOffset + plan.clusterSize);
    device.flush();
  }

  /** Bytes that are free now; directories take some of them when the volume is finished. */
  get free(): number {
    return this.chains.left * this.plan.clusterSize;
  }

  /**
   * Makes a directory and those above it. Facts of one that is there are set anew.
   * @param path '/EFI/Boot'
   * @throws AppError `target/cannot-keep` for a name that FAT cannot hold, `io/exists` where a file is
   */
  addDirectory(path: string, facts: FatEntryFacts = {}): void {
    const directory = this.directoryAt(
      path.split('/').filter((name) => name !== ''),
      path,
    );
    if (directory === this.root) return;
    Object.assign(directory, this.factsOf(facts, FatAttribute.DIRECTORY));
  }

  /**
   * Makes a file with its data, and the directories above it.
   * @throws AppError `target/cannot-keep` for a name or size that FAT cannot hold, `io/exists`, `io/no-space`,
   *   `source/changed` where the data ends early
   */
  addFile(path: string, data: Uint8Array | ByteSource, facts: FatEntryFacts = {}): void {
    const source = data instanceof Uint8Array ? bytesSource(data, path) : data;
    this.copy(source, this.reserveFile(path, source.size, facts).offset);
  }

  /**
   * Makes a file whose data the caller writes, before or after {@link finish}; what is over in its last cluster should
   * be zeroes.
   * @returns where on the device; a length of 0 for a file without data
   * @throws AppError as {@link addFile}
   */
  reserveFile(
    path: string,
    size: number,
    facts: FatEntryFacts = {},
  ): { readonly offset: number; readonly length: number } {
    const names = path.split('/').filter((name) => name !== '');
    const name = names.pop() ?? '';
    checkName(name, path);
    const parent = this.directoryAt(names, path);
    if (parent.children.has(nameKey(name))) throw new AppError('io/exists', `${path} is there already`);
    if (size > MAX_FAT_FILE) {
      throw new AppError('target/cannot-keep', `${path} has ${size} bytes; FAT32 holds files below 4 GB`);
    }
    const clusters = this.require(size, path);
    const first = clusters === 0 ? 0 : this.chains.allocate(clusters);
    const attributes = facts.attributes === undefined ? FatAttribute.ARCHIVE : 0;
    const file: FileNode = { ...this.factsOf(facts, attributes), name, first, size };
    parent.children.set(nameKey(name), file);
    return { offset: clusters === 0 ? 0 : this.offsetOf(first), length: clusters * this.plan.clusterSize };
  }

  /** Writes directories, FATs and boot sectors. Afterwards the volume is whole and nothing can be added. */
  finish(): FatVolumeFigures {
    const { clusterSize } = this.plan;
    this.placeDirectories();
    writeFats(this.device, this.plan, this.chains);
    this.device.flush();
    writeBootSectors(this.device, this.plan, {
      label: this.label === '' ? 'NO NAME    ' : this.label,
      serial: this.serial,
      hiddenSectors: Math.floor((this.options.partitionOffset ?? 0) / this.plan.sectorSize) % 2 ** 32,
      freeClusters: this.chains.left,
      nextFree: this.chains.left === 0 ? 0xffff_ffff : this.chains.nextFree,
    });
    return {
      clusterSize,
      used: (this.plan.clusters - this.chains.left) * clusterSize,
      free: this.chains.left * clusterSize,
      serial: this.serial.toString(16).padStart(8, '0'),
    };
  }

  private offsetOf(cluster: number): number {
    const { reservedSectors, fatSectors, sectorSize, clusterSize } = this.plan;
    return (reservedSectors + 2 * fatSectors) * sectorSize + (cluster - ROOT_CLUSTER) * clusterSize;
  }

  private factsOf(facts: FatEntryFacts, attributes: number) {
    const { now } = this.options;
    const writeTime = facts.writeTime ?? now;
    return {
      attributes: attributes | ((facts.attributes ?? 0) & KEPT_ATTRIBUTES),
      creationTime: facts.creationTime ?? writeTime,
      accessTime: facts.accessTime ?? writeTime,
      writeTime,
    };
  }

  private directoryAt(names: readonly string[], path: string): DirectoryNode {
    if (names.length > MAX_FAT_DEPTH) throw new AppError('target/cannot-keep', `${path} is too deep`);
    let directory = this.root;
    for (const name of names) {
      checkName(name, path);
      const found = directory.children.get(nameKey(name));
      if (found && 'size' in found) throw new AppError('io/exists', `${name} of ${path} is a file`);
      const next = found ?? {
        ...this.factsOf({}, FatAttribute.DIRECTORY),
        name,
        children: new Map(),
        first: 0,
      };
      if (!found) directory.children.set(nameKey(name), next);
      directory = next;
    }
    return directory;
  }

  /** Clusters for so many bytes. @throws AppError `io/no-space` */
  private require(bytes: number, path: string): number {
    const clusters = Math.ceil(bytes / this.plan.clusterSize);
    if (clusters > this.chains.left) {
      throw new AppError(
        'io/no-space',
        `${path} needs ${diskSizeText(bytes)}, the FAT32 volume has ${diskSizeText(this.free)} free`,
      );
    }
    return clusters;
  }

  private copy(source: ByteSource, offset: number): void {
    const { clusterSize } = this.plan;
    const piece = new Uint8Array(Math.min(PIECE, Math.ceil(source.size / clusterSize) * clusterSize));
    for (let at = 0; at < source.size; at += piece.length) {
      const wanted = Math.min(piece.length, source.size - at);
      if (source.read(at, piece.subarray(0, wanted)) < wanted) {
        throw new AppError('source/changed', `${source.name} became shorter while it was read`);
      }
      // What an older file left behind the end is nobody's business.
      const end = Math.ceil(wanted / clusterSize) * clusterSize;
      this.device.write(offset + at, piece.fill(0, wanted, end).subarray(0, end));
    }
  }

  private placeDirectories(): void {
    const directories: { readonly node: DirectoryNode; readonly parent: number }[] = [];
    const label = this.label === '' ? undefined : this.label;
    const pending: DirectoryNode[] = [this.root];
    for (let node = pending.pop(); node; node = pending.pop()) {
      const size = directorySize(node, node === this.root ? label : undefined, node === this.root);
      if (size > MAX_FAT_DIRECTORY)
        throw new AppError('target/cannot-keep', `"${node.name}" has too many entries`);
      if (node === this.root) {
        const more = this.require(Math.max(0, size - this.plan.clusterSize), 'the root directory');
        if (more > 0) this.chains.append(ROOT_CLUSTER, (node.second = this.chains.allocate(more)));
      } else {
        node.first = this.chains.allocate(this.require(size, node.name));
      }
      const parent = node === this.root ? 0 : node.first;
      directories.push({ node, parent });
      for (const child of node.children.values()) if (!('size' in child)) pending.push(child);
    }
    const parents = new Map<DirectoryNode, number>();
    for (const { node, parent } of directories) {
      for (const child of node.children.values()) if (!('size' in child)) parents.set(child, parent);
    }
    for (const { node } of directories) {
      const bytes = serializeDirectory(node, {
        label: node === this.root ? label : undefined,
        parent: parents.get(node),
        clusterSize: this.plan.clusterSize,
      });
      const head = node.second === undefined ? bytes.length : this.plan.clusterSize;
      this.device.write(this.offsetOf(node.first), bytes.subarray(0, head));
      if (node.second !== undefined) this.device.write(this.offsetOf(node.second), bytes.subarray(head));
    }
  }
}

/**
 * Formats a device, usually a partition, as FAT32 and returns what fills it.
 * @throws AppError `layout/invalid` for a size or cluster size that FAT32 does not have, or a bad label
 */
export function createFatVolume(device: BlockDevice, options: FatFormatOptions): FatVolumeWriter {
  const plan = planFat32(device.size, device.sectorSize, options.clusterSize);
  if (!plan) {
    const least = smallestFat32(device.sectorSize);
    const clusters =
      options.clusterSize === undefined ? '' : ` with clusters of ${options.clusterSize} bytes`;
    throw new AppError(
      'layout/invalid',
      `${diskSizeText(device.size)} is no size for FAT32${clusters}; the least is ${diskSizeText(least)}`,
    );
  }
  return new FatVolumeWriter(device, plan, options);
}

/** Formats a device as an empty FAT32 volume. @throws AppError `layout/invalid` */
export function formatFat32(device: BlockDevice, options: FatFormatOptions): FatVolumeFigures {
  return createFatVolume(device, options).finish();
}

function checkName(name: string, path: string): void {
  const fault = faultOfName(name);
  if (fault !== undefined) throw new AppError('target/cannot-keep', `"${name}" of ${path} ${fault}`);
}

function storedLabel(label: string): string {
  const stored = label.trim().toUpperCase();
  if (stored.length > 11 || !/^[ !#$%&'()\-0-9@A-Z^_`{}~]*$/.test(stored)) {
    throw new AppError('layout/invalid', `"${label}" is no label for FAT32`);
  }
  return stored === '' ? '' : stored.padEnd(11);
}

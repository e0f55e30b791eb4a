import path from 'node:path';
import { namesIn, numberOf, realPathOf, type SystemRoots, textOf } from './systemFiles';

/** A block device in sysfs: a disk, a partition, or what is made of them (LVM, RAID, dm-crypt, loop). */
export interface BlockNode {
  /** As the kernel calls it: 'sda', 'sda1', 'nvme0n1p2', 'dm-0', 'cciss!c0d0'. */
  readonly name: string;
  /** Its directory in sysfs, links resolved. */
  readonly directory: string;
  /** "major:minor" */
  readonly number: string;
  /** The disk whose partition it is. */
  readonly parent?: BlockNode;
}

/** Block devices by their names and numbers. Read once for each question: disks come and go. */
export class BlockDevices {
  private readonly byName = new Map<string, BlockNode>();
  private readonly byNumber = new Map<string, BlockNode>();
  /** Those that are no partitions, in the order of their names. */
  readonly whole: readonly BlockNode[];

  constructor(readonly roots: SystemRoots) {
    this.whole = namesIn(roots.sys, 'block').flatMap((name) =>
      this.add(name, path.join(roots.sys, 'block', name)),
    );
    for (const disk of this.whole) {
      for (const name of namesIn(disk.directory)) {
        const directory = path.join(disk.directory, name);
        if (numberOf(directory, 'partition') !== undefined) this.add(name, directory, disk);
      }
    }
  }

  named(name: string): BlockNode | undefined {
    return this.byName.get(name);
  }

  numbered(number: string): BlockNode | undefined {
    return this.byNumber.get(number);
  }

  /** The device that a path in /dev names, links as in /dev/disk and /dev/mapper followed. */
  at(devicePath: string): BlockNode | undefined {
    const real = realPathOf(devicePath) ?? devicePath;
    const inside = path.relative(this.roots.dev, real);
    if (inside === '' || inside.startsWith('..')) return undefined;
    // The kernel writes '!' for '/' in names.
    return this.byName.get(inside.replaceAll('/', '!'));
  }

  /** Path by which a device is opened. */
  pathOf(node: BlockNode): string {
    return path.join(this.roots.dev, node.name.replaceAll('!', '/'));
  }

  partitionsOf(disk: BlockNode): BlockNode[] {
    return [...this.byName.values()].filter(({ parent }) => parent === disk);
  }

  /** Disks that a device lies on: itself, or those below it. */
  disksBelow(node: BlockNode): BlockNode[] {
    const found = new Set<BlockNode>();
    const seen = new Set<BlockNode>();
    const waiting = [node];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (next.parent !== undefined) {
        waiting.push(next.parent);
        continue;
      }
      found.add(next);
      for (const name of namesIn(next.directory, 'slaves')) {
        const below = this.named(name);
        if (below !== undefined) waiting.push(below);
      }
      const file = this.backingFile(next);
      const below = file === undefined ? undefined : this.at(file);
      if (below !== undefined) waiting.push(below);
    }
    return [...found];
  }

  /** File or device behind a loop device. */
  backingFile(node: BlockNode): string | undefined {
    return textOf(node.directory, 'loop', 'backing_file');
  }

  private add(name: string, directory: string, parent?: BlockNode): BlockNode[] {
    const number = textOf(directory, 'dev');
    const real = realPathOf(directory);
    if (number === undefined || real === undefined) return [];
    const node: BlockNode = { name, directory: real, number, ...(parent === undefined ? {} : { parent }) };
    this.byName.set(name, node);
    this.byNumber.set(number, node);
    return [node];
  }
}

/** "major:minor" of a device number in the C library's 64-bit encoding, see makedev(3). */
export function deviceNumber(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xffff_f000n);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffff_ff00n);
  return `${major}:${minor}`;
}

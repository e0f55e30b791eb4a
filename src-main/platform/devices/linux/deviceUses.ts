import { AppError } from '../../../../src-shared/errors/appError';
import type { BlockDevices, BlockNode } from './blockDevices';
import { namesIn, textOf } from './systemFiles';

/** What a disk is used for. */
export interface DiskUses {
  /** In words, each once. */
  readonly uses: string[];
  isSystem: boolean;
}

/** A mounted file system. */
export interface Mount {
  /** "major:minor" of the file system; of many file systems the number of no device. */
  readonly number: string;
  readonly point: string;
  readonly type: string;
  readonly source: string;
}

/** Where what the running system consists of is mounted. */
const systemPoints = new Set(['/', '/boot', '/boot/efi', '/efi', '/usr']);

/** The text of /proc/self/mountinfo as a table, see proc_pid_mountinfo(5). */
export function parseMounts(table: string): Mount[] {
  return table.split('\n').flatMap((line): Mount[] => {
    const [before, after] = line.split(' - ', 2);
    if (after === undefined) return [];
    const [, , number, , point] = before.split(' ');
    const [type, source] = after.split(' ');
    if (point === undefined || source === undefined) return [];
    return [{ number, point: unescaped(point), type, source: unescaped(source) }];
  });
}

/** Devices and files of /proc/swaps. */
export function parseSwaps(table: string): string[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => unescaped(line.split(/\s+/)[0]))
    .filter((name) => name !== '');
}

/** The kernel writes space, tab, line end and backslash as octal numbers. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

/** @throws AppError `disk/unsupported` where they are not told: no disk may be called free then */
export function mountsOf({ roots }: BlockDevices): Mount[] {
  const table = textOf(roots.proc, 'self', 'mountinfo');
  if (table === undefined) {
    const message = `this system does not tell what is mounted: ${roots.proc}/self/mountinfo cannot be read`;
    throw new AppError('disk/unsupported', message);
  }
  return parseMounts(table);
}

/** Devices under a mounted file system: several where it spans them. */
export function devicesOfMount(devices: BlockDevices, mount: Mount): BlockNode[] {
  const own = devices.numbered(mount.number);
  if (own !== undefined) return [own];
  // btrfs and others have a number of their own; bcachefs names all its devices.
  const named = mount.source.split(':').flatMap((source) => devices.at(source) ?? []);
  const first = named.at(0);
  return mount.type === 'btrfs' && first !== undefined ? btrfsMembers(devices, first) : named;
}

/** All devices of the btrfs volume that one of them belongs to. */
function btrfsMembers(devices: BlockDevices, member: BlockNode): BlockNode[] {
  for (const volume of namesIn(devices.roots.sys, 'fs', 'btrfs')) {
    const names = namesIn(devices.roots.sys, 'fs', 'btrfs', volume, 'devices');
    if (names.includes(member.name)) return names.flatMap((name) => devices.named(name) ?? []);
  }
  return [member];
}

/** The devices that hold a file, from the number of its file system. */
export function devicesOfNumber(
  devices: BlockDevices,
  mounts: readonly Mount[],
  number: string,
): BlockNode[] {
  const own = devices.numbered(number);
  if (own !== undefined) return [own];
  const mount = mounts.find((candidate) => candidate.number === number);
  return mount === undefined ? [] : devicesOfMount(devices, mount);
}

/**
 * What every disk is used for: mounted file systems, swap, what holds it (LVM, RAID, dm-crypt, loop devices).
 * @param programNumbers "major:minor" of the file systems that hold the running program
 * @param fileNumber "major:minor" of the file system of a swap file
 */
export function usesOfDisks(
  devices: BlockDevices,
  programNumbers: readonly string[],
  fileNumber: (file: string) => string | undefined,
): Map<BlockNode, DiskUses> {
  const found = new Map<BlockNode, DiskUses>();
  const mounts = mountsOf(devices);
  const note = (node: BlockNode, use: string | undefined, isSystem: boolean): void => {
    for (const disk of devices.disksBelow(node)) {
      const entry = found.get(disk) ?? { uses: [], isSystem: false };
      if (use !== undefined && !entry.uses.includes(use)) entry.uses.push(use);
      entry.isSystem ||= isSystem;
      found.set(disk, entry);
    }
  };
  for (const mount of mounts) {
    for (const node of devicesOfMount(devices, mount)) {
      note(node, `${mount.point} (${mount.type})`, systemPoints.has(mount.point));
    }
  }
  for (const swap of parseSwaps(textOf(devices.roots.proc, 'swaps') ?? '')) {
    const node = devices.at(swap);
    if (node !== undefined) note(node, 'swap', true);
    const number = node === undefined ? fileNumber(swap) : undefined;
    for (const holder of number === undefined ? [] : devicesOfNumber(devices, mounts, number)) {
      note(holder, `swap file ${swap}`, true);
    }
  }
  for (const node of devices.whole) {
    const words = holderWords(node);
    for (const name of namesIn(node.directory, 'slaves')) {
      const below = devices.named(name);
      if (below !== undefined) note(below, words, false);
    }
    const file = devices.backingFile(node);
    const below = file === undefined ? undefined : devices.at(file);
    if (below !== undefined) note(below, `loop device ${node.name}`, false);
  }
  for (const number of programNumbers) {
    for (const node of devicesOfNumber(devices, mounts, number)) note(node, undefined, true);
  }
  return found;
}

/** What a device that is made of others is. The kinds are the prefixes of device mapper UUIDs. */
function holderWords(node: BlockNode): string {
  const name = textOf(node.directory, 'dm', 'name');
  const uuid = textOf(node.directory, 'dm', 'uuid') ?? '';
  if (uuid.startsWith('LVM-')) return `LVM volume ${name ?? node.name}`;
  if (uuid.startsWith('CRYPT-')) return `encrypted volume ${name ?? node.name}`;
  if (uuid.startsWith('mpath-')) return `multipath device ${name ?? node.name}`;
  if (node.name.startsWith('md')) return `RAID ${node.name}`;
  return `held by ${name ?? node.name}`;
}

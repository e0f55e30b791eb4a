import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openNtfs, type NtfsVolume } from '../../src-main/engine/ntfs/read/openNtfs';
import { createVolumeSource, type VolumeSource } from '../../src-main/engine/ntfs/read/volumeSource';
import type { StreamLocation } from '../../src-main/engine/pipeline/tasks';
import type { ScanOptions, ScanResult } from '../../src-main/engine/tree/source';
import { StreamKind, type Tree } from '../../src-main/engine/tree/tree';
import { plainFileDevice } from './plainFileDevice';
import { temporaryDirectory } from './tools';

/** Makes an empty volume in a new file with mkntfs. @param more its options: `-c`, `-s`, `-L` */
export function makeVolume(bytes: number, ...more: string[]): string {
  const image = path.join(temporaryDirectory(), 'volume.img');
  writeFileSync(image, '');
  truncateSync(image, bytes);
  execFileSync('mkntfs', ['-F', '-Q', '-q', ...more, image], { stdio: 'ignore' });
  return image;
}

const MOUNT_OPTIONS = 'streams_interface=xattr,efs_raw,user_xattr,compression,permissions';

/** Mounts a volume with ntfs-3g, as root, while `use` runs. */
export function withMount(image: string, use: (root: string) => void, options = MOUNT_OPTIONS): void {
  const root = path.join(temporaryDirectory(), 'mounted');
  mkdirSync(root);
  execFileSync('ntfs-3g', ['-o', options, image, root], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    use(root);
  } finally {
    execFileSync('umount', [root]);
  }
}

/** Value of an extended attribute of a file on a mounted volume; undefined where it has none. */
export function getAttribute(file: string, name: string): Buffer | undefined {
  const { status, stdout } = spawnSync('getfattr', ['-h', '--only-values', '-n', name, file]);
  return status === 0 ? stdout : undefined;
}

export function setAttribute(file: string, name: string, value: Uint8Array | string): void {
  const hex = Buffer.from(value).toString('hex');
  execFileSync('setfattr', ['-h', '-n', name, '-v', `0x${hex}`, file]);
}

/** A scanned volume. */
export interface ReadVolume {
  readonly volume: NtfsVolume;
  readonly source: VolumeSource;
  readonly tree: Tree;
  readonly scan: ScanResult;
}

export async function scanImage(image: string, options: ScanOptions = {}, offset = 0): Promise<ReadVolume> {
  const volume = openNtfs(plainFileDevice(image, offset));
  const source = createVolumeSource(volume, image);
  const scan = await source.scan(options);
  return { volume, source, scan, tree: scan.tree };
}

/** All that a tree says of each path, in a form that compares and prints well. */
export function factsOf(
  tree: Tree,
  hash: (stream: number) => string,
): Record<string, Record<string, unknown>> {
  const facts: Record<string, Record<string, unknown>> = {};
  const firstNames = new Map<number, string>();
  for (const entry of tree.preorder()) {
    const inode = tree.inode[entry];
    const name = tree.path(entry);
    const extras = tree.extras.get(inode);
    const descriptor = tree.securityDescriptors.at(
      tree.securityId[inode] < 0 ? Infinity : tree.securityId[inode],
    );
    const group = firstNames.get(inode) ?? name;
    firstNames.set(inode, group);
    facts[name] = {
      short: tree.shortName(entry),
      links: tree.linkCount[inode],
      attributes: tree.attributes[inode].toString(16),
      creation: tree.creationTime[inode],
      access: tree.lastAccessTime[inode],
      write: tree.lastWriteTime[inode],
      security: descriptor && createHash('sha1').update(descriptor).digest('hex'),
      reparse:
        extras?.reparseTag === undefined
          ? undefined
          : [extras.reparseTag.toString(16), extras.reparseReserved],
      tagged: (extras?.tagged ?? []).map(({ tag, data }) => `${tag}:${Buffer.from(data).toString('hex')}`),
      // An image does not tell empty data from none.
      streams: [...tree.streams(inode)]
        .filter((stream) => tree.streamKind[stream] !== StreamKind.DATA || tree.streamSize[stream] > 0)
        .map((stream) => {
          const size = tree.streamSize[stream];
          return `${tree.streamKind[stream]} ${tree.streamName(stream)} ${size} ${size === 0 ? '' : hash(stream)}`;
        })
        .sort(),
    };
  }
  return facts;
}

/** Hash of a located stream, by the task that threads run. */
export function hasher(
  hashStream: (input: { location: StreamLocation }) => { state: string; sha1: Uint8Array; problem?: string },
): (location: StreamLocation) => string {
  return (location) => {
    const { state, sha1, problem } = hashStream({ location });
    if (state !== 'same') throw new Error(problem ?? state);
    return Buffer.from(sha1).toString('hex');
  };
}

/** 'record path' of each file, by fls. */
export function readBySleuthKit(image: string, sector = 0): string[] {
  const lines = execFileSync('fls', ['-r', '-p', '-u', '-o', String(sector), image], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  }).split('\n');
  return lines
    .map((line) => /^\S+ (\d+)-(\d+)-\d+:\t(.*)$/.exec(line))
    .filter((match) => match !== null)
    .filter(([, , type, name]) => (type === '128' || type === '144' || type === '48') && !name.includes(':'))
    .filter(([, record, , name]) => Number(record) >= 16 && !name.startsWith('$Extend/'))
    .map(([, record, , name]) => `${record} ${name}`)
    .sort();
}

/** The same through the indexes of a volume. */
export function readByUs({ volume }: Pick<ReadVolume, 'volume'>): string[] {
  const found: string[] = [];
  const walk = (directory: string): void => {
    for (const item of volume.list(directory)) {
      const name = `${directory}${item.name}`;
      found.push(`${item.record} ${name.slice(1)}`);
      if (item.isDirectory) walk(`${name}/`);
    }
  };
  walk('/');
  return found.sort();
}

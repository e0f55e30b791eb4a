import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { DiskFacts, PhysicalDevice, PhysicalDisks } from '../../src-main/engine/disk/devices';
import type { EngineHost } from '../../src-main/engine/os';
import { createNodeFileSystem } from '../../src-main/platform/nodeFileSystem';
import { createCrypto } from '../../src-main/platform/crypto';
import { createSha1 } from '../../src-main/platform/sha1';
import type { DiskLayout } from '../../src-shared/model/disks';
import { memoryDevice, type MemoryDevice } from './memoryDevice';
import { noKernels } from './pipeline';

/** A host for verbs on disks: this system's files, no threads. */
export function diskHost(more: Partial<EngineHost> = {}): EngineHost {
  return {
    files: createNodeFileSystem(),
    sha1: createSha1(),
    crypto: createCrypto(),
    kernels: noKernels,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    now: () => 133_000_000_000_000_000n,
    memory: 2 ** 30,
    processId: process.pid,
    taskRunner() {
      throw new Error('no threads are wanted here');
    },
    breathe: () => Promise.resolve(),
    ...more,
  };
}

/** A layout that is small and has both file systems. */
export const smallLayout: DiskLayout = {
  table: 'gpt',
  partitions: [
    { role: 'efi', size: '40MB', fileSystem: 'fat32', label: 'BOOT' },
    { role: 'msr', size: '16MB', fileSystem: 'none' },
    { role: 'windows', size: 'rest', fileSystem: 'ntfs', label: 'Windows' },
  ],
};

export function diskFacts(more: Partial<DiskFacts> = {}): DiskFacts {
  return {
    path: '/dev/sdb',
    identity: 'serial:4C530001 size:134217728 bus:usb',
    name: 'SanDisk Ultra',
    model: 'SanDisk Ultra',
    serial: '4C530001',
    size: 128 << 20,
    sectorSize: 512,
    physicalSectorSize: 512,
    bus: 'usb',
    removable: true,
    readOnly: false,
    uses: [],
    isSystem: false,
    ...more,
  };
}

/** A physical disk in memory. What it is can change while it is used, and it can vanish. */
export class FakeDisk {
  readonly device: MemoryDevice;
  /** How often it was opened for writing. */
  openedForWriting = 0;
  reread = 0;

  constructor(public facts: DiskFacts) {
    this.device = memoryDevice({
      size: facts.size,
      sectorSize: facts.sectorSize === 4096 ? 4096 : 512,
      name: facts.path,
    });
  }

  get writes(): number {
    return this.device.events.filter(({ kind }) => kind === 'write').length;
  }
}

/** The physical disks of a made-up system. */
export function fakeDisks(disks: readonly FakeDisk[], more: Partial<PhysicalDisks> = {}): PhysicalDisks {
  const at = (file: string): FakeDisk | undefined => disks.find(({ facts }) => facts.path === file);
  return {
    list: () => disks.map(({ facts }) => facts),
    isDevice: (file) => file.startsWith('/dev/'),
    find: (file) => at(file)?.facts,
    holding: () => [],
    open(file, access): PhysicalDevice | undefined {
      const disk = at(file);
      if (disk === undefined) return undefined;
      if (access === 'write') disk.openedForWriting += 1;
      return {
        ...disk.device,
        size: disk.device.size,
        writable: access === 'write',
        allocate: () => undefined,
        dropCaches: () => undefined,
        rereadPartitions() {
          disk.reread += 1;
          return undefined;
        },
      };
    },
    ...more,
  };
}

/** Why loop devices cannot be made here; undefined where they can. */
export function reasonWithoutLoops(): string | undefined {
  if (process.platform !== 'linux') return 'loop devices are a thing of Linux';
  if (process.getuid?.() !== 0) return 'only root makes loop devices';
  const { status } = spawnSync('losetup', ['--find'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'losetup finds no loop device here';
}

/** A directory on a real file system, for loop devices; removed when the test ends. */
export function loopDirectory(): string {
  const directory = mkdtempSync(path.join(process.env.WIMSMITH_TEST_TEMP ?? os.tmpdir(), 'wimsmith-loop-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A loop device over a file; taken away when the test ends. @returns its path */
export function attachLoop(file: string, ...options: string[]): string {
  const device = execFileSync('losetup', ['--find', '--show', ...options, file], { encoding: 'utf8' }).trim();
  onTestFinished(() => {
    detachLoop(device);
  });
  return device;
}

/** Takes a loop device away, with its partitions. One that is away already stays so. */
export function detachLoop(device: string): void {
  spawnSync('partx', ['-d', device], { stdio: 'ignore' });
  spawnSync('losetup', ['-d', device], { stdio: 'ignore' });
}

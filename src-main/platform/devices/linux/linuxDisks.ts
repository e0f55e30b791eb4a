import path from 'node:path';
import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskFacts, PhysicalDisks } from '../../../engine/disk/devices';
import { nativePath } from '../../posix/nativePath';
import { rawFs } from '../../rawFs';
import { systemErrorName } from '../../systemErrors';
import { BlockDevices, type BlockNode, deviceNumber } from './blockDevices';
import { devicesOfNumber, mountsOf, usesOfDisks } from './deviceUses';
import { factsOf, isDisk } from './diskFacts';
import { identityOf, usesOfFile } from './fileUses';
import { openLinuxDevice } from './linuxDevice';
import { namesIn, type SystemRoots, systemRoots } from './systemFiles';

export interface LinuxDiskOptions {
  readonly roots?: SystemRoots;
  /** Loop devices count as disks. */
  readonly loops?: boolean;
  /** Files of the running program: the disk that holds one of them is the system's. */
  readonly programFiles?: readonly string[];
  /** "major:minor" of the file system that holds a file; undefined where there is no such file. */
  readonly numberOfFile?: (file: string) => string | undefined;
  /** Tells a file from all others by more than a path; undefined where there is no such file. */
  readonly identityOfFile?: (file: string) => string | undefined;
}

/** The disks of a Linux system, as sysfs and procfs tell them. */
export function createLinuxDisks(options: LinuxDiskOptions = {}): PhysicalDisks {
  const { roots = systemRoots, loops = false, programFiles = [], numberOfFile = fileSystemNumber } = options;
  const { identityOfFile = identityOf } = options;
  // Files are asked about far more often than disks: sysfs is not read for them.
  const mayBeDevice = roots === systemRoots ? isBlockDevice : (): boolean => true;
  const read = (): { devices: BlockDevices; disks: Map<BlockNode, DiskFacts> } => {
    const devices = new BlockDevices(roots);
    const numbers = programFiles.flatMap((file) => numberOfFile(file) ?? []);
    const uses = usesOfDisks(devices, numbers, numberOfFile);
    const disks = new Map<BlockNode, DiskFacts>();
    for (const node of devices.whole) {
      if (isDisk(node, loops)) disks.set(node, factsOf(devices, node, uses.get(node)));
    }
    return { devices, disks };
  };
  return {
    list() {
      if (namesIn(roots.sys, 'block').length === 0) {
        throw new AppError(
          'disk/unsupported',
          `this system does not tell its disks: ${roots.sys}/block is empty`,
        );
      }
      return [...read().disks.values()];
    },
    isDevice: (file) =>
      mayBeDevice(file) && (isBlockDevice(file) || new BlockDevices(roots).at(file) !== undefined),
    find(file) {
      if (!mayBeDevice(file)) return undefined;
      const { devices, disks } = read();
      const node = devices.at(file);
      return node === undefined ? undefined : disks.get(node);
    },
    open(file, access) {
      if (!mayBeDevice(file)) return undefined;
      const devices = new BlockDevices(roots);
      const node = devices.at(file);
      if (node === undefined) return undefined;
      if (access === 'write' && node.parent !== undefined) {
        const whole = devices.pathOf(node.parent);
        const message = `${file} is a part of ${whole}: only whole disks are written`;
        throw new AppError('disk/refused', message, { path: file, disk: whole });
      }
      return openLinuxDevice(devices, node, access);
    },
    holding(file) {
      const { devices, disks } = read();
      const number = nearestNumber(file, numberOfFile);
      if (number === undefined) return [];
      const below = devicesOfNumber(devices, mountsOf(devices), number).flatMap((node) =>
        devices.disksBelow(node),
      );
      return [...new Set(below)].flatMap((node) => disks.get(node)?.path ?? devices.pathOf(node));
    },
    usesOf: (file) => usesOfFile(roots, file, identityOfFile),
  };
}

function isBlockDevice(file: string): boolean {
  try {
    return rawFs.statSync(nativePath(file)).isBlockDevice();
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return false;
  }
}

/** That of the nearest directory above that exists, where the file does not. */
function nearestNumber(file: string, numberOfFile: (file: string) => string | undefined): string | undefined {
  for (let place = path.resolve(file); ; place = path.dirname(place)) {
    const number = numberOfFile(place);
    if (number !== undefined || path.dirname(place) === place) return number;
  }
}

function fileSystemNumber(file: string): string | undefined {
  try {
    const { dev } = rawFs.statSync(nativePath(file), { bigint: true });
    return deviceNumber(dev);
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return undefined;
  }
}

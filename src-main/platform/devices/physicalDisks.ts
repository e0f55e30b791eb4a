import { AppError } from '../../../src-shared/errors/appError';
import type { PhysicalDisks } from '../../engine/disk/devices';
import { createLinuxDisks } from './linux/linuxDisks';
import { windowsDiskCalls } from './windows/diskCalls';
import { createWindowsDisks } from './windows/windowsDisks';

/** What decides which disks are told. */
export interface PhysicalDiskOptions {
  /** Files of the running program: the disk that holds one of them is the system's. */
  readonly programFiles: readonly string[];
}

/** Set to 1, loop devices of Linux count as disks: for tests and practice, where no disk may be risked. */
const LOOP_VARIABLE = 'WIMSMITH_LOOP_DISKS';

/** The physical disks of this system; where it is not supported, an object that says so when asked for them. */
export function createPhysicalDisks({ programFiles }: PhysicalDiskOptions): PhysicalDisks {
  switch (process.platform) {
    case 'linux':
      return createLinuxDisks({ programFiles, loops: process.env[LOOP_VARIABLE] === '1' });
    case 'win32':
      return createWindowsDisks({ calls: windowsDiskCalls(), programFiles, pause });
    default:
      return noDisks(process.platform);
  }
}

/** Waits without letting anything else run: what disks are asked for is asked in one go. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Files are opened as ever; what lies in /dev is refused in words. */
function noDisks(platform: string): PhysicalDisks {
  const refuse = (): never => {
    throw new AppError(
      'disk/unsupported',
      `physical disks are not supported on this system (${platform}): work on disk files`,
    );
  };
  const isDevice = (file: string): boolean => file.startsWith('/dev/');
  const refuseDevice = (file: string): undefined => (isDevice(file) ? refuse() : undefined);
  return { list: refuse, open: refuseDevice, isDevice, find: refuseDevice, holding: () => [] };
}

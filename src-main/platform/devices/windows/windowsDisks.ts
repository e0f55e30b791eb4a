import { diskNumber } from './diskPaths';
import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskFacts, PhysicalDevice, PhysicalDisks } from '../../../engine/disk/devices';
import { systemErrorName, toAppError } from '../../systemErrors';
import type { Handle } from '../../windows/kernel32';
import { diskIdentity } from '../diskIdentity';
import type { WindowsDiskCalls } from './diskCalls';
import {
  type DeviceDescription,
  parseAlignment,
  parseDeviceDescriptor,
  parseGeometry,
  parseVolumeExtents,
  parseWorldWideName,
  propertyQuery,
  StorageProperty,
} from './records';
import { WindowsDevice } from './windowsDevice';

const IOCTL_STORAGE_QUERY_PROPERTY = 0x002d_1400;
const IOCTL_DISK_GET_DRIVE_GEOMETRY_EX = 0x0007_00a0;
const IOCTL_DISK_IS_WRITABLE = 0x0007_0024;
const IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS = 0x0056_0000;
const FSCTL_LOCK_VOLUME = 0x0009_0018;
const FSCTL_DISMOUNT_VOLUME = 0x0009_0020;

/** Numbers that disks are looked for under; Windows gives the lowest free one. */
const MOST_DISKS = 64;
/** Bytes of an answer with strings, and of one with as many extents as a volume may have in practice. */
const ANSWER = 4096;
const ERROR_WRITE_PROTECT = 'EROFS';
/** A volume is held for moments by those who look at what was just connected. */
const LOCK_ATTEMPTS = 20;

const MEMORY_KEY = 'SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management';
const SETUP_KEY = 'SYSTEM\\Setup';

export interface WindowsDiskOptions {
  readonly calls: WindowsDiskCalls;
  /** Files of the running program: the disk that holds one of them is the system's. */
  readonly programFiles: readonly string[];
  /** Waits that long, ms. */
  readonly pause: (milliseconds: number) => void;
}

/** A volume with the disks it lies on. */
interface VolumeFacts {
  /** '\\?\Volume{…}\' */
  readonly name: string;
  readonly disks: readonly number[];
  readonly places: readonly string[];
}

/** The disks of Windows, by their numbers. */
export function createWindowsDisks({ calls, programFiles, pause }: WindowsDiskOptions): PhysicalDisks {
  const list = (): DiskFacts[] => {
    const volumes = volumesOf(calls);
    const system = systemDisks(calls, programFiles);
    const disks: DiskFacts[] = [];
    for (let number = 0; number < MOST_DISKS; number++) {
      const facts = diskFacts(calls, number, volumes, system);
      if (facts !== undefined) disks.push(facts);
    }
    return disks;
  };
  return {
    list,
    isDevice: (file) => diskNumber(file) !== undefined,
    find(file) {
      const number = diskNumber(file);
      if (number === undefined) return undefined;
      return diskFacts(calls, number, volumesOf(calls), systemDisks(calls, programFiles));
    },
    open(file, access) {
      const number = diskNumber(file);
      return number === undefined ? undefined : openDisk(calls, number, access, pause);
    },
    holding(file) {
      const disks = ifAnswered(() => disksOfFile(calls, file)) ?? [];
      return disks.map(pathOf);
    },
  };
}

function pathOf(number: number): string {
  return `\\\\.\\PhysicalDrive${number}`;
}

function diskFacts(
  calls: WindowsDiskCalls,
  number: number,
  volumes: readonly VolumeFacts[],
  system: ReadonlyMap<number, string>,
): DiskFacts | undefined {
  const path = pathOf(number);
  const handle = ifAnswered(() => calls.open(path, 'query'));
  if (handle === undefined) return undefined;
  try {
    const ask = (property: number): Uint8Array =>
      calls.control(handle, IOCTL_STORAGE_QUERY_PROPERTY, propertyQuery(property), ANSWER);
    const nothing: DeviceDescription = { model: '', serial: '', bus: 'other', removable: false };
    const device = ifAnswered(() => parseDeviceDescriptor(ask(StorageProperty.DEVICE))) ?? nothing;
    const wwn = ifAnswered(() => parseWorldWideName(ask(StorageProperty.DEVICE_ID)));
    const { size, sector } = sizeOf(calls, handle) ?? { size: 0, sector: 512 };
    const { model, serial, bus, removable } = device;
    const use = system.get(number);
    return {
      path,
      // A number is no place: two such disks that are alike are refused, as they cannot be told apart.
      identity: diskIdentity({ wwn, serial, model, size, bus, place: '' }),
      name: model === '' ? path : model,
      model,
      serial,
      ...(wwn === undefined ? {} : { wwn }),
      size,
      sectorSize: sector,
      physicalSectorSize: physicalSector(calls, handle, sector),
      bus,
      removable: removable || bus === 'usb',
      readOnly: size > 0 && !isWritable(calls, handle),
      uses: use === undefined ? [] : [use],
      isSystem: use !== undefined,
      letters: volumes.filter(({ disks }) => disks.includes(number)).flatMap(({ places }) => places),
    };
  } finally {
    calls.close(handle);
  }
}

function sizeOf(
  calls: WindowsDiskCalls,
  handle: Handle,
): { readonly size: number; readonly sector: number } | undefined {
  return ifAnswered(() =>
    parseGeometry(calls.control(handle, IOCTL_DISK_GET_DRIVE_GEOMETRY_EX, null, ANSWER)),
  );
}

function physicalSector(calls: WindowsDiskCalls, handle: Handle, logical: number): number {
  const query = propertyQuery(StorageProperty.ACCESS_ALIGNMENT);
  const answer = ifAnswered(() =>
    parseAlignment(calls.control(handle, IOCTL_STORAGE_QUERY_PROPERTY, query, ANSWER)),
  );
  return Math.max(logical, Math.min(4096, answer?.physical ?? logical));
}

function isWritable(calls: WindowsDiskCalls, handle: Handle): boolean {
  try {
    calls.control(handle, IOCTL_DISK_IS_WRITABLE, null, 0);
    return true;
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    // Drivers that do not know the question are found out when it is written.
    return systemErrorName(error) !== ERROR_WRITE_PROTECT;
  }
}

function volumesOf(calls: WindowsDiskCalls): VolumeFacts[] {
  return calls.volumes().flatMap((name): VolumeFacts[] => {
    // Volumes without a disk: optical drives, those that are not ready.
    const disks = ifAnswered(() => disksOfVolume(calls, name.replace(/\\$/, '')));
    if (disks === undefined) return [];
    return [{ name, disks, places: ifAnswered(() => calls.placesOf(name)) ?? [] }];
  });
}

/** @param device path of the volume without a backslash at its end: with one it is its root directory */
function disksOfVolume(calls: WindowsDiskCalls, device: string): number[] {
  const handle = calls.open(device, 'query');
  try {
    return parseVolumeExtents(calls.control(handle, IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, null, ANSWER));
  } finally {
    calls.close(handle);
  }
}

function disksOfFile(calls: WindowsDiskCalls, file: string): number[] {
  return disksOfVolume(calls, calls.volumeOf(file).replace(/\\$/, ''));
}

/** Disks that the running system needs, with what for. */
function systemDisks(calls: WindowsDiskCalls, programFiles: readonly string[]): Map<number, string> {
  const found = new Map<number, string>();
  const note = (disks: readonly number[] | undefined, use: string): void => {
    for (const disk of disks ?? []) if (!found.has(disk)) found.set(disk, use);
  };
  const directory = calls.systemDirectory();
  note(disksOfFile(calls, directory), 'Windows');
  if (found.size === 0) {
    // Without this answer no disk may be called free.
    throw new AppError('disk/unsupported', `Windows does not tell on which disk ${directory} lies`);
  }
  for (const device of calls.registryTexts(SETUP_KEY, 'SystemPartition')) {
    note(
      ifAnswered(() => disksOfVolume(calls, `\\\\?\\GLOBALROOT${device}`)),
      'the partition that Windows starts from',
    );
  }
  for (const file of calls.registryTexts(MEMORY_KEY, 'ExistingPageFiles')) {
    note(
      ifAnswered(() => disksOfFile(calls, file.replace(/^\\\?\?\\/, ''))),
      'a page file',
    );
  }
  for (const file of programFiles) {
    note(
      ifAnswered(() => disksOfFile(calls, file)),
      'the running program',
    );
  }
  return found;
}

function openDisk(
  calls: WindowsDiskCalls,
  number: number,
  access: 'read' | 'write',
  pause: (milliseconds: number) => void,
): PhysicalDevice {
  const path = pathOf(number);
  const volumes = access === 'write' ? lockVolumes(calls, number, pause) : [];
  try {
    const handle = calls.open(path, access);
    const size = sizeOf(calls, handle);
    if (size === undefined || size.size === 0) {
      calls.close(handle);
      throw new AppError('disk/gone', `${path} tells no size: there is no medium in it`, { path });
    }
    return new WindowsDevice(calls, {
      path,
      handle,
      size: size.size,
      sectorSize: size.sector,
      physicalSectorSize: physicalSector(calls, handle, size.sector),
      writable: access === 'write',
      volumes,
    });
  } catch (error) {
    for (const volume of volumes) calls.close(volume);
    throw toAppError(error, 'open', path);
  }
}

/** Takes every volume of a disk off: Windows lets nobody write to a disk under a volume that is mounted. */
function lockVolumes(
  calls: WindowsDiskCalls,
  number: number,
  pause: (milliseconds: number) => void,
): Handle[] {
  const path = pathOf(number);
  const held: Handle[] = [];
  try {
    for (const { name, disks, places } of volumesOf(calls)) {
      if (!disks.includes(number)) continue;
      const shown = places.length === 0 ? name : places.join(', ');
      if (disks.length > 1) {
        const message = `${path} holds a part of the volume ${shown}, which lies on other disks as well`;
        throw new AppError('disk/in-use', message, { path });
      }
      const handle = calls.open(name.replace(/\\$/, ''), 'write');
      held.push(handle);
      lock(calls, handle, shown, path, pause);
      calls.control(handle, FSCTL_DISMOUNT_VOLUME, null, 0);
    }
    return held;
  } catch (error) {
    for (const handle of held) calls.close(handle);
    throw toAppError(error, 'take the volumes off', path);
  }
}

function lock(
  calls: WindowsDiskCalls,
  handle: Handle,
  shown: string,
  path: string,
  pause: (milliseconds: number) => void,
): void {
  for (let attempt = 1; ; attempt++) {
    try {
      calls.control(handle, FSCTL_LOCK_VOLUME, null, 0);
      return;
    } catch (error) {
      if (systemErrorName(error) === undefined) throw error;
      if (attempt === LOCK_ATTEMPTS) {
        const message = `${path} is in use: a program has files open on its volume ${shown}`;
        throw new AppError('disk/in-use', message, { path, volume: shown }, error);
      }
      pause(100);
    }
  }
}

/** What a call gives; undefined where the system or the driver answers with an error, or with nonsense. */
function ifAnswered<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (systemErrorName(error) === undefined && !(error instanceof AppError)) throw error;
    return undefined;
  }
}

import { AppError } from '../../../../src-shared/errors/appError';
import type {
  DiskInfoRequest,
  DiskSummary,
  ListedDisk,
  PhysicalDisk,
} from '../../../../src-shared/model/disks';
import type { EngineHost } from '../../os';
import type { PhysicalDisks } from '../devices';
import { withRefusals } from '../guard';
import { openDisk } from '../openDisk';
import { summarise } from './summary';

/** What a disk file or a physical disk is, and what is on it. Nothing is written, not even the log of a VHDX. */
export function diskInfo(host: EngineHost, request: DiskInfoRequest): DiskSummary {
  const isDevice = host.devices?.isDevice(request.disk) === true;
  const path = isDevice ? request.disk : host.files.absolute(request.disk);
  const disk = openDisk(host, path, 'read');
  try {
    return summarise(disk, path);
  } finally {
    disk.close();
  }
}

/** The physical disks, each with why it may not be a target where it may not. @throws AppError `disk/unsupported` */
export function physicalDisks(host: EngineHost): PhysicalDisk[] {
  return withRefusals(devicesOf(host).list());
}

/** The physical disks with what is on them, as far as this user may look. @throws AppError `disk/unsupported` */
export function diskList(host: EngineHost): ListedDisk[] {
  return physicalDisks(host).map((disk) => {
    if (disk.size === 0) return { ...disk, unread: 'there is no medium' };
    try {
      return { ...disk, summary: diskInfo(host, { disk: disk.path }) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { ...disk, unread: error.message };
    }
  });
}

function devicesOf({ devices }: EngineHost): PhysicalDisks {
  if (devices === undefined) {
    throw new AppError('disk/unsupported', 'physical disks cannot be reached here: work on disk files');
  }
  return devices;
}

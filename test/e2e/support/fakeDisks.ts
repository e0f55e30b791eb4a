import type { BrowserContext } from 'playwright';
import type { DiskSummary, PhysicalDisk } from '../../../src-shared/model/disks';
import type { Plan, Work } from '../../../src-shared/contract/work';
import { AppError } from '../../../src-shared/errors/appError';
import { fakeAnswers } from './fakeAnswers';

const GB = 2 ** 30;

/** A stick that may be a target. No machine has a disk at its path. */
export const stick: PhysicalDisk = {
  path: '/dev/fake-stick',
  identity: 'usb 4C530001230101 61530439680',
  name: 'SanDisk Ultra',
  model: 'SanDisk Ultra',
  serial: '4C530001230101',
  size: 57 * GB,
  sectorSize: 512,
  physicalSectorSize: 512,
  bus: 'USB',
  removable: true,
  readOnly: false,
  uses: [],
  isSystem: false,
};

/** The disk that the system runs from. */
export const systemDisk: PhysicalDisk = {
  ...stick,
  path: '/dev/fake-system',
  identity: 'nvme S64ANS0T 512110190592',
  name: 'Samsung SSD 980',
  model: 'Samsung SSD 980',
  serial: 'S64ANS0T',
  size: 476 * GB,
  bus: 'NVMe',
  removable: false,
  uses: ['/ (ext4)', 'swap'],
  isSystem: true,
  refusal: 'it holds the running system: / (ext4), swap',
};

/** What is on the stick. */
export const onStick: DiskSummary = {
  path: stick.path,
  format: 'raw',
  kind: 'physical',
  size: stick.size,
  allocated: stick.size,
  sectorSize: 512,
  physicalSectorSize: 512,
  table: 'mbr',
  diskId: '5a3c91f0',
  partitions: [
    {
      number: 1,
      offset: 2 ** 20,
      size: 57 * GB - 2 ** 20,
      type: '0c',
      typeName: 'FAT32',
      role: 'data',
      fileSystem: 'exfat',
      label: 'HOLIDAY',
      found: ['Photos 2025', 'Taxes', 'thesis.docx'],
    },
  ],
  warnings: [],
};

/** Jobs that the window asked for. */
export interface AskedRuns {
  readonly runs: { work: Work; fingerprint?: string }[];
}

/**
 * Physical disks that are not there: they are listed, read and planned here, and nothing about them reaches the host. An
 * order to run is noted and refused as a disk that changed would be.
 */
export async function fakeDisks(context: BrowserContext): Promise<AskedRuns> {
  const asked: AskedRuns = { runs: [] };
  await fakeAnswers(context, {
    'disks.physical': () => [stick, systemDisk],
    'disks.info': (input) => {
      const { disk } = input as { disk: string };
      if (disk === stick.path) return onStick;
      if (disk === systemDisk.path) throw new AppError('io/no-permission', `${disk} may not be read`);
      return undefined;
    },
    'jobs.plan': (input) => {
      const { work } = input as { work: Work };
      return isFake(work) ? planOf(work) : undefined;
    },
    'jobs.run': (input) => {
      const order = input as { work: Work; fingerprint?: string };
      if (!isFake(order.work)) return undefined;
      asked.runs.push(order);
      throw new AppError('disk/changed', `${stick.path} is another disk now; nothing was written`);
    },
  });
  return asked;
}

/** No window of a test looks at a disk of the machine. */
export async function noDisks(context: BrowserContext): Promise<void> {
  await fakeDisks(context);
}

function isFake(work: Work): boolean {
  return 'disk' in work.request && work.request.disk.startsWith('/dev/fake');
}

function planOf(work: Work): Plan {
  const found = ['Photos 2025', 'Taxes', 'thesis.docx'];
  const what = 'Partition 1 (FAT32), exFAT "HOLIDAY", 57 GB';
  return {
    work,
    fingerprint: 'fake.fake',
    steps: [`Erase ${stick.path}`, 'Write the partition table'],
    warnings: { total: 0, first: [] },
    erases: [
      { what: 'partition', path: stick.path, name: what, bytes: 57 * GB, found: { total: 3, first: found } },
    ],
    spaceNeeded: null,
    spaceFree: null,
    confirmation: stick.name,
    disk: {
      disk: stick.path,
      steps: [],
      warnings: [],
      erases: [],
      partitions: [
        { number: 1, offset: 2 ** 20, bytes: 16 * 2 ** 20, role: 'msr', size: '16MB', fileSystem: 'none' },
        { number: 2, offset: 17 * 2 ** 20, bytes: 56 * GB, role: 'data', size: 'rest', fileSystem: 'ntfs' },
      ],
      size: stick.size,
      table: 'gpt',
      spaceNeeded: null,
      spaceFree: null,
      fingerprint: 'fake',
      identity: stick.identity,
      confirmation: stick.name,
    },
  };
}

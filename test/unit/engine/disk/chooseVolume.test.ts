import { describe, expect, it } from 'vitest';
import { chooseVolume } from '../../../../src-main/engine/disk/chooseVolume';
import { formatVolume } from '../../../../src-main/engine/disk/ops/formatVolume';
import { planLayout } from '../../../../src-main/engine/disk/layouts/planLayout';
import { writePartitions } from '../../../../src-main/engine/disk/writePartitions';
import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskLayout, PartitionSpec } from '../../../../src-shared/model/disks';
import { diskHost, FakeDisk, diskFacts, fakeDisks } from '../../../support/disks';

const host = diskHost();

type Disk = NonNullable<ReturnType<ReturnType<typeof fakeDisks>['open']>>;

/** A disk with these partitions, formatted. */
function diskWith(...partitions: PartitionSpec[]): Disk {
  const layout: DiskLayout = { table: 'gpt', partitions };
  const fake = new FakeDisk(diskFacts({ size: 200 << 20 }));
  const device = fakeDisks([fake]).open('/dev/sdb', 'write');
  if (device === undefined) throw new Error('no disk');
  const plan = planLayout(layout, device.size, 512);
  writePartitions(device, plan, { table: 'gpt', randomBytes: (length) => host.randomBytes(length) });
  for (const partition of plan) formatVolume(host, device, partition);
  return device;
}

const ntfs = (label: string, role: PartitionSpec['role'] = 'data'): PartitionSpec => ({
  role,
  size: '40MB',
  fileSystem: 'ntfs',
  label,
});
const fat: PartitionSpec = { role: 'efi', size: '40MB', fileSystem: 'fat32', label: 'BOOT' };
const raw: PartitionSpec = { role: 'msr', size: '16MB', fileSystem: 'none' };

function failure(call: () => unknown): { code: string; message: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('it was chosen');
}

describe('auto', () => {
  it.each([undefined, 'auto', 'Auto'])('%s is the only NTFS volume', (choice) => {
    const { partition, volume } = chooseVolume(diskWith(fat, raw, ntfs('Data')), choice);
    expect(partition).toMatchObject({ number: 3, label: 'Data', fileSystem: 'ntfs' });
    expect(volume.size).toBe(40 << 20);
  });

  it('passes over the recovery volume beside it', () => {
    const disk = diskWith(fat, ntfs('Windows', 'windows'), ntfs('Recovery', 'recovery'));
    expect(chooseVolume(disk, undefined).partition.label).toBe('Windows');
  });

  it('does not choose between two', () => {
    const { code, message } = failure(() => chooseVolume(diskWith(ntfs('One'), ntfs('Two')), undefined));
    expect(code).toBe('disk/ambiguous-volume');
    expect(message).toContain('1 (ntfs "One", 40 MB), 2 (ntfs "Two", 40 MB)');
  });

  it('says what is there instead', () => {
    const { code, message } = failure(() => chooseVolume(diskWith(fat, raw), undefined));
    expect(code).toBe('disk/no-such-volume');
    expect(message).toContain('there are 1 (fat32 "BOOT", 40 MB), 2 (none, 16 MB)');
    const blank = fakeDisks([new FakeDisk(diskFacts())]).open('/dev/sdb', 'read');
    if (blank === undefined) throw new Error('no disk');
    expect(failure(() => chooseVolume(blank, undefined)).message).toContain('no volumes');
  });
});

describe('a name', () => {
  const disk = diskWith(fat, ntfs('Data'), ntfs('2'), ntfs('data'));

  it.each([
    ['1', 1],
    ['2', 2],
    ['4', 4],
    ['boot', 1],
    ['BOOT', 1],
  ])('%s is volume %d', (choice, number) => {
    expect(chooseVolume(disk, choice).partition.number).toBe(number);
  });

  it('is a GUID', () => {
    const { id = '' } = chooseVolume(disk, '3').partition;
    expect(chooseVolume(disk, id.toUpperCase()).partition.number).toBe(3);
    expect(chooseVolume(disk, `{${id}}`).partition.number).toBe(3);
  });

  it.each([
    ['data', 'disk/ambiguous-volume'],
    ['9', 'disk/no-such-volume'],
    ['Windows', 'disk/no-such-volume'],
    ['', 'disk/no-such-volume'],
  ])('"%s": %s', (choice, code) => {
    expect(failure(() => chooseVolume(disk, choice)).code).toBe(code);
  });
});

describe('a disk without a table', () => {
  it('is one volume, number 0', () => {
    const fake = new FakeDisk(diskFacts());
    const device = fakeDisks([fake]).open('/dev/sdb', 'write');
    if (device === undefined) throw new Error('no disk');
    formatVolume(host, device, { ...ntfs('Whole'), number: 0, offset: 0, bytes: device.size });
    const { volume, partition } = chooseVolume(device, undefined);
    expect(partition).toMatchObject({ number: 0, label: 'Whole' });
    expect(volume.size).toBe(device.size);
    expect(chooseVolume(device, '0').partition.number).toBe(0);
  });
});

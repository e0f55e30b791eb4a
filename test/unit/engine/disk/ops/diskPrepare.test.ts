import { describe, expect, it } from 'vitest';
import { diskPrepare } from '../../../../../src-main/engine/disk/ops/diskPrepare';
import { diskWipe } from '../../../../../src-main/engine/disk/ops/diskWipe';
import { volumeFacts } from '../../../../../src-main/engine/disk/ops/volumeFacts';
import { readPartitions } from '../../../../../src-main/engine/disk/partitions';
import { recogniseFileSystem } from '../../../../../src-main/engine/disk/recognise';
import { sliceDevice } from '../../../../../src-main/engine/disk/slice';
import type { EngineHost } from '../../../../../src-main/engine/os';
import { AppError, CancelledError } from '../../../../../src-shared/errors/appError';
import type { DiskLayout } from '../../../../../src-shared/model/disks';
import { diskFacts, diskHost, FakeDisk, fakeDisks, smallLayout } from '../../../../support/disks';
import type { MemoryDevice } from '../../../../support/memoryDevice';

const path = '/dev/sdb';
const asked = { disk: path, layout: smallLayout, confirmation: 'SanDisk Ultra' };

function world(more: Parameters<typeof diskFacts>[0] = {}): { disk: FakeDisk; host: EngineHost } {
  const disk = new FakeDisk(diskFacts(more));
  return { disk, host: diskHost({ devices: fakeDisks([disk]) }) };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'done';
}

/** What a disk says of itself: 'no table', or the file systems that its table leads to. */
function state(device: MemoryDevice): string {
  const { table, partitions } = readPartitions(device);
  if (table === 'none' && partitions.length === 0) return 'no table';
  const systems = partitions.map(({ number, offset, size }) =>
    recogniseFileSystem(sliceDevice(device, offset, size, `partition ${number}`)),
  );
  return `${table}: ${systems.join(' ')}`;
}

/** What is wrong with the volumes that a disk has. */
function problemsOf(device: MemoryDevice): string[] {
  const { partitions } = readPartitions(device);
  return partitions.flatMap(({ number, offset, size }) => {
    const { problem } = volumeFacts(sliceDevice(device, offset, size, `partition ${number}`));
    return problem === undefined ? [] : [`${number}: ${problem}`];
  });
}

describe('prepare', () => {
  it('divides, formats and reads back', async () => {
    const { disk, host } = world();
    const phases = new Set<string>();
    const report = await diskPrepare(host, asked, { onProgress: ({ phase }) => phases.add(phase) });
    expect(report.faults).toEqual([]);
    expect(report.plan).toBeUndefined();
    expect(report.summary).toMatchObject({
      path,
      kind: 'physical',
      table: 'gpt',
      partitions: [
        { number: 1, role: 'efi', fileSystem: 'fat32', label: 'BOOT' },
        { number: 2, role: 'msr', fileSystem: 'none' },
        { number: 3, fileSystem: 'ntfs', label: 'Windows' },
      ],
    });
    expect(state(disk.device)).toBe('gpt: fat32 none ntfs');
    expect(disk.reread).toBe(1);
    expect([...phases]).toEqual(['Writing metadata', 'Verifying']);
  });

  it('plans the same on a dry run, and writes nothing', async () => {
    const { disk, host } = world();
    await diskPrepare(host, asked);
    const writes = disk.writes;
    const first = await diskPrepare(host, { ...asked, dryRun: true });
    const second = await diskPrepare(host, { ...asked, dryRun: true });
    expect(first).toEqual(second);
    expect(first.plan).toMatchObject({
      disk: path,
      identity: disk.facts.identity,
      confirmation: 'SanDisk Ultra',
      table: 'gpt',
      partitions: [{ number: 1 }, { number: 2 }, { number: 3 }],
    });
    expect(first.plan?.erases.map(({ what }) => what)).toEqual([
      'Partition 1 (EFI system partition), FAT32 "BOOT", 40 MB, 512 bytes used',
      'Partition 2 (Microsoft reserved partition), not formatted, 16 MB',
      expect.stringMatching(
        /^Partition 3 \(Basic data partition\), NTFS "Windows", 70 MB, .* used$/,
      ) as string,
    ]);
    expect(disk.writes).toBe(writes);
    expect(disk.openedForWriting).toBe(1);
  });

  it('is bound to its plan', async () => {
    const { disk, host } = world();
    const { plan } = await diskPrepare(host, { ...asked, dryRun: true });
    const bound = { ...asked, identity: plan?.identity ?? '', fingerprint: plan?.fingerprint ?? '' };
    expect(await codeOf(diskPrepare(host, { ...bound, layout: 'data' }))).toBe('plan/stale');
    disk.device.write(0, Uint8Array.of(1));
    expect(await codeOf(diskPrepare(host, bound))).toBe('plan/stale');
    disk.device.write(0, Uint8Array.of(0));
    expect(await codeOf(diskPrepare(host, bound))).toBe('done');
    expect(await codeOf(diskPrepare(host, bound))).toBe('plan/stale');
  });

  it('writes nothing before every check has passed', async () => {
    const cases: [string, Parameters<typeof diskFacts>[0], object][] = [
      ['disk/refused', { isSystem: true }, {}],
      ['disk/in-use', { uses: ['/mnt (ext4)'] }, {}],
      ['disk/refused', { readOnly: true }, {}],
      ['disk/changed', {}, { identity: 'serial:OTHER size:134217728 bus:usb' }],
      ['disk/needs-confirmation', {}, { confirmation: 'SanDisk' }],
      ['disk/needs-confirmation', {}, { confirmation: undefined }],
      ['disk/too-small', {}, { layout: 'uefi' }],
      ['plan/stale', {}, { fingerprint: 'other' }],
      ['disk/refused', {}, { disk: '/dev/sdb1' }],
    ];
    for (const [code, facts, more] of cases) {
      const { disk, host } = world(facts);
      expect(await codeOf(diskPrepare(host, { ...asked, ...more }))).toBe(code);
      expect([disk.writes, disk.openedForWriting]).toEqual([0, 0]);
    }
  });

  it('refuses the disk that holds the image', async () => {
    const disk = new FakeDisk(diskFacts());
    const holding = (file: string): string[] => (file === '/media/lab.wim' ? [path] : ['/dev/sda']);
    const host = diskHost({ devices: fakeDisks([disk], { holding }) });
    expect(await codeOf(diskPrepare(host, { ...asked, sources: ['/media/lab.wim'] }))).toBe('disk/refused');
    expect(await codeOf(diskPrepare(host, { ...asked, sources: ['/srv/lab.wim'] }))).toBe('done');
  });

  it('refuses a disk that becomes another one between its plan and its opening', async () => {
    const disk = new FakeDisk(diskFacts());
    const real = fakeDisks([disk]);
    const host = diskHost({
      devices: {
        ...real,
        open(file, access) {
          if (access === 'write') disk.facts = diskFacts({ identity: 'serial:OTHER size:134217728 bus:usb' });
          return real.open(file, access);
        },
      },
    });
    expect(await codeOf(diskPrepare(host, asked))).toBe('disk/changed');
    expect(disk.writes).toBe(0);
  });

  it('says when what was written is not there', async () => {
    const disk = new FakeDisk(diskFacts());
    const real = fakeDisks([disk]);
    const forgetful = (target: NonNullable<ReturnType<typeof real.open>>) => ({
      ...target,
      // Writes to the middle of the disk are lost, as on a stick that claims to be larger than it is.
      write: (offset: number, bytes: Uint8Array) => {
        if (offset < 50 << 20 || offset > 120 << 20) target.write(offset, bytes);
      },
    });
    const host = diskHost({
      devices: {
        ...real,
        open(file, access) {
          const target = real.open(file, access);
          return target === undefined || access === 'read' ? target : forgetful(target);
        },
      },
    });
    const { faults } = await diskPrepare(host, asked);
    expect(faults).toEqual([expect.stringMatching(/^partition 3/)]);
  });
});

describe.each([
  ['gpt', smallLayout],
  [
    'mbr',
    { ...smallLayout, table: 'mbr', partitions: [smallLayout.partitions[0], smallLayout.partitions[2]] },
  ],
] as [string, DiskLayout][])('a disk that breaks off (%s)', (_, layout) => {
  const whole = layout.table === 'gpt' ? 'gpt: fat32 none ntfs' : 'mbr: fat32 ntfs';

  it('at any write says what it is: no table, or one that leads to volumes that are there', async () => {
    const { disk, host } = world();
    await diskPrepare(host, { ...asked, layout });
    const writes = disk.writes;
    const seen = new Set<string>();
    for (let count = 0; count < writes; count++) {
      const { disk: broken, host: other } = world();
      broken.device.failAfterWrites(count);
      expect(await codeOf(diskPrepare(other, { ...asked, layout }))).toBe('disk/gone');
      seen.add(state(broken.device));
      expect(problemsOf(broken.device)).toEqual([]);
    }
    expect([...seen].sort()).toEqual(['no table', whole].filter((text) => seen.has(text)).sort());
    expect(seen).toContain('no table');
  });

  it('at one write that fails has no table, or is whole', async () => {
    const { disk, host } = world();
    await diskPrepare(host, { ...asked, layout });
    const writes = disk.writes;
    for (let count = 0; count < writes; count++) {
      const broken = new FakeDisk(diskFacts());
      const real = fakeDisks([broken]);
      let done = 0;
      const devices: typeof real = {
        ...real,
        open(file, access) {
          const device = real.open(file, access);
          if (device === undefined || access === 'read') return device;
          const write = (offset: number, bytes: Uint8Array): void => {
            // Half of it arrives: a sector that cannot be written, in the middle.
            const fails = done++ === count;
            const half = bytes.length >> 1;
            device.write(offset, fails ? bytes.subarray(0, half - (half % 512)) : bytes);
            if (fails) throw new AppError('io/failed', 'the device reported an error');
          };
          return { ...device, write };
        },
      };
      expect(await codeOf(diskPrepare(diskHost({ devices }), { ...asked, layout }))).toBe('io/failed');
      expect(state(broken.device)).toBe('no table');
    }
  });

  it('at any write over an older layout shows the old one whole, none, or the new one', async () => {
    const old: DiskLayout = {
      table: 'gpt',
      partitions: [
        { role: 'data', size: '30MB', fileSystem: 'ntfs', label: 'Old' },
        { role: 'data', size: '30MB', fileSystem: 'ntfs', label: 'Older' },
      ],
    };
    const { disk, host } = world();
    await diskPrepare(host, { ...asked, layout: old });
    const before = disk.writes;
    await diskPrepare(host, { ...asked, layout });
    const writes = disk.writes - before;
    // The first and the last writes change what the disk says it is.
    for (let count = 0; count < writes; count += count < 6 || count > writes - 12 ? 1 : 4) {
      const { disk: broken, host: other } = world();
      await diskPrepare(other, { ...asked, layout: old });
      broken.device.failAfterWrites(count);
      await codeOf(diskPrepare(other, { ...asked, layout }));
      const shown = state(broken.device);
      expect(['gpt: ntfs ntfs', 'no table', whole]).toContain(shown);
      if (shown !== 'no table') expect(problemsOf(broken.device)).toEqual([]);
    }
  });

  it('when it is cancelled has no table, or is whole', async () => {
    for (let pause = 0; ; pause++) {
      const controller = new AbortController();
      let pauses = 0;
      const { disk, host } = world();
      const breathe = (): Promise<void> => {
        if (pauses++ === pause) controller.abort(new CancelledError());
        return Promise.resolve();
      };
      const work = diskPrepare({ ...host, breathe }, { ...asked, layout }, { signal: controller.signal });
      const code = await codeOf(work);
      if (code === 'done') {
        expect(state(disk.device)).toBe(whole);
        break;
      }
      expect(code).toBe('job/cancelled');
      expect(state(disk.device)).toBe('no table');
    }
  });
});

describe('wipe', () => {
  it('takes tables and volumes away, and says what stays', async () => {
    const { disk, host } = world();
    await diskPrepare(host, asked);
    disk.device.write(60 << 20, new Uint8Array(4096).fill(7));
    const wipe = { disk: path, confirmation: 'SanDisk Ultra' };
    const { plan } = await diskWipe(host, { ...wipe, dryRun: true });
    expect(plan?.erases).toHaveLength(3);
    expect(plan?.warnings).toEqual([expect.stringContaining('--all')]);
    const report = await diskWipe(host, { ...wipe, fingerprint: plan?.fingerprint ?? '' });
    expect(report).toMatchObject({ faults: [], summary: { table: 'none', partitions: [] } });
    expect(state(disk.device)).toBe('no table');
    expect(disk.device.bytes(60 << 20, 1)[0]).toBe(7);
    await diskWipe(host, { ...wipe, all: true });
    expect(Buffer.from(disk.device.bytes()).equals(Buffer.alloc(disk.facts.size))).toBe(true);
  });

  it('has the same guards', async () => {
    const { disk, host } = world();
    expect(await codeOf(diskWipe(host, { disk: path }))).toBe('disk/needs-confirmation');
    disk.facts = diskFacts({ isSystem: true });
    expect(await codeOf(diskWipe(host, { disk: path, confirmation: 'SanDisk Ultra' }))).toBe('disk/refused');
    expect(disk.writes).toBe(0);
  });
});

import { spawnSync } from 'node:child_process';
import { closeSync, constants, linkSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { diskList } from '../../../src-main/engine/disk/ops/diskInfo';
import { diskPrepare } from '../../../src-main/engine/disk/ops/diskPrepare';
import { diskWipe } from '../../../src-main/engine/disk/ops/diskWipe';
import type { EngineHost } from '../../../src-main/engine/os';
import { createLinuxDisks } from '../../../src-main/platform/devices/linux/linuxDisks';
import { AppError } from '../../../src-shared/errors/appError';
import {
  attachLoop,
  detachLoop,
  diskHost,
  loopDirectory,
  reasonWithoutLoops,
  smallLayout,
} from '../../support/disks';
import { makeVolume, withMount } from '../../support/ntfsVolumes';
import { describeWithTools, requireTool } from '../../support/tools';

const reason = reasonWithoutLoops();
const describeWithLoops = reason === undefined ? describe : describe.skip;

/** A loop device stands for a physical disk; 96 MiB unless said otherwise. */
function loopDisk(size = 96 << 20, ...options: string[]): { file: string; disk: string } {
  const file = path.join(loopDirectory(), 'disk.img');
  writeFileSync(file, '');
  truncateSync(file, size);
  return { file, disk: attachLoop(file, ...options) };
}

function loopHost(more: Partial<EngineHost> = {}): EngineHost {
  return diskHost({ devices: createLinuxDisks({ loops: true }), ...more });
}

async function errorOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: 'done', message: '' };
}

/** Mounts a device beside a file. @returns where */
function mountAt(device: string, file: string): string {
  const point = path.join(path.dirname(file), 'mounted');
  checked('mkdir', point);
  checked('mount', device, point);
  onTestFinished(() => void spawnSync('umount', [point], { stdio: 'ignore' }));
  return point;
}

function checked(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

describeWithLoops(reason === undefined ? 'a loop device' : `a loop device [${reason}]`, () => {
  it('is prepared, and judged by others', async () => {
    requireTool('sgdisk', 'sfdisk', 'fsck.vfat', 'ntfsfix', 'partx');
    const { file, disk } = loopDisk();
    const host = loopHost();
    const { plan } = await diskPrepare(host, { disk, layout: smallLayout, dryRun: true });
    expect(plan).toMatchObject({ disk, confirmation: disk, erases: [] });
    expect(plan?.warnings).toEqual([expect.stringContaining('no serial number')]);
    const bound = { identity: plan?.identity ?? '', fingerprint: plan?.fingerprint ?? '' };
    const report = await diskPrepare(host, { disk, layout: smallLayout, confirmation: disk, ...bound });
    expect(report.faults).toEqual([]);
    expect(checked('sgdisk', '-v', file)).toContain('No problems found');
    expect(checked('sfdisk', '-V', disk)).toContain('No errors detected');
    checked('partx', '-a', disk);
    const listed = diskList(host).find(({ path: device }) => device === disk);
    expect(listed?.summary?.partitions.map(({ label }) => label)).toEqual(['BOOT', undefined, 'Windows']);
    checked('fsck.vfat', '-n', `${disk}p1`);
    checked('ntfsfix', '-n', `${disk}p3`);
    // The partitions that others see are devices, and no disks.
    expect((await errorOf(diskWipe(host, { disk: `${disk}p1`, confirmation: `${disk}p1` }))).code).toBe(
      'disk/refused',
    );
    const wiped = await diskWipe(host, { disk, confirmation: disk });
    expect(wiped.faults).toEqual([]);
    expect(
      readFileSync(file)
        .subarray(0, 1 << 20)
        .every((byte) => byte === 0),
    ).toBe(true);
  });

  it('with sectors of 4096 bytes', async () => {
    requireTool('sfdisk');
    const { disk } = loopDisk(512 << 20, '--sector-size', '4096');
    const layout = { ...smallLayout, partitions: smallLayout.partitions.slice(1) };
    const { faults, summary } = await diskPrepare(loopHost(), { disk, layout, confirmation: disk });
    expect(faults).toEqual([]);
    expect(summary?.sectorSize).toBe(4096);
    expect(checked('sfdisk', '-V', disk)).toContain('No errors detected');
  });

  it('of which a partition is mounted is refused', async () => {
    requireTool('partx', 'mkfs.ext4');
    const { file, disk } = loopDisk();
    const request = { disk, layout: smallLayout, confirmation: disk };
    await diskPrepare(loopHost(), request);
    checked('partx', '-a', disk);
    checked('mkfs.ext4', '-q', '-F', `${disk}p2`);
    const point = mountAt(`${disk}p2`, file);
    const { code, message } = await errorOf(diskPrepare(loopHost(), request));
    expect([code, message]).toEqual(['disk/in-use', expect.stringContaining(`${point} (ext4)`)]);
    checked('umount', point);
  });

  it('that is mounted is refused', async () => {
    requireTool('mkfs.ext4');
    const { file, disk } = loopDisk();
    checked('mkfs.ext4', '-q', '-F', disk);
    const point = mountAt(disk, file);
    const host = loopHost();
    const request = { disk, layout: smallLayout, confirmation: disk };
    const refused = await errorOf(diskPrepare(host, request));
    expect(refused).toEqual({
      code: 'disk/in-use',
      message: expect.stringContaining(`${point} (ext4)`) as string,
    });
    expect((await errorOf(diskPrepare(host, { ...request, dryRun: true }))).code).toBe('disk/in-use');
    // The same to a list that has not noticed: the system itself refuses.
    const seeing = createLinuxDisks({ loops: true });
    const blind: typeof seeing = {
      ...seeing,
      list: () => seeing.list().map((facts) => ({ ...facts, uses: [] })),
    };
    blind.find = (name) => blind.list().find(({ path: device }) => device === name);
    expect((await errorOf(diskPrepare(loopHost({ devices: blind }), request))).code).toBe('disk/in-use');
    checked('umount', point);
    expect((await errorOf(diskPrepare(host, request))).code).toBe('done');
  });

  it('keeps its file from being written to, under any name', async () => {
    const { disk, file } = loopDisk();
    const second = path.join(path.dirname(file), 'second.img');
    linkSync(file, second);
    const host = loopHost();
    for (const name of [file, second])
      for (const dryRun of [true, false]) {
        const prepared = await errorOf(diskPrepare(host, { disk: name, layout: smallLayout, dryRun }));
        expect(prepared).toEqual({
          code: 'disk/in-use',
          message: expect.stringContaining(`loop device ${path.basename(disk)}`) as string,
        });
        expect((await errorOf(diskWipe(host, { disk: name, overwrite: true, dryRun }))).code).toBe(
          'disk/in-use',
        );
      }
    expect(readFileSync(file).every((byte) => byte === 0)).toBe(true);
    detachLoop(disk);
    expect((await errorOf(diskPrepare(host, { disk: file, layout: smallLayout }))).code).toBe('done');
  });

  it('that another program holds is refused', async () => {
    const { disk, file } = loopDisk();
    const held = openSync(disk, constants.O_RDWR | constants.O_EXCL);
    const before = readFileSync(file);
    const request = { disk, layout: smallLayout, confirmation: disk };
    const { code, message } = await errorOf(diskPrepare(loopHost(), request));
    closeSync(held);
    expect(code).toBe('disk/in-use');
    expect(message).toContain('is in use');
    expect(readFileSync(file).equals(before)).toBe(true);
    expect((await errorOf(diskPrepare(loopHost(), request))).code).toBe('done');
  });

  it('that holds a file is known', () => {
    requireTool('mkfs.ext4');
    const { disk, file } = loopDisk();
    checked('mkfs.ext4', '-q', '-F', disk);
    const point = mountAt(disk, file);
    const devices = createLinuxDisks({ loops: true });
    const holding = devices.holding(path.join(point, 'new', 'lab.wim'));
    expect(holding).toContain(disk);
    expect(devices.find(disk)?.uses).toEqual([`${point} (ext4)`]);
  });

  it('that is read-only is refused', async () => {
    const { disk } = loopDisk(96 << 20, '--read-only');
    const { code, message } = await errorOf(
      diskPrepare(loopHost(), { disk, layout: smallLayout, confirmation: disk }),
    );
    expect(code).toBe('disk/refused');
    expect(message).toContain('read-only');
  });

  it('that became another one since its plan is refused: another file, another size', async () => {
    const { disk, file } = loopDisk();
    const host = loopHost();
    const request = { disk, layout: smallLayout, confirmation: disk };
    const { plan } = await diskPrepare(host, { ...request, dryRun: true });
    const bound = { ...request, identity: plan?.identity ?? '', fingerprint: plan?.fingerprint ?? '' };
    detachLoop(disk);
    const other = path.join(path.dirname(file), 'other.img');
    writeFileSync(other, '');
    truncateSync(other, 96 << 20);
    checked('losetup', disk, other);
    expect((await errorOf(diskPrepare(host, bound))).code).toBe('disk/changed');
    expect(readFileSync(other).every((byte) => byte === 0)).toBe(true);
    detachLoop(disk);
    truncateSync(file, 80 << 20);
    checked('losetup', disk, file);
    expect((await errorOf(diskPrepare(host, bound))).code).toBe('disk/changed');
    detachLoop(disk);
    expect((await errorOf(diskPrepare(host, bound))).code).toBe('disk/refused');
  });
});

describeWithTools(['mkntfs', 'ntfs-3g'], 'a file that ntfs-3g has mounted', () => {
  it('is refused as long as it is', async () => {
    const image = makeVolume(16 << 20);
    const host = diskHost({ devices: createLinuxDisks() });
    const wipe = (dryRun: boolean) => errorOf(diskWipe(host, { disk: image, overwrite: true, dryRun }));
    const refused: { code: string; message: string }[] = [];
    const pending: Promise<unknown>[] = [];
    let point = '';
    withMount(image, (root) => {
      point = root;
      for (const dryRun of [true, false]) pending.push(wipe(dryRun).then((outcome) => refused.push(outcome)));
    });
    await Promise.all(pending);
    expect(refused.length).toBe(2);
    for (const { code, message } of refused) {
      expect(code).toBe('disk/in-use');
      expect(message).toContain(`${point} (fuse`);
    }
    expect((await wipe(false)).code).toBe('done');
  });
});

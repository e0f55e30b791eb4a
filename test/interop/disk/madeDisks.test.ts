import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskConvert } from '../../../src-main/engine/disk/ops/diskConvert';
import { diskCreate } from '../../../src-main/engine/disk/ops/diskCreate';
import { diskInfo } from '../../../src-main/engine/disk/ops/diskInfo';
import { diskPrepare } from '../../../src-main/engine/disk/ops/diskPrepare';
import { diskWipe } from '../../../src-main/engine/disk/ops/diskWipe';
import { AppError } from '../../../src-shared/errors/appError';
import type { DiskFormat, LayoutChoice } from '../../../src-shared/model/disks';
import { diskHost, smallLayout } from '../../support/disks';
import { describeWithTools, temporaryDirectory } from '../../support/tools';

const SIZE = 1400 * 2 ** 20;
const host = diskHost();

function checked(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'done';
}

/** Has every judge look at a raw disk: its table, and each volume in a file of its own. */
function judge(raw: string, table: 'gpt' | 'mbr'): void {
  if (table === 'gpt') expect(checked('sgdisk', '-v', raw)).toContain('No problems found');
  checked('sfdisk', '-V', raw);
  const { partitions } = diskInfo(host, { disk: raw });
  for (const { number, offset, size, fileSystem } of partitions) {
    const volume = `${raw}.${number}`;
    checked(
      'dd',
      `if=${raw}`,
      `of=${volume}`,
      'bs=1M',
      'iflag=skip_bytes,count_bytes',
      `skip=${offset}`,
      `count=${size}`,
      'conv=sparse',
      'status=none',
    );
    if (fileSystem === 'fat32') checked('fsck.vfat', '-n', volume);
    if (fileSystem === 'ntfs') {
      checked('ntfsfix', '-n', volume);
      checked('ntfsinfo', '-m', volume);
    }
  }
}

describeWithTools(
  ['qemu-img', 'sgdisk', 'sfdisk', 'fsck.vfat', 'ntfsfix', 'ntfsinfo'],
  'disks that are made',
  () => {
    it.each([
      ['vhdx', 'uefi', 'gpt'],
      ['vhd', 'bios', 'mbr'],
      ['raw', 'data', 'gpt'],
      ['vhdx', smallLayout, 'gpt'],
    ] as [DiskFormat, LayoutChoice, 'gpt' | 'mbr'][])('%s, %s', async (format, layout, table) => {
      const directory = temporaryDirectory();
      const file = path.join(directory, 'pc.disk');
      const report = await diskCreate(host, { path: file, size: SIZE, format, layout });
      expect(report.faults).toEqual([]);
      expect(report.summary).toMatchObject({ path: file, format, table, size: SIZE });
      if (format === 'vhdx') checked('qemu-img', 'check', file);
      const raw = path.join(directory, 'pc.raw');
      checked('qemu-img', 'convert', '-f', qemuName(format), '-O', 'raw', file, raw);
      judge(raw, table);
      // What is promised to be enough is enough.
      const plan = await diskCreate(host, { path: `${file}2`, size: SIZE, format, layout, dryRun: true });
      const blocks = statSync(file).blocks * 512;
      expect(plan.plan?.spaceNeeded).toBeGreaterThanOrEqual(Math.min(blocks, statSync(file).size));
      expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
    });

    it.each([
      ['raw', 'vhdx'],
      ['vhdx', 'vhd'],
      ['vhd', 'raw'],
    ] as [DiskFormat, DiskFormat][])('%s converted to %s is the same disk', async (from, to) => {
      const directory = temporaryDirectory();
      const [source, target] = [path.join(directory, 'a'), path.join(directory, 'b')];
      await diskCreate(host, { path: source, size: 256 << 20, format: from, layout: smallLayout });
      const phases = new Set<string>();
      const report = await diskConvert(
        host,
        { disk: source, destination: target, format: to },
        { onProgress: ({ phase }) => phases.add(phase) },
      );
      expect(report.summary).toMatchObject({ path: target, format: to, table: 'gpt' });
      checked('qemu-img', 'compare', '-f', qemuName(from), '-F', qemuName(to), source, target);
      expect([...phases]).toEqual(['Copying', 'Verifying']);
      const again = { disk: source, destination: target, format: to };
      expect(await codeOf(() => diskConvert(host, again))).toBe('io/exists');
      expect(await codeOf(() => diskConvert(host, { ...again, overwrite: true }))).toBe('done');
      expect(await codeOf(() => diskConvert(host, { ...again, destination: source, overwrite: true }))).toBe(
        'usage/invalid',
      );
    });

    it('a differencing disk on top of one is prepared without a change to its parent', async () => {
      const directory = temporaryDirectory();
      const [parent, child] = [path.join(directory, 'parent.vhdx'), path.join(directory, 'child.vhdx')];
      await diskCreate(host, { path: parent, size: 256 << 20, format: 'vhdx', layout: smallLayout });
      const before = readFileSync(parent);
      await diskCreate(host, { path: child, size: 0, format: 'vhdx', kind: 'differencing', parent });
      expect(diskInfo(host, { disk: child })).toMatchObject({
        kind: 'differencing',
        parents: [parent],
        table: 'gpt',
      });
      const layout = { ...smallLayout, partitions: smallLayout.partitions.slice(0, 1) };
      const { faults } = await diskPrepare(host, { disk: child, layout, overwrite: true });
      expect(faults).toEqual([]);
      expect(diskInfo(host, { disk: child }).partitions).toHaveLength(1);
      expect(readFileSync(parent).equals(before)).toBe(true);
    });
  },
);

function qemuName(format: DiskFormat): string {
  return format === 'vhd' ? 'vpc' : format;
}

describe('disk files', () => {
  it('that are not empty are erased only when that is said', async () => {
    const file = path.join(temporaryDirectory(), 'pc.img');
    await diskCreate(host, { path: file, size: 128 << 20, format: 'raw' });
    const request = { disk: file, layout: smallLayout };
    expect(await codeOf(() => diskPrepare(host, request))).toBe('done');
    const before = readFileSync(file);
    expect(await codeOf(() => diskPrepare(host, request))).toBe('disk/not-empty');
    expect(await codeOf(() => diskWipe(host, { disk: file }))).toBe('disk/not-empty');
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(await codeOf(() => diskWipe(host, { disk: file, overwrite: true }))).toBe('done');
    expect(await codeOf(() => diskWipe(host, { disk: file }))).toBe('done');
    expect(diskInfo(host, { disk: file })).toMatchObject({ table: 'none', partitions: [] });
  });

  it('that are no disks at all are not taken for empty ones', async () => {
    const file = path.join(temporaryDirectory(), 'letter.txt');
    writeFileSync(file, 'Dear reader\n'.repeat(100_000));
    expect(await codeOf(() => diskWipe(host, { disk: file }))).toBe('disk/not-empty');
    const { plan } = await diskWipe(host, { disk: file, dryRun: true });
    expect(plan?.erases[0].what).toContain('no partition table and no known file system');
    expect(readFileSync(file, 'latin1')).toContain('Dear reader');
  });

  it('are refused where the image that is applied is the file itself', async () => {
    const file = path.join(temporaryDirectory(), 'lab.wim');
    writeFileSync(file, Buffer.alloc(128 << 20));
    const request = { disk: file, layout: smallLayout, sources: [file] };
    expect(await codeOf(() => diskPrepare(host, request))).toBe('disk/refused');
  });

  it.each([
    ['disk/too-small', { size: 64 << 20, layout: 'uefi' }],
    ['usage/invalid', { size: 0 }],
    ['usage/invalid', { size: NaN }],
    ['io/not-found', { path: '/nowhere/pc.img', size: 1 << 20 }],
    ['usage/invalid', { size: 1 << 20, kind: 'differencing' }],
    ['io/not-found', { size: 0, kind: 'differencing', parent: '/nowhere/parent.vhdx' }],
  ] as const)('%s', async (code, more) => {
    const directory = temporaryDirectory();
    const request = { path: path.join(directory, 'pc.vhdx'), format: 'vhdx', ...more } as const;
    expect(await codeOf(() => diskCreate(host, request))).toBe(code);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('are not made where there is no room for them, and nothing is begun', async () => {
    const directory = temporaryDirectory();
    const files = { ...host.files, freeSpace: () => 1 << 20, create: () => expect.unreachable() };
    const small = diskHost({ files });
    const request = {
      path: path.join(directory, 'a.img'),
      size: 1 << 30,
      format: 'raw',
      kind: 'fixed',
    } as const;
    expect(await codeOf(() => diskCreate(small, request))).toBe('io/no-space');
  });
});

describe('a plan', () => {
  it('is what is done, or nothing', async () => {
    const directory = temporaryDirectory();
    const [file, copy] = [path.join(directory, 'a.vhdx'), path.join(directory, 'b.vhd')];
    const create = { path: file, size: 100 << 20, format: 'vhdx', overwrite: true } as const;
    const { plan } = await diskCreate(host, { ...create, dryRun: true });
    const bound = { ...create, fingerprint: plan?.fingerprint ?? '' };
    writeFileSync(file, 'somebody else was quicker');
    expect(await codeOf(() => diskCreate(host, bound))).toBe('plan/stale');
    expect(readFileSync(file, 'latin1')).toContain('quicker');
    const again = await diskCreate(host, { ...create, dryRun: true });
    expect(
      await codeOf(() => diskCreate(host, { ...create, fingerprint: again.plan?.fingerprint ?? '' })),
    ).toBe('done');
    const convert = { disk: file, destination: copy, format: 'vhd' } as const;
    const dry = await diskConvert(host, { ...convert, dryRun: true });
    expect(
      await codeOf(() =>
        diskConvert(host, { ...convert, kind: 'fixed', fingerprint: dry.plan?.fingerprint ?? '' }),
      ),
    ).toBe('plan/stale');
    expect(
      await codeOf(() => diskConvert(host, { ...convert, fingerprint: dry.plan?.fingerprint ?? '' })),
    ).toBe('done');
  });

  it('of a sparse raw file counts what it does not hold yet', async () => {
    const file = path.join(temporaryDirectory(), 'a.img');
    await diskCreate(host, { path: file, size: 128 << 20, format: 'raw' });
    const { plan } = await diskPrepare(host, { disk: file, layout: smallLayout, dryRun: true });
    expect(plan?.spaceNeeded).toBeGreaterThan(50 << 20);
    const full = diskHost({ files: { ...host.files, freeSpace: () => 1 << 20 } });
    expect(await codeOf(() => diskPrepare(full, { disk: file, layout: smallLayout }))).toBe('io/no-space');
    expect(diskInfo(host, { disk: file }).table).toBe('none');
  });
});

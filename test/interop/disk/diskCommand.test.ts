import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';
import { diskInfo } from '../../../src-main/engine/disk/ops/diskInfo';
import { createLinuxDisks } from '../../../src-main/platform/devices/linux/linuxDisks';
import type { DiskReport, ListedDisk } from '../../../src-shared/model/disks';
import { attachLoop, diskHost, loopDirectory, reasonWithoutLoops } from '../../support/disks';
import { builtProgram } from '../../support/kill';
import { temporaryDirectory } from '../../support/tools';

let program = '';
beforeAll(async () => {
  program = await builtProgram();
});

const withLoops = { ...process.env, WIMSMITH_LOOP_DISKS: '1', LC_ALL: 'C.UTF-8' };

function wimsmith(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, 'disk', ...args], { encoding: 'utf8', env: withLoops });
}

function result<T>(...args: string[]): T {
  const { stdout, stderr } = wimsmith(...args, '--json');
  const document = JSON.parse(stdout) as { readonly ok: boolean; readonly result: T };
  if (!document.ok) throw new Error(stdout + stderr);
  return document.result;
}

describe('disk files', () => {
  it('are made, described, converted, wiped', () => {
    const directory = temporaryDirectory();
    const [file, copy] = [path.join(directory, 'pc.vhdx'), path.join(directory, 'pc.vhd')];
    const layout = path.join(directory, 'mine.json');
    const partitions = [
      { role: 'efi', size: '40MB', fileSystem: 'fat32', label: 'BOOT' },
      { role: 'data', size: 'rest', fileSystem: 'ntfs', label: 'Data' },
    ];
    writeFileSync(layout, JSON.stringify({ table: 'gpt', partitions }));
    const dry = wimsmith('create', file, '--size=200M', `--layout=${layout}`, '--dry-run');
    expect(dry.status).toBe(0);
    expect(dry.stdout).toContain('Nothing was written. This would be done:');
    expect(wimsmith('info', file).status).toBe(4);
    expect(wimsmith('create', file, '--size=200M', `--layout=${layout}`).stdout).toContain(
      `"${file}" is made.`,
    );
    expect(wimsmith('create', file, '--size=200M').status).toBe(4);
    expect(wimsmith('info', file).stdout).toMatch(/1 {3}EFI system partition +FAT32 +BOOT +40 MB/);
    expect(result<DiskReport>('convert', file, copy).summary).toMatchObject({ format: 'vhd', table: 'gpt' });
    expect(wimsmith('wipe', copy).status).toBe(4);
    expect(wimsmith('wipe', copy, '--overwrite').status).toBe(0);
    expect(result<DiskReport>('prepare', copy, `--layout=${layout}`).faults).toEqual([]);
    // Too small for a sector: no disk.
    expect(wimsmith('info', layout).status).toBe(2);
    expect(wimsmith('create', path.join(directory, 'x.img'), '--size=10M', '--layout=uefi').status).toBe(6);
    writeFileSync(layout, '{');
    expect(wimsmith('create', path.join(directory, 'x.img'), '--size=10M', `--layout=${layout}`).status).toBe(
      3,
    );
  });
});

const reason = reasonWithoutLoops();
const describeWithLoops = reason === undefined ? describe : describe.skip;

describeWithLoops(reason === undefined ? 'a physical disk' : `a physical disk [${reason}]`, () => {
  function loopDisk(): { disk: string } {
    const file = path.join(loopDirectory(), 'disk.img');
    writeFileSync(file, '');
    truncateSync(file, 2 ** 31);
    return { disk: attachLoop(file) };
  }

  it('is listed, and is written only when its name was given', () => {
    const { disk } = loopDisk();
    const listed = result<ListedDisk[]>('list').find(({ path: device }) => device === disk);
    expect(listed).toMatchObject({ path: disk, name: disk, bus: 'loop', uses: [], isSystem: false });
    expect(listed?.refusal).toBeUndefined();
    const system = result<ListedDisk[]>('list').filter(({ isSystem }) => isSystem);
    for (const { refusal } of system) expect(refusal).toContain('running system');
    const refused = wimsmith('prepare', disk, '--layout=uefi');
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain('is not written before its name is confirmed');
    expect(wimsmith('prepare', disk, '--layout=uefi', '--confirm=/dev/sda').status).toBe(3);
    const done = wimsmith('prepare', disk, '--layout=uefi', `--confirm=${disk}`);
    expect([done.status, done.stderr]).toEqual([0, expect.stringContaining('no serial number')]);
    expect(done.stdout).toContain('is prepared; all of it was read back and checked.');
    expect(wimsmith('list').stdout).toMatch(/3 {3}Basic data partition +NTFS +Windows/);
    // What stands on the disk is told before it goes; without the variable a loop device is no disk.
    expect(wimsmith('wipe', disk, '--dry-run').stdout).toContain(
      'Partition 3 (Basic data partition), NTFS "Windows"',
    );
    const { status } = spawnSync(process.execPath, [program, 'disk', 'wipe', disk, `--confirm=${disk}`], {
      env: { ...withLoops, WIMSMITH_LOOP_DISKS: '' },
    });
    expect(status).toBe(5);
  });

  it('whose preparation is killed has no table, or a whole one', async () => {
    const { disk } = loopDisk();
    const args = [program, 'disk', 'prepare', disk, '--layout=uefi', `--confirm=${disk}`, '--progress=json'];
    for (let lines = 1; lines <= 4; lines++) {
      const child = spawn(process.execPath, args, { env: withLoops, stdio: ['ignore', 'ignore', 'pipe'] });
      let seen = 0;
      createInterface(child.stderr).on('line', (line) => {
        if (line.startsWith('{"progress"') && ++seen === lines) child.kill('SIGKILL');
      });
      await once(child, 'close');
      const host = diskHost({ devices: createLinuxDisks({ loops: true }) });
      const { table, partitions } = diskInfo(host, { disk });
      const systems = partitions.map(({ fileSystem, problem }) => problem ?? fileSystem).join(' ');
      expect(['none ', 'gpt fat32 none ntfs ntfs']).toContain(`${table} ${systems}`);
    }
  });

  it('that is wiped stays without a table when it is asked to stop', async () => {
    let asked = false;
    const { disk } = loopDisk();
    const args = [program, 'disk', 'wipe', disk, '--all', `--confirm=${disk}`, '--progress=json'];
    const child = spawn(process.execPath, args, { env: withLoops, stdio: ['ignore', 'ignore', 'pipe'] });
    createInterface(child.stderr).on('line', (line) => {
      if (line.startsWith('{"progress"') && !asked) asked = child.kill('SIGINT');
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(130);
    const host = diskHost({ devices: createLinuxDisks({ loops: true }) });
    expect(diskInfo(host, { disk })).toMatchObject({ table: 'none', partitions: [] });
  });
});

import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { BlockDevice } from '../../src-main/engine/disk/blockDevice';
import { createDisk } from '../../src-main/engine/disk/createDisk';
import { planLayout } from '../../src-main/engine/disk/layouts/planLayout';
import { sliceDevice } from '../../src-main/engine/disk/slice';
import { writePartitions } from '../../src-main/engine/disk/writePartitions';
import { createFatVolume, formatFat32 } from '../../src-main/engine/fat/fatVolumeWriter';
import { diskHost } from '../support/virtualDisks';
import { memoryDevice, type MemoryDevice } from '../support/memoryDevice';
import { describeWithTools, temporaryDirectory } from '../support/tools';

const MIB = 2 ** 20;
const MARKER = 'WIMSMITH BOOT MARKER';
const firmware = '/usr/share/OVMF/OVMF_CODE_4M.fd';
const variables = '/usr/share/OVMF/OVMF_VARS_4M.fd';
const options = { randomBytes, now: 133_500_000_000_000_000n };

/** Starts a machine and waits until its serial console shows `text`; returns all that it showed. */
async function boot(args: readonly string[], text: string): Promise<string> {
  const machine = spawn(
    'qemu-system-x86_64',
    ['-accel', 'tcg', '-m', '256', '-nographic', '-nic', 'none', ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let shown = '';
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => machine.kill('SIGKILL'), 60_000);
    const take = (data: Buffer) => {
      shown += data.toString('latin1');
      if (shown.includes(text)) machine.kill('SIGKILL');
    };
    machine.stdout.on('data', take);
    machine.stderr.on('data', take);
    machine.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return shown;
}

/** An EFI program that prints the marker to the serial console. */
function grub(directory: string): Uint8Array {
  const config = path.join(directory, 'grub.cfg');
  const program = path.join(directory, 'bootx64.efi');
  writeFileSync(
    config,
    `serial --unit=0 --speed=115200\nterminal_output serial console\necho "${MARKER}"\nhalt\n`,
  );
  const modules = ['serial', 'terminal', 'echo', 'halt', 'normal', 'part_gpt', 'fat'];
  const made = spawnSync(
    'grub-mkimage',
    ['-O', 'x86_64-efi', '-o', program, '-c', config, '-p', '/EFI/BOOT', ...modules],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  return readFileSync(program);
}

function saved(device: MemoryDevice): string {
  const file = path.join(temporaryDirectory(), 'disk');
  device.save(file);
  return file;
}

function partitionOf(device: BlockDevice, plan: ReturnType<typeof planLayout>, index: number) {
  const { offset, bytes, number } = plan[index];
  return sliceDevice(device, offset, bytes, `partition ${number}`);
}

describeWithTools(['qemu-system-x86_64', 'ovmf', 'grub-mkimage', 'grub-x86_64-efi'], 'UEFI', () => {
  it.each([
    ['vhdx', 512],
    ['raw', 4096],
  ] as const)('starts GRUB from the ESP of a %s disk, sectors of %i', async (format, sectorSize) => {
    const directory = temporaryDirectory();
    const file = path.join(directory, 'disk');
    const device = createDisk(diskHost(), { path: file, size: 4096 * MIB, format, sectorSize });
    const plan = planLayout('uefi', device.size, sectorSize);
    writePartitions(device, plan, { table: 'gpt', randomBytes });
    const esp = createFatVolume(partitionOf(device, plan, 0), {
      ...options,
      label: 'System',
      partitionOffset: plan[0].offset,
    });
    esp.addFile('/EFI/BOOT/BOOTX64.EFI', grub(directory));
    esp.finish();
    device.flush();
    device.close();
    const vars = path.join(directory, 'vars');
    copyFileSync(variables, vars);
    const shown = await boot(
      [
        ...['-drive', `if=pflash,format=raw,readonly=on,file=${firmware}`],
        ...['-drive', `if=pflash,format=raw,file=${vars}`],
        ...['-drive', `if=none,id=disk,format=${format},file=${file}`],
        ...[
          '-device',
          `virtio-blk-pci,drive=disk,logical_block_size=${sectorSize},physical_block_size=${sectorSize}`,
        ],
      ],
      MARKER,
    );
    expect(shown).toContain(MARKER);
  });
});

describeWithTools(['qemu-system-x86_64'], 'BIOS', () => {
  const start = (file: string, text: string) => boot(['-drive', `format=raw,file=${file}`], text);

  it('our MBR starts the boot sector of the active partition', async () => {
    const device = memoryDevice({ size: 512 * MIB });
    const layout = {
      table: 'mbr' as const,
      partitions: [
        { role: 'data' as const, size: '40MB', fileSystem: 'fat32' as const },
        { role: 'system' as const, size: '100MB', fileSystem: 'fat32' as const, label: 'System' },
      ],
    };
    const plan = planLayout(layout, device.size, 512);
    writePartitions(device, plan, { table: 'mbr', randomBytes });
    formatFat32(partitionOf(device, plan, 1), { ...options, partitionOffset: plan[1].offset });
    const text = 'Nothing starts from this volume.';
    expect(await start(saved(device), text)).toContain(text);
  });

  it.each([
    ['an MBR without an active partition says so', 'data', 'mbr', 'Nothing on this disk starts with a BIOS.'],
    [
      'an MBR whose active partition has no boot sector says so',
      'system',
      'mbr',
      'Nothing on this disk starts with a BIOS.',
    ],
    ['a GPT says what it is for', 'data', 'gpt', 'This disk starts with UEFI only.'],
  ] as const)('%s', async (_, role, table, text) => {
    const device = memoryDevice({ size: 64 * MIB });
    const layout = { table, partitions: [{ role, size: 'rest', fileSystem: 'none' as const }] };
    writePartitions(device, planLayout(layout, device.size, 512), { table, randomBytes });
    expect(await start(saved(device), text)).toContain(text);
  });
});

import type { DiskTask } from '../command';
import { diskOptions } from '../grammar/diskOptions';
import { diskUsages } from '../grammar/diskVerb';
import { commonOptions } from '../grammar/optionTables';
import { optionList } from './optionList';

/** For the overview of the verbs. */
export const diskSummary =
  'list, make, prepare, convert, wipe and repair disks: VHDX, VHD, raw files, physical ones';

const summaries: Readonly<Record<DiskTask, string>> = {
  list: 'the physical disks: what is on them, and why each may or may not be a target',
  info: 'what a disk file or a physical disk holds',
  create: 'make a disk file, empty or divided and formatted',
  prepare: 'erase a disk, divide it, format its volumes, and read all of it back',
  convert: 'copy a disk into a file of another format',
  wipe: 'erase the partition tables and the first and last MiB of every partition, or all',
  repair: 'write a damaged copy of a GUID partition table anew from the good one',
};

/** Lines of the examples; a test reads them as command lines. */
export const diskExamples: readonly string[] = [
  'wimsmith disk list',
  'wimsmith disk info lab.vhdx --json',
  'wimsmith disk create pc.vhdx --size=64G --layout=uefi',
  'wimsmith disk prepare /dev/sdb --layout=uefi --dry-run',
  'wimsmith disk prepare /dev/sdb --layout=uefi --confirm="SanDisk Ultra"',
  'wimsmith disk convert pc.vhd pc.vhdx',
  'wimsmith disk wipe old.vhdx --overwrite',
  'wimsmith disk repair lab.vhdx --dry-run',
];

/** The text of `wimsmith help disk`. */
export function diskPage(): string {
  const tasks = Object.keys(diskOptions) as DiskTask[];
  const usages = tasks
    .map((task) => `  wimsmith disk ${task} ${diskUsages[task]}`.trimEnd() + `\n      ${summaries[task]}\n`)
    .join('');
  const options = tasks
    .filter((task) => diskOptions[task].length > 0)
    .map((task) => `\nOptions of disk ${task}:\n${optionList(diskOptions[task])}`)
    .join('');
  return `wimsmith disk: ${diskSummary}

Usage:
${usages}
DISK is a raw, VHD or VHDX file, or a physical disk: /dev/sdb, \\\\.\\PhysicalDrive1. Files need no administrator.
A physical disk is known by its serial number, size and bus, never by its number. The disk that the running system
uses, one in use, and one that is read-only are refused. On a terminal its name has to be typed after the plan was
shown; elsewhere --confirm=NAME gives it. Nothing is written before every check has passed, and --dry-run shows the
same plan. When the work is stopped, the disk is left without a partition table rather than with a false one.
${options}
Options of every verb:
${optionList(commonOptions)}
Layouts:
  uefi   GPT: EFI system partition 260 MB FAT32, reserved 16 MB, Windows, recovery 1 GB right after it
  bios   MBR: system partition, Windows, recovery
  data   GPT: one NTFS volume
  A JSON file: {"table": "gpt", "partitions": [{"role": "efi", "size": "260MB", "fileSystem": "fat32"},
  {"role": "windows", "size": "rest", "fileSystem": "ntfs", "label": "Windows"}]}
  role: efi, msr, system, windows, recovery, data, other; size: MB, GB, "50%" of the whole disk or "rest" (once);
  1 MB is 1,048,576 bytes; fileSystem: ntfs, fat32, none; and, where wanted, label, name, type, clusterSize.

Examples:
${diskExamples.map((example) => `  ${example}\n`).join('')}`;
}

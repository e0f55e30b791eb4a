import type {
  DiskPlan,
  DiskSummary,
  ListedDisk,
  PartitionSummary,
  PlannedPartition,
} from '../../../src-shared/model/disks';
import { diskSizeText } from '../../engine/disk/sizeWords';
import { displayWidth } from './display';

const formatNames = { raw: 'raw', vhd: 'VHD', vhdx: 'VHDX' } as const;
const tableNames = { gpt: 'GPT', mbr: 'MBR', none: 'no partition table' } as const;

const fileSystemNames: Readonly<Record<PartitionSummary['fileSystem'], string>> = {
  ntfs: 'NTFS',
  fat32: 'FAT32',
  fat16: 'FAT16',
  fat12: 'FAT12',
  exfat: 'exFAT',
  refs: 'ReFS',
  bitlocker: 'BitLocker',
  unknown: '?',
  none: '-',
};

/** `disk list`. */
export function renderDiskList(disks: readonly ListedDisk[]): string {
  if (disks.length === 0) return 'This system shows no physical disks.\n';
  return disks.map(renderListed).join('\n');
}

function renderListed(disk: ListedDisk): string {
  const facts = table(
    [
      ['Disk', 'Model', 'Serial', 'Size', 'Bus', 'Table'],
      [
        disk.path,
        disk.model === '' ? '-' : disk.model,
        disk.serial === '' ? '-' : disk.serial,
        diskSizeText(disk.size),
        disk.removable ? `${disk.bus}, removable` : disk.bus,
        disk.summary === undefined ? '-' : tableNames[disk.summary.table],
      ],
    ],
    '',
  );
  const { summary, unread } = disk;
  const contents =
    summary === undefined
      ? `  ${unread === undefined ? 'Its contents were not read.' : `Its contents cannot be read: ${unread}.`}\n`
      : renderPartitions(summary.partitions);
  const letters =
    disk.letters === undefined || disk.letters.length === 0 ? '' : `  Seen as ${disk.letters.join(', ')}.\n`;
  const target =
    disk.refusal === undefined
      ? `  Can be a target; its name to confirm: ${disk.name}\n`
      : `  No target: ${disk.refusal}.\n`;
  return facts + contents + letters + target;
}

/** `disk info`. */
export function renderDiskInfo(disk: DiskSummary): string {
  const rows: (readonly [string, string])[] = [
    ['Path:', disk.path],
    ['Format:', disk.kind === 'physical' ? 'physical disk' : `${formatNames[disk.format]}, ${disk.kind}`],
    ['Size:', `${diskSizeText(disk.size)} (${disk.size} bytes)`],
    ...(disk.kind === 'physical' ? [] : [['Takes:', diskSizeText(disk.allocated)] as const]),
    ['Sectors:', `${disk.sectorSize} bytes, ${disk.physicalSectorSize} on the medium`],
    ...(disk.blockSize === undefined ? [] : [['Blocks:', diskSizeText(disk.blockSize)] as const]),
    ...(disk.parents ?? []).map((parent, i) => [i === 0 ? 'Parent:' : '', parent] as const),
    ['Table:', tableNames[disk.table] + (disk.diskId === undefined ? '' : `, ${disk.diskId}`)],
  ];
  const facts = rows.map(([name, value]) => `${name.padEnd(10)}${value}\n`).join('');
  return `${facts}\n${renderPartitions(disk.partitions)}`;
}

function renderPartitions(partitions: readonly PartitionSummary[]): string {
  if (partitions.length === 0) return '  No partitions.\n';
  const rows = partitions.map((partition) => [
    partition.number === 0 ? '-' : String(partition.number),
    partition.typeName,
    fileSystemNames[partition.fileSystem],
    partition.label ?? '',
    diskSizeText(partition.size),
    partition.used === undefined ? '' : diskSizeText(partition.used),
    contentsText(partition),
  ]);
  return table([['No', 'Type', 'Volume', 'Label', 'Size', 'Used', 'On it'], ...rows], '  ');
}

function contentsText({ problem, hasWindows, found }: PartitionSummary): string {
  const list = found.join(', ');
  const contents = hasWindows === true ? (list === '' ? 'Windows' : `Windows: ${list}`) : list;
  return [contents, problem ?? ''].filter((text) => text !== '').join('; ');
}

/** What would be done to a disk, or what will be, before the person confirms it. */
export function renderDiskPlan(plan: DiskPlan, dryRun: boolean): string {
  const lines: string[] = [dryRun ? 'Nothing was written. This would be done:' : 'This will be done:'];
  lines.push(...plan.steps.map((step, i) => `  ${i + 1}. ${step}`));
  lines.push(plan.erases.length === 0 ? 'Nothing is erased.' : 'This is erased:');
  for (const { what, found } of plan.erases) {
    lines.push(`  ${what}`);
    if (found.length > 0) lines.push(`    ${found.join(', ')}`);
  }
  let text = lines.map((line) => `${line}\n`).join('');
  if (plan.partitions.length > 0) {
    text += `The disk afterwards, ${tableNames[plan.table]}, ${diskSizeText(plan.size)}:\n`;
    text += renderPlanned(plan.partitions);
  }
  if (plan.spaceNeeded !== null) {
    const free = plan.spaceFree === null ? '' : `; ${diskSizeText(plan.spaceFree)} free`;
    text += `Space needed: at most ${diskSizeText(plan.spaceNeeded)}${free}.\n`;
  }
  text += plan.warnings.map((warning) => `Note: ${warning}.\n`).join('');
  if (dryRun && plan.confirmation !== undefined)
    text += `To confirm: --confirm=${quoted(plan.confirmation)}\n`;
  return text;
}

function renderPlanned(partitions: readonly PlannedPartition[]): string {
  const rows = partitions.map(({ number, role, fileSystem, label, offset, bytes }) => [
    String(number),
    role,
    fileSystemNames[fileSystem],
    label ?? '',
    diskSizeText(bytes),
    diskSizeText(offset),
  ]);
  return table([['No', 'For', 'Volume', 'Label', 'Size', 'From'], ...rows], '  ');
}

function quoted(text: string): string {
  return /^[\w./\\:-]+$/.test(text) ? text : `"${text}"`;
}

/** Columns as wide as what stands in them; empty ones are left out. The first row is the heading. */
function table(rows: readonly (readonly string[])[], indent: string): string {
  const columns = rows[0].map((_, i) => i).filter((i) => rows.some((row, y) => y > 0 && row[i] !== ''));
  const widths = columns.map((i) => Math.max(...rows.map((row) => displayWidth(row[i]))));
  return rows
    .map((row) => {
      const cells = columns.map((i, x) => row[i] + ' '.repeat(widths[x] - displayWidth(row[i])));
      return `${indent}${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

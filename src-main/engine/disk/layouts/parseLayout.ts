import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskLayout, PartitionRole, PartitionSpec } from '../../../../src-shared/model/disks';
import { isGuid } from '../../binary/guid';
import { GPT_ENTRY_COUNT } from '../gpt/records';
import { MAX_GPT_NAME } from '../gpt/writeGpt';
import { parsePartitionSize } from './partitionSize';

const roles: readonly PartitionRole[] = ['efi', 'msr', 'system', 'windows', 'recovery', 'data', 'other'];
const fileSystems: readonly PartitionSpec['fileSystem'][] = ['ntfs', 'fat32', 'none'];
const layoutKeys = ['table', 'alignment', 'partitions'];
const partitionKeys = ['role', 'size', 'fileSystem', 'label', 'name', 'type', 'clusterSize'];
const mbrOnly: readonly PartitionRole[] = ['system'];
const gptOnly: readonly PartitionRole[] = ['efi', 'msr'];
const MAX_MBR_PARTITIONS = 4;
const MAX_NTFS_LABEL = 32;
const MAX_FAT_LABEL = 11;
const MIN_ALIGNMENT = 4096;
const MAX_ALIGNMENT = 2 ** 30;

type Json = Readonly<Record<string, unknown>>;

/**
 * Checks a layout that a person wrote, all of it: an unknown word is an error, not ignored.
 * @param json what JSON.parse returned
 * @throws AppError `layout/invalid`, whose message names the place: 'partitions[2].size: ...'
 */
export function parseLayout(json: unknown): DiskLayout {
  const layout = asObject(json, 'the layout');
  onlyKeys(layout, layoutKeys, '');
  const { table, alignment, partitions } = layout;
  if (table !== 'gpt' && table !== 'mbr') invalid('table', `is "gpt" or "mbr", not ${shown(table)}`);
  if (alignment !== undefined) {
    const isPower = typeof alignment === 'number' && Number.isInteger(Math.log2(alignment));
    if (!isPower || alignment < MIN_ALIGNMENT || alignment > MAX_ALIGNMENT) {
      invalid(
        'alignment',
        `is a power of two from ${MIN_ALIGNMENT} to ${MAX_ALIGNMENT}, not ${shown(alignment)}`,
      );
    }
  }
  if (!Array.isArray(partitions)) invalid('partitions', `is a list, not ${shown(partitions)}`);
  const list: readonly unknown[] = partitions;
  const most = table === 'gpt' ? GPT_ENTRY_COUNT : MAX_MBR_PARTITIONS;
  if (list.length === 0 || list.length > most) {
    invalid('partitions', `has 1 to ${most} partitions, not ${list.length}`);
  }
  const specs = list.map((partition, index) => parsePartition(partition, `partitions[${index}]`, table));
  const isRest = (spec: PartitionSpec) => parsePartitionSize(spec.size)?.kind === 'rest';
  if (specs.filter(isRest).length > 1) invalid('partitions', 'only one partition has the size "rest"');
  for (const role of ['efi', 'msr', 'system'] as const) {
    if (specs.filter((spec) => spec.role === role).length > 1) {
      invalid('partitions', `only one partition has the role "${role}"`);
    }
  }
  return { table, partitions: specs, ...(alignment === undefined ? {} : { alignment: alignment }) };
}

function parsePartition(json: unknown, place: string, table: 'gpt' | 'mbr'): PartitionSpec {
  const partition = asObject(json, place);
  onlyKeys(partition, partitionKeys, `${place}.`);
  const { clusterSize } = partition;
  const role = oneOf(roles, partition.role, `${place}.role`);
  if (table === 'gpt' && mbrOnly.includes(role)) {
    invalid(`${place}.role`, `"${role}" belongs to an MBR; the GPT has "efi"`);
  }
  if (table === 'mbr' && gptOnly.includes(role)) {
    invalid(`${place}.role`, `"${role}" belongs to a GPT`);
  }
  const size = asText(partition.size, `${place}.size`);
  if (parsePartitionSize(size) === undefined) {
    invalid(`${place}.size`, `"${size}" is no size: "260MB", "1.5GB", "50%" or "rest"`);
  }
  const fileSystem = oneOf(fileSystems, partition.fileSystem, `${place}.fileSystem`);
  if (role === 'efi' && fileSystem !== 'fat32')
    invalid(`${place}.fileSystem`, 'of an EFI partition is "fat32"');
  if (role === 'msr' && fileSystem !== 'none') invalid(`${place}.fileSystem`, 'of the MSR is "none"');
  const label = optionalText(partition.label, `${place}.label`);
  if (label !== undefined) checkLabel(label, fileSystem, `${place}.label`);
  const name = optionalText(partition.name, `${place}.name`);
  if (name !== undefined && table === 'mbr') invalid(`${place}.name`, 'partitions of an MBR have no names');
  if (name !== undefined && (name.length > MAX_GPT_NAME || name.includes('\0'))) {
    invalid(`${place}.name`, `has at most ${MAX_GPT_NAME} characters and no NUL`);
  }
  const type = optionalText(partition.type, `${place}.type`)?.toLowerCase();
  if (type !== undefined) checkType(type, table, `${place}.type`);
  if (clusterSize !== undefined) {
    const isPower = typeof clusterSize === 'number' && Number.isInteger(Math.log2(clusterSize));
    if (!isPower || clusterSize < 512 || clusterSize > 2 ** 21) {
      invalid(`${place}.clusterSize`, `is a power of two from 512 to 2097152, not ${shown(clusterSize)}`);
    }
    if (fileSystem !== 'ntfs') invalid(`${place}.clusterSize`, 'is for NTFS only');
  }
  return {
    role,
    size,
    fileSystem,
    ...(label === undefined ? {} : { label }),
    ...(name === undefined ? {} : { name }),
    ...(type === undefined ? {} : { type }),
    ...(clusterSize === undefined ? {} : { clusterSize: clusterSize }),
  };
}

function checkLabel(label: string, fileSystem: PartitionSpec['fileSystem'], place: string): void {
  if (fileSystem === 'none') invalid(place, 'a partition without a file system has no label');
  const most = fileSystem === 'fat32' ? MAX_FAT_LABEL : MAX_NTFS_LABEL;
  if (label.length > most) invalid(place, `has at most ${most} characters on ${fileSystem.toUpperCase()}`);
  const refused = fileSystem === 'fat32' ? '"*+,./:;<=>?[\\]|' : '';
  for (const character of label) {
    if (character < ' ' || refused.includes(character) || (fileSystem === 'fat32' && character > '~')) {
      invalid(place, `"${label}" has a character that a label cannot have`);
    }
  }
}

function checkType(type: string, table: 'gpt' | 'mbr', place: string): void {
  if (table === 'gpt') {
    const isUsable = isGuid(type) && /[1-9a-f]/.test(type);
    if (!isUsable) invalid(place, `"${type}" is no GUID of a partition type`);
    return;
  }
  const value = /^0x[0-9a-f]{1,2}$/.test(type) ? Number(type) : 0;
  const refused = [0, 0x05, 0x0f, 0x85, 0xee];
  if (refused.includes(value)) invalid(place, `"${type}" is no type of a primary partition ("0x07")`);
}

function asObject(json: unknown, place: string): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) invalid(place, 'is an object');
  return json as Json;
}

function onlyKeys(object: Json, known: readonly string[], place: string): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined)
    invalid(`${place}${unknown}`, `is not known here; there are ${known.join(', ')}`);
}

function oneOf<T extends string>(values: readonly T[], value: unknown, place: string): T {
  const found = values.find((known) => known === value);
  return found ?? invalid(place, `is one of ${values.join(', ')}, not ${shown(value)}`);
}

function asText(value: unknown, place: string): string {
  return typeof value === 'string' ? value : invalid(place, `is a text, not ${shown(value)}`);
}

function optionalText(value: unknown, place: string): string | undefined {
  return value === undefined ? undefined : asText(value, place);
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60);
}

function invalid(place: string, problem: string): never {
  throw new AppError('layout/invalid', `${place} ${problem}`);
}

import path from 'node:path';
import type { DiskFacts } from '../../../engine/disk/devices';
import { diskIdentity } from '../diskIdentity';
import type { BlockDevices, BlockNode } from './blockDevices';
import type { DiskUses } from './deviceUses';
import { bytesOf, numberOf, type SystemRoots, textOf } from './systemFiles';

/** sysfs counts sizes in these, whatever the sectors of the disk. */
const SIZE_UNIT = 512;

/** Devices that are no disks: memory, optical and floppy drives, what is made of other disks. */
const noDisks = /^(loop|ram|zram|dm-|md|sr|fd|nbd|drbd|bcache|zd)\d/;
/** Areas of an eMMC chip that hold its firmware. */
const chipAreas = /^mmcblk\d+(boot\d+|rpmb)$/;

/** What buses look like in the path of a device, the nearest to the disk first. */
const buses: readonly (readonly [pattern: RegExp, bus: string])[] = [
  [/\/usb\d+\//, 'usb'],
  [/\/nvme/, 'nvme'],
  [/\/mmc_host\//, 'mmc'],
  [/\/ata\d+\//, 'ata'],
  [/\/virtio\d+\//, 'virtio'],
  [/\/session\d+\//, 'iscsi'],
  [/\/end_device-/, 'sas'],
  [/\/fw\d+/, 'firewire'],
  [/\/(vbd|VMBUS)/i, 'virtual'],
  [/\/target\d+:/, 'scsi'],
  [/\/virtual\/block\/loop/, 'loop'],
  [/\/virtual\//, 'virtual'],
];

/** Whether a device is listed as a disk. */
export function isDisk(node: BlockNode, withLoops: boolean): boolean {
  if (node.name.startsWith('loop')) return withLoops && sizeOf(node) > 0;
  if (noDisks.test(node.name) || chipAreas.test(node.name)) return false;
  // One path of several to an NVMe namespace: not for opening.
  return textOf(node.directory, 'hidden') !== '1';
}

/** Bytes; 0 where there is no medium. */
export function sizeOf(node: BlockNode): number {
  return (numberOf(node.directory, 'size') ?? 0) * SIZE_UNIT;
}

/** Logical and physical sector of a disk or of the one that a partition lies on: 512 or 4096. */
export function sectorsOf(node: BlockNode): { readonly logical: number; readonly physical: number } {
  const { directory } = node.parent ?? node;
  const logical = numberOf(directory, 'queue', 'logical_block_size') ?? SIZE_UNIT;
  const physical = numberOf(directory, 'queue', 'physical_block_size') ?? logical;
  return { logical, physical: Math.max(logical, Math.min(4096, physical)) };
}

/** All that the system tells of a disk. */
export function factsOf(devices: BlockDevices, node: BlockNode, use: DiskUses | undefined): DiskFacts {
  const { roots } = devices;
  const udev = udevProperties(roots, node.number);
  const bus = busOf(node);
  const model = modelOf(node, bus, udev);
  const serial = serialOf(node, bus, udev);
  const wwn = wwnOf(node, udev);
  const size = sizeOf(node);
  const { logical, physical } = sectorsOf(node);
  const devicePath = devices.pathOf(node);
  return {
    path: devicePath,
    identity: diskIdentity({ wwn, serial, model, size, bus, place: placeOf(devices, node) }),
    name: model === '' ? devicePath : model,
    model,
    serial,
    ...(wwn === undefined ? {} : { wwn }),
    size,
    sectorSize: logical,
    physicalSectorSize: physical,
    bus,
    removable: textOf(node.directory, 'removable') === '1' || bus === 'usb',
    readOnly: textOf(node.directory, 'ro') === '1',
    uses: use?.uses ?? [],
    isSystem: use?.isSystem ?? false,
  };
}

function busOf(node: BlockNode): string {
  return buses.find(([pattern]) => pattern.test(`${node.directory}/`))?.[1] ?? 'other';
}

/** Where a disk is connected: its path in sysfs without the names that are counted up; a loop device's file. */
function placeOf(devices: BlockDevices, node: BlockNode): string {
  const file = devices.backingFile(node);
  if (file !== undefined) return file;
  const inside = path.relative(devices.roots.sys, node.directory);
  return inside
    .replace(/\/(host\d+|target[\d:]+|\d+:\d+:\d+:\d+|block)(?=\/|$)/g, '')
    .replace(/\/[^/]+$/, '');
}

function modelOf(node: BlockNode, bus: string, udev: ReadonlyMap<string, string>): string {
  const device = path.join(node.directory, 'device');
  const model = textOf(device, 'model') ?? (bus === 'mmc' ? textOf(device, 'name') : undefined) ?? '';
  const vendor = textOf(device, 'vendor') ?? '';
  // 'ATA' is what the translation to SCSI says for every maker; virtio has a number there.
  const isMaker = vendor !== '' && vendor !== 'ATA' && !vendor.startsWith('0x') && !model.startsWith(vendor);
  const told = shown(isMaker && model !== '' ? `${vendor} ${model}` : model);
  return told === '' ? shown((udev.get('ID_MODEL') ?? '').replaceAll('_', ' ')) : told;
}

function serialOf(node: BlockNode, bus: string, udev: ReadonlyMap<string, string>): string {
  const told =
    textOf(node.directory, 'serial') ??
    textOf(node.directory, 'device', 'serial') ??
    vitalSerial(bytesOf(node.directory, 'device', 'vpd_pg80')) ??
    (bus === 'usb' ? usbSerial(node.directory) : undefined) ??
    udev.get('ID_SERIAL_SHORT') ??
    '';
  // Bridges without a number of their own say nothing in many ways.
  return /^[0\s]*$/.test(told) || /^(0x)?0+$/.test(told) ? '' : shown(told);
}

/**
 * The serial number of a SCSI disk's vital product data, page 0x80: four bytes of header, the length in the last two,
 * then the number as ASCII (SPC-4, 7.8.15).
 */
export function vitalSerial(page: Uint8Array | undefined): string | undefined {
  if (page === undefined || page.length < 4 || page[1] !== 0x80) return undefined;
  const length = (page[2] << 8) | page[3];
  const text = Buffer.from(page.subarray(4, 4 + length)).toString('latin1');
  const serial = text.replaceAll('\0', '').trim();
  return serial === '' ? undefined : serial;
}

/** The number of the USB device that a disk is in: the nearest directory above that has one. */
function usbSerial(directory: string): string | undefined {
  for (let above = path.dirname(directory); above.includes('/usb'); above = path.dirname(above)) {
    if (numberOf(above, 'busnum') === undefined) continue;
    return textOf(above, 'serial');
  }
  return undefined;
}

function wwnOf(node: BlockNode, udev: ReadonlyMap<string, string>): string | undefined {
  const told = textOf(node.directory, 'wwid') ?? textOf(node.directory, 'device', 'wwid');
  // 't10.' names are made of maker, model and serial number: nothing that the serial number does not say.
  if (told !== undefined && /^(naa|eui|uuid|nvme)\./.test(told)) return shown(told);
  const known = udev.get('ID_WWN_WITH_EXTENSION') ?? udev.get('ID_WWN');
  return known === undefined || known === '' ? undefined : shown(known);
}

/** What the device manager found out about a device, which may have asked it what sysfs does not tell. */
function udevProperties(roots: SystemRoots, number: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of (textOf(roots.run, 'udev', 'data', `b${number}`) ?? '').split('\n')) {
    const match = /^E:([A-Z0-9_]+)=(.*)$/.exec(line);
    if (match !== null) found.set(match[1], match[2]);
  }
  return found;
}

/** What devices say is what somebody wrote into them: one line of printable characters. */
function shown(text: string): string {
  return text
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, 120);
}

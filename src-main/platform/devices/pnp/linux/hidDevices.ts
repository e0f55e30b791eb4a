import path from 'node:path';
import type { Device } from '../../../../../src-shared/model/drivers';
import { bytesOf, namesIn, realPathOf, textOf } from '../../linux/systemFiles';
import { hexText } from './hexText';
import { usbNumbers } from './usbDevices';

/** A top-level collection of a report descriptor: page and usage. */
export interface HidUsage {
  readonly page: number;
  readonly usage: number;
}

/** HID devices, one for each top-level collection, as Windows makes them. */
export function hidDevices(sys: string): Device[] {
  return namesIn(sys, 'bus/hid/devices').flatMap((name) => {
    const [, vendor, product] = /^[0-9A-F]{4}:([0-9A-F]{4}):([0-9A-F]{4})\.[0-9A-F]+$/i.exec(name) ?? [];
    if (vendor === undefined || product === undefined) return [];
    const place = [sys, 'bus/hid/devices', name] as const;
    const title = /^HID_NAME=(.*)$/m.exec(textOf(...place, 'uevent') ?? '')?.[1] ?? 'HID device';
    const usages = topLevelUsages(bytesOf(...place, 'report_descriptor') ?? new Uint8Array());
    const real = realPathOf(...place);
    const parent = real === undefined ? undefined : path.dirname(real);
    const number = parent === undefined ? undefined : hexText(textOf(parent, 'bInterfaceNumber'), 2);
    const usb = parent === undefined ? undefined : usbNumbers(path.dirname(parent));
    const isPart =
      Number(parent === undefined ? 1 : (textOf(path.dirname(parent), 'bNumInterfaces') ?? 1)) > 1;
    return usages.map((usage, index) => ({
      instanceId: `/sys/bus/hid/devices/${name}${usages.length > 1 ? `#${index + 1}` : ''}`,
      name: title,
      className: classOf(usage),
      hardwareIds: hidIdentifiers({
        vendor: vendor.toUpperCase(),
        product: product.toUpperCase(),
        usage,
        ...(usb === undefined ? {} : { revision: usb.revision }),
        ...(isPart && number !== undefined ? { interfaceNumber: number } : {}),
        ...(usages.length > 1 ? { collection: index + 1 } : {}),
      }),
      compatibleIds: [],
    }));
  });
}

/**
 * What Windows' HID class driver reports: MicrosoftDocs/windows-driver-docs hid/hidclass-hardware-ids-for-top-level-collections.md.
 */
export function hidIdentifiers(facts: {
  readonly vendor: string;
  readonly product: string;
  readonly revision?: string;
  readonly interfaceNumber?: string;
  /** 1-based; absent where the device has one. */
  readonly collection?: number;
  readonly usage: HidUsage;
}): string[] {
  const { vendor, product, revision, interfaceNumber, collection, usage } = facts;
  const part = [
    interfaceNumber === undefined ? '' : `&MI_${interfaceNumber}`,
    collection === undefined ? '' : `&Col${hexDigits(collection, 2)}`,
  ].join('');
  const kind = `UP:${hexDigits(usage.page, 4)}_U:${hexDigits(usage.usage, 4)}`;
  const special = specialOf(usage);
  return [
    ...(revision === undefined ? [] : [`HID\\VID_${vendor}&PID_${product}&REV_${revision}${part}`]),
    `HID\\VID_${vendor}&PID_${product}${part}`,
    `HID\\VID_${vendor}&${kind}`,
    ...(special === undefined ? [] : [special]),
    `HID_DEVICE_${kind}`,
    'HID_DEVICE',
  ];
}

function specialOf({ page, usage }: HidUsage): string | undefined {
  if (page === 1 && (usage === 1 || usage === 2)) return 'HID_DEVICE_SYSTEM_MOUSE';
  if (page === 1 && (usage === 6 || usage === 7)) return 'HID_DEVICE_SYSTEM_KEYBOARD';
  if (page === 1 && (usage === 4 || usage === 5)) return 'HID_DEVICE_SYSTEM_GAME';
  if (page === 1 && usage === 0x80) return 'HID_DEVICE_SYSTEM_CONTROL';
  return page === 0x0c && usage === 1 ? 'HID_DEVICE_SYSTEM_CONSUMER' : undefined;
}

function classOf({ page, usage }: HidUsage): string {
  if (page === 1 && (usage === 1 || usage === 2)) return 'Mouse';
  return page === 1 && (usage === 6 || usage === 7) ? 'Keyboard' : 'HIDClass';
}

function hexDigits(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0').slice(-digits);
}

const mostCollections = 64;

/** Usages of the top-level collections of a report descriptor: USB HID 1.11, 6.2.2, short and long items. */
export function topLevelUsages(descriptor: Uint8Array): HidUsage[] {
  const usages: HidUsage[] = [];
  let page = 0;
  let usage: HidUsage | undefined;
  let depth = 0;
  for (let at = 0; at < descriptor.length && usages.length < mostCollections;) {
    const prefix = descriptor[at] ?? 0;
    if (prefix === 0xfe) {
      at += 3 + (descriptor[at + 1] ?? 0);
      continue;
    }
    const size = (prefix & 3) === 3 ? 4 : prefix & 3;
    let value = 0;
    for (let index = size; index > 0; index--) value = value * 256 + (descriptor[at + index] ?? 0);
    at += 1 + size;
    const item = prefix & 0xfc;
    if (item === 0x04) page = value & 0xffff;
    else if (item === 0x08)
      usage ??= size === 4 ? { page: value >>> 16, usage: value & 0xffff } : { page, usage: value };
    else if (item === 0xa0 && depth++ === 0 && usage !== undefined) usages.push(usage);
    else if (item === 0xc0) depth = Math.max(0, depth - 1);
    // Main items end what local ones said.
    if ((prefix & 0x0c) === 0) usage = undefined;
  }
  return usages;
}

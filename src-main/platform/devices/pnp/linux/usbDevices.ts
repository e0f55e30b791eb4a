import type { Device } from '../../../../../src-shared/model/drivers';
import { namesIn, textOf } from '../../linux/systemFiles';
import { hexText } from './hexText';

/** Vendor, product and revision of a USB device, four digits each. */
export interface UsbNumbers {
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
}

interface UsbClass {
  readonly code: string;
  readonly subclass: string;
  readonly protocol: string;
}

/** USB devices, and the functions of composite ones. Root hubs are left out: Windows has its own name for them. */
export function usbDevices(sys: string): Device[] {
  const names = namesIn(sys, 'bus/usb/devices');
  return names
    .filter((name) => !name.includes(':') && !name.startsWith('usb'))
    .flatMap((name) => {
      const interfaces = names.filter((other) => other.startsWith(`${name}:`));
      return usbDevice(sys, name, interfaces);
    });
}

/** What the attributes of a device in /sys/bus/usb/devices say of it. */
export function usbNumbers(...place: string[]): UsbNumbers | undefined {
  const vendor = hexText(textOf(...place, 'idVendor'), 4);
  const product = hexText(textOf(...place, 'idProduct'), 4);
  const revision = hexText(textOf(...place, 'bcdDevice'), 4);
  if (vendor === undefined || product === undefined || revision === undefined) return undefined;
  return { vendor, product, revision };
}

function usbDevice(sys: string, name: string, interfaces: readonly string[]): Device[] {
  const place = [sys, 'bus/usb/devices', name] as const;
  const numbers = usbNumbers(...place);
  if (numbers === undefined) return [];
  const own = classOf('bDevice', ...place);
  const product = [textOf(...place, 'manufacturer'), textOf(...place, 'product')];
  const title = product.filter((part) => part !== undefined && part !== '').join(' ') || 'USB device';
  const instanceId = `/sys/bus/usb/devices/${name}`;
  const isComposite = interfaces.length > 1 && (own.code === '00' || own.code === 'EF');
  if (!isComposite) {
    const [first] = interfaces;
    const kind =
      own.code === '00' && first !== undefined ? classOf('bInterface', sys, 'bus/usb/devices', first) : own;
    return [{ instanceId, name: title, className: '', ...usbIdentifiers(numbers, kind) }];
  }
  const parent = { instanceId, name: title, className: 'USB', ...compositeIdentifiers(numbers, own) };
  return [parent, ...interfaces.flatMap((one) => usbFunction(sys, one, title, numbers))];
}

/** A function of a composite device: an interface, or the first of those that an association descriptor joins. */
function usbFunction(sys: string, name: string, title: string, numbers: UsbNumbers): Device[] {
  const place = [sys, 'bus/usb/devices', name] as const;
  const number = hexText(textOf(...place, 'bInterfaceNumber'), 2);
  if (number === undefined) return [];
  const first = hexText(textOf(...place, 'iad_bFirstInterface'), 2);
  if (first !== undefined && first !== number) return [];
  const kind = classOf(first === undefined ? 'bInterface' : 'iad_bFunction', ...place);
  const own = textOf(...place, 'interface') ?? '';
  return [
    {
      instanceId: `/sys/bus/usb/devices/${name}`,
      name: own === '' ? `${title}, interface ${Number.parseInt(number, 16)}` : `${title}: ${own}`,
      className: '',
      ...usbIdentifiers(numbers, kind, number),
    },
  ];
}

function classOf(prefix: 'bDevice' | 'bInterface' | 'iad_bFunction', ...place: string[]): UsbClass {
  return {
    code: hexText(textOf(...place, `${prefix}Class`), 2) ?? '00',
    subclass: hexText(textOf(...place, `${prefix}SubClass`), 2) ?? '00',
    protocol: hexText(textOf(...place, `${prefix}Protocol`), 2) ?? '00',
  };
}

/**
 * What Windows' hub driver reports: MicrosoftDocs/windows-driver-docs install/standard-usb-identifiers.md. The
 * COMPAT_VID forms are in no page, but in every Windows 10 list of Get-PnpDeviceProperty (microsoft/MIDI issue 1028).
 *
 * @param interfaceNumber two digits; absent for a whole device
 */
export function usbIdentifiers(
  { vendor, product, revision }: UsbNumbers,
  { code, subclass, protocol }: UsbClass,
  interfaceNumber?: string,
): Pick<Device, 'hardwareIds' | 'compatibleIds'> {
  const model = `USB\\VID_${vendor}&PID_${product}`;
  const part = interfaceNumber === undefined ? '' : `&MI_${interfaceNumber}`;
  const kinds = [
    `Class_${code}&SubClass_${subclass}&Prot_${protocol}`,
    `Class_${code}&SubClass_${subclass}`,
    `Class_${code}`,
  ];
  return {
    hardwareIds: [`${model}&REV_${revision}${part}`, `${model}${part}`],
    compatibleIds: [
      ...kinds.map((kind) => `USB\\COMPAT_VID_${vendor}&${kind}`),
      ...kinds.map((kind) => `USB\\${kind}`),
    ],
  };
}

/** Of a device with several interfaces, which the generic parent driver serves unless an INF names it. */
function compositeIdentifiers(
  numbers: UsbNumbers,
  { code, subclass, protocol }: UsbClass,
): Pick<Device, 'hardwareIds' | 'compatibleIds'> {
  return {
    hardwareIds: usbIdentifiers(numbers, { code, subclass, protocol }).hardwareIds,
    compatibleIds: [
      `USB\\DevClass_${code}&SubClass_${subclass}&Prot_${protocol}`,
      `USB\\DevClass_${code}&SubClass_${subclass}`,
      `USB\\DevClass_${code}`,
      'USB\\COMPOSITE',
    ],
  };
}

import path from 'node:path';
import type { Device } from '../../../../../src-shared/model/drivers';
import { namesIn, textOf } from '../../linux/systemFiles';
import { hexText } from './hexText';
import { readPciNames } from './pciNames';

interface PciFacts {
  readonly slot: string;
  readonly vendor: string;
  readonly device: string;
  /** Subsystem, then its vendor, as Windows writes them; absent for bridges, which have none. */
  readonly subsystem?: string;
  readonly revision: string;
  /** Six digits: class, subclass, interface. */
  readonly classCode: string;
}

/** PCI devices from /sys/bus/pci. Names come from pci.ids where the system has it. */
export function pciDevices(sys: string, share: string): Device[] {
  const facts = namesIn(sys, 'bus/pci/devices').flatMap((slot) => pciFacts(sys, slot) ?? []);
  const names = readPciNames(share, facts);
  return facts.map((one) => ({
    instanceId: path.posix.join('/sys/bus/pci/devices', one.slot),
    name: names.get(`${one.vendor}:${one.device}`) ?? className(one.classCode).name,
    className: className(one.classCode).windows,
    ...pciIdentifiers(one),
  }));
}

function pciFacts(sys: string, slot: string): PciFacts | undefined {
  const of = (attribute: string): string | undefined => textOf(sys, 'bus/pci/devices', slot, attribute);
  const vendor = hexText(of('vendor'), 4);
  const device = hexText(of('device'), 4);
  if (vendor === undefined || device === undefined) return undefined;
  const maker = hexText(of('subsystem_vendor'), 4) ?? '0000';
  const model = hexText(of('subsystem_device'), 4) ?? '0000';
  return {
    slot,
    vendor,
    device,
    subsystem: model + maker,
    revision: hexText(of('revision'), 2) ?? '00',
    classCode: hexText(of('class'), 6) ?? '000000',
  };
}

/**
 * What Windows' PCI bus driver reports. MicrosoftDocs/windows-driver-docs install/identifiers-for-pci-devices.md; its
 * note says that Windows 10 moved the identifiers without a subsystem that have no class code to the compatible ones.
 */
export function pciIdentifiers(facts: Omit<PciFacts, 'slot'>): Pick<Device, 'hardwareIds' | 'compatibleIds'> {
  const { vendor, device, subsystem = '00000000', revision, classCode } = facts;
  const maker = `PCI\\VEN_${vendor}`;
  const model = `${maker}&DEV_${device}`;
  const full = `CC_${classCode}`;
  const short = `CC_${classCode.slice(0, 4)}`;
  return {
    hardwareIds: [
      `${model}&SUBSYS_${subsystem}&REV_${revision}`,
      `${model}&SUBSYS_${subsystem}`,
      `${model}&${full}`,
      `${model}&${short}`,
    ],
    compatibleIds: [
      `${model}&REV_${revision}`,
      model,
      `${maker}&${full}`,
      `${maker}&${short}`,
      maker,
      `PCI\\${full}`,
      `PCI\\${short}`,
    ],
  };
}

/** Device setup classes by PCI class code: MicrosoftDocs system-defined-device-setup-classes-available-to-vendors.md. */
const classes: readonly (readonly [code: string, windows: string, name: string])[] = [
  ['0101', 'HDC', 'IDE controller'],
  ['0106', 'HDC', 'SATA controller'],
  ['0104', 'SCSIAdapter', 'RAID controller'],
  ['0108', 'SCSIAdapter', 'NVMe controller'],
  ['01', 'SCSIAdapter', 'Storage controller'],
  ['02', 'Net', 'Network controller'],
  ['03', 'Display', 'Display controller'],
  ['04', 'MEDIA', 'Multimedia controller'],
  ['0604', 'System', 'PCI bridge'],
  ['06', 'System', 'Bridge'],
  ['0700', 'Ports', 'Serial port'],
  ['07', 'System', 'Communication controller'],
  ['0805', 'SDHost', 'SD host controller'],
  ['0C03', 'USB', 'USB controller'],
  ['0C05', 'System', 'SMBus controller'],
  ['0D', 'Bluetooth', 'Wireless controller'],
];

function className(code: string): { windows: string; name: string } {
  const best = classes
    .filter(([prefix]) => code.startsWith(prefix))
    .sort(([one], [other]) => other.length - one.length)[0];
  return best === undefined
    ? { windows: '', name: `PCI device of class ${code}` }
    : { windows: best[1], name: best[2] };
}

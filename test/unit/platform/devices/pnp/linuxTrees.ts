import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Files of a tree by their paths; a text that begins with '->' is a link. */
export type MadeFiles = Readonly<Record<string, string | Uint8Array>>;

/** Makes a tree like /sys in a temporary folder, which goes with the test. */
export function madeTree(files: MadeFiles): string {
  const root = mkdtempSync(path.join(os.tmpdir(), 'wimsmith-pnp-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  for (const [name, content] of Object.entries(files)) {
    const place = path.join(root, name);
    mkdirSync(path.dirname(place), { recursive: true });
    if (typeof content === 'string' && content.startsWith('->')) symlinkSync(content.slice(2), place);
    else writeFileSync(place, typeof content === 'string' ? `${content}\n` : content);
  }
  return root;
}

/** The attributes of one folder. */
export function attributes(folder: string, values: Readonly<Record<string, string | Uint8Array>>): MadeFiles {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${folder}/${name}`, value]));
}

/** Report descriptors: a boot mouse, and a receiver's second interface with a mouse and consumer keys. */
export const mouseReport = Uint8Array.from(
  Buffer.from('05010902a1010901a10005091901290315002501750195038102050109300931950275088106c0c0', 'hex'),
);
export const receiverReport = Uint8Array.from(Buffer.from('05010902a1018502c0050c0901a1018503c0', 'hex'));

/** A notebook with Intel's chips: network, audio, USB receiver, NVMe, TPM. */
export const notebook: MadeFiles = {
  ...attributes('class/dmi/id', { sys_vendor: 'Dell Inc.', product_name: 'Latitude 7480' }),
  ...attributes('devices/pci0000:00/0000:00:1f.6', {
    vendor: '0x8086',
    device: '0x15b7',
    subsystem_vendor: '0x1028',
    subsystem_device: '0x07be',
    class: '0x020000',
    revision: '0x31',
  }),
  'bus/pci/devices/0000:00:1f.6': '->../../../devices/pci0000:00/0000:00:1f.6',
  ...attributes('devices/pci0000:00/0000:00:1f.3', {
    vendor: '0x8086',
    device: '0x9d71',
    subsystem_vendor: '0x1028',
    subsystem_device: '0x07a0',
    class: '0x040300',
    revision: '0x21',
  }),
  'bus/pci/devices/0000:00:1f.3': '->../../../devices/pci0000:00/0000:00:1f.3',
  ...attributes('devices/pci0000:00/0000:00:1f.3/hdaudioC0D0', {
    vendor_id: '0x10ec0256',
    subsystem_id: '0x102807a0',
    revision_id: '0x100002',
    afg: '0x1',
    vendor_name: 'Realtek',
    chip_name: 'ALC3246',
  }),
  'bus/hdaudio/devices/hdaudioC0D0': '->../../../devices/pci0000:00/0000:00:1f.3/hdaudioC0D0',
  ...attributes('devices/usb1/1-1', {
    idVendor: '046d',
    idProduct: 'c52b',
    bcdDevice: '1211',
    bDeviceClass: '00',
    bDeviceSubClass: '00',
    bDeviceProtocol: '00',
    bNumInterfaces: ' 2',
    manufacturer: 'Logitech',
    product: 'USB Receiver',
  }),
  ...attributes('devices/usb1/1-1/1-1:1.0', interfaceOf('00', '03', '01', '01')),
  ...attributes('devices/usb1/1-1/1-1:1.1', interfaceOf('01', '03', '01', '02')),
  ...attributes('devices/usb1/1-1/1-1:1.1/0003:046D:C52B.0002', {
    uevent: 'DRIVER=hid-generic\nHID_NAME=Logitech USB Receiver',
    report_descriptor: receiverReport,
  }),
  ...attributes('devices/usb1/1-2', {
    idVendor: '8087',
    idProduct: '0a2b',
    bcdDevice: '0010',
    bDeviceClass: 'e0',
    bDeviceSubClass: '01',
    bDeviceProtocol: '01',
    bNumInterfaces: ' 2',
  }),
  ...attributes('devices/usb1/1-2/1-2:1.0', interfaceOf('00', 'e0', '01', '01')),
  ...attributes('devices/usb1/1-2/1-2:1.1', interfaceOf('01', 'e0', '01', '01')),
  'bus/usb/devices/usb1': '->../../../devices/usb1',
  'bus/usb/devices/1-1': '->../../../devices/usb1/1-1',
  'bus/usb/devices/1-1:1.0': '->../../../devices/usb1/1-1/1-1:1.0',
  'bus/usb/devices/1-1:1.1': '->../../../devices/usb1/1-1/1-1:1.1',
  'bus/usb/devices/1-2': '->../../../devices/usb1/1-2',
  'bus/usb/devices/1-2:1.0': '->../../../devices/usb1/1-2/1-2:1.0',
  'bus/usb/devices/1-2:1.1': '->../../../devices/usb1/1-2/1-2:1.1',
  'bus/hid/devices/0003:046D:C52B.0002': '->../../../devices/usb1/1-1/1-1:1.1/0003:046D:C52B.0002',
  ...attributes('bus/acpi/devices/MSFT0101:00', {
    hid: 'MSFT0101',
    modalias: 'acpi:MSFT0101:',
    status: '15',
  }),
  ...attributes('bus/acpi/devices/DLL07A0:00', { hid: 'DLL07A0', modalias: 'acpi:DLL07A0:PNP0C50:' }),
  ...attributes('bus/acpi/devices/PNP0501:00', { hid: 'PNP0501', modalias: 'acpi:PNP0501:', status: '0' }),
  ...attributes('bus/acpi/devices/LNXSYSTM:00', { hid: 'LNXSYSTM', modalias: 'acpi:LNXSYSTM:' }),
  ...attributes('bus/acpi/devices/device:00', { path: '\\_SB_.PCI0' }),
  ...attributes('block/nvme0n1/device', { model: 'PM961 NVMe SAMSUNG 256GB', firmware_rev: 'CXA72D1Q' }),
};

/** A PC with an older board: SATA disk, optical drive, USB stick, card reader. */
export const desktop: MadeFiles = {
  ...attributes('class/dmi/id', { sys_vendor: 'ASUS', product_name: 'All Series' }),
  ...attributes('bus/pci/devices/0000:00:1f.2', {
    vendor: '0x8086',
    device: '0x8c02',
    subsystem_vendor: '0x1043',
    subsystem_device: '0x8534',
    class: '0x010601',
    revision: '0x05',
  }),
  ...attributes('block/sda/device', { vendor: 'ATA', model: 'Samsung SSD 860', rev: '2B6Q', type: '0' }),
  ...attributes('block/sr0/device', { vendor: 'HL-DT-ST', model: 'DVDRAM GH24NSC0', rev: 'LY00', type: '5' }),
  ...attributes('devices/pci0000:00/usb2/2-1/host6/target6:0:0/6:0:0:0', {
    vendor: 'SEAGATE',
    model: 'ST39102LW',
    rev: '0004',
    type: '0',
  }),
  'block/sdb/device': '->../../devices/pci0000:00/usb2/2-1/host6/target6:0:0/6:0:0:0',
  ...attributes('block/mmcblk0/device', {
    type: 'SD',
    manfid: '0x000003',
    oemid: '0x5344',
    name: 'SU32G',
    hwrev: '0x8',
    fwrev: '0x0',
  }),
  ...attributes('block/loop0', { size: '0' }),
};

function interfaceOf(
  number: string,
  code: string,
  subclass: string,
  protocol: string,
): Record<string, string> {
  return {
    bInterfaceNumber: number,
    bInterfaceClass: code,
    bInterfaceSubClass: subclass,
    bInterfaceProtocol: protocol,
  };
}

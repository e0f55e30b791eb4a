import { describe, expect, it } from 'vitest';
import type { Device } from '../../../../../src-shared/model/drivers';
import { scsiIdentifiers } from '../../../../../src-main/platform/devices/pnp/linux/diskDevices';
import { topLevelUsages } from '../../../../../src-main/platform/devices/pnp/linux/hidDevices';
import { createLinuxPnp } from '../../../../../src-main/platform/devices/pnp/linux/linuxPnp';
import { attributes, desktop, madeTree, mouseReport, notebook } from './linuxTrees';

function list(files = notebook, names: Readonly<Record<string, string>> = {}) {
  return createLinuxPnp({ sys: madeTree(files), share: madeTree(names) }).list();
}

function device(devices: readonly Device[], place: string): Device {
  const found = devices.find(({ instanceId }) => instanceId === place);
  if (found === undefined) throw new Error(`${place} is not listed`);
  return found;
}

describe('a notebook', () => {
  it('has a model, and every device once', () => {
    const { model, devices, label } = list();
    expect([label, model]).toEqual(['this PC', 'Dell Inc. Latitude 7480']);
    expect(devices.map(({ instanceId }) => instanceId)).toEqual([
      '/sys/bus/pci/devices/0000:00:1f.3',
      '/sys/bus/pci/devices/0000:00:1f.6',
      '/sys/bus/usb/devices/1-1',
      '/sys/bus/usb/devices/1-1:1.0',
      '/sys/bus/usb/devices/1-1:1.1',
      '/sys/bus/usb/devices/1-2',
      '/sys/bus/hdaudio/devices/hdaudioC0D0',
      '/sys/bus/hid/devices/0003:046D:C52B.0002#1',
      '/sys/bus/hid/devices/0003:046D:C52B.0002#2',
      '/sys/bus/acpi/devices/DLL07A0:00',
      '/sys/bus/acpi/devices/MSFT0101:00',
      '/sys/block/nvme0n1',
    ]);
  });

  it('PCI: as Windows 10 orders them, with a name from pci.ids', () => {
    const ids =
      '# comment\n8086  Intel Corporation\n\t15b7  Ethernet Connection (2) I219-LM\n\t\t1028 07be  Latitude\n';
    const { devices } = list(notebook, { 'misc/pci.ids': ids });
    expect(device(devices, '/sys/bus/pci/devices/0000:00:1f.6')).toEqual({
      instanceId: '/sys/bus/pci/devices/0000:00:1f.6',
      name: 'Intel Corporation Ethernet Connection (2) I219-LM',
      className: 'Net',
      hardwareIds: [
        'PCI\\VEN_8086&DEV_15B7&SUBSYS_07BE1028&REV_31',
        'PCI\\VEN_8086&DEV_15B7&SUBSYS_07BE1028',
        'PCI\\VEN_8086&DEV_15B7&CC_020000',
        'PCI\\VEN_8086&DEV_15B7&CC_0200',
      ],
      compatibleIds: [
        'PCI\\VEN_8086&DEV_15B7&REV_31',
        'PCI\\VEN_8086&DEV_15B7',
        'PCI\\VEN_8086&CC_020000',
        'PCI\\VEN_8086&CC_0200',
        'PCI\\VEN_8086',
        'PCI\\CC_020000',
        'PCI\\CC_0200',
      ],
    });
  });

  it('USB: a composite device, its functions, and one that is whole', () => {
    const { devices } = list();
    const parent = device(devices, '/sys/bus/usb/devices/1-1');
    expect(parent.name).toBe('Logitech USB Receiver');
    expect(parent.hardwareIds).toEqual(['USB\\VID_046D&PID_C52B&REV_1211', 'USB\\VID_046D&PID_C52B']);
    expect(parent.compatibleIds.at(-1)).toBe('USB\\COMPOSITE');
    const mouse = device(devices, '/sys/bus/usb/devices/1-1:1.1');
    expect(mouse.hardwareIds).toEqual([
      'USB\\VID_046D&PID_C52B&REV_1211&MI_01',
      'USB\\VID_046D&PID_C52B&MI_01',
    ]);
    expect(mouse.compatibleIds.slice(-3)).toEqual([
      'USB\\Class_03&SubClass_01&Prot_02',
      'USB\\Class_03&SubClass_01',
      'USB\\Class_03',
    ]);
    const bluetooth = device(devices, '/sys/bus/usb/devices/1-2');
    expect(bluetooth.compatibleIds.slice(-3)[0]).toBe('USB\\Class_E0&SubClass_01&Prot_01');
  });

  it('USB: functions that an association joins are one', () => {
    const joined = { iad_bFirstInterface: '00', iad_bFunctionClass: '0e', iad_bFunctionSubClass: '03' };
    const camera = { idVendor: '0c45', idProduct: '6717', bcdDevice: '5625', bDeviceClass: 'ef' };
    const { devices } = list({
      ...attributes('bus/usb/devices/1-5', camera),
      ...attributes('bus/usb/devices/1-5:1.0', { ...joined, bInterfaceNumber: '00', bInterfaceClass: '0e' }),
      ...attributes('bus/usb/devices/1-5:1.1', { ...joined, bInterfaceNumber: '01', bInterfaceClass: '0e' }),
    });
    expect(devices.map(({ hardwareIds }) => hardwareIds.at(-1))).toEqual([
      'USB\\VID_0C45&PID_6717',
      'USB\\VID_0C45&PID_6717&MI_00',
    ]);
    expect(devices[1].compatibleIds.at(-2)).toBe('USB\\Class_0E&SubClass_03');
  });

  it('HDAUDIO, HID, ACPI and NVMe', () => {
    const { devices } = list();
    const audio = device(devices, '/sys/bus/hdaudio/devices/hdaudioC0D0');
    expect(audio.hardwareIds).toEqual([
      'HDAUDIO\\FUNC_01&VEN_10EC&DEV_0256&SUBSYS_102807A0&REV_1000',
      'HDAUDIO\\FUNC_01&VEN_10EC&DEV_0256&SUBSYS_102807A0',
    ]);
    expect(audio.compatibleIds[0]).toBe('HDAUDIO\\FUNC_01&CTLR_VEN_8086&VEN_10EC&DEV_0256&REV_1000');
    expect(audio.compatibleIds.at(-1)).toBe('HDAUDIO\\FUNC_01');
    expect(device(devices, '/sys/bus/hid/devices/0003:046D:C52B.0002#2').hardwareIds).toEqual([
      'HID\\VID_046D&PID_C52B&REV_1211&MI_01&Col02',
      'HID\\VID_046D&PID_C52B&MI_01&Col02',
      'HID\\VID_046D&UP:000C_U:0001',
      'HID_DEVICE_SYSTEM_CONSUMER',
      'HID_DEVICE_UP:000C_U:0001',
      'HID_DEVICE',
    ]);
    const touchpad = device(devices, '/sys/bus/acpi/devices/DLL07A0:00');
    expect(touchpad.hardwareIds).toEqual(['ACPI\\VEN_DLL&DEV_07A0', 'ACPI\\DLL07A0', '*DLL07A0']);
    expect(touchpad.compatibleIds).toEqual(['ACPI\\VEN_PNP&DEV_0C50', 'ACPI\\PNP0C50', '*PNP0C50']);
    expect(device(devices, '/sys/bus/acpi/devices/MSFT0101:00').hardwareIds[0]).toBe(
      'ACPI\\VEN_MSFT&DEV_0101',
    );
    expect(device(devices, '/sys/block/nvme0n1').hardwareIds).toContain('SCSI\\DiskNVMe____PM961_NVMe_SAMSU');
    expect(topLevelUsages(mouseReport)).toEqual([{ page: 1, usage: 2 }]);
  });
});

describe('a desktop PC', () => {
  it('disks, drives and cards', () => {
    const { devices } = list(desktop);
    const first = (place: string): string => device(devices, place).hardwareIds[0];
    expect(first('/sys/block/sda')).toBe('SCSI\\DiskSamsung_SSD_860_________2B6Q');
    expect(first('/sys/block/sr0')).toBe('SCSI\\CdRomHL-DT-STDVDRAM_GH24NSC0_LY00');
    expect(first('/sys/block/sdb')).toBe('USBSTOR\\DiskSEAGATE_ST39102LW_______0004');
    const card = device(devices, '/sys/block/mmcblk0');
    expect(card.hardwareIds).toEqual([
      'SD\\VID_03&OID_5344&PID_SU32G&REV_8.0',
      'SD\\VID_03&OID_5344&PID_SU32G',
    ]);
    expect(card.compatibleIds).toEqual(['SD\\CLASS_STORAGE']);
    expect(devices).toHaveLength(5);
  });

  // identifiers-for-scsi-devices.md and identifiers-generated-by-usbstor-sys.md
  it.each([
    [
      false,
      [
        'SCSI\\DiskSEAGATE_ST39102LW_______0004',
        'SCSI\\DiskSEAGATE_ST39102LW_______',
        'SCSI\\DiskSEAGATE_',
        'SCSI\\SEAGATE_ST39102LW_______0',
        'SEAGATE_ST39102LW_______0',
        'GenDisk',
      ],
    ],
    [
      true,
      [
        'USBSTOR\\DiskSEAGATE_ST39102LW_______0004',
        'USBSTOR\\DiskSEAGATE_ST39102LW_______',
        'USBSTOR\\DiskSEAGATE_',
        'USBSTOR\\SEAGATE_ST39102LW_______0',
        'SEAGATE_ST39102LW_______0',
        'USBSTOR\\GenDisk',
        'GenDisk',
      ],
    ],
  ])("the documentation's disk, USB: %s", (isUsb, hardwareIds) => {
    const facts = { type: 0, vendor: 'SEAGATE', model: 'ST39102LW', revision: '0004', isUsb };
    expect(scsiIdentifiers(facts).hardwareIds).toEqual(hardwareIds);
  });
});

it('a tree without anything is a list without devices', () => {
  expect(list({})).toMatchObject({ label: 'this PC', devices: [] });
});

import type { Device } from '../../../../../src-shared/model/drivers';
import { namesIn, textOf } from '../../linux/systemFiles';

/** Devices of ACPI's namespace that have an identifier of their own, among them TPM, buttons, I2C and UART devices. */
export function acpiDevices(sys: string): Device[] {
  return namesIn(sys, 'bus/acpi/devices').flatMap((name) => {
    const place = [sys, 'bus/acpi/devices', name] as const;
    const hid = textOf(...place, 'hid') ?? '';
    // LNX...: made up by Linux; 'device': without an identifier. Status 0: the firmware says that it is not there.
    if (!/^[A-Z0-9]{7,8}$/.test(hid) || hid.startsWith('LNX')) return [];
    if (textOf(...place, 'status') === '0') return [];
    const listed = (textOf(...place, 'modalias') ?? '').split(':').slice(1);
    const compatible = listed.filter((id) => /^[A-Z0-9]{7,8}$/.test(id) && id !== hid);
    return [
      {
        instanceId: `/sys/bus/acpi/devices/${name}`,
        name: `ACPI ${hid}`,
        className: 'System',
        hardwareIds: acpiIdentifiers(hid),
        compatibleIds: [...new Set(compatible.flatMap(acpiIdentifiers))],
      },
    ];
  });
}

/**
 * Windows' forms of an ACPI or PNP identifier (_HID, _CID): with vendor and device, as one word, and with the asterisk of
 * ISA's Plug and Play. MicrosoftDocs/windows-driver-docs bringup/device-management-namespace-objects.md; _SUB and _HRV,
 * which would add SUBSYS and REV, are not told by Linux.
 */
export function acpiIdentifiers(id: string): string[] {
  const vendor = id.slice(0, id.length - 4);
  const device = id.slice(-4);
  return [`ACPI\\VEN_${vendor}&DEV_${device}`, `ACPI\\${id}`, `*${id}`];
}

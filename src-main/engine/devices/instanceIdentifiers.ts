/** Identifiers of a device, best first. */
export interface Identifiers {
  readonly hardwareIds: string[];
  readonly compatibleIds: string[];
}

/**
 * The identifiers that an instance ID tells: 'bus\\device\\instance', where 'bus\\device' is the device ID, which is the
 * most specific hardware ID (MicrosoftDocs/windows-driver-docs install/device-ids.md). Of PCI and HDAUDIO it has all
 * parts from which the shorter ones are made; class codes and other compatible ones are not in it.
 */
export function identifiersOfInstance(instanceId: string): Identifiers {
  const [bus = '', device = ''] = instanceId.split('\\', 2);
  if (bus === '' || device === '') return { hardwareIds: [], compatibleIds: [] };
  const full = `${bus}\\${device}`;
  switch (bus.toUpperCase()) {
    case 'PCI': {
      const part = partsOf(device);
      const base = `${bus}\\VEN_${part.VEN ?? ''}&DEV_${part.DEV ?? ''}`;
      if (part.VEN === undefined || part.DEV === undefined) break;
      return {
        hardwareIds: part.SUBSYS === undefined ? [full] : [full, `${base}&SUBSYS_${part.SUBSYS}`],
        compatibleIds: [...(part.REV === undefined ? [] : [`${base}&REV_${part.REV}`]), base],
      };
    }
    case 'HDAUDIO': {
      const shorter = full.replace(/&REV_[0-9A-F]{4}$/i, '');
      return { hardwareIds: shorter === full ? [full] : [full, shorter], compatibleIds: [] };
    }
    case 'ACPI': {
      const [, vendor, number] = /^([A-Z]{3,4})([0-9A-F]{4})$/i.exec(device) ?? [];
      if (vendor === undefined || number === undefined) break;
      return {
        hardwareIds: [`ACPI\\VEN_${vendor}&DEV_${number}`, `ACPI\\${device}`, `*${device}`],
        compatibleIds: [],
      };
    }
    default:
  }
  return { hardwareIds: [full], compatibleIds: [] };
}

function partsOf(device: string): Partial<Record<'VEN' | 'DEV' | 'SUBSYS' | 'REV', string>> {
  const parts: Record<string, string> = {};
  for (const part of device.split('&')) {
    const [, key, value] = /^(VEN|DEV|SUBSYS|REV)_([0-9A-F]+)$/i.exec(part) ?? [];
    if (key !== undefined && value !== undefined) parts[key.toUpperCase()] = value;
  }
  return parts;
}

/** Whether a text looks like an instance ID: three parts, of which the first is the bus. */
export function isInstanceId(text: string): boolean {
  return text.length <= 400 && /^[A-Za-z0-9_{}.-]+\\[^\\\s][^\\]*\\[^\\]+$/.test(text);
}

/** Whether a text looks like a hardware or compatible ID: 'bus\\device', or '*PNP0303'. */
export function isIdentifier(text: string): boolean {
  return text.length <= 400 && /^(?:[\w{}.*-]+\\[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?|\*[\w]+)$/.test(text);
}

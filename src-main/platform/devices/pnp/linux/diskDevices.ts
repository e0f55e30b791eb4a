import type { Device } from '../../../../../src-shared/model/drivers';
import { namesIn, realPathOf, textOf } from '../../linux/systemFiles';
import { hexText } from './hexText';

/** Disks, optical drives and memory cards. Their drivers come with Windows; packages with filters or tools name them. */
export function diskDevices(sys: string): Device[] {
  return namesIn(sys, 'block').flatMap((name) => diskDevice(sys, name) ?? []);
}

function diskDevice(sys: string, name: string): Device | undefined {
  const of = (attribute: string): string | undefined => textOf(sys, 'block', name, 'device', attribute);
  const model = of('model');
  const place = { instanceId: `/sys/block/${name}`, className: 'DiskDrive' };
  if (name.startsWith('mmcblk') && of('type') === 'SD') {
    const card = {
      manufacturer: hexText(of('manfid'), 2) ?? '00',
      oem: hexText(of('oemid'), 4) ?? '0000',
      product: of('name') ?? '',
      revision: `${Number.parseInt(of('hwrev') ?? '0', 16)}.${Number.parseInt(of('fwrev') ?? '0', 16)}`,
    };
    return { ...place, name: `SD card ${card.product}`.trim(), ...sdIdentifiers(card) };
  }
  if (model === undefined) return undefined;
  if (name.startsWith('nvme')) {
    return { ...place, name: model, ...nvmeIdentifiers(model, of('firmware_rev') ?? '') };
  }
  const type = Number(of('type') ?? 0);
  const vendor = of('vendor') ?? '';
  const isUsb = /\/usb\d+\//.test(realPathOf(sys, 'block', name, 'device') ?? '');
  const title = vendor === 'ATA' || vendor === '' ? model : `${vendor} ${model}`;
  const identifiers = scsiIdentifiers({ type, vendor, model, revision: of('rev') ?? '', isUsb });
  return { ...place, name: title, className: type === 5 ? 'CDROM' : 'DiskDrive', ...identifiers };
}

/** Device type and generic type by SCSI's code: identifiers-for-scsi-devices.md and identifiers-generated-by-usbstor-sys.md. */
const types: ReadonlyMap<number, readonly [type: string, generic: string]> = new Map([
  [0, ['Disk', 'GenDisk']],
  [5, ['CdRom', 'GenCdRom']],
  [7, ['Optical', 'GenOptical']],
]);

/** Fills up with underscores, which stand for blanks, too. */
function padded(text: string, length: number): string {
  return text
    .replaceAll(/[^\x21-\x7e]|,/g, '_')
    .slice(0, length)
    .padEnd(length, '_');
}

/**
 * What Windows' SCSI and USB storage drivers report, with v(8), p(16) and r(4) as the pages have them. Of a disk on SATA
 * Windows takes vendor and product from its model, which Linux cuts after 16 characters.
 */
export function scsiIdentifiers(facts: {
  readonly type: number;
  readonly vendor: string;
  readonly model: string;
  readonly revision: string;
  readonly isUsb: boolean;
}): Pick<Device, 'hardwareIds' | 'compatibleIds'> {
  const [type, generic] = types.get(facts.type) ?? ['Other', 'ScsiOther'];
  const isAta = facts.vendor === 'ATA';
  const vendor = padded(isAta ? facts.model.slice(0, 8) : facts.vendor, 8);
  const product = padded(isAta ? facts.model.slice(8) : facts.model, 16);
  const revision = padded(facts.revision, 4);
  const bus = facts.isUsb ? 'USBSTOR' : 'SCSI';
  return {
    hardwareIds: [
      `${bus}\\${type}${vendor}${product}${revision}`,
      `${bus}\\${type}${vendor}${product}`,
      `${bus}\\${type}${vendor}`,
      `${bus}\\${vendor}${product}${revision.slice(0, 1)}`,
      `${vendor}${product}${revision.slice(0, 1)}`,
      ...(facts.isUsb ? [`USBSTOR\\${generic}`] : []),
      generic,
    ],
    compatibleIds: facts.isUsb ? [`USBSTOR\\${type}`, 'USBSTOR\\RAW'] : [`SCSI\\${type}`, 'SCSI\\RAW'],
  };
}

/** Of NVMe: with p(40) and r(8) since Windows 10 2004, with p(16) and r(4) before; identifiers-for-scsi-devices.md. */
export function nvmeIdentifiers(
  model: string,
  firmware: string,
): Pick<Device, 'hardwareIds' | 'compatibleIds'> {
  const long = `SCSI\\Disk${padded('NVMe', 8)}${padded(model, 40)}`;
  const scsi = scsiIdentifiers({ type: 0, vendor: 'NVMe', model, revision: firmware, isUsb: false });
  return {
    hardwareIds: [`${long}${padded(firmware, 8)}`, long, ...scsi.hardwareIds],
    compatibleIds: scsi.compatibleIds,
  };
}

/** Of an SD memory card: identifiers-for-secure-digital--sd--devices.md. */
export function sdIdentifiers(card: {
  readonly manufacturer: string;
  readonly oem: string;
  readonly product: string;
  readonly revision: string;
}): Pick<Device, 'hardwareIds' | 'compatibleIds'> {
  const base = `SD\\VID_${card.manufacturer}&OID_${card.oem}&PID_${card.product}`;
  return { hardwareIds: [`${base}&REV_${card.revision}`, base], compatibleIds: ['SD\\CLASS_STORAGE'] };
}

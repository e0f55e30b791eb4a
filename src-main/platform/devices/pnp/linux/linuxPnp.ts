import type { DeviceList } from '../../../../../src-shared/model/drivers';
import type { PnpDevices } from '../../../../engine/devices/pnpDevices';
import { textOf } from '../../linux/systemFiles';
import { acpiDevices } from './acpiDevices';
import { diskDevices } from './diskDevices';
import { hdAudioDevices } from './hdAudioDevices';
import { hidDevices } from './hidDevices';
import { pciDevices } from './pciDevices';
import { usbDevices } from './usbDevices';

/** Where Linux tells of devices, and where names are; made-up trees stand for them in tests. */
export interface PnpRoots {
  readonly sys: string;
  /** /usr/share, for pci.ids. */
  readonly share: string;
}

/** This PC's devices as Windows would name them, from what Linux tells in /sys. */
export function createLinuxPnp(roots: PnpRoots = { sys: '/sys', share: '/usr/share' }): PnpDevices {
  return { list: () => listDevices(roots) };
}

function listDevices({ sys, share }: PnpRoots): DeviceList {
  const devices = [
    ...pciDevices(sys, share),
    ...usbDevices(sys),
    ...hdAudioDevices(sys),
    ...hidDevices(sys),
    ...acpiDevices(sys),
    ...diskDevices(sys),
  ];
  const maker = textOf(sys, 'class/dmi/id/sys_vendor') ?? '';
  const model = `${maker} ${textOf(sys, 'class/dmi/id/product_name') ?? ''}`.trim();
  return {
    label: 'this PC',
    ...(model === '' ? {} : { model }),
    devices,
    warnings: ['the identifiers are made from what Linux tells: a list that Windows made is more exact'],
  };
}

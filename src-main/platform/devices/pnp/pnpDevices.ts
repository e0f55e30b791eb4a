import type { PnpDevices } from '../../../engine/devices/pnpDevices';
import { createLinuxPnp } from './linux/linuxPnp';
import { createWindowsPnp, type ReadList } from './windows/windowsPnp';

/**
 * The Plug and Play devices of this machine, for `EngineHost.pnp`; undefined where the system is not supported.
 * @param read `readDeviceList` of the engine
 */
export function createPnpDevices(read: ReadList): PnpDevices | undefined {
  switch (process.platform) {
    case 'linux':
      return createLinuxPnp();
    case 'win32':
      return createWindowsPnp(read);
    default:
      return undefined;
  }
}

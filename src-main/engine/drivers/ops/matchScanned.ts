import { AppError } from '../../../../src-shared/errors/appError';
import type {
  DeviceList,
  DeviceListChoice,
  DeviceMatch,
  PackageUse,
  WindowsTarget,
} from '../../../../src-shared/model/drivers';
import { readExactly } from '../../binary/byteSource';
import { readDeviceList } from '../../devices/readDeviceList';
import { matchDevices } from '../../inf/match/matchDevices';
import type { EngineHost } from '../../os';
import type { ScannedDrivers } from '../packages/scanDrivers';

/** A saved list that is larger is none. */
const LARGEST_LIST = 64 << 20;

/** Devices with the packages that serve them. */
export interface ScannedMatch {
  readonly list: Omit<DeviceList, 'devices'>;
  readonly devices: readonly DeviceMatch[];
  readonly uses: readonly PackageUse[];
}

/** Matches packages that were scanned with an index to the devices of a list. */
export function matchScanned(
  host: EngineHost,
  scan: ScannedDrivers,
  choice: DeviceListChoice,
  target: WindowsTarget,
  options: { readonly forceFaulty?: boolean } = {},
): ScannedMatch {
  if (scan.index === undefined)
    throw new AppError('internal/bug', 'the packages were scanned without an index');
  const { devices: listed, ...list } = deviceListOf(host, choice);
  const keepFaulty = options.forceFaulty === true;
  const { devices, uses } = matchDevices(scan.index, listed, target, keepFaulty ? { keepFaulty } : {});
  return { list, devices, uses };
}

/**
 * The devices that a choice means.
 * @throws AppError `devices/unreadable`, `io/not-found`
 */
export function deviceListOf(host: EngineHost, choice: DeviceListChoice): DeviceList {
  switch (choice.kind) {
    case 'devices':
      return choice.list;
    case 'this-pc':
      if (host.pnp === undefined) {
        throw new AppError('devices/unreadable', 'the devices of this machine cannot be told here');
      }
      return host.pnp.list();
    case 'file': {
      const path = host.files.absolute(choice.path);
      const file = host.files.openRead(path);
      try {
        if (file.size > LARGEST_LIST) {
          throw new AppError('devices/unreadable', `${choice.path} is too large for a list of devices`, {
            path,
          });
        }
        return readDeviceList(readExactly(file, 0, file.size, 'list of devices'), host.files.baseName(path));
      } finally {
        file.close();
      }
    }
  }
}

import type {
  DeviceList,
  DriversMatchReport,
  DriversMatchRequest,
} from '../../../../src-shared/model/drivers';
import { windowsTarget } from '../../inf/match/windowsTargets';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { scanDrivers } from '../packages/scanDrivers';
import { scanReport } from './driversScan';
import { deviceListOf, matchScanned } from './matchScanned';

/**
 * Which package serves which device of a list, and why.
 * @throws AppError `drivers/windows-unknown`, `devices/unreadable`, `io/not-found`
 */
export async function driversMatch(
  host: EngineHost,
  request: DriversMatchRequest,
  context: VerbContext = {},
): Promise<DriversMatchReport> {
  const windows = windowsTarget(request.windows, request.architecture);
  // Before the packages are read, which may take a while.
  const list = deviceListOf(host, request.devices);
  const { paths, threads } = request;
  const choices = {
    paths,
    ...(threads === undefined ? {} : { threads }),
    check: request.check === true,
    index: true,
    devices: list.devices,
  };
  const scan = await scanDrivers(host, choices, context);
  const matched = matchScanned(host, scan, { kind: 'devices', list }, windows);
  return { ...scanReport(scan), windows, ...matched };
}

/**
 * The devices of a saved list, or of this PC.
 * @throws AppError `devices/unreadable`, `io/not-found`
 */
export function driversDevices(host: EngineHost, request: { readonly path?: string }): DeviceList {
  return deviceListOf(
    host,
    request.path === undefined ? { kind: 'this-pc' } : { kind: 'file', path: request.path },
  );
}

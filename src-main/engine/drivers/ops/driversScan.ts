import type { DriversScanReport, DriversScanRequest } from '../../../../src-shared/model/drivers';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { scanDrivers, type ScannedDrivers } from '../packages/scanDrivers';
import { withCopies } from './copies';

/**
 * What driver packages there are in folders and archives.
 * @throws AppError `io/not-found`
 */
export async function driversScan(
  host: EngineHost,
  request: DriversScanRequest,
  context: VerbContext = {},
): Promise<DriversScanReport> {
  const choices = { ...request, check: request.check === true, index: false };
  return scanReport(await scanDrivers(host, choices, context));
}

/** The same with every file checked against its catalog. */
export function driversCheck(
  host: EngineHost,
  request: DriversScanRequest,
  context: VerbContext = {},
): Promise<DriversScanReport> {
  return driversScan(host, { ...request, check: true }, context);
}

/** What is told of a scan. */
export function scanReport(scan: ScannedDrivers): DriversScanReport {
  const packages = withCopies(scan.packages.map((one) => one.package));
  const bytes = packages.reduce((sum, one) => sum + one.bytes, 0);
  return { packages, remarks: scan.remarks, infs: scan.infs, bytes };
}

import { AppError } from '../../../../src-shared/errors/appError';
import type { DriverRemark } from '../../../../src-shared/model/drivers';
import { createPackageChecker } from '../../catalog/checkPackage';
import { createDriverIndex } from '../../inf/match/driverIndex';
import type { EngineHost } from '../../os';
import { openContainer } from './openContainer';
import type { PackageContainer } from './packageContainer';
import { readPackage, type ReadingOptions } from './readPackage';
import type { InfGroup, ReadDriversOrder, ReadDriversResult, ReadPackage } from './readDriversTask';

/** Reads packages, in a thread: what a damaged one has to say is a remark, and the others are read. */
export function readDrivers(
  system: Pick<EngineHost, 'files' | 'crypto'>,
  order: ReadDriversOrder,
): ReadDriversResult {
  const packages: ReadPackage[] = [];
  const remarks: DriverRemark[] = [];
  const index = order.index ? createDriverIndex() : undefined;
  const options: ReadingOptions = {
    crypto: system.crypto,
    checker: order.check ? createPackageChecker(system.crypto) : undefined,
    now: order.now,
    index,
  };
  for (const group of order.groups) {
    attempt(group.container.path, remarks, () => {
      const container = openContainer(system, group.container);
      try {
        readGroup(container, group, options, packages, remarks);
      } finally {
        container.close();
      }
    });
  }
  return { packages, remarks, ...(index === undefined ? {} : { index: index.pack() }) };
}

function readGroup(
  container: PackageContainer,
  { container: place, infs }: InfGroup,
  options: ReadingOptions,
  packages: ReadPackage[],
  remarks: DriverRemark[],
): void {
  for (const inf of infs) {
    attempt(container.placeOf(inf), remarks, () => {
      packages.push({ container: place, inf, ...readPackage(container, inf, options) });
    });
  }
}

function attempt(file: string, remarks: DriverRemark[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal/bug') throw error;
    const code = error.code === 'inf/malformed' ? 'inf-malformed' : 'unreadable';
    remarks.push({ severity: 'error', code, file, problem: error.message });
  }
}

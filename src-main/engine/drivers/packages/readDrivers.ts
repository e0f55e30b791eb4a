import { AppError } from '../../../../src-shared/errors/appError';
import type { DriverRemark } from '../../../../src-shared/model/drivers';
import { createPackageChecker } from '../../catalog/checkPackage';
import { createDriverIndex } from '../../inf/match/driverIndex';
import type { EngineHost } from '../../os';
import { openContainer } from './openContainer';
import type { PackageContainer } from './packageContainer';
import { readPackage, type ReadingOptions, type StoredOrder } from './readPackage';
import type { InfGroup, ReadDriversOrder, ReadDriversResult, ReadPackage } from './readDriversTask';

/** Reads packages, in a thread: what a damaged one has to say is a remark, and the others are read. */
export function readDrivers(
  system: Pick<EngineHost, 'files' | 'crypto'>,
  order: ReadDriversOrder,
): ReadDriversResult {
  const packages: ReadPackage[] = [];
  const remarks: DriverRemark[] = [];
  const index = order.index ? createDriverIndex(order.identifiers && new Set(order.identifiers)) : undefined;
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
  const ordered = storedOrder(container);
  for (const inf of ordered(infs, (path) => path)) {
    attempt(container.placeOf(inf), remarks, () => {
      packages.push({ container: place, inf, ...readPackage(container, inf, options, ordered) });
    });
  }
}

function storedOrder(container: PackageContainer): StoredOrder {
  if (container.kind === 'folder') return (files) => files;
  const places = new Map(container.list().map(({ path }, place) => [path, place]));
  return (files, pathOf) => {
    const placeOf = (file: (typeof files)[number]): number => places.get(pathOf(file)) ?? places.size;
    return [...files].sort((a, b) => placeOf(a) - placeOf(b));
  };
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

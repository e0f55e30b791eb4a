import { AppError } from '../../../../src-shared/errors/appError';
import type { StoredDriver } from '../../../../src-shared/model/drivers';

/**
 * The drivers that names mean: published ('oem3.inf') or original ones, case aside.
 * @throws AppError `drivers/no-such-driver` for a name that means none, or several
 */
export function chosenDrivers(
  drivers: readonly StoredDriver[],
  names: readonly string[],
  label: string,
): StoredDriver[] {
  const chosen = new Set<StoredDriver>();
  for (const name of names) {
    const wanted = name.toLowerCase();
    const published = drivers.filter((driver) => driver.published.toLowerCase() === wanted);
    const found =
      published.length > 0 ? published : drivers.filter((driver) => driver.original.toLowerCase() === wanted);
    if (found.length === 0) {
      throw new AppError('drivers/no-such-driver', `${label} has no driver "${name}"`, { name });
    }
    for (const driver of found) chosen.add(driver);
  }
  return [...chosen];
}

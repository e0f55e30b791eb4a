import type { DiskReport, DiskSummary } from '../../../../src-shared/model/disks';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { openDisk } from '../openDisk';
import type { VirtualDisk } from '../virtualDisk';
import { summarise } from './summary';
import type { Target } from './target';

/**
 * Reads a disk that was changed once more, and has the system see its new table. A file is closed and opened again, so
 * that what is still in memory of it does not vouch for it.
 * @param told warnings of the work
 * @param faultsOf what is not as it should be
 */
export function lookAgain(
  host: EngineHost,
  { device, physical, path }: Target,
  told: readonly string[],
  context: VerbContext,
  faultsOf: (disk: VirtualDisk, summary: DiskSummary) => readonly string[],
): DiskReport {
  const warnings = [...told];
  let disk = device;
  if (physical === undefined) {
    device.close();
    disk = openDisk(host, path, 'read');
  } else {
    physical.dropCaches();
  }
  try {
    const summary = summarise(disk, path);
    const faults = faultsOf(disk, summary);
    const late = physical?.rereadPartitions();
    if (late !== undefined) warnings.push(late);
    for (const warning of warnings) context.onWarning?.(warning);
    return { disk: path, summary, faults, warnings };
  } finally {
    if (physical === undefined) disk.close();
  }
}

import type { DiskSummary } from '../../../../src-shared/model/disks';
import type { EngineHost } from '../../os';
import { ProgressCounter, type VerbContext } from '../../wim/ops/common';
import { openDisk } from '../openDisk';
import type { VirtualDisk } from '../virtualDisk';
import { faultError } from './check';
import { summarise } from './summary';

/**
 * Opens a disk file that was just made, and checks what is on it.
 * @param files `made`: the file as it is called now; `path`: as it will be called
 * @param faultsOf what is not as it should be; empty: all is right
 * @throws AppError `disk/malformed` with the faults
 */
export async function readBack(
  host: EngineHost,
  files: { readonly made: string; readonly path: string },
  faultsOf: (disk: VirtualDisk, summary: DiskSummary) => readonly string[],
  context: VerbContext,
): Promise<DiskSummary> {
  const progress = new ProgressCounter(context, host, 'Verifying', 0, 0);
  progress.report(files.path);
  await host.breathe();
  const disk = openDisk(host, files.made, 'read');
  try {
    const summary = summarise(disk, files.path);
    const faults = faultsOf(disk, summary);
    if (faults.length > 0) throw faultError(files.path, faults);
    return summary;
  } finally {
    disk.close();
  }
}

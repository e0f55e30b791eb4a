import { CancelledError } from '../../../../src-shared/errors/appError';
import type { Device, DriverRemark } from '../../../../src-shared/model/drivers';
import { createDriverIndex, type DriverIndex } from '../../inf/match/driverIndex';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { findDriverFiles } from './findDriverFiles';
import type { InfGroup, ReadPackage } from './readDriversTask';

/** INFs of a task: enough that starting one costs nothing, few enough that all threads have some. */
const BATCH = 64;
const MOST_IDENTIFIERS = 20_000;

export interface ScanChoices {
  /** Folders, INFs, .zip and .cab files. */
  readonly paths: readonly string[];
  /** Check every file against its catalog. */
  readonly check: boolean;
  /** Make an index for matching. */
  readonly index: boolean;
  /** The devices that it will be asked for: it holds what concerns them. */
  readonly devices?: readonly Device[];
  readonly threads?: number;
}

/** Everything that was found in the paths. */
export interface ScannedDrivers {
  readonly packages: readonly ReadPackage[];
  readonly index?: DriverIndex;
  readonly remarks: readonly DriverRemark[];
  readonly infs: number;
}

/**
 * Reads all driver packages of folders and archives, in threads.
 * @throws AppError `io/not-found` for a path that is not there
 */
export async function scanDrivers(
  host: EngineHost,
  choices: ScanChoices,
  context: VerbContext,
): Promise<ScannedDrivers> {
  const found = await findDriverFiles(host, choices.paths, { signal: context.signal });
  const batches = batchesOf(found.groups);
  const infs = found.groups.reduce((sum, group) => sum + group.infs.length, 0);
  const index = choices.index ? createDriverIndex() : undefined;
  const remarks: DriverRemark[] = [...found.remarks];
  const results: (readonly ReadPackage[])[] = batches.map(() => []);
  const runner = host.taskRunner(choices.threads ?? 0);
  const now = host.now();
  const identifiers = choices.devices === undefined ? undefined : identifiersOf(choices.devices);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < batches.length) {
      if (context.signal?.aborted === true) throw new CancelledError();
      const at = next++;
      const groups = [batches[at]];
      const result = await runner.run('readDrivers', {
        groups,
        check: choices.check,
        index: choices.index,
        identifiers,
        now,
      });
      results[at] = result.packages;
      if (result.index !== undefined) index?.absorb(result.index);
      remarks.push(...result.remarks);
      done += batches[at].infs.length;
      report(context, done, infs, batches[at]);
    }
  };
  // As many as there are threads, and one that waits for each.
  await Promise.all(Array.from({ length: 2 * runner.width }, work));
  const packages = results.flat();
  return { packages, ...(index === undefined ? {} : { index }), remarks, infs };
}

/** Undefined where there are so many that to send them to every thread costs more than an index of everything. */
function identifiersOf(devices: readonly Device[]): string[] | undefined {
  const identifiers = new Set<string>();
  for (const { hardwareIds, compatibleIds } of devices) {
    for (const one of [...hardwareIds, ...compatibleIds]) identifiers.add(one.toUpperCase());
  }
  return identifiers.size > MOST_IDENTIFIERS ? undefined : [...identifiers];
}

/** An archive is read as a whole: what it compresses together is expanded once. */
function batchesOf(groups: readonly InfGroup[]): InfGroup[] {
  return groups.flatMap((group) => {
    if (group.container.kind !== 'folder') return [group];
    const parts: InfGroup[] = [];
    for (let from = 0; from < group.infs.length; from += BATCH) {
      parts.push({ ...group, infs: group.infs.slice(from, from + BATCH) });
    }
    return parts;
  });
}

function report(
  { onProgress }: VerbContext,
  done: number,
  total: number,
  { container, infs }: InfGroup,
): void {
  onProgress?.({
    phase: 'Reading drivers',
    filesDone: done,
    filesTotal: total,
    bytesDone: 0,
    bytesTotal: 0,
    currentPath: `${container.path}/${infs.at(-1) ?? ''}`,
  });
}

import { AppError } from '../../../../src-shared/errors/appError';
import type {
  DiskConvertRequest,
  DiskPlan,
  DiskReport,
  DiskSummary,
} from '../../../../src-shared/model/disks';
import type { EngineHost } from '../../os';
import { ProgressCounter, type VerbContext } from '../../wim/ops/common';
import type { BlockDevice } from '../blockDevice';
import { copyDisk } from '../copyDisk';
import { createDisk } from '../createDisk';
import { openDisk } from '../openDisk';
import { diskSizeText } from '../sizeWords';
import { fileFingerprint, replacedFile } from './diskCreate';
import { readBack } from './readBack';
import { replaceDiskFile } from './replaceDiskFile';
import { assertSpace, spaceOfNewDisk } from './space';
import { summarise } from './summary';
import { assertFresh } from './target';

const formatNames = { raw: 'raw disk file', vhd: 'VHD', vhdx: 'VHDX' } as const;

/**
 * Copies a disk into a new file of any format. What reads as zeroes takes no space in a dynamic one. The file gets its
 * name when it is complete; the source is only read.
 * @throws AppError `io/exists`, `io/no-space`, `disk/` codes of the source
 */
export async function diskConvert(
  host: EngineHost,
  request: DiskConvertRequest,
  context: VerbContext = {},
): Promise<DiskReport> {
  const { files, devices } = host;
  const isDevice = devices?.isDevice(request.disk) === true;
  const path = isDevice ? request.disk : files.absolute(request.disk);
  const destination = files.absolute(request.destination);
  assertElsewhere(host, path, destination);
  const source = openDisk(host, path, 'read');
  try {
    const summary = summarise(source, path);
    const facts = isDevice ? devices.find(path) : undefined;
    const warnings = [...summary.warnings, ...(facts === undefined ? [] : inUse(facts.uses))];
    const plan = makePlan(host, request, destination, summary, warnings);
    if (request.dryRun === true) return { disk: destination, plan, faults: [], warnings };
    assertFresh(request, plan);
    assertSpace(plan);
    for (const warning of warnings) context.onWarning?.(warning);
    const result = await replaceDiskFile(host, destination, request.overwrite === true, async (temporary) => {
      const { format, kind, blockSize } = request;
      const target = createDisk(host, {
        path: temporary,
        size: source.size,
        format,
        ...(kind === undefined ? {} : { kind }),
        ...(blockSize === undefined ? {} : { blockSize }),
        ...(source.sectorSize === 512 ? {} : { sectorSize: source.sectorSize }),
      });
      try {
        await copyContents(host, source, target, context);
      } finally {
        target.close();
      }
      return readBack(
        host,
        { made: temporary, path: destination },
        (_, made) => differences(made, summary),
        context,
      );
    });
    return { disk: destination, summary: result, faults: [], warnings };
  } finally {
    source.close();
  }
}

function inUse(uses: readonly string[]): string[] {
  if (uses.length === 0) return [];
  return [`the disk is in use (${uses.join(', ')}): what changes while it is copied may not fit together`];
}

/** @throws AppError `usage/invalid` for a disk that would be copied onto itself */
function assertElsewhere({ files }: EngineHost, path: string, destination: string): void {
  const [from, to] = [files.status(path), files.status(destination)];
  if (from === undefined || to === undefined || from.identity !== to.identity) return;
  throw new AppError('usage/invalid', `${path} cannot be converted into itself: give another name`, { path });
}

function makePlan(
  host: EngineHost,
  request: DiskConvertRequest,
  destination: string,
  source: DiskSummary,
  warnings: readonly string[],
): DiskPlan {
  const { format, kind = 'dynamic', blockSize } = request;
  const old = host.files.status(destination);
  const erases = replacedFile(destination, old, request.overwrite === true);
  const space = spaceOfNewDisk(host, destination, { size: source.size, kind, format, blockSize }, undefined);
  // Zeroes in the source need no room; how many there are is known when it is read.
  const contents = kind === 'fixed' ? 0 : Math.min(source.size, source.allocated);
  const parents = source.parents === undefined ? '' : ' with its chain of parents';
  return {
    disk: destination,
    steps: [
      ...(erases.length === 0 ? [] : [`Replace the file ${destination}`]),
      `Copy ${source.path}${parents}, ${diskSizeText(source.size)}, into a ${kind} ${formatNames[format]}: ${destination}`,
      'Read its partition table back and compare it',
    ],
    warnings,
    erases,
    partitions: [],
    size: source.size,
    table: source.table,
    spaceNeeded: space.needed + contents,
    spaceFree: space.free,
    fingerprint: fileFingerprint(
      host,
      { verb: 'convert', ...request, source: source.path, destination },
      old,
    ),
  };
}

async function copyContents(
  host: EngineHost,
  source: BlockDevice,
  target: BlockDevice,
  context: VerbContext,
): Promise<void> {
  const progress = new ProgressCounter(context, host, 'Copying', 0, source.size);
  let told = 0;
  progress.report(target.name);
  await copyDisk(host, source, target, {
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    onProgress({ done }) {
      progress.add(0, done - told);
      told = done;
    },
  });
  progress.report(target.name);
}

/** Table and volumes must be what they are in the source. */
function differences(made: DiskSummary, source: DiskSummary): string[] {
  const same =
    made.table === source.table &&
    made.size === source.size &&
    JSON.stringify(made.partitions) === JSON.stringify(source.partitions);
  return same ? [] : [`its partitions are not those of ${source.path}`];
}

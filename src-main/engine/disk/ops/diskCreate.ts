import { AppError } from '../../../../src-shared/errors/appError';
import type {
  DiskCreateRequest,
  DiskErasure,
  DiskPlan,
  DiskReport,
} from '../../../../src-shared/model/disks';
import type { EngineHost, FileStatus } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { createDisk } from '../createDisk';
import { openDisk } from '../openDisk';
import { diskSizeText } from '../sizeWords';
import { faultsOf } from './check';
import type { PlanFill } from './fillVolume';
import { layOut, layoutSteps, layoutWarnings, planned, type PlannedLayout, withFill } from './layOut';
import { readBack } from './readBack';
import { replaceDiskFile } from './replaceDiskFile';
import { assertSpace, spaceOfNewDisk } from './space';
import { assertFresh } from './target';

const formatNames = { raw: 'raw disk file', vhd: 'VHD', vhdx: 'VHDX' } as const;

/**
 * Makes a disk file, with a layout divided and formatted. It is written beside its name and gets it when it is complete
 * and was read back, so that a disk file of that name is never half of one.
 * @param planFill what the Windows volume of the layout is filled with
 * @throws AppError `io/exists`, `io/no-space`, `layout/invalid`, `disk/too-small`, `disk/no-parent`, `usage/invalid`
 */
export async function diskCreate(
  host: EngineHost,
  request: DiskCreateRequest,
  context: VerbContext = {},
  planFill?: PlanFill,
): Promise<DiskReport> {
  const path = host.files.absolute(request.path);
  const { size, sectorSize } = geometryOf(host, request);
  const layout =
    request.layout === undefined
      ? undefined
      : await withFill(planned(request.layout, size, sectorSize), { sectorSize }, planFill);
  const plan = makePlan(host, request, path, size, layout);
  if (request.dryRun === true) return { disk: path, plan, faults: [], warnings: plan.warnings };
  assertFresh(request, plan);
  assertSpace(plan);
  const summary = await replaceDiskFile(host, path, request.overwrite === true, async (temporary) => {
    const { kind, parent, sectorSize: sector, blockSize, format } = request;
    const device = createDisk(host, {
      path: temporary,
      size,
      format,
      ...(kind === undefined ? {} : { kind }),
      ...(parent === undefined ? {} : { parent: host.files.absolute(parent) }),
      ...(sector === undefined ? {} : { sectorSize: sector }),
      ...(blockSize === undefined ? {} : { blockSize }),
    });
    try {
      if (layout !== undefined) await layOut(host, device, layout, context);
      device.flush();
    } finally {
      device.close();
    }
    return readBack(
      host,
      { made: temporary, path },
      (disk, found) => (layout === undefined ? [] : faultsOf(disk, found, layout)),
      context,
    );
  });
  for (const warning of plan.warnings) context.onWarning?.(warning);
  return { disk: path, summary, faults: [], warnings: plan.warnings };
}

/** Size of the disk and of its sectors: of a differencing disk, those of its parent. */
function geometryOf(
  host: EngineHost,
  request: DiskCreateRequest,
): { readonly size: number; readonly sectorSize: number } {
  const { parent, sectorSize = 512, size } = request;
  if ((parent !== undefined) !== (request.kind === 'differencing')) {
    throw new AppError('usage/invalid', 'a differencing disk, and no other, has a parent');
  }
  if (parent !== undefined) {
    const disk = openDisk(host, host.files.absolute(parent), 'read');
    try {
      return { size: disk.size, sectorSize: disk.sectorSize };
    } finally {
      disk.close();
    }
  }
  if (!Number.isSafeInteger(size) || size < sectorSize) {
    throw new AppError('usage/invalid', `${size} bytes is no size of a disk`);
  }
  return { size: Math.ceil(size / sectorSize) * sectorSize, sectorSize };
}

function makePlan(
  host: EngineHost,
  request: DiskCreateRequest,
  path: string,
  size: number,
  layout: PlannedLayout | undefined,
): DiskPlan {
  const { format, kind = 'dynamic', parent } = request;
  const old = host.files.status(path);
  const erases = replacedFile(path, old, request.overwrite === true);
  const on = parent === undefined ? '' : ` on top of ${host.files.absolute(parent)}`;
  const { needed, free } = spaceOfNewDisk(
    host,
    path,
    { size, kind, format, blockSize: request.blockSize },
    layout,
  );
  return {
    disk: path,
    steps: [
      ...(erases.length === 0 ? [] : [`Replace the file ${path}`]),
      `Make a ${kind} ${formatNames[format]} of ${diskSizeText(size)}${on}: ${path}`,
      ...(layout === undefined ? [] : layoutSteps(layout)),
    ],
    warnings:
      layout === undefined
        ? []
        : [...layoutWarnings(layout, size, request.sectorSize ?? 512), ...(layout.fill?.warnings ?? [])],
    erases,
    partitions: layout?.partitions ?? [],
    size,
    table: layout?.table ?? 'none',
    spaceNeeded: needed,
    spaceFree: free,
    fingerprint: fileFingerprint(host, { verb: 'create', ...request, path, size }, old),
  };
}

/** A file that is in the way. @throws AppError `io/exists` where nobody said that it may go */
export function replacedFile(
  path: string,
  status: FileStatus | undefined,
  overwrite: boolean,
): DiskErasure[] {
  if (status === undefined) return [];
  if (status.kind !== 'file' || !overwrite) {
    throw new AppError('io/exists', `${path} is there already`, { path });
  }
  return [{ disk: path, what: `File of ${diskSizeText(status.size)}`, bytes: status.size, found: [] }];
}

/** What of a request does not change what is done. */
const waysOfAsking: ReadonlySet<string> = new Set(['dryRun', 'overwrite', 'fingerprint']);

/** Changes with what is asked for, and with the file that would be replaced. */
export function fileFingerprint(
  host: EngineHost,
  request: Readonly<Record<string, unknown>>,
  old: FileStatus | undefined,
): string {
  const asked = Object.entries(request).filter(([name]) => !waysOfAsking.has(name));
  const file = old && [old.identity, old.size, old.modifiedMs];
  const grounds = JSON.stringify([asked.sort(), file ?? null]);
  const digest = host.sha1.digest(new TextEncoder().encode(grounds));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

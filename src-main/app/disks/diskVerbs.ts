import type { NamedLayout } from '../../../src-shared/contract/disks';
import type { DiskWork } from '../../../src-shared/contract/work';
import { AppError } from '../../../src-shared/errors/appError';
import type {
  DiskInfoRequest,
  DiskLayout,
  DiskReport,
  DiskSummary,
  LayoutChoice,
  PhysicalDisk,
  PlannedPartition,
} from '../../../src-shared/model/disks';
import { layouts, type LayoutName } from '../../engine/disk/layouts/layouts';
import { parseLayout } from '../../engine/disk/layouts/parseLayout';
import { planLayout } from '../../engine/disk/layouts/planLayout';
import { diskConvert } from '../../engine/disk/ops/diskConvert';
import { diskCreate } from '../../engine/disk/ops/diskCreate';
import { diskInfo, physicalDisks } from '../../engine/disk/ops/diskInfo';
import { diskPrepare } from '../../engine/disk/ops/diskPrepare';
import { diskWipe } from '../../engine/disk/ops/diskWipe';
import { openVolume, type OpenedVolume } from '../../engine/disk/volumes/openVolume';
import type { EngineHost } from '../../engine/os';
import type { VerbContext } from '../../engine/wim/ops/common';

/** The engine's verbs on disks, as the channel and the jobs call them. */
export interface DiskVerbs {
  physical(): readonly PhysicalDisk[];
  info(request: DiskInfoRequest): DiskSummary;
  layouts(): readonly NamedLayout[];
  planLayout(layout: LayoutChoice, size: number, sectorSize: number): readonly PlannedPartition[];
  /** @throws AppError `layout/invalid` */
  parseLayout(text: string): DiskLayout;
  openVolume(disk: string, choice: string): OpenedVolume;
  /** Does work; a dry run only plans it. */
  perform(work: DiskWork, dryRun: boolean, context: VerbContext): Promise<DiskReport>;
}

/** The verbs over a host. */
export function diskVerbsOf(host: EngineHost): DiskVerbs {
  return {
    physical: () => physicalDisks(host),
    info: (request) => diskInfo(host, request),
    layouts: () => (Object.keys(layouts) as LayoutName[]).map((name) => ({ name, layout: layouts[name] })),
    planLayout: (layout, size, sectorSize) => planLayout(checked(layout), size, sectorSize),
    parseLayout: (text) => parseLayout(jsonOf(text)),
    openVolume: (disk, choice) => openVolume(host, disk, choice),
    perform: (work, dryRun, context) => perform(host, work, dryRun, context),
  };
}

function perform(
  host: EngineHost,
  work: DiskWork,
  dryRun: boolean,
  context: VerbContext,
): Promise<DiskReport> {
  switch (work.verb) {
    case 'diskCreate': {
      const { layout } = work.request;
      const divided = layout === undefined ? {} : { layout: checked(layout) };
      return diskCreate(host, { ...work.request, ...divided, dryRun }, context);
    }
    case 'diskPrepare':
      return diskPrepare(host, { ...work.request, layout: checked(work.request.layout), dryRun }, context);
    case 'diskConvert':
      return diskConvert(host, { ...work.request, dryRun }, context);
    case 'diskWipe':
      return diskWipe(host, { ...work.request, dryRun }, context);
  }
}

/** A window's layout is a person's: it is checked like one from a file. @throws AppError `layout/invalid` */
function checked(layout: LayoutChoice): LayoutChoice {
  return typeof layout === 'string' ? layout : parseLayout(layout);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AppError('layout/invalid', `the file is no JSON: ${error.message}`);
  }
}

import { AppError } from '../../../../src-shared/errors/appError';
import type { ApplyReport, PlanReport } from '../../../../src-shared/model/reports';
import type { ApplyRequest } from '../../../../src-shared/model/requests';
import { createFatTarget } from '../../fat/fatTarget';
import { createNtfsTarget } from '../../ntfs/write/ntfsTarget';
import type { NtfsFormatOptions } from '../../ntfs/write/formatOptions';
import type { EngineHost } from '../../os';
import type { TreeTarget } from '../../tree/target';
import { NONE, type Tree } from '../../tree/tree';
import { applyOptions } from '../../wim/ops/apply';
import { chooseImage, readingThreads, type VerbContext } from '../../wim/ops/common';
import { findChild } from '../../wim/ops/dir';
import { TreeApplication } from '../../wim/ops/treeApplication';
import { loadImage } from '../../wim/openWim';
import type { Wim } from '../../wim/wim';
import type { BlockDevice } from '../blockDevice';
import { PlannedDevice } from './plannedDevice';

/** How the volume is formatted that an image goes to. */
export type VolumeFormat = Pick<NtfsFormatOptions, 'label' | 'clusterSize'> & {
  /** A FAT32 volume keeps data, names, times and a few attributes alone. */
  readonly fileSystem: 'ntfs' | 'fat32';
  readonly wholeSectors?: boolean | undefined;
  /** Bytes before the volume on its disk. */
  readonly offset: number;
  readonly name: string;
};

/** One image on its way to a new NTFS volume. */
export class DiskApplication {
  private readonly tree: Tree;
  readonly image: number;
  private readonly threads: number;

  /** @throws AppError `wim/no-such-image`, `job/no-memory`, `usage/invalid` */
  constructor(
    private readonly host: EngineHost,
    private readonly wim: Wim,
    private readonly request: ApplyRequest,
    private readonly context: VerbContext,
  ) {
    if (request.image === 'all')
      throw new AppError('usage/invalid', 'a volume takes one image, not all of them: say which one');
    this.image = chooseImage(wim, request.image);
    this.tree = loadImage(host, wim, this.image);
    this.threads = readingThreads(host, request, wim);
  }

  /** Whether the image has \\Windows. */
  get hasWindows(): boolean {
    return findChild(this.tree, 0, 'Windows', { ignoreCase: true }) !== NONE;
  }

  /**
   * What would be done to a volume of that size. Nothing is written.
   * @throws AppError `io/no-space` where the image does not fit, `wim/missing-blob`
   */
  async plan(size: number, sectorSize: number, format: VolumeFormat): Promise<PlannedApplication> {
    const device = new PlannedDevice(format.name, size, sectorSize);
    const application = this.application(device, format);
    const { plan, ...report } = await application.run(this.image, true);
    if (plan === undefined) throw new AppError('internal/bug', 'a dry run has a plan');
    const { steps, spaceNeeded, spaceFree } = plan;
    if (spaceNeeded !== null && spaceFree !== null && spaceNeeded > spaceFree) {
      throw new AppError(
        'io/no-space',
        `${format.name} has room for ${spaceFree} bytes, the image needs ${spaceNeeded}; nothing was written`,
        { needed: spaceNeeded, free: spaceFree },
      );
    }
    return {
      report,
      // That the volume is formatted, and what goes by that, is told with the disk.
      plan: { ...plan, steps: steps.slice(1), warnings: [] },
      run: (volume) => {
        device.attach(volume);
        return application.run(this.image, false);
      },
    };
  }

  private application(device: BlockDevice, format: VolumeFormat): TreeApplication {
    const { host, wim, tree, request, context, threads } = this;
    const target = this.target(device, format);
    // Links of the image stay as they are stored: the volume is none of this system's directories.
    const options = applyOptions({ ...request, fixReparsePoints: false }, wim);
    return new TreeApplication(host, wim, tree, 0, target, options, { ...request, threads }, context);
  }

  private target(
    device: BlockDevice,
    { label, clusterSize, offset, name, fileSystem, wholeSectors }: VolumeFormat,
  ): TreeTarget {
    const { host } = this;
    const { compact } = this.request;
    if (compact !== undefined && fileSystem === 'fat32')
      throw new AppError('usage/invalid', `${name} is FAT32: only files of NTFS can be kept compressed`);
    const options = {
      ...(label === undefined ? {} : { label }),
      ...(clusterSize === undefined ? {} : { clusterSize }),
      partitionOffset: offset,
      name,
      randomBytes: (length: number) => host.randomBytes(length),
    };
    if (fileSystem === 'fat32') return createFatTarget(device, { ...options, now: host.now() });
    return createNtfsTarget(device, {
      ...options,
      ...(wholeSectors === true ? { wholeClusters: true } : {}),
      ...(compact === undefined
        ? {}
        : { compact: { format: compact, runner: host.taskRunner(this.threads) } }),
      now: () => host.now(),
      breathe: () => host.breathe(),
    });
  }
}

/** What was planned, and how it is done. */
export interface PlannedApplication {
  /** Counts of the image. */
  readonly report: Omit<ApplyReport, 'plan'>;
  readonly plan: PlanReport;
  /** Formats and fills the volume, a device as it was planned for. Its boot sector is written last. */
  run(device: BlockDevice): Promise<ApplyReport>;
}

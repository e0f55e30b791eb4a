import { AppError } from '../../src-shared/errors/appError';
import type {
  DiskConvertRequest,
  DiskCreateRequest,
  DiskInfoRequest,
  DiskPrepareRequest,
  DiskRepairRequest,
  DiskWipeRequest,
} from '../../src-shared/model/disks';
import type { ApplyReport, CaptureReport } from '../../src-shared/model/reports';
import type {
  ApplyRequest,
  CaptureRequest,
  DeleteRequest,
  DirRequest,
  ExportRequest,
  ExtractRequest,
  InfoRequest,
  JoinRequest,
  OptimizeRequest,
  SplitRequest,
  SourceChoices,
  UpdateRequest,
  VerifyRequest,
} from '../../src-shared/model/requests';
import { diskConvert } from '../engine/disk/ops/diskConvert';
import { diskCreate } from '../engine/disk/ops/diskCreate';
import { diskInfo, diskList } from '../engine/disk/ops/diskInfo';
import { diskPrepare } from '../engine/disk/ops/diskPrepare';
import { diskRepair } from '../engine/disk/ops/diskRepair';
import { diskWipe } from '../engine/disk/ops/diskWipe';
import { applyToDisk } from '../engine/disk/volumes/applyToDisk';
import { extractFromVolume } from '../engine/disk/volumes/extractFromVolume';
import { isDisk, openVolume } from '../engine/disk/volumes/openVolume';
import { volumeDir, volumeDirPaths } from '../engine/disk/volumes/volumeDir';
import type { EngineHost } from '../engine/os';
import { defaultCaptureConfig, parseCaptureConfig } from '../engine/tree/exclusions/captureConfig';
import { ExclusionMatcher } from '../engine/tree/exclusions/exclusionMatcher';
import type { TreeSource } from '../engine/tree/source';
import type { TreeTarget } from '../engine/tree/target';
import { parseSourceList } from '../engine/tree/textLists';
import { apply } from '../engine/wim/ops/apply';
import { applyPipe } from '../engine/wim/ops/applyPipe';
import { append, capture, type CaptureInput } from '../engine/wim/ops/capture';
import type { VerbContext } from '../engine/wim/ops/common';
import { deleteImages } from '../engine/wim/ops/deleteImage';
import { dir, dirPaths } from '../engine/wim/ops/dir';
import { exportImages } from '../engine/wim/ops/exportImage';
import { extract } from '../engine/wim/ops/extract';
import type { DataSink } from '../engine/wim/ops/extractData';
import { blobDetails, headerDetails, info, xmlData } from '../engine/wim/ops/info';
import { join } from '../engine/wim/ops/join';
import { optimize } from '../engine/wim/ops/optimize';
import { update } from '../engine/wim/ops/update';
import { split } from '../engine/wim/ops/split';
import { verify } from '../engine/wim/ops/verify';
import { createNodeTaskFiles } from '../platform/nodeTaskFiles';
import { createPosixSource, createSourceList } from '../platform/posix/posixSource';
import { createPosixTarget } from '../platform/posix/posixTarget';
import { standardInput, standardOutput } from '../platform/standardStreams';
import { createDriverVerbs } from './driverVerbs';
import { nameRules } from './nameRules';

/** The verbs that the shells call. */
export type ImagingService = ReturnType<typeof createImagingService>;

/** The engine's verbs over the directories and files of this system. */
export function createImagingService(host: EngineHost) {
  const capturing =
    (verb: typeof capture) =>
    (request: CaptureRequest, context: VerbContext): Promise<CaptureReport> =>
      fromSource(host, request, context, (source) =>
        verb(host, request, { source, matcher: matcherOf(request, context), pipe: pipeOf(request) }, context),
      );
  return {
    ...createDriverVerbs(host),
    capture: capturing(capture),
    append: capturing(append),
    apply: (request: ApplyRequest, context: VerbContext) =>
      goesToDisk(host, request)
        ? applyToDisk(host, request, context)
        : request.wim === '-'
          ? applyFromInput(host, request, context)
          : apply(host, request, targetAt, context),
    delete: (request: DeleteRequest, context: VerbContext) => deleteImages(host, request, context),
    export: (request: ExportRequest, context: VerbContext) =>
      exportImages(host, request, context, request.destination === '-' ? standardOutput() : undefined),
    extract: (request: ExtractRequest, context: VerbContext & { readonly stdout: DataSink }) =>
      (request.volume === undefined ? extract : extractFromVolume)(
        host,
        request,
        { targetAt, rules: nameRules, sink: context.stdout },
        context,
      ),
    update: (request: UpdateRequest, context: VerbContext) =>
      update(host, request, { sourceAt: placedSource, matcherFor: matcherOf, rules: nameRules }, context),
    join: (request: JoinRequest, context: VerbContext) => join(host, request, context),
    split: (request: SplitRequest, context: VerbContext) => split(host, request, context),
    optimize: (request: OptimizeRequest, context: VerbContext) => optimize(host, request, context),
    verify: (request: VerifyRequest, context: VerbContext) => verify(host, request, context),
    info: (request: InfoRequest, context: VerbContext) => info(host, request, context),
    xml: (wim: string) => xmlData(host, wim),
    header: (wim: string) => headerDetails(host, wim),
    blobs: (wim: string) => Promise.resolve(blobDetails(host, wim)),
    dir: (request: DirRequest, context: VerbContext) =>
      Promise.resolve((request.volume === undefined ? dir : volumeDir)(host, request, nameRules, context)),
    diskList: () => Promise.resolve(diskList(host)),
    diskInfo: (request: DiskInfoRequest) => Promise.resolve(diskInfo(host, request)),
    diskCreate: (request: DiskCreateRequest, context: VerbContext) => diskCreate(host, request, context),
    diskPrepare: (request: DiskPrepareRequest, context: VerbContext) => diskPrepare(host, request, context),
    diskConvert: (request: DiskConvertRequest, context: VerbContext) => diskConvert(host, request, context),
    diskWipe: (request: DiskWipeRequest, context: VerbContext) => diskWipe(host, request, context),
    diskRepair: (request: DiskRepairRequest, context: VerbContext) => diskRepair(host, request, context),
    dirPaths: (request: DirRequest, context: VerbContext) =>
      Promise.resolve(
        (request.volume === undefined ? dirPaths : volumeDirPaths)(host, request, nameRules, context),
      ),
  };
}

function applyFromInput(host: EngineHost, request: ApplyRequest, context: VerbContext): Promise<ApplyReport> {
  const input = { source: standardInput(), targetAt, files: createNodeTaskFiles() };
  return applyPipe(host, request, input, context);
}

function pipeOf(request: CaptureRequest): CaptureInput['pipe'] {
  return request.wim === '-' ? standardOutput() : undefined;
}

/** Does `work` with the source of a capture: a volume where it is a disk, else a directory or a list of sources. */
async function fromSource<T>(
  host: EngineHost,
  request: CaptureRequest,
  context: VerbContext,
  work: (source: TreeSource) => Promise<T>,
): Promise<T> {
  const { source, sourceList, volume } = request;
  if (sourceList !== undefined) return work(createSourceList(parseSourceList(sourceList, source)));
  if (!isDisk(host, named(source, 'source'))) {
    assertNoVolume(source, volume);
    return work(createPosixSource(source));
  }
  assertOther(host, source, request.wim);
  const opened = openVolume(host, source, volume);
  try {
    for (const warning of opened.warnings) context.onWarning?.(warning);
    return await work(opened.source);
  } finally {
    opened.close();
  }
}

/** @throws AppError `io/exists` where a disk would be replaced by its own image */
function assertOther(host: EngineHost, source: string, wim: string): void {
  if (wim === '-') return;
  const { files } = host;
  const [disk, place] = [source, wim].map((path) => files.status(files.absolute(path))?.identity);
  if (disk === undefined || disk !== place) return;
  throw new AppError('io/exists', `${wim} is the disk that is captured: give the WIM another name`, {
    path: wim,
  });
}

/** A directory whose name ends as that of a disk is a directory all the same. @throws AppError `usage/invalid` */
function assertNoVolume(path: string, volume: string | undefined): void {
  if (volume === undefined || volume === 'auto') return;
  throw new AppError('usage/invalid', `${path} is no disk, and has no volume "${volume}"`, { path });
}

/** Whether an image goes to a disk rather than to a directory. */
function goesToDisk(host: EngineHost, { target, prepare, volume }: ApplyRequest): boolean {
  if (prepare !== undefined || isDisk(host, named(target, 'target'))) return true;
  if (volume !== undefined && host.files.status(host.files.absolute(target)) === undefined) {
    const text = `${target} is not there: --prepare=uefi --size=64G makes it`;
    throw new AppError('io/not-found', text, { path: target });
  }
  assertNoVolume(target, volume);
  return false;
}

/** An empty path would mean the current directory: what an unset variable of a script must not do. */
function named(path: string, what: string): string {
  if (path === '') throw new AppError('usage/invalid', `the path of the ${what} is empty`);
  return path;
}

function targetAt(path: string): TreeTarget {
  return createPosixTarget(named(path, 'target'));
}

/** A file or directory at a place of its tree. */
function placedSource(source: string, target: string): TreeSource {
  return target === '/' ? createPosixSource(source) : createSourceList([{ source, target }]);
}

/** What is left out: the documented defaults, or a configuration in their place. */
function matcherOf(request: SourceChoices, context: VerbContext): ExclusionMatcher | undefined {
  if (request.config === undefined && request.noDefaultExclusions === true) return undefined;
  const config = request.config === undefined ? defaultCaptureConfig : parseCaptureConfig(request.config);
  for (const { line, message } of config.warnings)
    context.onWarning?.(`configuration, line ${line}: ${message}`);
  return new ExclusionMatcher(config, { caseInsensitive: nameRules.ignoreCase });
}

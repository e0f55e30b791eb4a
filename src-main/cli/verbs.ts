import type {
  DiskConvertRequest,
  DiskCreateRequest,
  DiskInfoRequest,
  DiskPrepareRequest,
  DiskRepairRequest,
  DiskReport,
  DiskSummary,
  DiskWipeRequest,
  ListedDisk,
} from '../../src-shared/model/disks';
import type {
  DeviceList,
  DriversAddReport,
  DriversAddRequest,
  DriversExportReport,
  DriversExportRequest,
  DriversListReport,
  DriversListRequest,
  DriversMatchReport,
  DriversMatchRequest,
  DriversRemoveReport,
  DriversRemoveRequest,
  DriversScanReport,
  DriversScanRequest,
} from '../../src-shared/model/drivers';
import type { Progress } from '../../src-shared/model/progress';
import type {
  ApplyReport,
  CaptureReport,
  SplitReport,
  UpdateReport,
  VerifyReport,
  WriteReport,
} from '../../src-shared/model/reports';
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
  UpdateRequest,
  VerifyRequest,
} from '../../src-shared/model/requests';
import type { BlobDetails, EntryDetails, HeaderDetails, WimSummary } from '../../src-shared/model/summaries';

/** What a verb may use while it runs. */
export interface VerbContext {
  /** Aborts with a CancelledError as its reason; the verb cleans up and throws it. */
  readonly signal: AbortSignal;
  /** The latest one wins; calling it often is cheap. */
  onProgress(progress: Progress): void;
  /** A sentence that the person should read although the verb goes on. */
  onWarning(text: string): void;
  /** Raw bytes, for '-' as a WIM and for extraction to standard output. */
  readonly stdout: { write(bytes: Uint8Array): Promise<void> };
  /** Raw bytes, for '-' as the WIM to apply; ends with the input. */
  readonly stdin: AsyncIterable<Uint8Array>;
}

/** A sequence that is made while it is read: a million entries are never one array. */
export type Sequence<T> = Iterable<T> | AsyncIterable<T>;

/** What the command line asks about drivers. Every method throws AppError. */
export interface DriverVerbs {
  driversScan(request: DriversScanRequest, context: VerbContext): Promise<DriversScanReport>;
  /** The same with every file held against its catalog. */
  driversCheck(request: DriversScanRequest, context: VerbContext): Promise<DriversScanReport>;
  driversMatch(request: DriversMatchRequest, context: VerbContext): Promise<DriversMatchReport>;
  driversAdd(request: DriversAddRequest, context: VerbContext): Promise<DriversAddReport>;
  driversList(request: DriversListRequest, context: VerbContext): Promise<DriversListReport>;
  driversExport(request: DriversExportRequest, context: VerbContext): Promise<DriversExportReport>;
  driversRemove(request: DriversRemoveRequest, context: VerbContext): Promise<DriversRemoveReport>;
  /** The devices of this PC, or of a saved list. */
  driversDevices(request: { readonly path?: string }, context: VerbContext): Promise<DeviceList>;
  /** Text of a script that saves such a list on a PC without network. */
  collectScript(): string;
}

/** What the command line asks of the program. Every method throws AppError. */
export interface Verbs extends DriverVerbs {
  capture(request: CaptureRequest, context: VerbContext): Promise<CaptureReport>;
  append(request: CaptureRequest, context: VerbContext): Promise<CaptureReport>;
  apply(request: ApplyRequest, context: VerbContext): Promise<ApplyReport>;
  delete(request: DeleteRequest, context: VerbContext): Promise<WriteReport>;
  export(request: ExportRequest, context: VerbContext): Promise<WriteReport>;
  extract(request: ExtractRequest, context: VerbContext): Promise<ApplyReport>;
  join(request: JoinRequest, context: VerbContext): Promise<WriteReport>;
  optimize(request: OptimizeRequest, context: VerbContext): Promise<WriteReport>;
  update(request: UpdateRequest, context: VerbContext): Promise<UpdateReport>;
  split(request: SplitRequest, context: VerbContext): Promise<SplitReport>;
  verify(request: VerifyRequest, context: VerbContext): Promise<VerifyReport>;
  /** Makes the changes that the request names, if any, and tells what the WIM is then. */
  info(request: InfoRequest, context: VerbContext): Promise<WimSummary>;
  /** The XML data as stored: UTF-16LE with its byte order mark. */
  xml(wim: string): Promise<Uint8Array>;
  header(wim: string): Promise<HeaderDetails>;
  blobs(wim: string): Promise<Sequence<BlobDetails>>;
  dir(request: DirRequest, context: VerbContext): Promise<Sequence<EntryDetails>>;
  /** The physical disks with what is on them. */
  diskList(context: VerbContext): Promise<readonly ListedDisk[]>;
  diskInfo(request: DiskInfoRequest, context: VerbContext): Promise<DiskSummary>;
  diskCreate(request: DiskCreateRequest, context: VerbContext): Promise<DiskReport>;
  diskPrepare(request: DiskPrepareRequest, context: VerbContext): Promise<DiskReport>;
  diskConvert(request: DiskConvertRequest, context: VerbContext): Promise<DiskReport>;
  diskWipe(request: DiskWipeRequest, context: VerbContext): Promise<DiskReport>;
  diskRepair(request: DiskRepairRequest, context: VerbContext): Promise<DiskReport>;
  /** Paths only, for plain listings. */
  dirPaths(request: DirRequest, context: VerbContext): Promise<Sequence<string>>;
}

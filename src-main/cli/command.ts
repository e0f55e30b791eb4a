import type {
  DiskConvertRequest,
  DiskCreateRequest,
  DiskInfoRequest,
  DiskPrepareRequest,
  DiskRepairRequest,
  DiskWipeRequest,
} from '../../src-shared/model/disks';
import type {
  DriversAddRequest,
  DriversExportRequest,
  DriversListRequest,
  DriversMatchRequest,
  DriversRemoveRequest,
  DriversScanRequest,
} from '../../src-shared/model/drivers';
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

/** Options that every verb takes. */
export interface CommonChoices {
  /** One JSON document on standard output instead of text. */
  readonly json: boolean;
  /** 'auto': a line when a person is watching. */
  readonly progress: 'auto' | 'line' | 'json' | 'none';
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** File that lines are appended to. */
  readonly log?: string;
  readonly dryRun: boolean;
  /** Let other programs of the machine go first. */
  readonly lowPriority: boolean;
}

/** Paths of one `extract`: as typed, or the name of a file that lists them ('-' for standard input). */
export type PathGroup =
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'list'; readonly file: string };

/** A command line, understood. Files that it names are not read yet. */
export type Action =
  | {
      readonly verb: 'capture' | 'append';
      readonly request: CaptureRequest;
      readonly configFile?: string;
      /** The source is a file that lists sources. */
      readonly sourceList?: boolean;
      /** --update-of=-N: the N-th image from the end. */
      readonly updateOfFromEnd?: number;
    }
  | {
      readonly verb: 'apply';
      readonly request: ApplyRequest;
      /** JSON file with the layout of `prepare`. */
      readonly layoutFile?: string;
    }
  | { readonly verb: 'delete'; readonly request: DeleteRequest }
  | { readonly verb: 'dir'; readonly request: DirRequest; readonly detailed: boolean }
  | { readonly verb: 'export'; readonly request: ExportRequest }
  | { readonly verb: 'extract'; readonly request: ExtractRequest; readonly groups: readonly PathGroup[] }
  | { readonly verb: 'info'; readonly request: InfoRequest; readonly show: InfoParts }
  | { readonly verb: 'join'; readonly request: JoinRequest }
  | { readonly verb: 'optimize'; readonly request: OptimizeRequest }
  | { readonly verb: 'split'; readonly request: SplitRequest }
  | {
      readonly verb: 'update';
      /** Its edits come from the commands. */
      readonly request: UpdateRequest;
      readonly configFile?: string;
      /** One command; standard input when absent and there is no `wimbootConfig`. */
      readonly command?: string;
      readonly wimbootConfig?: string;
      readonly force: boolean;
      readonly recursive: boolean;
      readonly noReplace: boolean;
    }
  | { readonly verb: 'verify'; readonly request: VerifyRequest }
  | DiskAction
  | DriversAction
  | { readonly verb: 'help'; readonly topic: string | null }
  | { readonly verb: 'version' };

/** A line about disks. A layout that stands in a file is not read yet. */
export type DiskAction =
  | { readonly verb: 'disk'; readonly task: 'list'; readonly request: Readonly<Record<string, never>> }
  | { readonly verb: 'disk'; readonly task: 'info'; readonly request: DiskInfoRequest }
  | {
      readonly verb: 'disk';
      readonly task: 'create';
      readonly request: DiskCreateRequest;
      readonly layoutFile?: string;
    }
  | {
      readonly verb: 'disk';
      readonly task: 'prepare';
      readonly request: DiskPrepareRequest;
      readonly layoutFile?: string;
    }
  | { readonly verb: 'disk'; readonly task: 'convert'; readonly request: DiskConvertRequest }
  | { readonly verb: 'disk'; readonly task: 'wipe'; readonly request: DiskWipeRequest }
  | { readonly verb: 'disk'; readonly task: 'repair'; readonly request: DiskRepairRequest };
export type DiskTask = DiskAction['task'];

/** A line about drivers. */
export type DriversAction =
  | { readonly verb: 'drivers'; readonly task: 'scan' | 'check'; readonly request: DriversScanRequest }
  | { readonly verb: 'drivers'; readonly task: 'match'; readonly request: DriversMatchRequest }
  | {
      readonly verb: 'drivers';
      readonly task: 'add';
      readonly request: DriversAddRequest;
      /** --only: names of INFs, whose hashes are not known yet. */
      readonly onlyNames?: readonly string[];
    }
  | { readonly verb: 'drivers'; readonly task: 'list'; readonly request: DriversListRequest }
  | { readonly verb: 'drivers'; readonly task: 'export'; readonly request: DriversExportRequest }
  | { readonly verb: 'drivers'; readonly task: 'remove'; readonly request: DriversRemoveRequest }
  | { readonly verb: 'drivers'; readonly task: 'devices'; readonly request: { readonly path?: string } }
  | {
      readonly verb: 'drivers';
      readonly task: 'collect';
      /** The script that is written. */
      readonly request: { readonly path: string; readonly dryRun?: boolean };
    };
export type DriversTask = DriversAction['task'];

/** Parts of a WIM that `info` prints instead of the summary. */
export interface InfoParts {
  readonly header: boolean;
  readonly blobs: boolean;
  readonly xml: boolean;
  /** File that receives the XML data. */
  readonly extractXml?: string;
}

export type WorkAction = Exclude<Action, { verb: 'help' | 'version' }>;
/** Verbs on WIMs, which wimlib-imagex has as well. */
export type WorkVerb = Exclude<WorkAction['verb'], 'disk' | 'drivers'>;

export interface ParsedCommandLine {
  readonly action: Action;
  readonly common: CommonChoices;
  /** Sentences about options that are accepted but do less, or something else, here. */
  readonly notes: readonly string[];
  /** What was asked for and is not there yet; not empty: the command is refused. */
  readonly refusals: readonly string[];
}

/** Requests are read-only; a parser fills them in. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

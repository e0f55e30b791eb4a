/** Windows' own servicing tool, DISM, as the engine needs it. It is there only under Windows. */

/** What became of one INF that DISM was given. */
export interface DismAddition {
  /** Path of the INF as DISM names it; where it named none, the path that it was given. */
  readonly inf: string;
  readonly outcome: 'installed' | 'failed';
  /** Published name in the driver store ('oem3.inf'), where DISM's list tells it without doubt. */
  readonly published?: string;
  /** DISM's own words, one line. */
  readonly problem?: string;
  /** Windows error of this INF, where DISM told one: 0xe0000100. */
  readonly errorCode?: number;
}

export interface DismAddRequest {
  /** Folder of an applied or mounted Windows: 'D:\\' or 'C:\\mount'. */
  readonly image: string;
  /** Absolute paths of INFs; or of folders, with everything below. */
  readonly drivers: readonly string[];
  /** Take unsigned x64 packages, too. */
  readonly forceUnsigned?: boolean;
  /** Folder for DISM's temporary files; its own choice where absent. */
  readonly scratch?: string;
}

export interface DismAddReport {
  /** One for each INF that DISM named, and one for each path of the request that it passed over. */
  readonly additions: readonly DismAddition[];
  /** Of the last run that failed; 0 where none did. */
  readonly exitCode: number;
  readonly warnings: readonly string[];
}

/** A driver package as DISM lists it. */
export interface DismDriver {
  /** 'oem3.inf' */
  readonly published: string;
  /** 'e1d68x64.inf', often in lower case. */
  readonly original: string;
  readonly inbox: boolean;
  readonly className: string;
  readonly provider: string;
  /** As DISM writes it: its order is that of the system's language. */
  readonly date: string;
  readonly version: string;
  /** Where the list tells it. */
  readonly bootCritical?: boolean;
}

export interface DismContext {
  readonly signal?: AbortSignal | undefined;
  /** Called for each INF that DISM has finished. */
  readonly onDriver?: (done: number, total: number, inf: string) => void;
}

/** Whether DISM can be used, and if not, why: one sentence without a full stop. */
export type DismReadiness =
  { readonly usable: true; readonly version: string } | { readonly usable: false; readonly why: string };

/** Every call throws AppError: `drivers/dism-failed`, `io/no-permission`, `io/not-found`, or the reason of its signal. */
export interface Dism {
  /** Full path of the program. */
  readonly program: string;
  /** Asks DISM itself: it refuses without administrator rights. */
  readiness(signal?: AbortSignal): Promise<DismReadiness>;
  /**
   * Adds packages to the driver store of an offline Windows. A package that DISM refuses is told in the report, and the
   * others go in; only what concerns the whole image is thrown. What counts as installed is in DISM's list afterwards.
   */
  addDrivers(request: DismAddRequest, context: DismContext): Promise<DismAddReport>;
  /** @param all inbox drivers, too */
  listDrivers(image: string, all: boolean, signal?: AbortSignal): Promise<readonly DismDriver[]>;
  /** Removes third-party packages by their published names. */
  removeDrivers(image: string, published: readonly string[], signal?: AbortSignal): Promise<void>;
}

import type { Settings, WindowCommand } from '../../src-shared/contract/app';
import type { JobRecord } from '../../src-shared/contract/jobs';
import type { Transport } from '../../src-shared/rpc/transport';

/** What only a shell can do. The workbench tells its windows what is there (app.info). */
export interface ShellServices {
  readonly kind: 'electron' | 'headless';
  /** Native dialogs. null: the person chose nothing. */
  readonly pick?: (options: PickOptions) => Promise<string | null>;
  /** Shows a file in the system's file manager. */
  readonly reveal?: (path: string) => void;
}

export interface PickOptions {
  readonly kind: 'open-file' | 'save-file' | 'open-folder';
  readonly title: string;
  readonly filters: readonly { readonly name: string; readonly extensions: readonly string[] }[];
  readonly defaultPath: string;
}

export interface WorkbenchOptions {
  /** Directory of the bundles: engine.cjs, store.cjs, worker.cjs, kernels/. */
  readonly appDirectory: string;
  /** Directory of settings, history and logs; made when it is missing. */
  readonly dataDirectory: string;
  readonly version: string;
  readonly shell: ShellServices;
  /** What the start asked for. */
  readonly start: { readonly practice: boolean; readonly open: string | null };
}

/** How the jobs are, for a taskbar and for the question before the program ends. */
export interface ActiveJobs {
  readonly running: number;
  readonly queued: number;
  /** 0 to 1 over the running jobs; null when it cannot be told. */
  readonly fraction: number | null;
}

/** The host behind the windows: every channel of the contract, jobs that outlive windows, settings and history. */
export interface Workbench {
  /** Serves a window until its transport closes. */
  connect(transport: Transport): void;
  /** Asks the windows to do something. */
  command(command: WindowCommand): void;
  readonly settings: Settings;
  onSettings(listener: (settings: Settings) => void): () => void;
  readonly activeJobs: ActiveJobs;
  onActiveJobs(listener: (jobs: ActiveJobs) => void): () => void;
  /** A job ended. */
  onJobEnd(listener: (job: JobRecord) => void): () => void;
  /** Cancels what runs, waits until it has cleaned up, and ends all threads. */
  close(): Promise<void>;
}

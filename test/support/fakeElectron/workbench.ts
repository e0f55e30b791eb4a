import { defaultSettings, type Settings, type WindowCommand } from '../../../src-shared/contract/app';
import type { JobRecord } from '../../../src-shared/contract/jobs';
import { Listeners } from '../../../src-shared/rpc/listeners';
import type { Transport } from '../../../src-shared/rpc/transport';
import type { ActiveJobs, Workbench } from '../../../src-main/app/shell';

/** A workbench that does nothing and remembers what the shell did with it. */
export class FakeWorkbench implements Workbench {
  settings: Settings = defaultSettings;
  activeJobs: ActiveJobs = { running: 0, queued: 0, fraction: null };
  readonly connected: Transport[] = [];
  readonly commands: WindowCommand[] = [];
  closes = 0;
  closing: () => Promise<void> = () => Promise.resolve();
  private readonly settingsListeners = new Listeners<Settings>();
  private readonly jobsListeners = new Listeners<ActiveJobs>();
  private readonly endListeners = new Listeners<JobRecord>();

  connect(transport: Transport): void {
    this.connected.push(transport);
  }
  command(command: WindowCommand): void {
    this.commands.push(command);
  }
  onSettings(listener: (settings: Settings) => void): () => void {
    return this.settingsListeners.add(listener);
  }
  onActiveJobs(listener: (jobs: ActiveJobs) => void): () => void {
    return this.jobsListeners.add(listener);
  }
  onJobEnd(listener: (job: JobRecord) => void): () => void {
    return this.endListeners.add(listener);
  }
  close(): Promise<void> {
    this.closes++;
    return this.closing();
  }

  changeSettings(changes: Partial<Settings>): void {
    this.settings = { ...this.settings, ...changes };
    this.settingsListeners.emit(this.settings);
  }
  changeJobs(jobs: ActiveJobs): void {
    this.activeJobs = jobs;
    this.jobsListeners.emit(jobs);
  }
  endJob(job: JobRecord): void {
    this.endListeners.emit(job);
  }
}

import type { JobProgress, JobRecord, LogLine } from '../../../src-shared/contract/jobs';
import type { Work } from '../../../src-shared/contract/work';
import type { Progress } from '../../../src-shared/model/progress';
import { meteredAs, ProgressMeter } from './progressMeter';
import { Throughput } from './throughput';

/** A job that waits or runs. Times in milliseconds of a clock that never goes back; those of the record are the day's. */
export class LiveJob {
  record: JobRecord;
  private meter: ProgressMeter | undefined;
  private throughput: Throughput | undefined;

  constructor(
    id: string,
    work: Work,
    private readonly now: () => number,
  ) {
    this.record = {
      id,
      work,
      state: 'queued',
      queuedAt: isoNow(),
      startedAt: null,
      endedAt: null,
      progress: null,
      result: null,
      error: null,
      aftermath: null,
      throughput: [],
    };
  }

  get id(): string {
    return this.record.id;
  }

  begin(): void {
    this.record = { ...this.record, state: 'running', startedAt: isoNow() };
    this.meter = new ProgressMeter(meteredAs(this.record.work), this.now());
    this.throughput = new Throughput(this.now());
  }

  /** Takes the engine's counts. */
  advance(progress: Progress): void {
    this.meter?.add(progress, this.now());
  }

  /** What to tell of it now, which becomes the record's; undefined before there is anything. */
  refresh(): JobProgress | undefined {
    const now = this.now();
    const progress = this.meter?.read(now);
    if (this.meter === undefined || this.throughput === undefined || progress === undefined) return undefined;
    this.throughput.add(this.meter.bytesMoved, now);
    this.record = { ...this.record, progress, throughput: this.throughput.points() };
    return progress;
  }

  end(outcome: Pick<JobRecord, 'state'> & Partial<Pick<JobRecord, 'result' | 'error' | 'aftermath'>>): void {
    this.refresh();
    this.record = { ...this.record, ...outcome, endedAt: isoNow() };
  }
}

/** A line of a job's log, now. */
export function logLine(level: LogLine['level'], text: string): LogLine {
  return { at: isoNow(), level, text };
}

/** Current time, ISO 8601 in UTC. */
export function isoNow(): string {
  return new Date().toISOString();
}

import type { LogLine } from '../../../src-shared/contract/jobs';

/** Lines that one job may log; what comes then is only counted. */
export const LOG_MAXIMUM = 20_000;

/** What a run tells of itself, line by line. */
export class RunLog {
  readonly lines: LogLine[] = [];
  private left = 0;

  /** @param now current time, ISO 8601 */
  constructor(private readonly now: () => string) {}

  add(level: LogLine['level'], text: string): void {
    if (this.lines.length < LOG_MAXIMUM) this.lines.push({ at: this.now(), level, text });
    else this.left += 1;
  }

  /** Says how many lines were too many. */
  close(): void {
    if (this.left === 0) return;
    this.lines.push({ at: this.now(), level: 'warning', text: `${this.left} more lines are left out` });
    this.left = 0;
  }
}

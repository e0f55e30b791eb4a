import type { InfRemark, InfRemarkCode } from './infFile';

/** More faults of one INF are not listed: a hostile one has a million. Errors have room of their own. */
const MOST_REMARKS = 200;
const MOST_WITH_ERRORS = 400;

/** Collects what is to be said of one INF, each thing once. */
export class InfRemarks {
  private readonly found: InfRemark[] = [];
  private readonly seen = new Set<string>();
  private full = false;

  /** Grows as further sections of the INF are read. */
  get list(): readonly InfRemark[] {
    return this.found;
  }

  add(severity: InfRemark['severity'], code: InfRemarkCode, problem: string, line?: number): void {
    if (this.found.length >= (severity === 'error' ? MOST_WITH_ERRORS : MOST_REMARKS)) {
      if (!this.full)
        this.found.push({ severity: 'warning', code, problem: 'it has more faults than are listed' });
      this.full = true;
      return;
    }
    const key = `${line ?? 0} ${problem}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.found.push({ severity, code, ...(line === undefined ? {} : { line }), problem });
  }

  error(problem: string, line?: number): void {
    this.add('error', 'inf-malformed', problem, line);
  }

  warning(problem: string, line?: number): void {
    this.add('warning', 'inf-malformed', problem, line);
  }

  note(problem: string, line?: number): void {
    this.add('note', 'inf-malformed', problem, line);
  }

  /** Something that the INF refers to, and does not hold. */
  incomplete(problem: string, line?: number): void {
    this.add('warning', 'inf-incomplete', problem, line);
  }
}

/** A text from an INF as a message shows it: short, one line. */
export function shown(text: string): string {
  const line = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return line.replace(/[\p{Cc}\p{Cs}]/gu, '?');
}

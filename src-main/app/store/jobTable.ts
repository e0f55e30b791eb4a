import type { Database } from 'node-sqlite3-wasm';
import { JobRecord, type LogLine } from '../../../src-shared/contract/jobs';
import type { WorkResult } from '../../../src-shared/contract/work';
import { textOf } from './schema';

/** Ended jobs that are kept; the oldest go first. */
export const KEPT_JOBS = 5000;
/** Log lines of all jobs together; the oldest jobs lose theirs first. */
export const KEPT_LINES = 400_000;
/** Entries of a result's list that a list of jobs shows. */
const SUMMARY_ENTRIES = 5;

/** Jobs and their logs in the database. */
export class JobTable {
  constructor(private readonly database: Database) {}

  get lastNumber(): number {
    return Number(this.database.get('SELECT max(number) AS last FROM jobs')?.['last'] ?? 0);
  }

  put(job: JobRecord): void {
    this.database.run(
      `INSERT INTO jobs (id, number, state, record, summary) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, record = excluded.record, summary = excluded.summary`,
      [job.id, numberOf(job.id), job.state, JSON.stringify(job), JSON.stringify(summaryOf(job))],
    );
  }

  list(offset: number, limit: number): { total: number; jobs: JobRecord[] } {
    const total = Number(this.database.get('SELECT count(*) AS total FROM jobs')?.['total'] ?? 0);
    const rows = this.database.all('SELECT summary FROM jobs ORDER BY number DESC LIMIT ? OFFSET ?', [
      limit,
      offset,
    ]);
    return { total, jobs: rows.flatMap((row) => readRecord(row['summary'])) };
  }

  get(id: string): JobRecord | undefined {
    return readRecord(this.database.get('SELECT record FROM jobs WHERE id = ?', [id])?.['record']).at(0);
  }

  /** Marks jobs that never ended, and returns them. */
  interrupt(at: string): JobRecord[] {
    const rows = this.database.all(
      `SELECT record FROM jobs WHERE state IN ('queued', 'running') ORDER BY number`,
    );
    return rows
      .flatMap((row) => readRecord(row['record']))
      .map((job) => {
        const interrupted: JobRecord = { ...job, state: 'interrupted', endedAt: at };
        this.put(interrupted);
        return interrupted;
      });
  }

  /** Takes out an ended job, or all of them, with their logs. */
  forget(id?: string): string[] {
    const rows = this.database.all(
      `SELECT id FROM jobs WHERE state NOT IN ('queued', 'running') AND (? IS NULL OR id = ?)`,
      [id ?? null, id ?? null],
    );
    const ids = rows.map((row) => textOf(row['id']));
    for (const gone of ids) this.remove(gone);
    return ids;
  }

  addLines(id: string, lines: readonly LogLine[]): void {
    const next = this.countLines(id);
    for (const [index, { at, level, text }] of lines.entries()) {
      this.database.run('INSERT INTO lines (job, line, at, level, text) VALUES (?, ?, ?, ?, ?)', [
        id,
        next + index,
        at,
        level,
        text,
      ]);
    }
  }

  lines(id: string, offset: number, limit: number): { total: number; lines: LogLine[] } {
    const rows = this.database.all(
      'SELECT at, level, text FROM lines WHERE job = ? AND line >= ? ORDER BY line LIMIT ?',
      [id, offset, limit],
    );
    return { total: this.countLines(id), lines: rows as unknown as LogLine[] };
  }

  /** Takes out what is more than is kept. */
  prune(): void {
    const surplus = this.database.all(
      `SELECT id FROM jobs WHERE state NOT IN ('queued', 'running') ORDER BY number DESC LIMIT -1 OFFSET ?`,
      [KEPT_JOBS],
    );
    for (const row of surplus) this.remove(textOf(row['id']));
    let lines = Number(this.database.get('SELECT count(*) AS total FROM lines')?.['total'] ?? 0);
    if (lines <= KEPT_LINES) return;
    const oldest = this.database.all(
      `SELECT id, (SELECT count(*) FROM lines WHERE job = id) AS lines FROM jobs ORDER BY number`,
    );
    for (const row of oldest) {
      if (lines <= KEPT_LINES) return;
      this.database.run('DELETE FROM lines WHERE job = ?', [textOf(row['id'])]);
      lines -= Number(row['lines']);
    }
  }

  private countLines(id: string): number {
    return Number(
      this.database.get('SELECT coalesce(max(line) + 1, 0) AS total FROM lines WHERE job = ?', [id])?.[
        'total'
      ] ?? 0,
    );
  }

  private remove(id: string): void {
    this.database.run('DELETE FROM lines WHERE job = ?', [id]);
    this.database.run('DELETE FROM jobs WHERE id = ?', [id]);
  }
}

/** The number of an id 'job-N'; 0 of any other. */
export function numberOf(id: string): number {
  return Number(/^job-(\d{1,15})$/.exec(id)?.[1] ?? 0);
}

/** A record of an earlier version that is none any more is passed over. */
function readRecord(text: unknown): JobRecord[] {
  if (typeof text !== 'string') return [];
  const parsed = JobRecord.safeParse(JSON.parse(text));
  return parsed.success ? [parsed.data] : [];
}

function summaryOf(job: JobRecord): JobRecord {
  return job.result === null ? job : { ...job, result: shortened(job.result) };
}

function shortened(result: WorkResult): WorkResult {
  const entries = Object.entries(result).map(([name, value]) => [name, shortList(value)] as const);
  return Object.fromEntries(entries) as WorkResult;
}

function shortList(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('first' in value) || !Array.isArray(value.first))
    return value;
  return { ...value, first: value.first.slice(0, SUMMARY_ENTRIES) };
}

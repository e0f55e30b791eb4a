import type { Database } from 'node-sqlite3-wasm';

/** One step for each version of the file; a file of version n needs the steps from n on. */
const steps = [
  `CREATE TABLE jobs (
     id TEXT PRIMARY KEY,
     number INTEGER NOT NULL,
     state TEXT NOT NULL,
     record TEXT NOT NULL,
     summary TEXT NOT NULL
   ) WITHOUT ROWID;
   CREATE INDEX jobs_by_number ON jobs (number);
   CREATE INDEX jobs_by_state ON jobs (state);
   CREATE TABLE lines (
     job TEXT NOT NULL,
     line INTEGER NOT NULL,
     at TEXT NOT NULL,
     level TEXT NOT NULL,
     text TEXT NOT NULL,
     PRIMARY KEY (job, line)
   ) WITHOUT ROWID;
   CREATE TABLE recipes (id TEXT PRIMARY KEY, name TEXT NOT NULL, recipe TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE library (path TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID;`,
] as const;

/** Version of a file that has all steps. */
export const SCHEMA_VERSION = steps.length;

/** Version of an opened file; 0 for a new one. */
export function schemaVersion(database: Database): number {
  return Number(database.get('PRAGMA user_version')?.['user_version'] ?? 0);
}

/** Brings a file of this or an earlier version to this one, each step wholly or not at all. */
export function migrate(database: Database): void {
  for (let version = schemaVersion(database); version < SCHEMA_VERSION; version++) {
    database.exec(`BEGIN; ${steps[version]} PRAGMA user_version = ${version + 1}; COMMIT;`);
  }
}

/** A column's value that is text; '' for any other. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

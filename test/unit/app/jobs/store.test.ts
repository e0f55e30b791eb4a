import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Database } from 'node-sqlite3-wasm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isoNow, LiveJob } from '../../../../src-main/app/jobs/liveJob';
import { openDatabase, type OpenedDatabase } from '../../../../src-main/app/store/database';
import { JobTable, KEPT_JOBS } from '../../../../src-main/app/store/jobTable';
import { migrate, SCHEMA_VERSION, schemaVersion } from '../../../../src-main/app/store/schema';
import { createStoreService, type StoreService } from '../../../../src-main/app/store/storeHandlers';
import { createNodeFileSystem } from '../../../../src-main/platform/nodeFileSystem';
import type { JobRecord } from '../../../../src-shared/contract/jobs';
import { temporaryDirectory } from '../../../support/tools';

const files = createNodeFileSystem();
const noon = new Date('2026-05-04T12:00:00Z');

function open(directory: string): OpenedDatabase {
  const opened = openDatabase(files, directory, () => noon);
  let closed = false;
  const close = (): void => {
    if (!closed) opened.close();
    closed = true;
  };
  onTestFinished(close);
  return { ...opened, close };
}

function job(number: number, state: JobRecord['state'] = 'done'): JobRecord {
  const { record } = new LiveJob(
    `job-${number}`,
    { verb: 'capture', request: { source: '/s', wim: '/w.wim' } },
    () => 0,
  );
  return { ...record, state, endedAt: state === 'queued' || state === 'running' ? null : isoNow() };
}

function ids(service: StoreService): string[] {
  const { jobs } = service.handlers.listJobs({ offset: 0, limit: 100 }) as { jobs: JobRecord[] };
  return jobs.map(({ id, state }) => `${id} ${state}`);
}

describe('the store', () => {
  it('keeps jobs over a restart, and knows those that never ended', () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    const service = createStoreService(first);
    for (const record of [job(1), job(2, 'running'), job(3, 'queued')]) void service.handlers.putJob(record);
    first.close();
    const again = createStoreService(open(directory));
    expect(again.handlers.state({})).toMatchObject({ problem: null, lastJob: 3 });
    expect(again.handlers.interrupt({ at: '2026-01-01T00:00:00Z' })).toMatchObject([
      { id: 'job-2', state: 'interrupted', endedAt: '2026-01-01T00:00:00Z' },
      { id: 'job-3', state: 'interrupted' },
    ]);
    expect(ids(again)).toEqual(['job-3 interrupted', 'job-2 interrupted', 'job-1 done']);
    expect(again.handlers.interrupt({ at: '2026-01-02T00:00:00Z' })).toEqual([]);
  });

  it('orders by number, not by text, in pages', () => {
    const service = createStoreService(open(temporaryDirectory()));
    for (let number = 1; number <= 12; number++) void service.handlers.putJob(job(number));
    expect(ids(service).slice(0, 4)).toEqual(['job-12 done', 'job-11 done', 'job-10 done', 'job-9 done']);
    expect(service.handlers.listJobs({ offset: 10, limit: 5 })).toMatchObject({
      total: 12,
      jobs: [{ id: 'job-2' }, { id: 'job-1' }],
    });
  });

  it('shows a list of jobs with short lists, and a job with all of it', () => {
    const service = createStoreService(open(temporaryDirectory()));
    const warnings = { total: 400, first: Array.from({ length: 400 }, (_, i) => `warning ${i}`) };
    const record = { ...job(1), result: { verb: 'capture' as const, wim: '/w.wim', warnings } };
    void service.handlers.putJob(record);
    const { jobs } = service.handlers.listJobs({ offset: 0, limit: 1 }) as { jobs: JobRecord[] };
    expect(jobs[0].result?.warnings).toEqual({ total: 400, first: warnings.first.slice(0, 5) });
    expect(service.handlers.getJob({ id: 'job-1' })).toEqual(record);
  });

  it('keeps to its number of jobs; the oldest go first, with their logs', () => {
    const { database } = open(temporaryDirectory());
    const table = new JobTable(database);
    database.exec('BEGIN');
    for (let number = 1; number <= KEPT_JOBS + 3; number++) table.put(job(number));
    table.addLines('job-1', [{ at: isoNow(), level: 'info', text: 'old' }]);
    table.put(job(2, 'running'));
    database.exec('COMMIT');
    table.prune();
    expect(table.list(0, 1).total).toBe(KEPT_JOBS + 1);
    expect(table.get('job-1')).toBeUndefined();
    expect(table.get('job-2')).toBeDefined();
    expect(table.get('job-3')).toBeUndefined();
    expect(table.get('job-4')).toBeDefined();
    expect(table.lines('job-1', 0, 10).total).toBe(0);
  });

  it('gives a log in pages', () => {
    const service = createStoreService(open(temporaryDirectory()));
    const line = (text: string) => ({ at: isoNow(), level: 'info' as const, text });
    void service.handlers.putJob(job(1));
    void service.handlers.addLines({ id: 'job-1', lines: ['a', 'b', 'c'].map(line) });
    void service.handlers.addLines({ id: 'job-1', lines: ['d', 'e'].map(line) });
    expect(service.handlers.lines({ id: 'job-1', offset: 2, limit: 2 })).toMatchObject({
      total: 5,
      lines: [{ text: 'c' }, { text: 'd' }],
    });
  });
});

describe('the file of the store', () => {
  it('is freed of the lock of a program that was cut off', () => {
    const directory = temporaryDirectory();
    open(directory).close();
    mkdirSync(path.join(directory, 'history.sqlite.lock'));
    expect(open(directory).problem).toBeUndefined();
  });

  it('has one owner; a second workbench works without it, and takes nothing from it', () => {
    const directory = temporaryDirectory();
    const owner = createStoreService(open(directory));
    void owner.handlers.putJob(job(7, 'running'));
    const second = open(directory);
    expect(second.problem).toContain('another workbench');
    const guest = createStoreService(second);
    expect(guest.handlers.interrupt({ at: isoNow() })).toEqual([]);
    void guest.handlers.putJob(job(1));
    expect(ids(guest)).toEqual(['job-1 done']);
    second.close();
    void owner.handlers.putJob(job(8));
    expect(ids(owner)).toEqual(['job-8 done', 'job-7 running']);
    owner.close();
    expect(ids(createStoreService(open(directory)))).toEqual(['job-8 done', 'job-7 running']);
  });

  it.each([
    ['is no database', (file: string) => writeFileSync(file, 'not a database at all '.repeat(100))],
    [
      'is damaged in the middle',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 4096, bytes.length - 100);
        writeFileSync(file, bytes);
      },
    ],
  ])('that %s is put aside under a name that says so, and a new one is begun', (_, damage) => {
    const directory = temporaryDirectory();
    const first = open(directory);
    const service = createStoreService(first);
    for (let number = 1; number <= 40; number++) void service.handlers.putJob(job(number));
    first.close();
    const file = path.join(directory, 'history.sqlite');
    damage(file);
    const damaged = readFileSync(file);
    const again = open(directory);
    expect(again.problem).toBeUndefined();
    const aside = path.join(directory, 'history-damaged-2026-05-04T12-00-00-000Z.sqlite');
    expect(again.notes).toEqual([expect.stringContaining(aside)]);
    expect(readFileSync(aside)).toEqual(damaged);
    expect(ids(createStoreService(again))).toEqual([]);
    expect(existsSync(file)).toBe(true);
  });

  it('of a later version of the program stays as it is', () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    first.database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    first.close();
    const before = readFileSync(path.join(directory, 'history.sqlite'));
    const again = open(directory);
    expect(again.problem).toContain('later version');
    expect(ids(createStoreService(again))).toEqual([]);
    again.close();
    expect(readFileSync(path.join(directory, 'history.sqlite'))).toEqual(before);
    expect(readdirSync(directory).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  it('is not needed: where there can be none, all goes on in memory', () => {
    const directory = temporaryDirectory();
    writeFileSync(path.join(directory, 'file'), '');
    const opened = open(path.join(directory, 'file', 'data'));
    expect(opened.problem).toContain('not a directory');
    const service = createStoreService(opened);
    void service.handlers.putJob(job(1));
    expect(ids(service)).toEqual(['job-1 done']);
  });

  it('that stops to serve is left, with what was in it', () => {
    const opened = open(temporaryDirectory());
    const service = createStoreService(opened);
    void service.handlers.putJob(job(1));
    const recipe = { id: 'r', name: 'R', work: job(1).work, createdAt: isoNow(), lastRunAt: null };
    void service.handlers.putRecipe(recipe);
    // As a full disk does: what is there can be read, nothing can be written.
    opened.database.exec('PRAGMA max_page_count = 1');
    opened.database.exec('PRAGMA query_only = ON');
    void service.handlers.putJob(job(2));
    expect(service.handlers.state({})).toMatchObject({
      problem: expect.stringContaining('cannot be written'),
    });
    expect(ids(service)).toEqual(['job-2 done', 'job-1 done']);
    expect(service.handlers.recipes({})).toEqual([recipe]);
    void service.handlers.putJob(job(3));
    expect(ids(service)).toHaveLength(3);
  });

  it('is brought to the present version, once', () => {
    const database = new Database(':memory:');
    onTestFinished(() => database.close());
    expect(schemaVersion(database)).toBe(0);
    migrate(database);
    expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
    migrate(database);
    expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
  });
});

import { Database } from 'node-sqlite3-wasm';
import { AppError } from '../../../src-shared/errors/appError';
import type { FileSystem, OpenFile } from '../../engine/os';
import { removeEmptyDirectory } from '../../platform/emptyDirectory';
import { migrate, SCHEMA_VERSION, schemaVersion, textOf } from './schema';

/** An opened store: on disk, or in memory when the disk does not serve. */
export interface OpenedDatabase {
  readonly database: Database;
  /** Why it is in memory; undefined when it is on disk. */
  readonly problem: string | undefined;
  readonly notes: readonly string[];
  close(): void;
}

/** What SQLite says of a file that is not one of its own, or damaged. */
const DAMAGED = /not a database|malformed|quick_check/i;

/**
 * Opens history.sqlite, or a store in memory with the reason why.
 *
 * One program owns the file: it holds the system's lock on history.lock, which ends with the program however that ends.
 * So the directory that the SQLite build uses for a lock can be freed when its program was cut off, and the file can be in
 * WAL mode, which mends itself after such an end. (The build's rollback journal does not: it takes its own lock for that
 * of another program that is still writing.)
 * @param directory made when it is missing
 * @param now for the name of a damaged file
 */
export function openDatabase(files: FileSystem, directory: string, now: () => Date): OpenedDatabase {
  let lock: OpenFile;
  try {
    lock = takeLock(files, directory);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const reason = error.code === 'wim/busy' ? `another workbench is using ${directory}` : error.message;
    return inMemory(reason, []);
  }
  const file = files.join(directory, 'history.sqlite');
  const notes: string[] = [];
  try {
    const database = openOrReplace(files, file, now, notes);
    return {
      database,
      problem: undefined,
      notes,
      close() {
        database.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    return inMemory(error instanceof Error ? error.message : String(error), notes);
  }
}

/** An empty store that ends with the program. */
export function inMemory(problem: string, notes: readonly string[]): OpenedDatabase {
  const database = new Database(':memory:');
  migrate(database);
  return { database, problem, notes, close: () => database.close() };
}

/** @throws AppError `wim/busy` when another program has the lock */
function takeLock(files: FileSystem, directory: string): OpenFile {
  makeDirectories(files, directory);
  const path = files.join(directory, 'history.lock');
  const file = openOrCreate(files, path);
  try {
    file.lock();
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function openOrCreate(files: FileSystem, path: string): OpenFile {
  if (files.status(path) !== undefined) return files.openReadWrite(path);
  try {
    return files.create(path);
  } catch (error) {
    // Another program made it between the two calls.
    if (error instanceof AppError && error.code === 'io/exists') return files.openReadWrite(path);
    throw error;
  }
}

function makeDirectories(files: FileSystem, directory: string): void {
  if (files.status(directory) !== undefined) return;
  makeDirectories(files, files.directoryName(directory));
  files.makeDirectory(directory);
}

function openOrReplace(files: FileSystem, file: string, now: () => Date, notes: string[]): Database {
  try {
    return openOwned(file);
  } catch (error) {
    if (!(error instanceof Error) || !DAMAGED.test(error.message)) throw error;
    const aside = `${file.replace(/\.sqlite$/, '')}-damaged-${now().toISOString().replace(/[:.]/g, '-')}.sqlite`;
    files.rename(file, aside);
    if (files.status(`${file}-wal`) !== undefined) files.rename(`${file}-wal`, `${aside}-wal`);
    notes.push(`the history was damaged (${error.message}); it is now ${aside}, and a new one was begun`);
    return openOwned(file);
  }
}

/** Opens the file as its only owner. */
function openOwned(file: string): Database {
  removeEmptyDirectory(`${file}.lock`);
  const database = new Database(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    const check = textOf(database.get('PRAGMA quick_check(1)')?.['quick_check']);
    if (check !== 'ok') throw new Error(`quick_check: ${check}`);
    const version = schemaVersion(database);
    if (version > SCHEMA_VERSION) {
      throw new Error(`${file} was written by a later version of this program`);
    }
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

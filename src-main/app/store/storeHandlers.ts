import type { Database } from 'node-sqlite3-wasm';
import { Recipe } from '../../../src-shared/contract/jobs';
import type { Handlers } from '../../../src-shared/rpc/server';
import { StoredRow } from '../library/libraryStore';
import { inMemory, type OpenedDatabase } from './database';
import { JobTable } from './jobTable';
import { textOf } from './schema';
import type { store } from './storeChannel';

/** Handlers of the store thread, and what ends it. */
export interface StoreService {
  readonly handlers: Handlers<(typeof store)['members']>;
  close(): void;
}

/**
 * Serves an opened store. When the disk stops serving (full, gone), all goes on in memory with what can still be read.
 */
export function createStoreService(opened: OpenedDatabase): StoreService {
  let current = opened;
  const jobs = (): JobTable => new JobTable(current.database);

  /** Changes the database, wholly or not at all. */
  const change = <T>(action: (database: Database) => T): T => {
    try {
      return inTransaction(current.database, action);
    } catch (error) {
      if (current.problem !== undefined) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      current = moveToMemory(current, reason);
      return inTransaction(current.database, action);
    }
  };

  return {
    handlers: {
      state: () => ({
        problem: current.problem ?? null,
        notes: [...current.notes],
        lastJob: jobs().lastNumber,
      }),
      interrupt: ({ at }) =>
        change(() => {
          jobs().prune();
          return jobs().interrupt(at);
        }),
      putJob(job) {
        change(() => jobs().put(job));
        if (job.endedAt !== null) change(() => jobs().prune());
        return null;
      },
      listJobs: ({ offset, limit }) => jobs().list(offset, limit),
      getJob: ({ id }) => jobs().get(id) ?? null,
      forgetJobs: ({ id }) => change(() => jobs().forget(id)),
      addLines({ id, lines }) {
        change(() => jobs().addLines(id, lines));
        return null;
      },
      lines: ({ id, offset, limit }) => jobs().lines(id, offset, limit),
      recipes: () => allRecipes(current.database),
      putRecipe(recipe) {
        change((database) => putRecipe(database, recipe));
        return null;
      },
      deleteRecipe({ id }) {
        change((database) => database.run('DELETE FROM recipes WHERE id = ?', [id]));
        return null;
      },
      libraryRows: () => allLibraryRows(current.database),
      putLibraryRow(row) {
        change((database) => putLibraryRow(database, row));
        return null;
      },
      removeLibraryRow({ path }) {
        change((database) => database.run('DELETE FROM library WHERE path = ?', [path]));
        return null;
      },
    },
    close: () => current.close(),
  };
}

function inTransaction<T>(database: Database, action: (database: Database) => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = action(database);
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Copies what can be read; logs stay behind. */
function moveToMemory(old: OpenedDatabase, reason: string): OpenedDatabase {
  const memory = inMemory(`the history cannot be written any more: ${reason}`, old.notes);
  const from = old.database;
  const table = new JobTable(memory.database);
  copied(() => {
    for (const { id } of new JobTable(from).list(0, 1000).jobs.reverse()) {
      const job = new JobTable(from).get(id);
      if (job !== undefined) table.put(job);
    }
  });
  copied(() => allRecipes(from).forEach((recipe) => putRecipe(memory.database, recipe)));
  copied(() => allLibraryRows(from).forEach((row) => putLibraryRow(memory.database, row)));
  copied(() => old.close());
  return memory;
}

/** A part of a failing store that cannot be read is left behind; the rest is kept. */
function copied(copy: () => void): void {
  try {
    copy();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

function allRecipes(database: Database): Recipe[] {
  return database.all('SELECT recipe FROM recipes ORDER BY name, id').flatMap((row) => {
    const parsed = Recipe.safeParse(JSON.parse(textOf(row['recipe'])));
    return parsed.success ? [parsed.data] : [];
  });
}

function putRecipe(database: Database, recipe: Recipe): void {
  database.run(
    `INSERT INTO recipes (id, name, recipe) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, recipe = excluded.recipe`,
    [recipe.id, recipe.name, JSON.stringify(recipe)],
  );
}

function allLibraryRows(database: Database): StoredRow[] {
  return database.all('SELECT row FROM library ORDER BY path').flatMap((found) => {
    const parsed = StoredRow.safeParse(JSON.parse(textOf(found['row'])));
    return parsed.success ? [parsed.data] : [];
  });
}

function putLibraryRow(database: Database, row: StoredRow): void {
  database.run(
    `INSERT INTO library (path, row) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET row = excluded.row`,
    [row.path, JSON.stringify(row)],
  );
}

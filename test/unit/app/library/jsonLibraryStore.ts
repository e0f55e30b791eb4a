import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { StoredRow, type LibraryStore } from '../../../../src-main/app/library/libraryStore';

/** A library's rows in a JSON file: what a test can look into, and what a second service can read. */
export class JsonLibraryStore implements LibraryStore {
  constructor(private readonly file: string) {}

  all(): Promise<StoredRow[]> {
    if (!existsSync(this.file)) return Promise.resolve([]);
    return Promise.resolve(z.array(StoredRow).parse(JSON.parse(readFileSync(this.file, 'utf8'))));
  }

  async put(row: StoredRow): Promise<void> {
    const others = (await this.all()).filter(({ path }) => path !== row.path);
    writeFileSync(this.file, JSON.stringify([...others, row]));
  }

  async remove(path: string): Promise<void> {
    writeFileSync(this.file, JSON.stringify((await this.all()).filter((row) => row.path !== path)));
  }
}

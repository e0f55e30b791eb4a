import path from 'node:path';
import { rawFs } from './rawFs';
import { systemErrorName, toAppError } from './systemErrors';

/** Bytes of an owner file that are read; what is longer was not written by the program. */
const MAX_BYTES = 4096;

/** A small file that only its owner may read, and that says which process holds a directory. */
export interface OwnerFile {
  /** What it holds; undefined when there is none. */
  read(): Promise<string | undefined>;
  /** Makes it, and its directory; false when there is one already. */
  create(text: string): Promise<boolean>;
  /** Replaces it in one step. */
  replace(text: string): Promise<void>;
  remove(): Promise<void>;
}

/** @throws AppError from each function when the system refuses */
export function ownerFile(file: string): OwnerFile {
  const { promises } = rawFs;
  return {
    async read() {
      try {
        const handle = await promises.open(file, 'r');
        try {
          const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
          return buffer.toString('utf8', 0, bytesRead);
        } finally {
          await handle.close();
        }
      } catch (error) {
        if (systemErrorName(error) === 'ENOENT') return undefined;
        throw toAppError(error, 'read', file);
      }
    },
    async create(text) {
      try {
        await promises.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        await promises.writeFile(file, text, { flag: 'wx', mode: 0o600 });
        return true;
      } catch (error) {
        if (systemErrorName(error) === 'EEXIST' && (await isFile(file))) return false;
        throw toAppError(error, 'write to', file);
      }
    },
    async replace(text) {
      const fresh = `${file}.new`;
      try {
        await promises.rm(fresh, { force: true });
        await promises.writeFile(fresh, text, { flag: 'wx', mode: 0o600 });
        await promises.rename(fresh, file);
      } catch (error) {
        throw toAppError(error, 'write to', file);
      }
    },
    async remove() {
      try {
        await promises.rm(file, { force: true });
      } catch (error) {
        throw toAppError(error, 'remove', file);
      }
    },
  };
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await rawFs.promises.lstat(file)).isFile();
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return false;
  }
}

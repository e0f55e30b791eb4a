import { systemErrorName, toAppError } from './systemErrors';

/** Does `call` on the system; its failure is an AppError that names what was tried and the path. */
export async function systemCall<T>(doing: string, path: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toAppError(error, doing, path);
  }
}

const absences: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);

/** What `call` gives; undefined where nothing is there. Other failures are AppErrors. */
export async function ifThere<T>(
  doing: string,
  path: string,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (absences.has(systemErrorName(error))) return undefined;
    throw toAppError(error, doing, path);
  }
}

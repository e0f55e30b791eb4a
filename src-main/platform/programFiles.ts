import { programFs } from './rawFs';
import { toAppError } from './systemErrors';

/** The program's own files, as they were installed: bundles, kernels, the page. Also inside app.asar. */

/** @throws AppError with an `io/` code */
export async function readProgramFile(file: string): Promise<Uint8Array> {
  try {
    return await programFs.promises.readFile(file);
  } catch (error) {
    throw toAppError(error, 'read', file);
  }
}

/** @throws AppError with an `io/` code */
export function readProgramFileSync(file: string): Uint8Array {
  try {
    return programFs.readFileSync(file);
  } catch (error) {
    throw toAppError(error, 'read', file);
  }
}

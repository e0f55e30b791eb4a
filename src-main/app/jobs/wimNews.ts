import type { JobRecord } from '../../../src-shared/contract/jobs';
import { toEnvelope } from '../../../src-shared/rpc/frames';
import type { Check } from '../threads/engineChannel';

/** What the library wants to know. */
export interface WimListener {
  /** A job made a WIM. */
  registerCaptured(path: string): Promise<void>;
  /** A job changed a WIM, or left it in another state than it was. */
  registerChanged(path: string): Promise<void>;
  /** A WIM was verified. @param revision of the file when its verification began */
  registerVerified(path: string, ok: boolean, revision: string): Promise<void>;
}

/** Verbs whose WIM belongs into the library from then on. */
const makers: ReadonlySet<string> = new Set(['capture', 'append', 'export', 'join', 'split']);

/** Tells the library what became of the WIM files of a job that ended. A failure of it is none of the job's. */
export async function tellLibrary(
  library: WimListener,
  {
    job: { work, state, result },
    check: { wims },
    revision,
  }: { readonly job: JobRecord; readonly check: Check; readonly revision: string },
  warn: (text: string) => void,
): Promise<void> {
  try {
    for (const path of wims) {
      if (state === 'done' && makers.has(work.verb)) await library.registerCaptured(path);
      else await library.registerChanged(path);
    }
    if (work.verb === 'verify' && state === 'done' && result !== null) {
      const ok = result.integrity !== 'failed' && (result.faults?.total ?? 0) === 0;
      await library.registerVerified(result.wim, ok, revision);
    }
  } catch (error) {
    warn(`the library could not take note of a job: ${toEnvelope(error).message}`);
  }
}

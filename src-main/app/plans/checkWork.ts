import type { Work } from '../../../src-shared/contract/work';
import type { EngineHost } from '../../engine/os';
import { assertOverwriteAsked } from '../jobs/performWork';
import { readWims, sourcesOf, targetOf, writtenWim } from '../jobs/workPaths';
import type { Check, Touch } from '../threads/engineChannel';
import { takesAway } from './erasures';
import { fingerprintOf } from './fingerprint';
import { replacedBy } from './replacedFiles';

/**
 * Looks at work before it is queued: what it takes away, and which files it and no other job may use.
 * @throws AppError `io/exists` for what would replace a file without being told to
 */
export async function checkWork(host: EngineHost, work: Work): Promise<Check> {
  assertOverwriteAsked(host, work);
  const replaced = await replacedBy(host, work);
  const fingerprint = fingerprintOf(host, work, replaced);
  const wim = writtenWim(work);
  return {
    fingerprint,
    takesAway: takesAway(host, work, replaced),
    touches: touchesOf(host, work),
    wims: wim === undefined ? [] : [host.files.absolute(wim)],
  };
}

function touchesOf(host: EngineHost, work: Work): Touch[] {
  const touches: Touch[] = [];
  const add = (path: string, writes: boolean, tree: boolean): void => {
    touches.push({ path: resolved(host, path), writes, tree });
  };
  const wim = writtenWim(work);
  if (wim !== undefined) add(wim, true, false);
  const target = targetOf(work);
  if (target !== undefined) add(target, true, true);
  for (const path of readWims(work)) add(path, false, false);
  for (const path of sourcesOf(work)) add(path, false, true);
  return touches;
}

/** Absolute path with links resolved as far as it exists: two names of one file are one. */
function resolved({ files }: EngineHost, path: string): string {
  let existing = files.absolute(path);
  const missing: string[] = [];
  while (files.status(existing) === undefined && files.directoryName(existing) !== existing) {
    missing.unshift(files.baseName(existing));
    existing = files.directoryName(existing);
  }
  return files.join(files.realPath(existing), ...missing);
}

import type { DriverRemark } from '../../../../src-shared/model/drivers';
import type { ContainerFile } from './packageContainer';
import { RemarkList } from './remarkList';
import { pathKey, safePath, shownPath } from './safePath';

/** An entry of an archive on its way into the index. */
export interface RawEntry<E> {
  /** As stored, '/' or '\\' between names. */
  readonly name: string;
  readonly size: number;
  readonly entry: E;
  /** Why it is left out, where it is. */
  readonly problem?: string;
}

/** Files of an archive by their safe paths. */
export interface ArchiveIndex<E> {
  readonly files: readonly ContainerFile[];
  readonly remarks: readonly DriverRemark[];
  find(path: string): ContainerFile | undefined;
  entryOf(path: string): E | undefined;
}

/**
 * Makes the index. Names that would not stay below a folder of Windows as they are, and names that meet another, are
 * left out and told; of two that meet, the first one stays.
 * @param label of the archive
 */
export function indexArchive<E>(label: string, entries: Iterable<RawEntry<E>>): ArchiveIndex<E> {
  const remarks = new RemarkList(label);
  const files: ContainerFile[] = [];
  const byKey = new Map<string, { file: ContainerFile; entry: E }>();
  const folders = new Set<string>();
  const leaveOut = (name: string, code: DriverRemark['code'], problem: string): void => {
    remarks.add({ severity: 'error', code, file: `${label} > ${shownPath(name)}`, problem });
  };
  for (const { name, size, entry, problem } of entries) {
    const checked = safePath(name);
    if ('problem' in checked) {
      leaveOut(name, 'unsafe-name', checked.problem);
      continue;
    }
    if (problem !== undefined) {
      leaveOut(name, 'unreadable', problem);
      continue;
    }
    const key = pathKey(checked.path);
    const above = foldersOf(key);
    if (byKey.has(key)) leaveOut(name, 'unsafe-name', 'another file of the archive has that name on Windows');
    else if (folders.has(key)) leaveOut(name, 'unsafe-name', 'a folder of the archive has that name');
    else if (above.some((folder) => byKey.has(folder))) {
      leaveOut(name, 'unsafe-name', 'a file of the archive has the name of its folder');
    } else {
      const file = { path: checked.path, size };
      for (const folder of above) folders.add(folder);
      files.push(file);
      byKey.set(key, { file, entry });
    }
  }
  const lookUp = (path: string): { file: ContainerFile; entry: E } | undefined => {
    const checked = safePath(path);
    return 'path' in checked ? byKey.get(pathKey(checked.path)) : undefined;
  };
  return {
    files,
    remarks: remarks.list(),
    find: (path) => lookUp(path)?.file,
    entryOf: (path) => lookUp(path)?.entry,
  };
}

/** Paths of the folders above a file, by key. */
function foldersOf(key: string): string[] {
  const found: string[] = [];
  for (let at = key.indexOf('/'); at >= 0; at = key.indexOf('/', at + 1)) found.push(key.slice(0, at));
  return found;
}

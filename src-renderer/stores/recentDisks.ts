import { create } from 'zustand';
import { isDiskWork } from '../../src-shared/contract/work';
import { useJobs } from './jobs';
import { changedDisk } from './workNames';

const KEY = 'wimsmith.disks';
/** Disk files that are remembered. */
const MOST = 12;

/** Disk files that were opened or made, newest first. */
const useOpened = create<{ readonly paths: readonly string[] }>(() => ({ paths: restore() }));

/** Remembers a disk file that was opened. */
export function noteDisk(path: string): void {
  const { paths } = useOpened.getState();
  if (paths[0] === path) return;
  keep([path, ...paths.filter((other) => other !== path)]);
}

/** Takes a disk file from the list; the file stays. */
export function forgetDisk(path: string): void {
  keep(useOpened.getState().paths.filter((other) => other !== path));
}

/** Follows the jobs: what they made is remembered. @returns what ends it */
export function followDiskJobs(): () => void {
  const seen = new Set<string>();
  const look = ({ jobs }: ReturnType<typeof useJobs.getState>): void => {
    for (const { id, state, work } of Object.values(jobs)) {
      if (state !== 'done' || seen.has(id)) continue;
      seen.add(id);
      if (isDiskWork(work) && !('identity' in work.request)) noteDisk(changedDisk(work));
      if (work.verb === 'apply' && work.request.prepare?.size !== undefined) noteDisk(work.request.target);
    }
  };
  // Those of earlier runs are in the list already, or were taken from it.
  for (const { id, state } of Object.values(useJobs.getState().jobs)) if (state === 'done') seen.add(id);
  return useJobs.subscribe(look);
}

/** Disk files that were opened or made, newest first. */
export function useRecentDisks(): readonly string[] {
  return useOpened(({ paths }) => paths);
}

function keep(paths: readonly string[]): void {
  const kept = paths.slice(0, MOST);
  useOpened.setState({ paths: kept });
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch (error) {
    // One that cannot be kept lives as long as the window.
    if (!(error instanceof DOMException)) throw error;
  }
}

function restore(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((path) => typeof path === 'string').slice(0, MOST) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

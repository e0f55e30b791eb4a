import { create } from 'zustand';
import { isDiskWork, type Work } from '../../src-shared/contract/work';
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

/** Follows the jobs: the disk files that they make are remembered. Called once, when the newest jobs were read. */
export function followDiskJobs(): void {
  const known = useJobs.getState();
  const ended = new Set(known.order.filter((id) => known.jobs[id]?.state === 'done'));
  // A window at another address has no list of its own yet: the history has one.
  if (localStorage.getItem(KEY) === null) {
    for (const id of [...ended].reverse()) noteMade(known.jobs[id].work);
  }
  useJobs.subscribe(({ jobs }) => {
    for (const { id, state, work } of Object.values(jobs)) {
      if (state !== 'done' || ended.has(id)) continue;
      ended.add(id);
      noteMade(work);
    }
  });
}

function noteMade(work: Work): void {
  const isPhysical = 'identity' in work.request && work.request.identity !== undefined;
  if (isPhysical) return;
  if (isDiskWork(work)) noteDisk(changedDisk(work));
  else if (work.verb === 'apply' && work.request.prepare !== undefined) noteDisk(work.request.target);
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

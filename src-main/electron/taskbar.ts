import type { ProgressBarOptions } from 'electron';
import type { ActiveJobs } from '../app/shell';

/** Arguments of BrowserWindow.setProgressBar. */
export interface TaskbarProgress {
  /** 0 to 1; -1 takes the bar away; more than 1 is a bar without an end. */
  readonly value: number;
  readonly mode: ProgressBarOptions['mode'];
}

/** The bar on the taskbar button. */
export function taskbarProgress({ running, queued, fraction }: ActiveJobs): TaskbarProgress {
  if (running + queued === 0) return { value: -1, mode: 'none' };
  if (fraction === null) return { value: 2, mode: 'indeterminate' };
  return { value: Math.min(1, Math.max(0, fraction)), mode: 'normal' };
}

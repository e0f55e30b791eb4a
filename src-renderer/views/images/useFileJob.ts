import type { Verb } from '../../../src-shared/contract/work';
import { useJobs } from '../../stores/jobs';
import { busyFiles, type FileJob } from './fileJobs';

/** The job on one file; the component is drawn anew only when what it shows of it changes. */
export function useFileJob(path: string): FileJob | undefined {
  const text = useJobs((state) => {
    const job = busyFiles(state).get(path);
    if (job === undefined) return '';
    const percent = job.fraction === null ? '' : String(Math.floor(job.fraction * 100));
    return `${job.verb} ${job.waiting ? 'waiting' : 'running'} ${percent}`;
  });
  if (text === '') return undefined;
  const [verb, state, percent] = text.split(' ', 3);
  return {
    verb: verb as Verb,
    waiting: state === 'waiting',
    fraction: percent === '' ? null : Number(percent) / 100,
  };
}

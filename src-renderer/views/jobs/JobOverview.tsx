import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { JobProgress, JobRecord } from '../../../src-shared/contract/jobs';
import { isDiskWork, type WorkResult } from '../../../src-shared/contract/work';
import { fromEnvelope } from '../../../src-shared/rpc/frames';
import { api } from '../../api/api';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatTime,
} from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { useJobs } from '../../stores/jobs';
import { workPath, workTitle } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Facts, Notice, PathText } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { ThroughputPlot } from '../../ui/ThroughputPlot';
import { nowThere } from '../../wizards/runtime/nowThere';
import { JobResult } from './JobResult';

/** Progress while it runs; afterwards what came of it. */
export function JobOverview({ job }: { readonly job: JobRecord }): ReactNode {
  const t = useText();
  const live = useJobs((state) => state.progress[job.id]);
  const progress = live ?? job.progress;
  const plot = usePlot(job, progress);
  const running = job.state === 'running';
  return (
    <div className="jobs-pane scroll" tabIndex={0} role="group" aria-label={t('jobs.tab.overview')}>
      {job.state === 'queued' && <Notice>{t('jobs.waitingFor')}</Notice>}
      {running && <Running job={job} progress={progress} />}
      {job.state === 'failed' && job.error !== null && <ErrorNotice error={fromEnvelope(job.error)} />}
      {job.state === 'cancelled' && <Notice>{t('wizards.end.cancelledText')}</Notice>}
      {(job.state === 'failed' || job.state === 'cancelled') && <p>{nowThere(job, t)}</p>}
      {job.state === 'interrupted' && <Interrupted job={job} />}
      {plot.length > 1 && <ThroughputPlot values={plot} label={t('jobs.throughput')} />}
      <WorkFacts job={job} />
      {job.result !== null && <WholeResult job={job} short={job.result} />}
    </div>
  );
}

function Running({
  job,
  progress,
}: {
  readonly job: JobRecord;
  readonly progress: JobProgress | null;
}): ReactNode {
  const t = useText();
  const title = workTitle(job.work, t);
  const fraction = progress?.fraction ?? null;
  const of = (done: string, total: string, known: boolean): string =>
    known ? t('jobs.of', { done, total }) : done;
  return (
    <div className="stack">
      <ProgressBar label={title} fraction={fraction} />
      <Announcer title={title} fraction={fraction} />
      {progress !== null && (
        <Facts
          facts={[
            [
              t('jobs.phase'),
              `${t(`phase.${progress.phase}`)}${fraction === null ? '' : `, ${formatPercent(fraction)}`}`,
            ],
            [
              t('jobs.files'),
              of(formatCount(progress.filesDone), formatCount(progress.filesTotal), progress.filesTotal > 0),
            ],
            [
              t('jobs.bytes'),
              of(formatBytes(progress.bytesDone), formatBytes(progress.bytesTotal), progress.bytesTotal > 0),
            ],
            [t('jobs.rate'), formatRate(progress.bytesPerSecond)],
            [t('jobs.elapsed'), formatDuration(progress.secondsElapsed)],
            [t('jobs.left'), progress.secondsLeft === null ? '–' : formatDuration(progress.secondsLeft)],
            [t('jobs.path'), <PathText key="path" path={progress.currentPath ?? ''} />],
          ]}
        />
      )}
    </div>
  );
}

/** Lists of jobs carry the beginning of a result's lists; the whole is asked for when a job is looked at. */
function WholeResult({ job, short }: { readonly job: JobRecord; readonly short: WorkResult }): ReactNode {
  const [whole, setWhole] = useState<WorkResult>();
  const { id } = job;
  useEffect(() => {
    let gone = false;
    // Without an answer the short one stays.
    void Promise.allSettled([api.jobs.get({ id })]).then(([asked]) => {
      if (!gone && asked.status === 'fulfilled' && asked.value.result !== null) setWhole(asked.value.result);
    });
    return () => {
      gone = true;
    };
  }, [id]);
  return <JobResult result={whole ?? short} />;
}

const ANNOUNCE_EVERY = 10_000;

/** Tells a screen reader how far the job is, every ten seconds and not with every frame. */
function Announcer({
  title,
  fraction,
}: {
  readonly title: string;
  readonly fraction: number | null;
}): ReactNode {
  const t = useText();
  const latest = useRef(fraction);
  const [said, setSaid] = useState('');
  useEffect(() => {
    latest.current = fraction;
  }, [fraction]);
  useEffect(() => {
    const say = (): void => {
      if (latest.current !== null)
        setSaid(t('jobs.announce', { title, percent: formatPercent(latest.current) }));
    };
    const timer = setInterval(say, ANNOUNCE_EVERY);
    return () => clearInterval(timer);
  }, [t, title]);
  return (
    <div className="visually-hidden" role="status">
      {said}
    </div>
  );
}

function Interrupted({ job }: { readonly job: JobRecord }): ReactNode {
  const t = useText();
  const [error, setError] = useState<unknown>();
  const { aftermath } = job;
  const cleanUp = async (): Promise<void> => {
    try {
      await api.jobs.cleanUp({ id: job.id });
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Notice tone="decision">
      <div>
        <strong>{t('jobs.interrupted')}</strong>{' '}
        {aftermath !== null && t(`jobs.aftermath.${aftermath.state}`)}
      </div>
      {aftermath !== null && aftermath.leftovers.length > 0 && (
        <>
          <p>{t('jobs.leftovers', { count: aftermath.leftovers.length })}</p>
          <ul className="jobs-remarks">
            {aftermath.leftovers.map((path) => (
              <li key={path}>
                <PathText path={path} />
              </li>
            ))}
          </ul>
          <div>
            <Button onPress={() => void cleanUp()}>{t('jobs.cleanUp')}</Button>
          </div>
        </>
      )}
      {error !== undefined && <ErrorNotice error={error} />}
    </Notice>
  );
}

function WorkFacts({ job }: { readonly job: JobRecord }): ReactNode {
  const t = useText();
  const { work } = job;
  const facts: [string, ReactNode][] = [];
  const path = (name: string, value: string): void => {
    facts.push([name, <PathText key={name} path={value} />]);
  };
  if (work.verb === 'capture' || work.verb === 'append') path(t('jobs.source'), work.request.source);
  path(t(isDiskWork(work) ? 'jobs.disk' : 'jobs.wim'), workPath(work));
  if (work.verb === 'apply') path(t('jobs.target'), work.request.target);
  if (
    work.verb === 'export' ||
    work.verb === 'extract' ||
    work.verb === 'split' ||
    work.verb === 'diskConvert'
  )
    path(t('jobs.target'), work.request.destination);
  if (job.startedAt !== null) facts.push([t('jobs.started'), formatTime(job.startedAt)]);
  if (job.endedAt !== null) facts.push([t('jobs.ended'), formatTime(job.endedAt)]);
  return <Facts facts={facts} />;
}

/** The stored samples of an ended job; of a running one, what was seen since this was opened. */
function usePlot(job: JobRecord, progress: JobProgress | null): readonly number[] {
  const [seen, setSeen] = useState<readonly number[]>(job.throughput);
  const lastAt = useRef(0);
  useEffect(() => {
    if (job.state !== 'running' || progress === null || progress.secondsElapsed - lastAt.current < 0.5)
      return;
    lastAt.current = progress.secondsElapsed;
    setSeen((values) => [...values.slice(-239), progress.bytesPerSecond]);
  }, [job.state, progress]);
  return job.state === 'running' ? seen : job.throughput;
}

import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { JobProgress, JobRecord } from '../../../src-shared/contract/jobs';
import { formatBytes, formatCount, formatDuration, formatPercent, formatRate } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import { cancelJob, useJobs } from '../../stores/jobs';
import { navigate } from '../../stores/route';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Page, PathText } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { ThroughputPlot } from '../../ui/ThroughputPlot';
import { CommandLines } from './CommandLines';
import { takeFocus } from './takeFocus';

/** Seconds between two times that a screen reader is told how far it is. */
const SPOKEN_EVERY = 10;
const PLOT_POINTS = 240;

/** A job while it runs: one bar, figures, throughput, the file at hand. */
export function RunningPage({ job, title }: { readonly job: JobRecord; readonly title: string }): ReactNode {
  const t = useText();
  const progress = useJobs((state) => state.progress[job.id]) ?? job.progress;
  const fraction = useHighest(job.id, progress?.fraction ?? null);
  const rates = useRates(job, progress);
  const spoken = useSpoken(progress, fraction, t);
  const [cancelling, setCancelling] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const waiting = job.state === 'queued';
  const phase = waiting
    ? t('wizards.queued')
    : progress === null
      ? t('wizards.starting')
      : t(`phase.${progress.phase}`);

  const cancel = async (): Promise<void> => {
    setCancelling(true);
    setFault(undefined);
    try {
      await cancelJob(job.id);
    } catch (error) {
      setFault(error);
      setCancelling(false);
    }
  };

  return (
    <Page
      title={title}
      actions={
        <>
          <Button onPress={() => navigate('jobs', { id: job.id })}>{t('wizards.showJob')}</Button>
          <Button onPress={() => void cancel()} isDisabled={cancelling} lesson="wizard.cancel">
            {cancelling ? t('wizards.cancelling') : t('common.cancel')}
          </Button>
        </>
      }
    >
      <div className="wizard-job scroll" data-lesson="wizard.progress" tabIndex={-1} ref={takeFocus}>
        <div className="wizard-phase">
          <strong>{phase}</strong>
          {fraction !== null && <span className="wizard-percent">{formatPercent(fraction)}</span>}
        </div>
        <ProgressBar
          label={title}
          fraction={waiting ? 0 : fraction}
          {...(fraction === null ? {} : { valueText: formatPercent(fraction) })}
        />
        <p className="visually-hidden" role="status">
          {spoken}
        </p>
        {fault !== undefined && <ErrorNotice error={fault} />}
        {progress !== null && <Figures progress={progress} />}
        <div className="wizard-current">
          {progress?.currentPath === undefined ? null : <PathText path={progress.currentPath} />}
        </div>
        <div className="wizard-plot">
          {rates.some((rate) => rate > 0) && (
            <ThroughputPlot values={rates} label={t('wizards.throughput')} />
          )}
        </div>
        <p className="soft">{t('wizards.leaveFreely')}</p>
        <CommandLines work={job.work} />
      </div>
    </Page>
  );
}

function Figures({ progress }: { readonly progress: JobProgress }): ReactNode {
  const t = useText();
  const { filesDone, filesTotal, bytesDone, bytesTotal, bytesPerSecond, secondsLeft, secondsElapsed } =
    progress;
  const of = (done: string, total: string, known: boolean): string =>
    known ? t('wizards.doneOf', { done, total }) : done;
  const figures: [string, string][] = [
    [t('wizards.figure.files'), of(formatCount(filesDone), formatCount(filesTotal), filesTotal > 0)],
    [t('wizards.figure.data'), of(formatBytes(bytesDone), formatBytes(bytesTotal), bytesTotal > 0)],
    [t('wizards.figure.rate'), bytesPerSecond > 0 ? formatRate(bytesPerSecond) : '–'],
    [t('wizards.figure.left'), secondsLeft === null ? '–' : formatDuration(secondsLeft)],
    [t('wizards.figure.elapsed'), formatDuration(secondsElapsed)],
  ];
  return (
    <dl className="wizard-figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The highest fraction that was seen: a bar does not go back. */
function useHighest(id: string, fraction: number | null): number | null {
  const highest = useRef<{ id: string; value: number | null }>({ id, value: null });
  if (highest.current.id !== id) highest.current = { id, value: null };
  if (fraction !== null && fraction > (highest.current.value ?? -1)) highest.current.value = fraction;
  return highest.current.value;
}

/** Bytes per second over the running time: what the host wrote down, and what came since, once a second. */
function useRates(job: JobRecord, progress: JobProgress | null): readonly number[] {
  const [own, setOwn] = useState<readonly number[]>([]);
  const last = useRef(-1);
  const second = progress === null ? -1 : Math.floor(progress.secondsElapsed * 2);
  const rate = progress?.bytesPerSecond ?? 0;
  useEffect(() => {
    if (second < 0 || second === last.current) return;
    last.current = second;
    setOwn((values) => [...values.slice(-PLOT_POINTS + 1), rate]);
  }, [second, rate]);
  return own.length > 1 ? own : job.throughput;
}

/** What a screen reader is told: each phase, and how far it is every ten seconds. */
function useSpoken(progress: JobProgress | null, fraction: number | null, t: Translate): string {
  const phase = progress === null ? '' : t(`phase.${progress.phase}`);
  const turn = progress === null ? 0 : Math.floor(progress.secondsElapsed / SPOKEN_EVERY);
  const [spoken, setSpoken] = useState('');
  const words = useRef('');
  words.current = fraction === null ? phase : `${phase}, ${formatPercent(fraction)}`;
  useEffect(() => setSpoken(words.current), [phase, turn]);
  return spoken;
}

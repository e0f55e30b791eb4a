import { X } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { formatPercent, formatRate, formatDuration } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { workTitle } from '../../stores/workNames';
import { activeJobs, cancelJob, useJobs } from '../../stores/jobs';
import { navigate } from '../../stores/route';
import { IconButton } from '../../ui/button';
import { ProgressBar } from '../../ui/progress';
import { Badge } from '../../ui/pieces';

/** What runs now; there in every view as long as something does. */
export function JobStrip(): ReactNode {
  const t = useText();
  const state = useJobs();
  const active = useMemo(() => activeJobs(state), [state]);
  const shown = active.find((job) => job.state === 'running') ?? active[0];
  if (shown === undefined) return null;
  const progress = state.progress[shown.id] ?? shown.progress;
  const fraction = progress?.fraction ?? null;
  const title = workTitle(shown.work, t);
  const waiting = active.length - 1;
  return (
    <section className="job-strip" aria-label={t('strip.label')}>
      <button
        type="button"
        className="open"
        title={t('strip.open')}
        onClick={() => navigate('jobs', { id: shown.id })}
      >
        <span className="name">{title}</span>
        <span className="bar">
          <ProgressBar label={title} fraction={fraction} />
        </span>
        <span className="figures">
          {fraction !== null && <span>{formatPercent(fraction)}</span>}
          {progress !== null && progress.bytesPerSecond > 0 && (
            <span>{formatRate(progress.bytesPerSecond)}</span>
          )}
          {progress !== null && progress.secondsLeft !== null && (
            <span>{t('strip.left', { time: formatDuration(progress.secondsLeft) })}</span>
          )}
        </span>
      </button>
      {waiting > 0 && <Badge>{t('strip.queued', { count: waiting })}</Badge>}
      <IconButton label={t('strip.cancel')} icon={X} onPress={() => void cancelJob(shown.id)} />
    </section>
  );
}

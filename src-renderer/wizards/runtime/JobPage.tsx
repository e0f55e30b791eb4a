import { useEffect, useState, type ReactNode } from 'react';
import { isDiskWork, isDriverWork } from '../../../src-shared/contract/work';
import { api } from '../../api/api';
import { useText } from '../../i18n/translate';
import { useJobs } from '../../stores/jobs';
import { workTitle } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Page } from '../../ui/pieces';
import { DiskResultPage } from './DiskResultPage';
import { DriversResultPage } from './DriversResultPage';
import { EndPage } from './EndPage';
import { ResultPage } from './ResultPage';
import { RunningPage } from './RunningPage';
import { useLive } from './useLive';

/** A job in the wizard that started it: running, then what came of it. */
export function JobPage({
  id,
  onDone,
  onBack,
}: {
  readonly id: string;
  /** It ended well. */
  readonly onDone: () => void;
  /** Back to the filled-in wizard. */
  readonly onBack: () => void;
}): ReactNode {
  const t = useText();
  const known = useJobs(({ jobs }) => jobs[id]);
  // A job of long ago is not among those that the window has read.
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWaited(true), 500);
    return () => clearTimeout(timer);
  }, []);
  const asked = useLive(known === undefined && waited ? id : null, () => api.jobs.get({ id }), 0);
  const job = known ?? asked.value;
  const done = job?.state === 'done';
  useEffect(() => {
    if (done) onDone();
  }, [done, onDone]);

  if (job === undefined) {
    return (
      <Page title={t('common.loading')}>
        {asked.error !== undefined && (
          <div className="wizard-body stack">
            <ErrorNotice error={asked.error} onRetry={asked.again} />
            <div>
              <Button onPress={onBack}>{t('wizards.backToDraft')}</Button>
            </div>
          </div>
        )}
      </Page>
    );
  }
  const title = workTitle(job.work, t);
  if (job.state === 'queued' || job.state === 'running') return <RunningPage job={job} title={title} />;
  if (job.state === 'done' && job.result !== null && isDiskWork(job.work))
    return <DiskResultPage job={job} result={job.result} work={job.work} onAgain={onBack} />;
  if (job.state === 'done' && job.result !== null && isDriverWork(job.work))
    return <DriversResultPage job={job} result={job.result} work={job.work} onAgain={onBack} />;
  if (job.state === 'done' && job.result !== null)
    return <ResultPage job={job} result={job.result} onAgain={onBack} />;
  return <EndPage job={job} onBack={onBack} />;
}

import { useState, type ReactNode } from 'react';
import type { JobRecord } from '../../../src-shared/contract/jobs';
import { isDiskWork, isDriverWork, type Work } from '../../../src-shared/contract/work';
import { api } from '../../api/api';
import { useText } from '../../i18n/translate';
import { cancelJob } from '../../stores/jobs';
import { navigate } from '../../stores/route';
import { changedDisk, workPath, workSubject, workTitle } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Tabs } from '../../ui/tabs';
import { RecipeDialog } from '../../wizards/runtime/RecipeDialog';
import { JobLines } from './JobLines';
import { JobLog } from './JobLog';
import { JobOverview } from './JobOverview';
import { JobState } from './JobState';
import { useRunAgain } from './RunAgain';

type TabName = 'overview' | 'log' | 'lines';

/** Goes to what work made or changed. */
function openWork(work: Work): void {
  if (isDiskWork(work)) navigate('disks', { disk: changedDisk(work) });
  else if (isDriverWork(work) && work.request.image === undefined)
    navigate('wizard', { name: 'drivers', folder: work.request.path });
  else navigate('image', { wim: workPath(work) });
}

/** Everything about one job, with what can be done with it. */
export function JobDetails({ job }: { readonly job: JobRecord }): ReactNode {
  const t = useText();
  const [tab, setTab] = useState<TabName>('overview');
  const [saving, setSaving] = useState(false);
  const again = useRunAgain();
  const active = job.state === 'running' || job.state === 'queued';
  return (
    <section className="jobs-details" aria-label={t('jobs.details')}>
      <header>
        <h2>{active ? workTitle(job.work, t) : `${t(`verb.${job.work.verb}`)}: ${workSubject(job.work)}`}</h2>
        <JobState state={job.state} />
        <div className="row-flex jobs-actions">
          {active ? (
            <Button kind="primary" onPress={() => void cancelJob(job.id)}>
              {t('jobs.cancel')}
            </Button>
          ) : (
            <>
              <Button onPress={() => void again.start(job.work)} isDisabled={again.busy}>
                {t('jobs.runAgain')}
              </Button>
              {job.state === 'done' && <Button onPress={() => openWork(job.work)}>{t('jobs.open')}</Button>}
            </>
          )}
          <Button kind="quiet" onPress={() => setSaving(true)}>
            {t('jobs.saveRecipe')}
          </Button>
          {!active && (
            <Button kind="quiet" onPress={() => void api.jobs.forget({ id: job.id })}>
              {t('jobs.forget')}
            </Button>
          )}
        </div>
        {again.error !== undefined && <ErrorNotice error={again.error} />}
      </header>
      {again.dialog}
      {saving && <RecipeDialog work={job.work} onClose={() => setSaving(false)} />}
      <div className="tabs">
        <Tabs<TabName>
          label={t('jobs.details')}
          selected={tab}
          onSelect={setTab}
          tabs={[
            { id: 'overview', label: t('jobs.tab.overview'), content: () => <JobOverview job={job} /> },
            { id: 'log', label: t('jobs.tab.log'), content: () => <JobLog job={job} /> },
            { id: 'lines', label: t('jobs.tab.lines'), content: () => <JobLines work={job.work} /> },
          ]}
        />
      </div>
    </section>
  );
}

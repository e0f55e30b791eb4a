import { useMemo, type ReactNode } from 'react';
import type { JobRecord } from '../../../src-shared/contract/jobs';
import { api } from '../../api/api';
import { formatDuration, formatTime } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { readJobs, useJobs } from '../../stores/jobs';
import { setParams, useRoute } from '../../stores/route';
import { workSubject } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { DataTable, type DataColumn } from '../../ui/dataTable';
import { EmptyState, Page } from '../../ui/pieces';
import { JobDetails } from './JobDetails';
import { JobState } from './JobState';
import { RecipesButton } from './Recipes';
import './jobs.css';

/** Running and past jobs: the list, and everything about the selected one. */
export function JobsView(): ReactNode {
  const t = useText();
  const { params } = useRoute();
  const { jobs, order, total } = useJobs();
  const rows = useMemo(() => order.map((id) => jobs[id]).filter((job) => job !== undefined), [jobs, order]);
  const columns = useMemo<DataColumn<JobRecord>[]>(
    () => [
      {
        id: 'state',
        header: t('jobs.column.state'),
        width: 8.5,
        value: ({ state }) => t(`jobs.state.${state}`),
        cell: ({ state }) => <JobState state={state} />,
      },
      {
        id: 'what',
        header: t('jobs.column.what'),
        width: 9,
        value: ({ work }) => t(`verb.${work.verb}`),
        cell: ({ work }) => t(`verb.${work.verb}`),
      },
      {
        id: 'file',
        header: t('jobs.column.file'),
        minimum: 8,
        value: ({ work }) => workSubject(work),
        cell: ({ work }) => <span className="ui-path">{workSubject(work)}</span>,
      },
      {
        id: 'queued',
        header: t('jobs.column.queued'),
        width: 9.5,
        value: ({ queuedAt }) => queuedAt,
        cell: ({ queuedAt }) => formatTime(queuedAt),
      },
      {
        id: 'time',
        header: t('jobs.column.time'),
        width: 5,
        align: 'number',
        value: seconds,
        cell: (job) => (job.endedAt === null || job.startedAt === null ? '' : formatDuration(seconds(job))),
      },
    ],
    [t],
  );
  const selected = params['id'] ?? rows[0]?.id ?? null;
  const shown = selected === null ? undefined : jobs[selected];
  return (
    <Page
      title={t('jobs.title')}
      actions={
        <>
          <RecipesButton />
          <Button isDisabled={rows.length === 0} onPress={() => void api.jobs.forget({})}>
            {t('jobs.forgetAll')}
          </Button>
        </>
      }
    >
      {rows.length === 0 ? (
        <EmptyState title={t('jobs.empty')}>
          <p>{t('jobs.emptyText')}</p>
        </EmptyState>
      ) : (
        <div className="jobs-panes">
          <div className="jobs-list">
            <div className="table">
              <DataTable
                label={t('jobs.table')}
                rows={rows}
                columns={columns}
                rowId={({ id }) => id}
                selected={selected}
                onSelect={({ id }) => setParams({ id })}
              />
            </div>
            {total > order.length && (
              <div className="more">
                <Button onPress={() => void readJobs(order.length)}>{t('jobs.more')}</Button>
              </div>
            )}
          </div>
          {shown === undefined ? (
            <EmptyState title={t('jobs.select')} />
          ) : (
            <JobDetails key={shown.id} job={shown} />
          )}
        </div>
      )}
    </Page>
  );
}

function seconds({ startedAt, endedAt }: JobRecord): number {
  if (startedAt === null || endedAt === null) return 0;
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}

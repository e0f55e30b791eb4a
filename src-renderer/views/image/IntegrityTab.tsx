import { ShieldCheck } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { Work, WorkResult } from '../../../src-shared/contract/work';
import type { WimSummary } from '../../../src-shared/model/summaries';
import { formatBytes, formatCount, formatTime } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { cancelJob } from '../../stores/jobs';
import { baseName } from '../../stores/workNames';
import { fromEnvelope } from '../../../src-shared/rpc/frames';
import { Button } from '../../ui/button';
import { DataTable } from '../../ui/dataTable';
import { ErrorNotice } from '../../ui/errorNotice';
import { Badge, Facts, Notice } from '../../ui/pieces';
import { PlanAndRun } from './PlanAndRun';
import { RunningWork } from './RunningWork';
import { useCommitting } from './useFreshness';
import { useLibraryRow, useVerification } from './useVerification';

type ImageResult = NonNullable<WorkResult['perImage']>[number];

/** Whether a WIM is whole: verification with its result for each image, and the integrity table. */
export function IntegrityTab({
  wim,
  summary,
  locked,
}: {
  readonly wim: string;
  readonly summary: WimSummary;
  readonly locked: string | undefined;
}): ReactNode {
  const t = useText();
  const row = useLibraryRow(summary.path);
  const { job, start, starting, error } = useVerification(wim);
  const [adding, setAdding] = useState(false);
  const running = job?.state === 'running' || job?.state === 'queued' ? job : undefined;
  const verified = row?.verified ?? null;
  const { integrity } = summary.attributes;
  // What a verification found is true for the file as it was then.
  const current = job?.result !== null && verified !== null;
  const table = integrity ? t('image.integrity.present') : t('image.integrity.absent');

  return (
    <div className="image-integrity scroll" tabIndex={0} role="group" aria-label={t('image.tab.integrity')}>
      <div className="image-integrity-head">
        <Facts
          facts={[
            [
              t('image.integrity.verified'),
              verified === null ? (
                t('image.integrity.never')
              ) : (
                <Badge key="v" tone={verified.ok ? 'verified' : 'danger'}>
                  {t(verified.ok ? 'image.integrity.wholeAt' : 'image.integrity.faulty', {
                    time: formatTime(verified.at),
                  })}
                </Badge>
              ),
            ],
            [t('image.integrity.table'), table],
          ]}
        />
        <div className="row-flex">
          <Button
            kind="primary"
            icon={ShieldCheck}
            isDisabled={running !== undefined || starting}
            onPress={start}
            lesson="integrity.verify"
          >
            {t('image.integrity.verify', { name: baseName(wim) })}
          </Button>
          {!integrity && summary.totalParts === 1 && (
            <Button isDisabled={locked !== undefined} onPress={() => setAdding(true)}>
              {t('image.integrity.add')}
            </Button>
          )}
        </div>
      </div>
      {!integrity && <p className="soft">{t('image.integrity.why')}</p>}
      {running !== undefined && (
        <div className="stack">
          <RunningWork id={running.id} label={t('doing.verify', { name: baseName(wim) })} />
          <div>
            <Button onPress={() => void cancelJob(running.id)}>{t('strip.cancel')}</Button>
          </div>
        </div>
      )}
      {error !== undefined ? (
        <ErrorNotice error={error} onRetry={start} />
      ) : (
        job?.state === 'failed' && job.error !== null && <ErrorNotice error={fromEnvelope(job.error)} />
      )}
      {running === undefined && job?.result !== null && job?.result !== undefined && (
        <VerifyResult result={job.result} at={job.endedAt} current={current} />
      )}
      {adding && <AddTable wim={wim} onClose={() => setAdding(false)} />}
    </div>
  );
}

function VerifyResult({
  result,
  at,
  current,
}: {
  readonly result: WorkResult;
  readonly at: string | null;
  readonly current: boolean;
}): ReactNode {
  const t = useText();
  const [selected, setSelected] = useState<string | null>(null);
  const faults = result.faults?.total ?? 0;
  const whole = faults === 0 && result.integrity !== 'failed';
  const images = result.perImage ?? [];
  return (
    <>
      <Notice tone={whole ? (current ? 'verified' : 'plain') : 'danger'} live>
        <strong>
          {t(whole ? 'image.integrity.whole' : 'image.integrity.damaged', {
            name: baseName(result.wim),
            faults,
            blobs: result.blobs ?? 0,
            size: formatBytes(result.bytes ?? 0),
          })}
        </strong>
        <div>
          {t(`image.integrity.result.${result.integrity ?? 'absent'}`)}{' '}
          <span className="soft">{formatTime(at)}</span>
        </div>
        {!current && <div>{t('image.integrity.stale')}</div>}
      </Notice>
      {images.length > 0 && (
        <div className="image-integrity-table">
          <DataTable<ImageResult>
            label={t('image.integrity.perImage')}
            rows={images}
            rowId={({ index }) => String(index)}
            selected={selected}
            onSelect={({ index }) => setSelected(String(index))}
            columns={[
              {
                id: 'index',
                header: t('image.column.index'),
                width: 3,
                align: 'number',
                value: ({ index }) => index,
                cell: ({ index }) => index,
              },
              {
                id: 'name',
                header: t('image.column.name'),
                value: ({ name }) => name,
                cell: ({ name }) => <span className="image-name">{name}</span>,
              },
              {
                id: 'state',
                header: t('image.integrity.state'),
                width: 12,
                value: ({ faults: count }) => count,
                cell: ({ faults: count }) => (
                  <Badge tone={count === 0 ? 'verified' : 'danger'}>
                    {t('image.integrity.faults', { count })}
                  </Badge>
                ),
              },
              {
                id: 'blobs',
                header: t('image.integrity.blobs'),
                width: 7,
                align: 'number',
                value: ({ blobs }) => blobs,
                cell: ({ blobs }) => formatCount(blobs),
              },
              {
                id: 'bytes',
                header: t('image.column.size'),
                width: 7,
                align: 'number',
                value: ({ bytes }) => bytes,
                cell: ({ bytes }) => formatBytes(bytes),
              },
            ]}
          />
        </div>
      )}
      {faults > 0 && (
        <section className="stack">
          <h2>{t('image.integrity.list')}</h2>
          <ul className="image-lines">
            {(result.faults?.first ?? []).map(({ path, problem }, i) => (
              <li key={i}>{path === '' ? problem : `${path}: ${problem}`}</li>
            ))}
            {faults > (result.faults?.first.length ?? 0) && (
              <li className="soft">
                {t('common.moreItems', { count: faults - (result.faults?.first.length ?? 0) })}
              </li>
            )}
          </ul>
          <p>{t('image.integrity.advice')}</p>
        </section>
      )}
    </>
  );
}

function AddTable({ wim, onClose }: { readonly wim: string; readonly onClose: () => void }): ReactNode {
  const t = useText();
  const { committed } = useCommitting();
  const work = useMemo((): Work => ({ verb: 'info', request: { wim, integrity: true } }), [wim]);
  return (
    <PlanAndRun
      title={t('image.integrity.addTitle')}
      work={work}
      runLabel={t('image.integrity.addTo', { name: baseName(wim) })}
      onClose={onClose}
      onDone={committed}
    >
      <p>{t('image.integrity.why')}</p>
    </PlanAndRun>
  );
}

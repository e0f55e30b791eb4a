import { RefreshCw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Erasure, Plan, Work } from '../../../src-shared/contract/work';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { DiskBar } from '../../views/disks/bar/DiskBar';
import { segmentsOfPlan } from '../../views/disks/bar/segments';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Checkbox, TextField } from '../../ui/fields';
import { Notice, PathText, Section } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { DriversPlan } from './DriversPlan';
import { CommandLines } from './CommandLines';
import { LongList } from './LongList';
import type { Review } from './useReview';

/** The plan in words, what it takes away, and the same job as command lines. */
export function ReviewStep({
  review,
  work,
  sentences,
}: {
  readonly review: Review;
  readonly work: Work | null;
  readonly sentences: (plan: Plan) => readonly string[];
}): ReactNode {
  const t = useText();
  const { plan, stale } = review;
  return (
    <div className="stack wizard-review">
      {stale && (
        <Notice tone="decision" live>
          {t('wizards.planStale')}
        </Notice>
      )}
      {plan.busy && (
        <div className="stack">
          <div className="row-flex" role="status">
            <span className="grow">{t('wizards.planning')}</span>
            <Button onPress={plan.stop}>{t('common.cancel')}</Button>
          </div>
          <ProgressBar label={t('wizards.planning')} fraction={null} />
        </div>
      )}
      {plan.stopped && (
        <Notice>
          <div className="row-flex">
            <span className="grow">{t('wizards.planStopped')}</span>
            <Button onPress={() => review.renew(false)}>{t('wizards.planAgain')}</Button>
          </div>
        </Notice>
      )}
      {plan.error !== undefined && <ErrorNotice error={plan.error} onRetry={() => review.renew(false)} />}
      {plan.value !== undefined && (
        <PlanWords plan={plan.value} review={review} sentences={sentences(plan.value)} />
      )}
      {work !== null && (
        <Section title={t('wizards.asLine')}>
          <CommandLines work={work} />
        </Section>
      )}
    </div>
  );
}

function PlanWords({
  plan,
  review,
  sentences,
}: {
  readonly plan: Plan;
  readonly review: Review;
  readonly sentences: readonly string[];
}): ReactNode {
  const t = useText();
  const [details, setDetails] = useState(false);
  const { excluded, notKept, warnings } = plan;
  return (
    <>
      <ul className="wizard-sentences">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        <Space plan={plan} />
      </ul>
      {plan.disk !== undefined && plan.disk.partitions.length > 0 && (
        <div className="disk-bar-line">
          <span className="soft">{t('disks.asItWillBe')}</span>
          <DiskBar
            label={t('disks.asItWillBe')}
            segments={segmentsOfPlan(plan.disk.partitions, plan.disk.size)}
          />
        </div>
      )}
      {(plan.erases.length > 0 || review.nameToType !== null) && (
        <Erasures erases={plan.erases} review={review} />
      )}
      {plan.drivers !== undefined && <DriversPlan drivers={plan.drivers} />}
      {excluded !== undefined && excluded.total > 0 && (
        <LongList
          title={t('wizards.leftOut', { count: excluded.total })}
          groups={byPattern(excluded.first)}
          total={excluded.total}
        />
      )}
      {notKept !== undefined && notKept.total > 0 && (
        <LongList
          title={t('wizards.notKept', { count: notKept.total })}
          lines={notKept.first.map(({ path, problem }) => ({ path, text: problem }))}
          total={notKept.total}
        />
      )}
      {warnings.total > 0 && (
        <LongList
          title={t('wizards.warnings', { count: warnings.total })}
          lines={warnings.first.map((text) => ({ path: '', text }))}
          total={warnings.total}
          tone="decision"
        />
      )}
      <div>
        <div className="row-flex wizard-quiet">
          <Button kind="quiet" onPress={() => setDetails(!details)} aria-expanded={details}>
            {t('common.details')}
          </Button>
          <Button kind="quiet" icon={RefreshCw} onPress={() => review.renew(false)}>
            {t('wizards.planAgain')}
          </Button>
        </div>
        {details && (
          <ol className="wizard-details">
            {plan.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        )}
      </div>
    </>
  );
}

function Space({ plan }: { readonly plan: Plan }): ReactNode {
  const t = useText();
  const { spaceNeeded, spaceFree } = plan;
  if (spaceNeeded === null || spaceNeeded === 0) return null;
  if (spaceFree === null) return <li>{t('wizards.spaceNeeded', { needed: formatBytes(spaceNeeded) })}</li>;
  return (
    <li>
      {t('wizards.space', { needed: formatBytes(spaceNeeded), free: formatBytes(spaceFree) })}
      {spaceNeeded > spaceFree && <strong> {t('wizards.spaceTight')}</strong>}
    </li>
  );
}

/** What goes, by name, and the person's word that it may. */
function Erasures({
  erases,
  review,
}: {
  readonly erases: readonly Erasure[];
  readonly review: Review;
}): ReactNode {
  const t = useText();
  const { confirmation, confirm, nameToType } = review;
  const what = [...new Set(erases.map(({ path }) => baseName(path)))].join(', ');
  const onDisk = erases.some((erasure) => erasure.what === 'partition' || erasure.what === 'disk');
  const folder = erases.every((erasure) => erasure.what === 'folder');
  const count = erases.reduce((sum, { found }) => sum + found.total, 0);
  return (
    <div className="wizard-erases">
      <Notice tone="danger">
        {erases.length > 0 && <strong>{t('wizards.erases')}</strong>}
        {erases.map((erasure) => (
          <div
            key={`${erasure.path} ${erasure.name ?? ''} ${erasure.found.first.join()}`}
            className="stack tight"
          >
            <div className="row-flex">
              {erasure.name === undefined ? <PathText path={erasure.path} /> : <span>{erasure.name}</span>}
              <span className="soft nowrap">
                {erasure.name !== undefined
                  ? ''
                  : erasure.what === 'folder'
                    ? t('wizards.erasesFiles', {
                        count: erasure.found.total,
                        size: formatBytes(erasure.bytes),
                      })
                    : formatBytes(erasure.bytes)}
              </span>
            </div>
            {erasure.found.total > 0 && (
              <ul className="wizard-found">
                {erasure.found.first.slice(0, 8).map((found) => (
                  <li key={found}>
                    {erasure.what === 'folder' ? (
                      <PathText path={found} />
                    ) : erasure.name !== undefined ? (
                      found
                    ) : (
                      t('wizards.imageLine', { image: found })
                    )}
                  </li>
                ))}
                {erasure.found.total > 8 && (
                  <li className="soft">{t('common.moreItems', { count: erasure.found.total - 8 })}</li>
                )}
              </ul>
            )}
          </div>
        ))}
        {erases.length > 0 && (
          <Checkbox
            isSelected={confirmation.ticked}
            onChange={(ticked) => confirm({ ticked })}
            lesson="wizard.confirm"
          >
            {onDisk
              ? t('disks.confirmErase', { name: review.nameToType ?? what })
              : folder
                ? t('wizards.confirmFolder', { count, name: what })
                : t('wizards.confirmFile', { name: what })}
          </Checkbox>
        )}
        {nameToType !== null && (
          <TextField
            label={t('wizards.typeName', { name: nameToType })}
            value={confirmation.typed}
            onChange={(typed) => confirm({ typed })}
          />
        )}
      </Notice>
    </div>
  );
}

function byPattern(
  excluded: readonly { readonly path: string; readonly pattern: string }[],
): { readonly name: string; readonly paths: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { path, pattern } of excluded) {
    const group = groups.get(pattern);
    if (group === undefined) groups.set(pattern, [path]);
    else group.push(path);
  }
  return [...groups].map(([name, paths]) => ({ name, paths }));
}

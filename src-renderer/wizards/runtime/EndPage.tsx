import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import type { JobRecord } from '../../../src-shared/contract/jobs';
import { fromEnvelope } from '../../../src-shared/rpc/frames';
import { useText } from '../../i18n/translate';
import { navigate } from '../../stores/route';
import { workOutcome } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Notice, Page, Section } from '../../ui/pieces';
import { CommandLines } from './CommandLines';
import { nowThere } from './nowThere';
import { takeFocus } from './takeFocus';

/** A job that did not come to its end: what happened, what is there now, what to do. */
export function EndPage({
  job,
  onBack,
}: {
  readonly job: JobRecord;
  readonly onBack: () => void;
}): ReactNode {
  const t = useText();
  const name = workOutcome(job.work);
  const state = job.state === 'cancelled' || job.state === 'interrupted' ? job.state : 'failed';
  return (
    <Page
      title={t(`wizards.end.${state}`, { name })}
      actions={<Button onPress={() => navigate('jobs', { id: job.id })}>{t('wizards.showJob')}</Button>}
    >
      <div className="wizard-job scroll" tabIndex={-1} ref={takeFocus}>
        {state === 'failed' && job.error !== null ? (
          <ErrorNotice error={fromEnvelope(job.error)} />
        ) : (
          <Notice live>{t(`wizards.end.${state}Text`)}</Notice>
        )}
        <Section title={t('wizards.end.now')}>
          <p>{nowThere(job, t)}</p>
        </Section>
        <div className="row-flex">
          <Button kind="primary" icon={ArrowLeft} onPress={onBack}>
            {t('wizards.backToDraft')}
          </Button>
        </div>
        <Section title={t('wizards.asLine')}>
          <CommandLines work={job.work} />
        </Section>
      </div>
    </Page>
  );
}

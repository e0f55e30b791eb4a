import { useRef, useState, type ReactNode } from 'react';
import { withConfirmation } from '../../../src-shared/contract/confirmation';
import type { Work, WorkResult } from '../../../src-shared/contract/work';
import { useText } from '../../i18n/translate';
import { cancelJob, runWork } from '../../stores/jobs';
import { navigate } from '../../stores/route';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ErrorNotice } from '../../ui/errorNotice';
import { TextField } from '../../ui/fields';
import { ProgressBar } from '../../ui/progress';
import { isStale } from './assertUnchanged';
import { PlanSummary } from './PlanSummary';
import { ResultWords, RunningWork } from './RunningWork';
import { usePlan } from './usePlan';
import { isCancelled } from './useRequest';

type Stage =
  | { readonly at: 'form' }
  | { readonly at: 'running'; readonly id: string }
  | { readonly at: 'done'; readonly id: string; readonly result: WorkResult };

interface Props {
  readonly title: string;
  /** What the form asks for; null while it is not complete. */
  readonly work: Work | null;
  /** Why it is not complete or cannot be done at all, beside the button. */
  readonly blocked?: string | undefined;
  /** Verb and object: "Delete image 2". */
  readonly runLabel: string;
  /** The button is red when it erases something by its nature; a plan that erases makes it red by itself. */
  readonly danger?: boolean;
  /** The form. */
  readonly children?: ReactNode;
  readonly onClose: () => void;
  /** A last look before it is run; what it throws is shown, and nothing is run. */
  readonly beforeRun?: () => Promise<void>;
  /** Called once when the host has done it, also when the dialog is gone. */
  readonly onDone?: (result: WorkResult) => void;
}

/**
 * A dialog for work: its form; the plan in words, made anew whenever the form changes; the button that names what it
 * does; then the job, which goes on when the dialog is closed.
 */
export function PlanAndRun(props: Props): ReactNode {
  const { title, work, blocked, runLabel, danger = false, children, onClose, beforeRun, onDone } = props;
  const t = useText();
  const [stage, setStage] = useState<Stage>({ at: 'form' });
  const [failure, setFailure] = useState<unknown>();
  const [starting, setStarting] = useState(false);
  const planning = usePlan(stage.at === 'form' ? work : null);
  const { plan } = planning;
  const nameToType = plan?.confirmation;
  const [typed, setTyped] = useState('');
  const closed = useRef(false);

  const run = async (): Promise<void> => {
    if (plan === undefined) return;
    setFailure(undefined);
    setStarting(true);
    try {
      await beforeRun?.();
      const order = nameToType === undefined ? plan.work : withConfirmation(plan.work, typed);
      const { id, result } = await runWork(order, plan.fingerprint);
      setStage({ at: 'running', id });
      setStarting(false);
      const done = await result;
      onDone?.(done);
      if (!closed.current) setStage({ at: 'done', id, result: done });
    } catch (error) {
      setStarting(false);
      setStage({ at: 'form' });
      if (isStale(error)) planning.again();
      if (!isCancelled(error)) setFailure(error);
    }
  };
  const close = (): void => {
    closed.current = true;
    onClose();
  };
  const red = danger || (plan?.erases.length ?? 0) > 0;

  return (
    <Dialog
      title={title}
      isOpen
      onClose={close}
      footer={
        stage.at === 'form' ? (
          <>
            {blocked !== undefined && <span className="image-blocked soft">{blocked}</span>}
            <Button onPress={close}>{t('common.cancel')}</Button>
            <Button
              kind={red ? 'danger' : 'primary'}
              isDisabled={
                plan === undefined ||
                starting ||
                blocked !== undefined ||
                (nameToType !== undefined && typed !== nameToType)
              }
              onPress={() => void run()}
              lesson="plan.run"
            >
              {runLabel}
            </Button>
          </>
        ) : (
          <>
            <Button onPress={() => navigate('jobs', { id: stage.id })}>{t('image.run.show')}</Button>
            {stage.at === 'running' && (
              <Button onPress={() => void cancelJob(stage.id)}>{t('strip.cancel')}</Button>
            )}
            <Button kind="primary" onPress={close}>
              {t('common.close')}
            </Button>
          </>
        )
      }
    >
      {stage.at === 'form' && (
        <>
          {children}
          {/* What blocks it says the same with what to do. */}
          {failure !== undefined && !(isStale(failure) && blocked !== undefined) && (
            <ErrorNotice error={failure} />
          )}
          {planning.error !== undefined && failure === undefined && (
            <ErrorNotice error={planning.error} onRetry={planning.again} />
          )}
          {planning.planning && (
            <div className="stack" role="status">
              <span className="soft">{t('image.plan.making')}</span>
              <ProgressBar label={t('image.plan.making')} fraction={null} />
            </div>
          )}
          {plan !== undefined && <PlanSummary plan={plan} />}
          {nameToType !== undefined && (
            <TextField
              label={t('wizards.typeName', { name: nameToType })}
              value={typed}
              onChange={setTyped}
            />
          )}
        </>
      )}
      {stage.at === 'running' && (
        <>
          <RunningWork id={stage.id} label={title} />
          <p className="soft">{t('image.run.goesOn')}</p>
        </>
      )}
      {stage.at === 'done' && <ResultWords result={stage.result} />}
    </Dialog>
  );
}

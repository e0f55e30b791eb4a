import { useState, type ReactNode } from 'react';
import type { Plan, Work } from '../../../src-shared/contract/work';
import { withConfirmation } from '../../../src-shared/contract/confirmation';
import { api } from '../../api/api';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { runWork } from '../../stores/jobs';
import { navigate } from '../../stores/route';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/fields';

export interface RunAgain {
  /** Plans the work and runs it; what it would take away is asked for first. */
  readonly start: (work: Work) => Promise<void>;
  readonly busy: boolean;
  readonly error: unknown;
  /** The question is open. */
  readonly asks: boolean;
  readonly dialog: ReactNode;
}

/**
 * Runs the work of a job or a recipe once more.
 * @param onStarted called when the job is there
 */
export function useRunAgain(onStarted?: () => void): RunAgain {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [asked, setAsked] = useState<Plan>();
  const guarded = async (action: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await action();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const run = async ({ work, fingerprint }: Plan, typed = ''): Promise<void> => {
    const { id } = await runWork(typed === '' ? work : withConfirmation(work, typed), fingerprint);
    navigate('jobs', { id });
    onStarted?.();
  };
  const start = (work: Work): Promise<void> =>
    guarded(async () => {
      const plan = await (await api.jobs.plan({ work: allowed(work) })).result;
      if (plan.erases.length > 0 || plan.confirmation !== undefined) setAsked(plan);
      else await run(plan);
    });
  const dialog = asked !== undefined && (
    <Confirm
      plan={asked}
      onClose={() => setAsked(undefined)}
      onRun={(typed) => {
        setAsked(undefined);
        void guarded(() => run(asked, typed));
      }}
    />
  );
  return { start, busy, error, asks: asked !== undefined, dialog };
}

/** To run it again means to replace what the first run made; the plan says so and asks. */
function allowed(work: Work): Work {
  switch (work.verb) {
    case 'capture':
      return { verb: 'capture', request: { ...work.request, overwrite: true } };
    case 'diskCreate':
      return { verb: 'diskCreate', request: { ...work.request, overwrite: true } };
    case 'diskPrepare':
      return { verb: 'diskPrepare', request: { ...work.request, overwrite: true } };
    case 'diskConvert':
      return { verb: 'diskConvert', request: { ...work.request, overwrite: true } };
    case 'diskWipe':
      return { verb: 'diskWipe', request: { ...work.request, overwrite: true } };
    case 'apply':
      return work.request.volume === undefined && work.request.prepare === undefined
        ? work
        : { verb: 'apply', request: { ...work.request, overwrite: true } };
    default:
      return work;
  }
}

function Confirm({
  plan,
  onClose,
  onRun,
}: {
  readonly plan: Plan;
  readonly onClose: () => void;
  /** @param typed the name that had to be typed; '' where none had */
  readonly onRun: (typed: string) => void;
}): ReactNode {
  const t = useText();
  const [typed, setTyped] = useState('');
  const name = plan.confirmation;
  return (
    <Dialog
      title={t('jobs.confirm.title')}
      isOpen
      role="alertdialog"
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button
            kind="danger"
            isDisabled={name !== undefined && typed !== name}
            onPress={() => onRun(typed)}
          >
            {t('jobs.confirm.run', { verb: t(`verb.${plan.work.verb}`) })}
          </Button>
        </>
      }
    >
      {plan.erases.map((erasure) => (
        <div key={`${erasure.what} ${erasure.path} ${erasure.name ?? ''}`}>
          <p>
            {t(`jobs.confirm.${erasure.what}`, {
              path: erasure.path,
              size: formatBytes(erasure.bytes),
              what: erasure.name ?? '',
            })}
          </p>
          <ul className="jobs-remarks soft">
            {erasure.found.first.slice(0, 8).map((name) => (
              <li key={name}>{name}</li>
            ))}
            {erasure.found.total > 8 && <li>{t('common.moreItems', { count: erasure.found.total - 8 })}</li>}
          </ul>
        </div>
      ))}
      {name !== undefined && (
        <TextField label={t('wizards.typeName', { name })} value={typed} onChange={setTyped} />
      )}
    </Dialog>
  );
}

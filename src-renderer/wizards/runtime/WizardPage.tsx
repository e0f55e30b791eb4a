import { ArrowLeft, RotateCcw } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { withLimits } from '../../../src-shared/contract/limits';
import { AppError } from '../../../src-shared/errors/appError';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { useCommands } from '../../stores/commands';
import { runWork } from '../../stores/jobs';
import { setParams, useRoute } from '../../stores/route';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Page } from '../../ui/pieces';
import '../wizards.css';
import { JobPage } from './JobPage';
import { ReviewStep } from './ReviewStep';
import { stepStates } from './stepStates';
import { StepList } from './StepList';
import { useDraft } from './useDraft';
import { useReview } from './useReview';
import type { Wizard } from './wizard';

const REVIEW = 'review';

/** A wizard: one page that fills in. Its job's progress and result take the same place. */
export function WizardPage<D extends object, F>({ wizard }: { readonly wizard: Wizard<D, F> }): ReactNode {
  const { params } = useRoute();
  const job = params['job'];
  const state = useDraft(wizard);
  const [fault, setFault] = useState<unknown>();
  if (job !== undefined) {
    return (
      <JobPage
        id={job}
        onDone={state.finish}
        onBack={() => {
          state.visit(REVIEW);
          setParams({ job: undefined, step: REVIEW });
        }}
      />
    );
  }
  return <Filling wizard={wizard} state={state} fault={fault} onFault={setFault} />;
}

function Filling<D extends object, F>({
  wizard,
  state,
  fault,
  onFault,
}: {
  readonly wizard: Wizard<D, F>;
  readonly state: ReturnType<typeof useDraft<D, F>>;
  readonly fault: unknown;
  readonly onFault: (fault: unknown) => void;
}): ReactNode {
  const t = useText();
  const { params } = useRoute();
  const { draft, change, visit, visited, reset } = state;
  const ids = [...wizard.steps.map(({ id }) => id), ...(wizard.run === undefined ? [] : [REVIEW])];
  const at = Math.max(0, ids.indexOf(params['step'] ?? ''));
  const id = ids[at];
  const facts = wizard.useFacts(draft, id);
  const states = stepStates(wizard, draft, facts, visited, t);
  const incomplete = states.find(({ blockers }) => blockers.length > 0);
  const atReview = id === REVIEW;
  const settings = useApp((app) => app.settings);
  const asked = wizard.run?.work(draft, facts) ?? null;
  const work = asked === null ? null : withLimits(asked, settings);
  const review = useReview(atReview && incomplete === undefined ? work : null);
  const body = useRef<HTMLDivElement>(null);
  const [wish, setWish] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);

  const blockers = atReview
    ? incomplete === undefined
      ? review.blockers(t)
      : [{ text: t('wizards.stepMissing', { step: incomplete.title }) }]
    : states[at].blockers;

  const go = useCallback((to: string) => setParams({ step: to }, false), []);
  const next = ids.at(at + 1);
  const goOn = useCallback(() => {
    // Blockers that only wait for a check let go by themselves.
    if (next !== undefined) setWish(id);
  }, [id, next]);
  const onlyWaiting = blockers.every(({ waiting }) => waiting === true);
  useEffect(() => {
    if (wish === null) return;
    if (wish !== id || !onlyWaiting) setWish(null);
    else if (blockers.length === 0 && next !== undefined) {
      setWish(null);
      go(next);
    }
  }, [wish, id, onlyWaiting, blockers.length, next, go]);

  useEffect(() => visit(id), [visit, id]);
  useEffect(() => focusFirst(body.current), [id]);

  const run = async (): Promise<void> => {
    if (review.plan.value === undefined || review.order === undefined || blockers.length > 0 || starting)
      return;
    setStarting(true);
    onFault(undefined);
    try {
      const { id: started } = await runWork(review.order, review.plan.value.fingerprint);
      setParams({ job: started }, false);
    } catch (error) {
      if (error instanceof AppError && (error.code === 'plan/stale' || error.code === 'plan/needed')) {
        review.renew(true);
      } else {
        onFault(error);
      }
    } finally {
      setStarting(false);
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.key !== 'Enter' || atReview) return;
    if (!(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    goOn();
  };
  // Wherever the focus is, and before the control at hand takes it for a press.
  const onCtrlEnter = useRef(goOn);
  onCtrlEnter.current = atReview ? () => void run() : goOn;
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      event.stopPropagation();
      onCtrlEnter.current();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, []);

  const commands = useMemo(
    () => [
      { id: 'wizard-reset', label: t('wizards.startAgain'), run: reset },
      ...(atReview ? [{ id: 'wizard-run', label: t('wizards.run'), run: () => onCtrlEnter.current() }] : []),
    ],
    [t, reset, atReview],
  );
  useCommands('wizard', commands);

  const Step = atReview ? undefined : wizard.steps[at].Component;
  return (
    <Page
      title={t(wizard.title)}
      facts={wizard.subject(draft, facts, t)}
      actions={
        <Button kind="quiet" icon={RotateCcw} onPress={reset}>
          {t('wizards.startAgain')}
        </Button>
      }
    >
      <div className="wizard" onKeyDown={onKeyDown}>
        <StepList
          steps={[
            ...states,
            ...(wizard.run === undefined
              ? []
              : [
                  {
                    id: REVIEW,
                    title: t('wizards.review'),
                    summary: '',
                    blockers: [],
                    done: false,
                    seen: false,
                  },
                ]),
          ]}
          current={id}
          onGo={go}
        />
        <div className="wizard-main">
          <section className="wizard-body scroll" ref={body} aria-labelledby="wizard-step-title">
            <h2 id="wizard-step-title" tabIndex={-1}>
              {atReview ? t('wizards.review') : states[at].title}
            </h2>
            {fault !== undefined && <ErrorNotice error={fault} />}
            {Step !== undefined && <Step draft={draft} facts={facts} change={change} goOn={goOn} />}
            {atReview && wizard.run !== undefined && (
              <ReviewStep
                review={review}
                work={work}
                sentences={(plan) => wizard.run?.sentences(draft, facts, plan, t) ?? []}
              />
            )}
          </section>
          <footer className="wizard-bar">
            <Button
              icon={ArrowLeft}
              isDisabled={at === 0}
              onPress={() => go(ids[at - 1])}
              lesson="wizard.back"
            >
              {t('common.back')}
            </Button>
            <div className="wizard-blockers" role="status">
              {blockers.slice(0, 2).map(({ text, waiting }) => (
                <div key={text} className={waiting === true ? 'waiting' : undefined}>
                  {text}
                </div>
              ))}
            </div>
            {next !== undefined && (
              <Button kind="primary" isDisabled={!onlyWaiting} onPress={goOn} lesson="wizard.next">
                {t('common.next')}
              </Button>
            )}
            {atReview && wizard.run !== undefined && (
              <Button
                kind={review.destroys ? 'danger' : 'primary'}
                isDisabled={blockers.length > 0 || starting}
                onPress={() => void run()}
                lesson="wizard.run"
              >
                {incomplete === undefined ? wizard.run.label(draft, facts, t) : t(wizard.title)}
              </Button>
            )}
          </footer>
        </div>
      </div>
    </Page>
  );
}

/** The first field of a step, the chosen one of a choice, or the heading where there is none. */
function focusFirst(body: HTMLElement | null): void {
  if (body === null) return;
  const first = body.querySelector<HTMLElement>(
    // A choice that most leave as it is comes before the field that is to be filled in.
    'input:not([disabled], [data-first-choice] *), textarea:not([disabled]), .ui-select',
  );
  const chosen =
    first instanceof HTMLInputElement && first.type === 'radio'
      ? (body.querySelector<HTMLElement>('input[type="radio"]:checked') ?? first)
      : first;
  (chosen ?? body.querySelector<HTMLElement>('h2'))?.focus();
}

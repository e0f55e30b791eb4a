import { Check, ChevronRight, Circle, CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { classes } from '../../ui/classes';
import type { StepState } from './stepStates';

/** The steps of a wizard and how far each is; every one can be gone to. */
export function StepList({
  steps,
  current,
  onGo,
}: {
  readonly steps: readonly StepState[];
  readonly current: string;
  readonly onGo: (id: string) => void;
}): ReactNode {
  const t = useText();
  return (
    <nav className="wizard-steps scroll" aria-label={t('wizards.steps')}>
      <ol>
        {steps.map(({ id, title, summary, blockers, done, seen }) => {
          const isCurrent = id === current;
          const missing = seen && !done && blockers.length > 0 && blockers[0].waiting !== true;
          const Icon = isCurrent ? ChevronRight : done ? Check : missing ? CircleAlert : Circle;
          return (
            <li key={id}>
              <button
                type="button"
                className={classes(
                  'wizard-step',
                  isCurrent && 'current',
                  done && 'done',
                  missing && 'missing',
                )}
                aria-current={isCurrent ? 'step' : undefined}
                onClick={() => onGo(id)}
                data-lesson={`wizard.step.${id}`}
              >
                <Icon className="ui-icon" aria-hidden />
                <span className="grow">
                  <span className="title">{title}</span>
                  {done && !isCurrent && <span className="visually-hidden"> {t('wizards.stepDone')}</span>}
                  {seen && summary !== '' && <span className="summary">{summary}</span>}
                  {missing && !isCurrent && <span className="summary lack">{blockers[0].text}</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

import type { Translate } from '../../i18n/translate';
import type { Blocker, Wizard } from './wizard';

/** A step as the list on the left shows it. */
export interface StepState {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly blockers: readonly Blocker[];
  /** Seen, and nothing is missing. */
  readonly done: boolean;
  readonly seen: boolean;
}

/** How far each step of a wizard is. */
export function stepStates<D extends object, F>(
  wizard: Wizard<D, F>,
  draft: D,
  facts: F,
  visited: readonly string[],
  t: Translate,
): StepState[] {
  return wizard.steps.map((step) => {
    const blockers = step.blockers(draft, facts, t);
    const seen = visited.includes(step.id);
    return {
      id: step.id,
      title: t(step.title),
      summary: step.summary(draft, facts, t),
      blockers,
      done: seen && blockers.length === 0,
      seen,
    };
  });
}

import type { ComponentType } from 'react';
import type { z } from 'zod';
import type { Plan, Work } from '../../../src-shared/contract/work';
import type { MessageKey } from '../../i18n/catalogue';
import type { Translate } from '../../i18n/translate';
import type { Beginning } from './beginning';

/** Why a step is not complete, as a sentence. */
export interface Blocker {
  readonly text: string;
  /** Only a check that is still going on: it may be over in a moment. */
  readonly waiting?: boolean;
}

export interface StepProps<D, F> {
  readonly draft: D;
  readonly facts: F;
  readonly change: (changes: Partial<D>) => void;
  /** Goes on to the next step, as Enter does. */
  readonly goOn: () => void;
}

/** One step of a wizard. */
export interface WizardStep<D, F> {
  readonly id: string;
  readonly title: MessageKey;
  /** What was chosen, in few words; '' for nothing. */
  readonly summary: (draft: D, facts: F, t: Translate) => string;
  readonly blockers: (draft: D, facts: F, t: Translate) => readonly Blocker[];
  readonly Component: ComponentType<StepProps<D, F>>;
}

/** A wizard as data. `D` is what a person fills in, `F` what the host finds about it. */
export interface Wizard<D extends object, F> {
  readonly name: 'capture' | 'append' | 'apply' | 'info' | 'prepare' | 'drivers';
  readonly title: MessageKey;
  readonly schema: z.ZodType<D>;
  /** Parameters of the route that a draft begins with; they replace a kept draft that says something else. */
  readonly seeds: readonly (keyof D & string)[];
  readonly begin: (beginning: Beginning) => D;
  /** A hook: what the host says about the draft. @param step id of the step at hand */
  readonly useFacts: (draft: D, step: string) => F;
  readonly steps: readonly WizardStep<D, F>[];
  /** Shown beside the title: what it is about. */
  readonly subject: (draft: D, facts: F, t: Translate) => string;
  /** Absent: the wizard ends without a job. */
  readonly run?: {
    /** null while something is missing. */
    readonly work: (draft: D, facts: F) => Work | null;
    /** Verb and object: 'Capture to lab.wim'. */
    readonly label: (draft: D, facts: F, t: Translate) => string;
    /** The plan in plain sentences. */
    readonly sentences: (draft: D, facts: F, plan: Plan, t: Translate) => readonly string[];
  };
}

import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { InjectionOutcome, SignatureState } from '../../../src-shared/model/drivers';
import { useText } from '../../i18n/translate';
import { Badge, type Tone } from '../../ui/pieces';

const signatureTones: Readonly<Record<SignatureState, Tone>> = {
  whcp: 'verified',
  inbox: 'verified',
  signed: 'plain',
  doubtful: 'decision',
  unsigned: 'decision',
  tampered: 'danger',
  unchecked: 'plain',
};

/** Who signed a package, in a word. */
export function SignatureBadge({ state }: { readonly state: SignatureState }): ReactNode {
  const t = useText();
  return <Badge tone={signatureTones[state]}>{t(`drivers.signature.${state}`)}</Badge>;
}

/** A sign for a package that has faults, or of which there is something to know. */
export function FaultMark({
  errors,
  warnings,
}: {
  readonly errors: number;
  readonly warnings: number;
}): ReactNode {
  const t = useText();
  if (errors > 0)
    return <CircleAlert className="ui-icon drivers-red" aria-label={t('drivers.hasFaults')} role="img" />;
  if (warnings > 0)
    return (
      <TriangleAlert className="ui-icon drivers-amber" aria-label={t('drivers.hasWarnings')} role="img" />
    );
  return null;
}

const outcomeTones: Readonly<Record<InjectionOutcome, Tone>> = {
  installed: 'verified',
  staged: 'accent',
  'registered for boot': 'accent',
  'left out': 'plain',
  failed: 'danger',
};

/** Keys of the outcomes' words: a key has no blanks. */
export const outcomeKeys = {
  installed: 'installed',
  staged: 'staged',
  'registered for boot': 'registered',
  'left out': 'leftOut',
  failed: 'failed',
} as const satisfies Record<InjectionOutcome, string>;

/** What became of a package, in a word. */
export function OutcomeBadge({ outcome }: { readonly outcome: InjectionOutcome }): ReactNode {
  const t = useText();
  return <Badge tone={outcomeTones[outcome]}>{t(`drivers.outcome.${outcomeKeys[outcome]}`)}</Badge>;
}

import { useCallback, useState } from 'react';
import type { Erasure, Plan, Work } from '../../../src-shared/contract/work';
import { withConfirmation } from '../../../src-shared/contract/confirmation';
import { api } from '../../api/api';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { useLive, type Live } from './useLive';
import type { Blocker } from './wizard';

/** What a person said to a plan. */
interface Confirmation {
  /** The plan it was said to. */
  readonly fingerprint: string;
  readonly ticked: boolean;
  readonly typed: string;
}

export interface Review {
  readonly plan: Live<Plan>;
  /** The planned work, with what the person typed; undefined while there is no plan. */
  readonly order: Work | undefined;
  /** Whether something is taken away. */
  readonly destroys: boolean;
  /** The name that has to be typed: of a WIM whose images would be gone, or of a physical disk. */
  readonly nameToType: string | null;
  readonly confirmation: Confirmation;
  readonly confirm: (changes: Partial<Confirmation>) => void;
  /** Something changed since the plan was made, and it was made again. */
  readonly stale: boolean;
  readonly renew: (stale: boolean) => void;
  readonly blockers: (t: Translate) => readonly Blocker[];
}

/** The plan of work, and what the person says to it. @param work null: there is none yet */
export function useReview(work: Work | null): Review {
  const plan = useLive(
    work === null ? null : JSON.stringify(work),
    async (signal, onProgress) => {
      if (work === null) throw new Error('there is no work to plan');
      const job = await api.jobs.plan({ work }, { signal, onProgress });
      return job.result;
    },
    100,
  );
  const [said, setSaid] = useState<Confirmation>({ fingerprint: '', ticked: false, typed: '' });
  const [stale, setStale] = useState(false);
  const fingerprint = plan.value?.fingerprint ?? '';
  // A word to another plan counts for nothing.
  const confirmation = said.fingerprint === fingerprint ? said : { fingerprint, ticked: false, typed: '' };
  const erases = plan.value?.erases ?? [];
  const ofDisk = plan.value?.confirmation;
  const nameToType = ofDisk ?? wimWithImages(erases);
  const { again } = plan;
  const renew = useCallback(
    (isStale: boolean) => {
      setStale(isStale);
      again();
    },
    [again],
  );

  const blockers = (t: Translate): Blocker[] => {
    if (plan.error !== undefined) return [{ text: t('wizards.planFailed') }];
    if (plan.stopped) return [{ text: t('wizards.planStopped') }];
    if (plan.value === undefined) return [{ text: t('wizards.planning'), waiting: true }];
    if (erases.length === 0 && nameToType === null) return [];
    if (erases.length > 0 && !confirmation.ticked) return [{ text: t('wizards.confirmFirst') }];
    if (nameToType !== null && confirmation.typed !== nameToType)
      return [{ text: t('wizards.typeFirst', { name: nameToType }) }];
    return [];
  };
  const order =
    plan.value === undefined || ofDisk === undefined
      ? plan.value?.work
      : withConfirmation(plan.value.work, confirmation.typed);
  return {
    plan,
    order,
    destroys: erases.length > 0,
    nameToType,
    confirmation,
    confirm: (changes) => setSaid({ ...confirmation, ...changes }),
    stale,
    renew,
    blockers,
  };
}

function wimWithImages(erases: readonly Erasure[]): string | null {
  const file = erases.find(({ what, found }) => what === 'file' && found.total > 0);
  return file === undefined ? null : baseName(file.path);
}

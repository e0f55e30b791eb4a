import { useCallback, useEffect, useState } from 'react';
import { followChanges, reopenSession, useSession } from '../../stores/session';
import { countDraft } from './draftModel';
import { draftOf, moveDraft, restDraftOn } from './drafts';

/** Whether what is shown is what the file is now. */
export interface Freshness {
  /** The file was changed elsewhere while there are changes here that are not written. */
  readonly outdated: boolean;
  /** Opens the file as it is now; changes that are not written stay, at their images. */
  readonly lookAgain: () => Promise<void>;
  /** Names of images whose changes could not be kept, because they are gone. */
  readonly lost: readonly string[];
  readonly error: unknown;
}

/**
 * Keeps the opened WIM up to date. Without pending changes a changed file is opened anew at once. With some, nothing is
 * done until the person says so.
 */
export function useFreshness(wim: string): Freshness {
  const { opened, newest, opening } = useSession();
  const [lost, setLost] = useState<readonly string[]>([]);
  const [error, setError] = useState<unknown>();
  useEffect(() => followChanges(), []);

  const draft = draftOf(wim);
  const pending = countDraft(draft) > 0;
  const changed = opened !== null && newest !== null && newest !== opened.revision;
  const basedOnOther = opened !== null && pending && draft?.revision !== opened.revision;

  const lookAgain = useCallback(async (): Promise<void> => {
    setError(undefined);
    try {
      const next = await reopenSession();
      setLost(moveDraft(wim, next.revision, next.summary));
    } catch (fault) {
      setError(fault);
    }
  }, [wim]);

  useEffect(() => {
    if (changed && !pending && !opening) void lookAgain();
  }, [changed, pending, opening, lookAgain]);

  return { outdated: pending && (changed || basedOnOther), lookAgain, lost, error };
}

/** For who changed the file from this window: what is still pending rests on the file as it is then. */
export function useCommitting(): { readonly committed: () => void } {
  const committed = useCallback(() => {
    const follow = async (): Promise<void> => {
      const { wim } = useSession.getState();
      if (wim === null) return;
      const [again] = await Promise.allSettled([reopenSession()]);
      // A file that cannot be opened any more is shown as such by the view.
      if (again.status === 'fulfilled') restDraftOn(wim, again.value.revision);
    };
    void follow();
  }, []);
  return { committed };
}

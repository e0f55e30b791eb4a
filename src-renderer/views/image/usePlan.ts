import { useEffect, useMemo, useRef, useState } from 'react';
import { withLimits } from '../../../src-shared/contract/limits';
import type { Progress } from '../../../src-shared/contract/shapes';
import type { Plan, Work } from '../../../src-shared/contract/work';
import { api } from '../../api/api';
import { useApp } from '../../stores/app';
import { isCancelled } from './useRequest';

/** A plan as it is made anew whenever the work changes. */
export interface Planning {
  /** The plan of exactly this work; undefined while there is none. */
  readonly plan: Plan | undefined;
  readonly error: unknown;
  readonly planning: boolean;
  readonly progress: Progress | undefined;
  readonly again: () => void;
}

/** Typing pauses that are no reason to ask. */
const PAUSE = 350;

/** Plans work as it stands, shortly after it was last changed. @param work null: it is not complete */
export function usePlan(work: Work | null): Planning {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<Planning, 'again'> & { readonly key: string }>({
    key: '',
    plan: undefined,
    error: undefined,
    planning: false,
    progress: undefined,
  });
  const key = work === null ? '' : JSON.stringify(work);
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    const asked = latest.current;
    if (key === '' || asked === null) return undefined;
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      setState({ key, plan: undefined, error: undefined, planning: true, progress: undefined });
      try {
        const job = await api.jobs.plan(
          { work: withLimits(asked, useApp.getState().settings) },
          {
            signal: abort.signal,
            onProgress: (progress) => {
              if (!abort.signal.aborted) setState((now) => ({ ...now, progress }));
            },
          },
        );
        const plan = await job.result;
        if (!abort.signal.aborted)
          setState({ key, plan, error: undefined, planning: false, progress: undefined });
      } catch (error) {
        if (abort.signal.aborted) return;
        const shown = isCancelled(error) ? undefined : error;
        setState({ key, plan: undefined, error: shown, planning: false, progress: undefined });
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key, round]);
  const current = state.key === key && key !== '';
  return useMemo(
    () => ({
      plan: current ? state.plan : undefined,
      error: current ? state.error : undefined,
      planning: key !== '' && (!current || state.planning),
      progress: current ? state.progress : undefined,
      again: () => setRound((n) => n + 1),
    }),
    [current, key, state],
  );
}

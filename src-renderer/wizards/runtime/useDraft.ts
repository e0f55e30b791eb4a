import { useCallback, useEffect, useRef, useState } from 'react';
import { useApp } from '../../stores/app';
import { drafts } from '../../stores/drafts';
import { setParams, useRoute } from '../../stores/route';
import type { Wizard } from './wizard';

export interface DraftState<D> {
  readonly draft: D;
  /** Steps that were seen. */
  readonly visited: readonly string[];
  readonly change: (changes: Partial<D>) => void;
  readonly visit: (step: string) => void;
  /** Begins anew. */
  readonly reset: () => void;
  /** Its job was done: the next start begins anew. */
  readonly finish: () => void;
}

interface Kept<D> {
  readonly draft: D;
  readonly visited: readonly string[];
}

type Params = Readonly<Record<string, string>>;

/** The draft of a wizard: the kept one, or a new one from the route's parameters and the settings. */
export function useDraft<D extends object, F>(wizard: Wizard<D, F>): DraftState<D> {
  const { params } = useRoute();
  const [state, setState] = useState<Kept<D>>(() => firstDraft(wizard, params));
  const present = useRef(state);
  const { name, steps, seeds } = wizard;

  const put = useCallback(
    (next: Kept<D>) => {
      if (next === present.current) return;
      present.current = next;
      setState(next);
      drafts.keep(name, { ...next, finished: false });
    },
    [name],
  );

  // An address without a step is a new visit. What an address begins the draft with is in the draft from here on.
  const seeded = seeds.some((seed) => params[seed] !== undefined);
  const fresh = params['job'] === undefined && (params['step'] === undefined || seeded);
  useEffect(() => {
    if (!fresh) return;
    put(firstDraft(wizard, params));
    const taken = Object.fromEntries(seeds.map((seed) => [seed, undefined]));
    setParams({ ...taken, step: params['step'] ?? resumeAt(steps, present.current.visited) });
  }, [fresh, params, wizard, seeds, steps, put]);

  const change = useCallback(
    (changes: Partial<D>) => put({ ...present.current, draft: { ...present.current.draft, ...changes } }),
    [put],
  );
  const visit = useCallback(
    (step: string) => {
      const { draft, visited } = present.current;
      if (!visited.includes(step)) put({ draft, visited: [...visited, step] });
    },
    [put],
  );
  const reset = useCallback(() => {
    put({ draft: newDraft(wizard, {}), visited: [steps[0].id] });
    setParams({ step: steps[0].id, job: undefined });
  }, [put, wizard, steps]);
  const finish = useCallback(() => drafts.finish(name), [name]);
  return { ...state, change, visit, reset, finish };
}

function firstDraft<D extends object, F>(wizard: Wizard<D, F>, params: Params): Kept<D> {
  const seeds = wizard.seeds.filter((seed) => params[seed] !== undefined);
  const stored = drafts.read(wizard.name, wizard.schema);
  // A step or a job in the address comes from a reload, or from going back: the draft goes on, whatever became of it.
  const goesOn = params['job'] !== undefined || params['step'] !== undefined;
  if (stored !== null && (!stored.finished || goesOn)) {
    const same = seeds.every((seed) => String(stored.draft[seed]) === params[seed]);
    if (same) return { draft: stored.draft, visited: stored.visited };
  }
  return { draft: newDraft(wizard, params), visited: [] };
}

/** A kept draft goes on at the last step that was seen. */
function resumeAt(steps: readonly { readonly id: string }[], visited: readonly string[]): string {
  return steps.findLast(({ id }) => visited.includes(id))?.id ?? steps[0].id;
}

function newDraft<D extends object, F>(wizard: Wizard<D, F>, params: Params): D {
  const { settings, info } = useApp.getState();
  return wizard.begin({ params, settings, info });
}

import { create } from 'zustand';
import type { z } from 'zod';
import type {
  CompareSide,
  Difference,
  DifferenceRow as RowShape,
} from '../../../../src-shared/contract/compare';
import type { Progress } from '../../../../src-shared/contract/shapes';
import { api } from '../../../api/api';
import { isCancelled } from '../useRequest';

export type DifferenceRow = z.infer<typeof RowShape>;

/** What a comparison came to. */
export interface Compared {
  readonly comparison: string;
  readonly counts: Readonly<Record<Difference | 'same', number>>;
  readonly bytesAdded: number;
  readonly bytesRemoved: number;
  readonly left: CompareSide;
  readonly right: CompareSide;
}

/** What is chosen for the other side. */
export interface CompareForm {
  readonly kind: 'here' | 'wim' | 'folder';
  readonly image: number;
  readonly wim: string;
  readonly wimImage: number;
  readonly folder: string;
  readonly ignoreTimes: boolean;
}

interface CompareState {
  readonly form: CompareForm;
  readonly running: boolean;
  readonly progress: Progress | undefined;
  readonly result: Compared | undefined;
  readonly error: unknown;
}

const begin: CompareState = {
  form: { kind: 'here', image: 0, wim: '', wimImage: 1, folder: '', ignoreTimes: true },
  running: false,
  progress: undefined,
  result: undefined,
  error: undefined,
};

/** The comparison of the image view; it outlives a look at another tab. */
export const useComparison = create<CompareState>(() => begin);

let controller: AbortController | undefined;

export function changeForm(changes: Partial<CompareForm>): void {
  useComparison.setState(({ form }) => ({ form: { ...form, ...changes } }));
}

/** Compares; a comparison that runs is ended first. */
export async function runComparison(left: CompareSide, right: CompareSide): Promise<void> {
  cancelComparison();
  const abort = new AbortController();
  controller = abort;
  const { ignoreTimes } = useComparison.getState().form;
  useComparison.setState({ running: true, progress: undefined, result: undefined, error: undefined });
  const mine = (): boolean => controller === abort;
  try {
    const job = await api.compare.run(
      { left, right, ignoreTimes },
      {
        signal: abort.signal,
        onProgress: (progress) => {
          if (mine()) useComparison.setState({ progress });
        },
      },
    );
    const result = await job.result;
    if (mine()) useComparison.setState({ running: false, result: { ...result, left, right } });
  } catch (error) {
    if (mine()) useComparison.setState({ running: false, error: isCancelled(error) ? undefined : error });
  }
}

export function cancelComparison(): void {
  controller?.abort();
}

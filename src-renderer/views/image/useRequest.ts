import { useEffect, useState } from 'react';
import type { Progress } from '../../../src-shared/contract/shapes';
import { AppError } from '../../../src-shared/errors/appError';

/** What a request is given: it ends when it was overtaken or cancelled. */
export interface Asking {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Where a request stands. `value` stays that of the request before until the next one is there. */
export interface Requested<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly loading: boolean;
  readonly progress: Progress | undefined;
  /** Asks once more. */
  readonly retry: () => void;
  /** Ends it. */
  readonly cancel: () => void;
}

interface State<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly loading: boolean;
  readonly progress: Progress | undefined;
}

/**
 * Asks the host whenever `ask` changes (keep it stable by useCallback); an answer that was overtaken is ignored.
 * @param ask null: nothing is asked, and there is no value
 * @param state what the answer rests on besides, such as the file's revision
 */
export function useRequest<T>(ask: ((asking: Asking) => Promise<T>) | null, state = ''): Requested<T> {
  const [round, setRound] = useState(0);
  const [controller, setController] = useState<AbortController>();
  const [shown, setShown] = useState<State<T>>({
    value: undefined,
    error: undefined,
    loading: ask !== null,
    progress: undefined,
  });
  useEffect(() => {
    if (ask === null) {
      setShown({ value: undefined, error: undefined, loading: false, progress: undefined });
      return undefined;
    }
    const abort = new AbortController();
    let overtaken = false;
    setController(abort);
    setShown(({ value }) => ({ value, error: undefined, loading: true, progress: undefined }));
    const run = async (): Promise<void> => {
      try {
        const value = await ask({
          signal: abort.signal,
          onProgress: (progress) => {
            if (!overtaken) setShown((now) => ({ ...now, progress }));
          },
        });
        if (!overtaken) setShown({ value, error: undefined, loading: false, progress: undefined });
      } catch (error) {
        if (overtaken) return;
        const fault = isCancelled(error) ? undefined : error;
        setShown({ value: undefined, error: fault, loading: false, progress: undefined });
      }
    };
    void run();
    return () => {
      overtaken = true;
      abort.abort();
    };
  }, [ask, round, state]);
  return {
    ...shown,
    retry: () => setRound((n) => n + 1),
    cancel: () => controller?.abort(),
  };
}

/** Whether somebody ended it: that is no failure to show. */
export function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.code === 'job/cancelled';
}

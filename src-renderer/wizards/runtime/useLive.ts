import { useCallback, useEffect, useRef, useState } from 'react';
import type { Progress } from '../../../src-shared/contract/shapes';

/** An answer of the host that follows what is asked. */
export interface Live<T> {
  /** The answer to what is asked now; undefined while it is not there. */
  readonly value: T | undefined;
  /** The last answer, also one to an earlier question: for places that would flicker. */
  readonly last: T | undefined;
  readonly busy: boolean;
  readonly error: unknown;
  readonly progress: Progress | null;
  /** Asks again. */
  readonly again: () => void;
  /** Gives up; {@link Live.again} asks once more. */
  readonly stop: () => void;
  readonly stopped: boolean;
}

interface Answer<T> {
  readonly key: string | null;
  readonly value: T | undefined;
  readonly error: unknown;
  readonly stopped: boolean;
}

/**
 * Asks the host whenever `key` changes, after a pause in the typing. An answer that was overtaken is ignored, and its
 * question is cancelled.
 * @param key what is asked, as text; null: nothing
 */
export function useLive<T>(
  key: string | null,
  ask: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<T>,
  delay = 250,
): Live<T> {
  const [round, setRound] = useState(0);
  const [answer, setAnswer] = useState<Answer<T>>({
    key: null,
    value: undefined,
    error: undefined,
    stopped: false,
  });
  const [progress, setProgress] = useState<Progress | null>(null);
  const last = useRef<T>(undefined);
  const question = useRef(ask);
  question.current = ask;
  const running = useRef<AbortController>(null);

  useEffect(() => {
    setProgress(null);
    if (key === null) return undefined;
    const controller = new AbortController();
    running.current = controller;
    const settle = (next: Omit<Answer<T>, 'key'>): void => {
      if (controller.signal.aborted) return;
      if (next.value !== undefined) last.current = next.value;
      setAnswer({ key, ...next });
    };
    const timer = setTimeout(() => {
      question
        .current(controller.signal, (next) => {
          if (!controller.signal.aborted) setProgress(next);
        })
        .then(
          (value) => settle({ value, error: undefined, stopped: false }),
          (error: unknown) => settle({ value: undefined, error, stopped: false }),
        );
    }, delay);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key, delay, round]);

  const again = useCallback(() => {
    setAnswer({ key: null, value: undefined, error: undefined, stopped: false });
    setRound((number) => number + 1);
  }, []);
  const stop = useCallback(() => {
    running.current?.abort();
    setAnswer({ key, value: undefined, error: undefined, stopped: true });
  }, [key]);

  const current = key !== null && answer.key === key;
  return {
    value: current ? answer.value : undefined,
    last: last.current,
    busy: key !== null && !current,
    error: current ? answer.error : undefined,
    progress,
    again,
    stop,
    stopped: current && answer.stopped,
  };
}

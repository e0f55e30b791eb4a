import { useMemo, useState } from 'react';
import type { JobRecord } from '../../../src-shared/contract/jobs';
import type { LibraryRow } from '../../../src-shared/contract/library';
import { runWork, useJobs } from '../../stores/jobs';
import { useLibrary } from '../../stores/library';
import { useSession } from '../../stores/session';
import { isCancelled } from './useRequest';

/** The row of the library about a WIM. */
export function useLibraryRow(path: string): LibraryRow | undefined {
  return useLibrary(({ rows }) => rows?.find((row) => row.path === path));
}

/** The newest verification of a WIM among the jobs that this window knows, and how to begin one. */
export function useVerification(wim: string): {
  readonly job: JobRecord | undefined;
  readonly start: () => void;
  readonly starting: boolean;
  readonly error: unknown;
} {
  const jobs = useJobs((state) => state.jobs);
  const order = useJobs((state) => state.order);
  const path = useSession(({ opened }) => opened?.summary.path);
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<unknown>();
  const job = useMemo(() => {
    const id = order.find((one) => {
      const { work } = jobs[one] ?? {};
      return work?.verb === 'verify' && (work.request.wim === wim || work.request.wim === path);
    });
    return id === undefined ? undefined : jobs[id];
  }, [jobs, order, wim, path]);
  const start = (): void => {
    const run = async (): Promise<void> => {
      setError(undefined);
      setStarting(true);
      try {
        const { result } = await runWork({ verb: 'verify', request: { wim } });
        setStarting(false);
        await result;
      } catch (fault) {
        setStarting(false);
        if (!isCancelled(fault)) setError(fault);
      }
    };
    void run();
  };
  return { job, start, starting, error };
}

import { useEffect } from 'react';
import type { PathStatus } from '../../../src-shared/contract/files';
import type { surveys } from '../../../src-shared/contract/survey';
import { AppError } from '../../../src-shared/errors/appError';
import type { Output } from '../../../src-shared/rpc/declare';
import { api } from '../../api/api';
import { useDisk, type DiskFacts } from '../../views/disks/useDisk';
import { canBeRead, chosenVolume } from '../../views/disks/volume/volumes';
import { useApp } from '../../stores/app';
import { useLive, type Live } from '../runtime/useLive';
import { configText, type SourceDraft } from '../source/sourceDraft';
import { usePathStatus } from './usePath';

export type Survey = Output<(typeof surveys)['members']['scan']>;
export type Exclusions = Output<(typeof surveys)['members']['exclusions']>;
export type Sample = Output<(typeof surveys)['members']['sample']>;

const MB = 2 ** 20;

/** What the host finds about a source. */
export interface SourceFacts {
  readonly status: Live<PathStatus>;
  /** The disk that holds the volume, when the source is one. */
  readonly disk: DiskFacts;
  readonly survey: Live<Survey>;
  readonly exclusions: Live<Exclusions>;
  readonly sample: Live<Sample>;
  /** The exclusions in force, as a wimscript.ini. */
  readonly config: string;
}

/** Looks at a source as it is chosen: scans it, counts what exclusions hit and, when `sampling`, tries compression on it. */
export function useSource(draft: SourceDraft, sampling: boolean): SourceFacts {
  const { settings, info } = useApp();
  const { sourceKind, source, volume, dereference, unixData, threads } = draft;
  const config = configText(draft, settings, info);
  const isDisk = sourceKind === 'disk';
  const status = usePathStatus(isDisk ? '' : source);
  const disk = useDisk(isDisk ? source : '');
  const folder = status.value?.kind === 'directory' && status.value.readable ? source : null;
  const found = disk.summary.value === undefined ? undefined : chosenVolume(disk.summary.value, volume);
  const ready = isDisk ? found !== undefined && canBeRead(found) : folder !== null;

  const survey = useLive(
    ready ? JSON.stringify([source, isDisk ? volume : null, dereference, unixData]) : null,
    async (signal, onProgress) => {
      const choices = { ...(dereference ? { dereference } : {}), ...(unixData ? { unixData } : {}) };
      const job = await api.surveys.scan(
        { source, ...(isDisk ? { volume } : {}), choices },
        { signal, onProgress },
      );
      return job.result;
    },
    300,
  );
  const id = survey.value?.survey ?? null;
  const exclusions = useLive(
    id === null ? null : JSON.stringify([id, config]),
    (signal) => api.surveys.exclusions({ survey: id ?? '', config }, { signal }),
    300,
  );
  const sample = useLive(
    id === null || !sampling ? null : JSON.stringify([id, config, threads, settings.memory]),
    async (signal, onProgress) => {
      const memory = settings.memory === 0 ? {} : { memory: settings.memory * MB };
      const job = await api.surveys.sample(
        { survey: id ?? '', config, threads, ...memory },
        { signal, onProgress },
      );
      return job.result;
    },
    500,
  );

  // The host forgets surveys that were idle for long, and all of them when it starts again.
  const { again } = survey;
  const forgotten = isClosed(exclusions.error) || isClosed(sample.error);
  useEffect(() => {
    if (forgotten) again();
  }, [forgotten, again]);

  return { status, disk, survey, exclusions, sample, config };
}

function isClosed(error: unknown): boolean {
  return error instanceof AppError && error.code === 'session/closed';
}

import { z } from 'zod';
import { api } from '../../api/api';
import { useWim, type WimFacts } from '../facts/usePath';
import { useLive, type Live } from '../runtime/useLive';
import type { Beginning } from '../runtime/beginning';
import type { Wizard } from '../runtime/wizard';
import { wimBlockers, wimSummary } from '../wim/wimSteps';
import { InfoWimStep } from './InfoWimStep';
import { ReportStep } from './ReportStep';

export const InfoDraft = z.object({ wim: z.string() });
export type InfoDraft = z.infer<typeof InfoDraft>;

export interface InfoFacts {
  readonly wim: WimFacts;
  /** Stored bytes that only one image names, for each image. */
  readonly onlyInImages: Live<readonly number[]>;
}

function useInfoFacts(draft: InfoDraft, step: string): InfoFacts {
  const wim = useWim(draft.wim);
  const summary = wim.summary.value;
  const onlyInImages = useLive<readonly number[]>(
    step === 'report' && summary !== undefined
      ? JSON.stringify([summary.path, summary.guid, summary.fileSize])
      : null,
    async (signal) => {
      const { session } = await api.browse.open({ wim: draft.wim }, { signal });
      try {
        const job = await api.browse.onlyInImages({ session }, { signal });
        return await job.result;
      } finally {
        await api.browse.close({ session });
      }
    },
    0,
  );
  return { wim, onlyInImages };
}

/** What a WIM holds, as a report to keep. */
export const infoWizard: Wizard<InfoDraft, InfoFacts> = {
  name: 'info',
  title: 'wizards.info.title',
  schema: InfoDraft,
  seeds: ['wim'],
  begin: ({ params }: Beginning) => ({ wim: params['wim'] ?? '' }),
  useFacts: useInfoFacts,
  subject: (draft) => draft.wim,
  steps: [
    {
      id: 'wim',
      title: 'wizards.step.wim',
      summary: (draft, { wim }, t) => wimSummary(draft.wim, wim, t),
      blockers: (draft, { wim }, t) => wimBlockers(draft.wim, wim, t),
      Component: InfoWimStep,
    },
    {
      id: 'report',
      title: 'wizards.step.report',
      summary: () => '',
      blockers: () => [],
      Component: ReportStep,
    },
  ],
};

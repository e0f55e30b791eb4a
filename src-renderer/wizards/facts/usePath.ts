import type { PathStatus } from '../../../src-shared/contract/files';
import type { WimSummary } from '../../../src-shared/model/summaries';
import { api } from '../../api/api';
import { useLive, type Live } from '../runtime/useLive';

/** What is at a path, as it is typed. '' asks nothing. */
export function usePathStatus(path: string): Live<PathStatus> {
  return useLive(path === '' ? null : path, (signal) => api.files.status({ path }, { signal }), 200);
}

export interface WimFacts {
  readonly status: Live<PathStatus>;
  /** Header and images, when there is a WIM. */
  readonly summary: Live<WimSummary>;
}

/** What is at the path of a WIM, and what it holds. */
export function useWim(path: string): WimFacts {
  const status = usePathStatus(path);
  const found = status.value;
  const isWim = found?.kind === 'file' && found.wim;
  const summary = useLive(
    isWim ? `${found.path}\n${found.size}` : null,
    async (signal) => {
      const opened = await api.browse.open({ wim: path }, { signal });
      await api.browse.close({ session: opened.session });
      return opened.summary;
    },
    0,
  );
  return { status, summary };
}

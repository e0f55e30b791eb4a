import { useCallback } from 'react';
import type { PathStatus } from '../../../src-shared/contract/files';
import type { WimSummary } from '../../../src-shared/model/summaries';
import { api } from '../../api/api';
import { firstPartPath, partPath } from './dialogs/partPaths';
import { useRequest, type Requested } from './useRequest';

/** Parts that are looked for: a header can count more, but nobody has them. */
const MOST_PARTS = 1000;

export interface Parts {
  readonly all: readonly PathStatus[];
  /** Those that are not there, or are no WIM. */
  readonly missing: readonly PathStatus[];
}

/** Looks for all parts of a split WIM beside the one that is open; a WIM that is not split has none. */
export function useParts(wim: string, summary: WimSummary): Requested<Parts> {
  const { partNumber, totalParts } = summary;
  const look = useCallback(async (): Promise<Parts> => {
    if (totalParts < 2) return { all: [], missing: [] };
    const first = firstPartPath(wim, partNumber);
    const paths = Array.from({ length: Math.min(totalParts, MOST_PARTS) }, (_, i) =>
      i + 1 === partNumber ? wim : partPath(first, i + 1),
    );
    const all = await Promise.all(paths.map((path) => api.files.status({ path })));
    return { all, missing: all.filter(({ kind, wim: isWim }) => kind !== 'file' || !isWim) };
  }, [wim, partNumber, totalParts]);
  return useRequest(look);
}

import { useEffect, useState } from 'react';
import type { LayoutChoice, PlannedPartition } from '../../../../src-shared/model/disks';
import { api } from '../../../api/api';
import { useLive, type Live } from '../../../wizards/runtime/useLive';
import type { DiskSpace } from './layoutEdit';

/** Where the partitions of a layout come to lie, as the host says. @param space null: nothing is asked yet */
export function useLayoutPlan(
  layout: LayoutChoice | null,
  space: DiskSpace | null,
): Live<readonly PlannedPartition[]> {
  const asked =
    layout === null || space === null ? null : { layout, size: space.size, sectorSize: space.sectorSize };
  return useLive(
    asked === null ? null : JSON.stringify(asked),
    (signal) => {
      if (asked === null) throw new Error('there is no layout to plan');
      return api.disks.plan(asked, { signal });
    },
    60,
  );
}

/**
 * The places of partitions for drawing: the host's, those of an edit that the host has not answered yet, or the last ones.
 * @returns the places, and what tells of an edit
 */
export function useShownPlan(
  live: Live<readonly PlannedPartition[]>,
  count: number,
): [readonly PlannedPartition[], (planned: readonly PlannedPartition[]) => void] {
  const [edited, setEdited] = useState<readonly PlannedPartition[] | null>(null);
  const { value } = live;
  useEffect(() => {
    if (value !== undefined) setEdited(null);
  }, [value]);
  const candidates = [value, edited ?? undefined, live.last];
  const shown = candidates.find((planned) => planned !== undefined && planned.length === count);
  return [shown ?? [], setEdited];
}

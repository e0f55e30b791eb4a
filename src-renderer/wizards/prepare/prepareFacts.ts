import type { DiskLayout, PhysicalDisk, PlannedPartition } from '../../../src-shared/model/disks';
import type { PathStatus } from '../../../src-shared/contract/files';
import { useLayouts } from '../../stores/layouts';
import type { DiskSpace } from '../../views/disks/editor/layoutEdit';
import { useLayoutPlan } from '../../views/disks/editor/useLayoutPlan';
import { useDisk, usePhysicalDisks, type DiskFacts } from '../../views/disks/useDisk';
import { usePathStatus } from '../facts/usePath';
import type { Live } from '../runtime/useLive';
import { layoutChoice, layoutOf, sizeOf, type NewDiskDraft, type PrepareDraft } from './prepareDraft';

/** The layout of a disk, and where its partitions come to lie. */
export interface LayoutFacts {
  readonly known: Readonly<Record<string, DiskLayout>>;
  readonly layout: DiskLayout | null;
  readonly space: DiskSpace | null;
  readonly plan: Live<readonly PlannedPartition[]>;
}

/** What the host finds about a disk that is to be prepared. */
export interface PrepareFacts extends LayoutFacts {
  /** The place of a new file, and its folder. */
  readonly place: Live<PathStatus>;
  readonly folder: Live<PathStatus>;
  /** The disk that is there. */
  readonly disk: DiskFacts;
  readonly physical: Live<readonly PhysicalDisk[]>;
  /** The physical disk that was chosen, as long as it is there. */
  readonly chosen: PhysicalDisk | undefined;
}

export function useLayoutFacts(draft: NewDiskDraft, space: DiskSpace | null): LayoutFacts {
  const known = useLayouts();
  const plan = useLayoutPlan(layoutChoice(draft), space);
  return { known, layout: layoutOf(draft, known), space, plan };
}

export function usePrepareFacts(draft: PrepareDraft): PrepareFacts {
  const { target } = draft;
  const place = usePathStatus(target === 'new' ? draft.newPath : '');
  const folder = usePathStatus(place.value?.parent ?? '');
  const physical = usePhysicalDisks(target === 'physical');
  const chosen = physical.value?.find(({ identity }) => identity === draft.identity);
  const disk = useDisk(target === 'file' ? draft.file : target === 'physical' ? (chosen?.path ?? '') : '');
  const layout = useLayoutFacts(draft, spaceOf(draft, disk, chosen));
  return { ...layout, place, folder, disk, physical, chosen };
}

function spaceOf(
  draft: PrepareDraft,
  { summary }: DiskFacts,
  chosen: PhysicalDisk | undefined,
): DiskSpace | null {
  switch (draft.target) {
    case 'new': {
      const size = sizeOf(draft);
      return size === undefined ? null : { size, sectorSize: draft.sectorSize };
    }
    case 'file':
      return summary.value ?? null;
    case 'physical':
      return chosen ?? null;
  }
}

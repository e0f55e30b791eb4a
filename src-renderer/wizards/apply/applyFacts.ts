import type { PathStatus } from '../../../src-shared/contract/files';
import type { PhysicalDisk } from '../../../src-shared/model/disks';
import type { ImageSummary } from '../../../src-shared/model/summaries';
import type { DiskSpace } from '../../views/disks/editor/layoutEdit';
import { isDevice, useDisk, usePhysicalDisks, type DiskFacts } from '../../views/disks/useDisk';
import { usePathStatus, useWim, type WimFacts } from '../facts/usePath';
import { sizeOf } from '../prepare/prepareDraft';
import { useLayoutFacts, type LayoutFacts } from '../prepare/prepareFacts';
import type { Live } from '../runtime/useLive';
import type { ApplyDraft } from './applyDraft';

export interface ApplyFacts {
  readonly wim: WimFacts;
  /** The folder, or the place of a new disk file; and the folder around that. */
  readonly target: Live<PathStatus>;
  readonly folder: Live<PathStatus>;
  /** The disk that is there, or its volume. */
  readonly disk: DiskFacts;
  readonly physical: Live<readonly PhysicalDisk[]>;
  readonly layout: LayoutFacts;
  /** The image to be applied. */
  readonly image: ImageSummary | undefined;
}

export function useApplyFacts(draft: ApplyDraft): ApplyFacts {
  const wim = useWim(draft.wim);
  const { targetKind, target: path } = draft;
  const onDisk = targetKind === 'volume' || targetKind === 'divide';
  const target = usePathStatus(onDisk ? '' : path);
  const folder = usePathStatus(targetKind === 'newDisk' ? (target.value?.parent ?? '') : '');
  const disk = useDisk(onDisk ? path : '');
  const physical = usePhysicalDisks(onDisk && (path === '' || isDevice(path)));
  const layout = useLayoutFacts(draft, spaceOf(draft, disk));
  const images = wim.summary.value?.images ?? [];
  const image = images.length === 1 ? images[0] : images.find(({ index }) => index === draft.image);
  return { wim, target, folder, disk, physical, layout, image };
}

function spaceOf(draft: ApplyDraft, { summary }: DiskFacts): DiskSpace | null {
  switch (draft.targetKind) {
    case 'divide':
      return summary.value ?? null;
    case 'newDisk': {
      const size = sizeOf(draft);
      return size === undefined ? null : { size, sectorSize: draft.sectorSize };
    }
    case 'folder':
    case 'volume':
      return null;
  }
}

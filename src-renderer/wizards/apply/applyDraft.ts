import { z } from 'zod';
import { compactChoice } from '../../../src-shared/contract/diskShapes';
import type { Work } from '../../../src-shared/contract/work';
import type { ApplyRequest } from '../../../src-shared/model/requests';
import { AUTO } from '../../views/disks/volume/volumes';
import { formatOf, layoutChoice, newDiskDefaults, newDiskShape, sizeOf } from '../prepare/prepareDraft';
import type { Beginning } from '../runtime/beginning';

/** What an image is applied to: a folder, a volume of a disk, a disk that is divided anew, a disk file that is made. */
export const targetKinds = ['folder', 'newDisk', 'divide', 'volume'] as const;
export type TargetKind = (typeof targetKinds)[number];

export const ApplyDraft = z.object({
  wim: z.string(),
  /** 0: not chosen yet; the only image of a WIM is chosen by itself. */
  image: z.number().int().min(0),
  targetKind: z.enum(targetKinds),
  /** A folder, or a disk. */
  target: z.string(),
  /** Of a disk: 'auto', or the number of a partition. */
  volume: z.string(),
  /** Of a physical disk. */
  identity: z.string(),
  ...newDiskShape,
  compact: z.union([z.literal('none'), compactChoice]),
  verifyIntegrity: z.boolean(),
  unixData: z.boolean(),
  fixReparsePoints: z.enum(['default', 'on', 'off']),
  securityDescriptors: z.enum(['lenient', 'strict', 'none']),
  recoverData: z.boolean(),
  includeInvalidNames: z.boolean(),
  strictShortNames: z.boolean(),
  strictTimestamps: z.boolean(),
  strictSymlinks: z.boolean(),
  sparse: z.boolean(),
  threads: z.number().int().min(0).max(64),
});
export type ApplyDraft = z.infer<typeof ApplyDraft>;

export function beginApply({ params, settings }: Beginning): ApplyDraft {
  const image = Number(params['image'] ?? 0);
  const asked = targetKinds.find((kind) => kind === params['targetKind']);
  return {
    wim: params['wim'] ?? '',
    image: Number.isSafeInteger(image) && image > 0 ? image : 0,
    targetKind: asked ?? (params['volume'] === undefined ? 'folder' : 'volume'),
    target: params['target'] ?? '',
    volume: params['volume'] ?? AUTO,
    identity: params['identity'] ?? '',
    ...newDiskDefaults,
    compact: 'none',
    verifyIntegrity: true,
    unixData: false,
    fixReparsePoints: 'default',
    securityDescriptors: 'lenient',
    recoverData: false,
    includeInvalidNames: false,
    strictShortNames: false,
    strictTimestamps: false,
    strictSymlinks: false,
    sparse: false,
    threads: settings.threads,
  };
}

/** What of it makes sense for a folder only. */
const folderFlags = ['unixData', 'includeInvalidNames', 'strictSymlinks', 'sparse'] as const;
const allFlags = ['recoverData', 'strictShortNames', 'strictTimestamps'] as const;

/**
 * The settings that differ from what is usual, as the request has them.
 * @param image index; undefined: not known yet
 * @param checks whether the WIM has an integrity table
 */
export function applyWork(
  draft: ApplyDraft,
  { image, checks }: { readonly image: number | undefined; readonly checks: boolean },
): Work | null {
  if (draft.wim === '' || draft.target === '' || image === undefined) return null;
  const onDisk = draft.targetKind === 'folder' ? {} : diskRequest(draft);
  if (onDisk === null) return null;
  const flags = draft.targetKind === 'folder' ? [...folderFlags, ...allFlags] : allFlags;
  const set = Object.fromEntries(flags.filter((flag) => draft[flag]).map((flag) => [flag, true]));
  return {
    verb: 'apply',
    request: {
      wim: draft.wim,
      image,
      target: draft.target,
      ...onDisk,
      ...set,
      ...(draft.verifyIntegrity && checks ? { verifyIntegrity: true } : {}),
      ...(draft.fixReparsePoints === 'default' ? {} : { fixReparsePoints: draft.fixReparsePoints === 'on' }),
      ...(draft.securityDescriptors === 'lenient' ? {} : { securityDescriptors: draft.securityDescriptors }),
      ...(draft.threads === 0 ? {} : { threads: draft.threads }),
    },
  };
}

type OnDisk = Pick<ApplyRequest, 'volume' | 'prepare' | 'compact' | 'overwrite' | 'identity'>;

/** The part of a request that is about a disk; null while something is missing. */
function diskRequest(draft: ApplyDraft): OnDisk | null {
  const compact = draft.compact === 'none' ? {} : { compact: draft.compact };
  const identity = draft.identity === '' ? {} : { identity: draft.identity };
  const layout = layoutChoice(draft);
  switch (draft.targetKind) {
    case 'folder':
      return {};
    case 'volume':
      return { volume: draft.volume, overwrite: true, ...identity, ...compact };
    case 'divide':
      return layout === null ? null : { prepare: { layout }, overwrite: true, ...identity, ...compact };
    case 'newDisk': {
      const size = sizeOf(draft);
      if (layout === null || size === undefined) return null;
      return {
        prepare: {
          layout,
          size,
          format: formatOf(draft.target),
          ...(draft.kind === 'fixed' ? { kind: draft.kind } : {}),
          ...(draft.sectorSize === 512 ? {} : { sectorSize: draft.sectorSize }),
        },
        ...compact,
      };
    }
  }
}

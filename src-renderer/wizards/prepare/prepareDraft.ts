import { z } from 'zod';
import { LayoutShape } from '../../../src-shared/contract/diskShapes';
import type { Work } from '../../../src-shared/contract/work';
import type { DiskFormat, DiskLayout, LayoutChoice } from '../../../src-shared/model/disks';
import { bytesOfWord, MB } from '../../views/disks/editor/layoutEdit';
import { presets } from '../../views/disks/editor/presets';
import type { Beginning } from '../runtime/beginning';

/** How a disk file is made: the part of a draft that the wizards Prepare disk and Apply share. */
export const newDiskShape = {
  /** '64GB' */
  size: z.string().max(40),
  kind: z.enum(['dynamic', 'fixed']),
  sectorSize: z.union([z.literal(512), z.literal(4096)]),
  preset: z.enum(presets),
  /** The layout of the preset 'own'. */
  ownLayout: LayoutShape.nullable(),
};

export const PrepareDraft = z.object({
  target: z.enum(['new', 'file', 'physical']),
  /** Of the new file. */
  newPath: z.string(),
  ...newDiskShape,
  /** Of the file that is there. */
  file: z.string(),
  /** Of the physical disk: what it is, and how it is opened at the moment. */
  identity: z.string(),
  device: z.string(),
});
export type PrepareDraft = z.infer<typeof PrepareDraft>;

/** The part that makes a disk file. */
export type NewDiskDraft = Pick<PrepareDraft, 'size' | 'kind' | 'sectorSize' | 'preset' | 'ownLayout'>;

export const newDiskDefaults: NewDiskDraft = {
  size: '64GB',
  kind: 'dynamic',
  sectorSize: 512,
  preset: 'uefi',
  ownLayout: null,
};

/** Sizes that a person would not mean. */
const LEAST = 3 * MB;
const MOST = 64 * 2 ** 40;

export function beginPrepare({ params }: Beginning): PrepareDraft {
  const { file = '', identity = '', device = '', newPath = '' } = params;
  const target = identity !== '' ? 'physical' : file !== '' ? 'file' : 'new';
  return { target, newPath, ...newDiskDefaults, file, identity, device };
}

/** Format of a disk file by its name. */
export function formatOf(path: string): DiskFormat {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1].toLowerCase();
  return ending === 'vhdx' || ending === 'vhd' ? ending : 'raw';
}

/** Bytes of the disk that is made; undefined for what is no size. */
export function sizeOf({ size }: Pick<NewDiskDraft, 'size'>): number | undefined {
  const bytes = bytesOfWord(size, 0);
  if (bytes === null || bytes === undefined) return undefined;
  const whole = Math.floor(bytes / MB) * MB;
  return whole >= LEAST && whole <= MOST ? whole : undefined;
}

/** The layout as a request says it: by name, unless it was edited. */
export function layoutChoice({ preset, ownLayout }: NewDiskDraft): LayoutChoice | null {
  return preset === 'own' ? ownLayout : preset;
}

/** The layout as partitions; null while the presets are not known. */
export function layoutOf(
  draft: NewDiskDraft,
  known: Readonly<Record<string, DiskLayout>>,
): DiskLayout | null {
  const choice = layoutChoice(draft);
  if (choice === null || typeof choice === 'object') return choice;
  return Object.hasOwn(known, choice) ? known[choice] : null;
}

/** The work that a draft means, as far as it says enough. @param holdsSomething whether the disk has to be erased */
export function prepareWork(draft: PrepareDraft, holdsSomething: boolean): Work | null {
  const layout = layoutChoice(draft);
  if (layout === null) return null;
  switch (draft.target) {
    case 'new': {
      const size = sizeOf(draft);
      if (draft.newPath === '' || size === undefined) return null;
      return {
        verb: 'diskCreate',
        request: {
          path: draft.newPath,
          size,
          format: formatOf(draft.newPath),
          ...(draft.kind === 'fixed' ? { kind: draft.kind } : {}),
          ...(draft.sectorSize === 512 ? {} : { sectorSize: draft.sectorSize }),
          layout,
        },
      };
    }
    case 'file':
      if (draft.file === '') return null;
      return {
        verb: 'diskPrepare',
        request: { disk: draft.file, layout, ...(holdsSomething ? { overwrite: true } : {}) },
      };
    case 'physical':
      if (draft.device === '' || draft.identity === '') return null;
      return {
        verb: 'diskPrepare',
        request: {
          disk: draft.device,
          layout,
          identity: draft.identity,
          ...(holdsSomething ? { overwrite: true } : {}),
        },
      };
  }
}

import { z } from 'zod';
import { lastPart } from '../../../src-shared/commandLines/shapes';
import type { AppInfo } from '../../../src-shared/contract/app';
import type { Work } from '../../../src-shared/contract/work';
import type { CaptureRequest } from '../../../src-shared/model/requests';
import { beginSource, sourceChoices, sourceShape } from '../source/sourceDraft';
import { compressionRequest, compressionWays } from '../../stores/compression';
import type { Beginning } from '../runtime/beginning';

export const CaptureDraft = z.object({
  ...sourceShape,
  compression: z.enum(compressionWays),
  /** 0: the usual one. */
  level: z.number().int().min(0).max(100),
  /** Bytes; 0: the format's usual one. */
  chunkSize: z.number().int().min(0),
  integrity: z.boolean(),
  pipable: z.boolean(),
  wimboot: z.boolean(),
  /** A WIM whose image is an earlier state of the source; '' : none. */
  updateWim: z.string(),
  updateImage: z.number().int().min(1),
  /** A WIM whose data is not stored again; '' : none. */
  deltaFrom: z.string(),
  /** null: as the source is called. */
  name: z.string().nullable(),
  description: z.string(),
  flags: z.string(),
  boot: z.boolean(),
  /** null: the image's name in the folder for images. */
  wim: z.string().nullable(),
  /** What to do when the file is there already. */
  conflict: z.enum(['ask', 'overwrite', 'append']),
});
export type CaptureDraft = z.infer<typeof CaptureDraft>;

export function beginCapture({ params, settings }: Beginning): CaptureDraft {
  return {
    ...beginSource(params, settings),
    compression: settings.compression,
    level: 0,
    chunkSize: 0,
    integrity: settings.integrity,
    pipable: false,
    wimboot: false,
    updateWim: '',
    updateImage: 1,
    deltaFrom: '',
    name: null,
    description: '',
    flags: '',
    boot: false,
    wim: params['wim'] ?? null,
    conflict: 'ask',
  };
}

/** What the image is called: as was typed, or as the source is called. */
export function imageName({
  name,
  source,
}: {
  readonly name: string | null;
  readonly source: string;
}): string {
  return name ?? sourceName(source);
}

/** Where the WIM goes: as was typed, or by the source's name in the folder for images. */
export function wimPath(draft: CaptureDraft, info: AppInfo | null): string {
  if (draft.wim !== null) return draft.wim;
  if (info === null || draft.source === '') return '';
  const { imageFolder, separator } = info;
  // Characters that Windows has no use for in names; the WIM may be carried there.
  const name = imageName(draft)
    .replace(/[\p{Cc}"*/:<>?\\|]/gu, '-')
    .trim();
  const folder = imageFolder.endsWith(separator) ? imageFolder : imageFolder + separator;
  return `${folder}${name === '' ? 'image' : name}.wim`;
}

/** The work that a draft means, as far as it says enough. @param wimThere whether there is a file already */
export function captureWork(
  draft: CaptureDraft,
  { config, wim, wimThere }: { readonly config: string; readonly wim: string; readonly wimThere: boolean },
): Work | null {
  if (draft.source === '' || wim === '') return null;
  const appends = wimThere && draft.conflict === 'append';
  const updateOf =
    draft.updateWim === '' ? {} : { updateOf: { wim: draft.updateWim, image: draft.updateImage } };
  const common = {
    ...sourceChoices(draft, config),
    source: draft.source,
    wim,
    name: imageName(draft),
    ...(draft.description === '' ? {} : { description: draft.description }),
    ...(draft.flags === '' ? {} : { properties: [['FLAGS', draft.flags]] as const }),
    ...(draft.boot ? { boot: true } : {}),
    ...(draft.wimboot && !lacks(draft.compression, 'wimboot') ? { wimboot: true } : {}),
    ...updateOf,
  } satisfies CaptureRequest;
  if (appends) return { verb: 'append', request: common };
  return {
    verb: 'capture',
    request: {
      ...common,
      ...compressionRequest(draft.compression, draft),
      integrity: draft.integrity,
      ...(draft.pipable && !lacks(draft.compression, 'pipable') ? { pipable: true } : {}),
      ...(draft.deltaFrom === '' ? {} : { deltaFrom: [draft.deltaFrom] }),
      ...(wimThere && draft.conflict === 'overwrite' ? { overwrite: true } : {}),
    },
  };
}

/** Whether a file made in that way cannot be what is asked: Windows runs from no LZMS, and a pipe takes nothing solid. */
export function lacks(way: CaptureDraft['compression'], what: 'pipable' | 'wimboot'): boolean {
  return way === 'solid' || (what === 'wimboot' && way === 'lzms');
}

function sourceName(source: string): string {
  const name = lastPart(source).replace(/\.(vhdx|vhd|img|raw)$/i, '');
  // A root or a drive has no name of its own.
  return /^([\\/]*|[a-z]:)$/i.test(name) ? name.replace(/[^a-z]/gi, '').toUpperCase() : name;
}

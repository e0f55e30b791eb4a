import type { WorkOf } from '../../../src-shared/contract/work';
import type { WimSummary } from '../../../src-shared/model/summaries';
import { countChanges, type PendingChanges } from './contents/pendingChanges';

/** Properties of an image that can be edited. */
export const editable = ['name', 'description', 'displayName', 'flags'] as const;
export type Editable = (typeof editable)[number];

/** New properties of one image; those that are absent stay. */
export interface ImageDraft {
  /** Its name when the first of them was changed: the image is found again by it. */
  readonly original: string;
  readonly values: Readonly<Partial<Record<Editable, string>>>;
}

export interface ContentDraft {
  readonly original: string;
  readonly changes: PendingChanges;
  /** What it was before each step, the last one at the end. */
  readonly history: readonly PendingChanges[];
}

/** Everything that was changed in this window and is not written yet. */
export interface WimDraft {
  /** Revision of the file that it rests on. */
  readonly revision: string;
  /** By index. */
  readonly images: Readonly<Record<string, ImageDraft>>;
  /** 0: no image. */
  readonly bootIndex: number | null;
  readonly contents: Readonly<Record<string, ContentDraft>>;
}

/** How many properties are changed, the boot index among them. */
export function countProperties(draft: WimDraft | null): number {
  if (draft === null) return 0;
  const values = Object.values(draft.images).reduce(
    (sum, image) => sum + Object.keys(image.values).length,
    0,
  );
  return values + (draft.bootIndex === null ? 0 : 1);
}

/** Everything that is not written yet. */
export function countDraft(draft: WimDraft | null): number {
  if (draft === null) return 0;
  const contents = Object.values(draft.contents).reduce((sum, one) => sum + countChanges(one.changes), 0);
  return countProperties(draft) + contents;
}

/** The changed properties as work, one piece for each image that is concerned. */
export function propertyWork(wim: string, draft: WimDraft): WorkOf<'info'>[] {
  const works = Object.entries(draft.images)
    .filter(([, { values }]) => Object.keys(values).length > 0)
    .map(([index, { values }]): WorkOf<'info'> => {
      const properties: [string, string][] = [];
      if (values.displayName !== undefined) properties.push(['DISPLAYNAME', values.displayName]);
      if (values.flags !== undefined) properties.push(['FLAGS', values.flags]);
      return {
        verb: 'info',
        request: {
          wim,
          image: Number(index),
          ...(values.name === undefined ? {} : { newName: values.name }),
          ...(values.description === undefined ? {} : { newDescription: values.description }),
          ...(properties.length === 0 ? {} : { properties }),
        },
      };
    });
  if (draft.bootIndex === null) return works;
  const same = works.findIndex(({ request }) => request.image === draft.bootIndex);
  if (same < 0) {
    return [...works, { verb: 'info', request: { wim, image: draft.bootIndex, boot: true } }];
  }
  return works.map((work, i) => (i === same ? { ...work, request: { ...work.request, boot: true } } : work));
}

/**
 * A draft at the images of the file as it is now: each image is found by the name that it had, else by its index.
 * `lost`: names of images that are not there any more; their changes are dropped.
 */
export function movedDraft(
  draft: WimDraft,
  revision: string,
  summary: Pick<WimSummary, 'images' | 'imageCount'>,
): { readonly draft: WimDraft; readonly lost: readonly string[] } {
  const lost: string[] = [];
  const move = <T extends { readonly original: string }>(drafts: Readonly<Record<string, T>>) => {
    const moved: Record<string, T> = {};
    for (const [index, one] of Object.entries(drafts)) {
      const place = placeOf(summary, one.original, Number(index));
      if (place === undefined) lost.push(one.original === '' ? index : one.original);
      else moved[place] = one;
    }
    return moved;
  };
  const bootIndex =
    draft.bootIndex !== null && draft.bootIndex <= summary.imageCount ? draft.bootIndex : null;
  const images = move(draft.images);
  const contents = move(draft.contents);
  return { draft: { revision, bootIndex, images, contents }, lost: [...new Set(lost)] };
}

function placeOf(
  summary: Pick<WimSummary, 'images' | 'imageCount'>,
  name: string,
  index: number,
): number | undefined {
  if (name === '') return index <= summary.imageCount ? index : undefined;
  return summary.images.find((image) => image.name === name)?.index;
}

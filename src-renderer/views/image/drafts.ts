import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import type { ImageSummary, WimSummary } from '../../../src-shared/model/summaries';
import { noChanges, type PendingChanges } from './contents/pendingChanges';
import { countDraft, movedDraft, type ContentDraft, type Editable, type WimDraft } from './draftModel';

interface DraftsState {
  readonly byWim: Readonly<Record<string, WimDraft>>;
}

/** Drafts outlive views and a reload of the window, not its end. */
export const useDrafts = create<DraftsState>()(
  persist<DraftsState>(() => ({ byWim: {} }), {
    name: 'wimsmith.image-drafts',
    version: 1,
    storage: createJSONStorage(() => sessionStorage),
  }),
);

const HISTORY = 200;
const fresh = (revision: string): WimDraft => ({ revision, images: {}, bootIndex: null, contents: {} });

/** The draft of a WIM; null when nothing is changed. */
export function useDraft(wim: string): WimDraft | null {
  return useDrafts(({ byWim }) => (Object.hasOwn(byWim, wim) ? byWim[wim] : null));
}

export function draftOf(wim: string): WimDraft | null {
  const { byWim } = useDrafts.getState();
  return Object.hasOwn(byWim, wim) ? byWim[wim] : null;
}

/** Sets a property of an image; the value that it has takes the change back. */
export function setProperty(
  wim: string,
  revision: string,
  image: ImageSummary,
  property: Editable,
  value: string,
): void {
  change(wim, revision, (draft) => {
    const known = draft.images[image.index] ?? { original: image.name, values: {} };
    const rest = Object.entries(known.values).filter(([name]) => name !== property);
    const values = Object.fromEntries(value === image[property] ? rest : [...rest, [property, value]]);
    const images = { ...draft.images, [image.index]: { ...known, values } };
    return { ...draft, images };
  });
}

/** Chooses the image to boot from; null: as it is. */
export function setBootIndex(wim: string, revision: string, bootIndex: number | null): void {
  change(wim, revision, (draft) => ({ ...draft, bootIndex }));
}

/** Changes the contents of an image, with a step that can be undone. */
export function changeContents(
  wim: string,
  revision: string,
  image: ImageSummary,
  step: (changes: PendingChanges) => PendingChanges,
): void {
  change(wim, revision, (draft) => {
    const known = draft.contents[image.index] ?? { original: image.name, changes: noChanges, history: [] };
    const next = {
      ...known,
      changes: step(known.changes),
      history: [...known.history, known.changes].slice(-HISTORY),
    };
    return { ...draft, contents: { ...draft.contents, [image.index]: next } };
  });
}

/** Takes back the last step of an image's contents. */
export function undoContents(wim: string, index: number): void {
  const draft = draftOf(wim);
  if (draft === null) return;
  change(wim, draft.revision, () => {
    const known = draft.contents[index];
    const before = known?.history.at(-1);
    if (before === undefined) return draft;
    const next = { ...known, changes: before, history: known.history.slice(0, -1) };
    return { ...draft, contents: { ...draft.contents, [index]: next } };
  });
}

/** Drops the changes of an image's contents: they were written, or are not wanted. */
export function dropContents(wim: string, index: number): void {
  const draft = draftOf(wim);
  if (draft === null) return;
  change(wim, draft.revision, () => ({ ...draft, contents: without(draft.contents, index) }));
}

/** Drops changed properties of one image, or of all, and the boot index with those of all. */
export function dropProperties(wim: string, index?: number): void {
  const draft = draftOf(wim);
  if (draft === null) return;
  change(wim, draft.revision, () =>
    index === undefined
      ? { ...draft, images: {}, bootIndex: null }
      : { ...draft, images: without(draft.images, index) },
  );
}

export function dropDraft(wim: string): void {
  useDrafts.setState(({ byWim }) => ({ byWim: without(byWim, wim) }));
}

/** What a draft rests on from now on, after this window itself changed the file. */
export function restDraftOn(wim: string, revision: string): void {
  const draft = draftOf(wim);
  if (draft !== null) change(wim, revision, () => ({ ...draft, revision }));
}

/**
 * Moves a draft to the images of the file as it is now.
 * @returns names of images that are not there any more; their changes are dropped
 */
export function moveDraft(wim: string, revision: string, summary: WimSummary): readonly string[] {
  const before = draftOf(wim);
  if (before === null) return [];
  const { draft, lost } = movedDraft(before, revision, summary);
  change(wim, revision, () => draft);
  return lost;
}

/** The contents draft of an image. */
export function contentsOf(draft: WimDraft | null, index: number): ContentDraft | undefined {
  return draft?.contents[index];
}

function change(wim: string, revision: string, step: (draft: WimDraft) => WimDraft): void {
  const next = step(draftOf(wim) ?? fresh(revision));
  if (countDraft(next) === 0 && Object.values(next.contents).every(({ history }) => history.length === 0)) {
    dropDraft(wim);
    return;
  }
  useDrafts.setState(({ byWim }) => ({ byWim: { ...byWim, [wim]: next } }));
}

function without<T>(record: Readonly<Record<string, T>>, key: string | number): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== String(key)));
}

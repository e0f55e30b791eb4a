import { describe, expect, it } from 'vitest';
import type { ImageSummary } from '../../../../src-shared/model/summaries';
import { Work } from '../../../../src-shared/contract/work';
import { noChanges } from '../../../../src-renderer/views/image/contents/pendingChanges';
import {
  countDraft,
  countProperties,
  movedDraft,
  propertyWork,
  type WimDraft,
} from '../../../../src-renderer/views/image/draftModel';

const draft: WimDraft = {
  revision: '1',
  images: {
    1: { original: 'base', values: { name: 'Base', flags: 'Pro' } },
    2: { original: 'office', values: { description: '', displayName: 'Office' } },
    3: { original: 'cad', values: {} },
  },
  bootIndex: 2,
  contents: {
    2: { original: 'office', changes: { ...noChanges, renamed: { '/a': 'b' } }, history: [noChanges] },
  },
};
const summary = (...names: string[]) => ({
  imageCount: names.length,
  images: names.map((name, i) => ({ index: i + 1, name }) as ImageSummary),
});

describe('the draft of a WIM', () => {
  it('counts what is changed', () => {
    expect(countProperties(draft)).toBe(5);
    expect(countDraft(draft)).toBe(6);
    expect(countDraft(null)).toBe(0);
  });

  it('makes one piece of work for each image, the boot index with its image', () => {
    const works = propertyWork('/lab.wim', draft);
    expect(works.map(({ request }) => request)).toEqual([
      { wim: '/lab.wim', image: 1, newName: 'Base', properties: [['FLAGS', 'Pro']] },
      {
        wim: '/lab.wim',
        image: 2,
        newDescription: '',
        properties: [['DISPLAYNAME', 'Office']],
        boot: true,
      },
    ]);
    for (const work of works) expect(Work.parse(work)).toEqual(work);
  });

  it('makes no image bootable by image 0', () => {
    const none = propertyWork('/lab.wim', { ...draft, images: {}, bootIndex: 0 });
    expect(none.map(({ request }) => request)).toEqual([{ wim: '/lab.wim', image: 0, boot: true }]);
  });

  it('follows images to their new places by name, and says which are gone', () => {
    const { draft: moved, lost } = movedDraft(draft, '2', summary('office', 'cad'));
    expect(moved.revision).toBe('2');
    expect(Object.keys(moved.images)).toEqual(['1', '2']);
    expect(moved.images[1].original).toBe('office');
    expect(moved.contents[1].changes.renamed).toEqual({ '/a': 'b' });
    expect(lost).toEqual(['base']);
  });

  it('finds images without a name by their index', () => {
    const nameless: WimDraft = {
      ...draft,
      images: { 2: { original: '', values: { name: 'x' } }, 4: { original: '', values: { name: 'y' } } },
      contents: {},
    };
    const { draft: moved, lost } = movedDraft(nameless, '2', summary('', ''));
    expect(Object.keys(moved.images)).toEqual(['2']);
    expect(lost).toEqual(['4']);
  });
});

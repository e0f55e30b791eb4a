import { expect, it } from 'vitest';
import { z } from 'zod';
import { DraftShelf, type TextStore } from '../../../../src-renderer/stores/draftShelf';

const schema = z.object({ source: z.string(), image: z.number() });
const stored = { draft: { source: '/mnt/ref', image: 2 }, visited: ['source'], finished: false };

function memory(texts = new Map<string, string>()): TextStore & { readonly texts: Map<string, string> } {
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  };
}

it('gives a draft back to the next window', () => {
  const store = memory();
  new DraftShelf(store).keep('capture', stored);
  expect(new DraftShelf(store).read('capture', schema)).toEqual(stored);
  expect(new DraftShelf(store).read('apply', schema)).toBeNull();
});

it.each([
  ['no JSON', '{'],
  ['no object', '"text"'],
  ['another shape', JSON.stringify({ source: '/mnt/ref' })],
  ['a draft of another version', JSON.stringify({ ...stored, draft: { source: 1 } })],
])('takes %s for nothing', (_title, text) => {
  const shelf = new DraftShelf(memory(new Map([['wimsmith.draft.capture', text]])));
  expect(shelf.read('capture', schema)).toBeNull();
});

it('keeps what is sound of a record whose steps are damaged', () => {
  const text = JSON.stringify({ ...stored, visited: ['source', 7, null], finished: 'yes' });
  const shelf = new DraftShelf(memory(new Map([['wimsmith.draft.capture', text]])));
  expect(shelf.read('capture', schema)).toEqual(stored);
});

it('marks a draft whose job is done, and keeps it', () => {
  const store = memory();
  const shelf = new DraftShelf(store);
  shelf.finish('capture');
  expect(store.texts.size).toBe(0);
  shelf.keep('capture', stored);
  shelf.finish('capture');
  expect(new DraftShelf(store).read('capture', schema)).toEqual({ ...stored, finished: true });
});

it('leaves no older draft in the store when a new one does not fit', () => {
  const store = memory();
  const full: TextStore = {
    ...store,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  };
  new DraftShelf(store).keep('capture', { ...stored, draft: { source: '/old', image: 1 } });
  const shelf = new DraftShelf(full);
  shelf.keep('capture', stored);
  expect(shelf.read('capture', schema)).toEqual(stored);
  expect(new DraftShelf(store).read('capture', schema)).toBeNull();
});

import { describe, expect, test } from 'vitest';
import { readHidden, readSorting } from '../../../../src-renderer/views/images/kept';

describe('what was kept of an earlier window', () => {
  test('comes back', () => {
    expect(readHidden('["folder","saved"]')).toEqual(['folder', 'saved']);
    expect(readHidden('[]')).toEqual([]);
    expect(readSorting('{"id":"size","descending":false}')).toEqual({ id: 'size', descending: false });
  });
  test.each([null, '', '{', 'null', '[1]', '{"id":1}', '{"id":"size"}', '"size"'])(
    'damaged as %s it gives the default',
    (kept) => {
      expect(readHidden(kept)).toEqual(['origin']);
      expect(readSorting(kept)).toEqual({ id: 'changed', descending: true });
    },
  );
});

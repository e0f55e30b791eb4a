import { expect, it } from 'vitest';
import { NONE, Tree } from '../../../../src-main/engine/tree/tree';

it('entries are added with names that were stored before, into room that was made before', () => {
  const tree = new Tree();
  const bytes = Buffer.from('long name.textLONGNA~1.TEX', 'utf16le');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const long = tree.storeName(view, 0, 14);
  const short = tree.storeName(view, 28, 12);
  tree.reserve(300, 300, 300);
  const { parent } = tree;
  tree.addEntry(NONE, '', tree.addInode(16, 0n, 0n, 0n));
  for (let i = 0; i < 299; i++) {
    const inode = tree.addInode(32, 0n, 0n, 0n);
    const entry = tree.addEntryStored(0, inode, long, 14, short, i % 2 === 0 ? 12 : 0);
    expect(tree.name(entry)).toBe('long name.text');
    expect(tree.shortName(entry)).toBe(i % 2 === 0 ? 'LONGNA~1.TEX' : '');
    tree.addStream(inode, 0, '', NONE, 5);
  }
  expect(tree.parent).toBe(parent);
  expect([...tree.children(0)].length).toBe(299);
  expect(String.fromCharCode(...tree.storedNames.subarray(long, long + 14))).toBe('long name.text');
});

import { describe, expect, it } from 'vitest';
import { compareNames, sameNameIgnoringCase } from '../../../../src-main/engine/tree/nameOrder';
import { NONE, StreamKind, Tree } from '../../../../src-main/engine/tree/tree';

function sample(): Tree {
  const tree = new Tree();
  const directory = (): number => tree.addInode(0x10, 0n, 0n, 0n);
  tree.addEntry(NONE, '', directory());
  const windows = tree.addEntry(0, 'Windows', directory(), 'WINDOW~1');
  const file = tree.addInode(0x20, 1n, 2n, 3n);
  tree.addStream(file, StreamKind.DATA, '', NONE, 10);
  tree.addStream(file, StreamKind.NAMED, 'Zone.Identifier', NONE, 26);
  tree.addEntry(windows, 'a.exe', file);
  tree.addEntry(0, 'b.exe', file);
  return tree;
}

const paths = (tree: Tree): string[] => [...tree.preorder()].map((entry) => tree.path(entry));

describe('Tree', () => {
  it('keeps names, links and streams of what was added', () => {
    const tree = sample();
    expect({
      paths: paths(tree),
      links: tree.linkCount[tree.inode[3]],
      shortName: tree.shortName(1),
      streams: [...tree.streams(tree.inode[3])].map((row) => [tree.streamName(row), tree.streamSize[row]]),
      named: tree.streamName(tree.findStream(tree.inode[3], StreamKind.NAMED, 'Zone.Identifier')),
    }).toEqual({
      paths: ['/', '/Windows', '/Windows/a.exe', '/b.exe'],
      links: 2,
      shortName: 'WINDOW~1',
      streams: [
        ['', 10],
        ['Zone.Identifier', 26],
      ],
      named: 'Zone.Identifier',
    });
  });

  it('moves and removes entries', () => {
    const tree = sample();
    tree.dropLinks(2);
    tree.detach(2);
    tree.rename(1, 'WinNT');
    const moved = tree.linkCount[tree.inode[3]];
    tree.detach(3);
    tree.linkChild(1, 3);
    expect({ paths: paths(tree), moved, shortName: tree.shortName(1) }).toEqual({
      paths: ['/', '/WinNT', '/WinNT/b.exe'],
      moved: 1,
      shortName: '',
    });
  });

  it('walks a chain of 50,000 directories without recursion', () => {
    const tree = new Tree();
    let parent = tree.addEntry(NONE, '', tree.addInode(0x10, 0n, 0n, 0n));
    for (let i = 0; i < 50_000; i++) parent = tree.addEntry(parent, 'd', tree.addInode(0x10, 0n, 0n, 0n));
    expect([...tree.preorder()].length).toBe(50_001);
  });
});

describe('names', () => {
  it('sorts without case first, then by code unit', () => {
    expect(['b', 'a', 'B', 'A', 'ä', 'Z', 'z_', 'aa'].sort(compareNames)).toEqual([
      'A',
      'a',
      'aa',
      'B',
      'b',
      'Z',
      'z_',
      'ä',
    ]);
  });

  it('compares as Windows does, character by character', () => {
    expect([sameNameIgnoringCase('ÄBC.TXT', 'äbc.txt'), sameNameIgnoringCase('straße', 'STRASSE')]).toEqual([
      true,
      false,
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileNameText, compilePathText } from '../../../../src-main/engine/tree/pathText';
import { NONE, Tree } from '../../../../src-main/engine/tree/tree';

/** A tree of random shape with short names of few letters, so that texts are found in it. */
const trees = fc
  .array(fc.tuple(fc.nat(), fc.stringMatching(/^[abAB.]{1,4}$/)), { maxLength: 30 })
  .map((entries) => {
    const tree = new Tree();
    tree.addEntry(NONE, '', tree.addInode(0x10, 0n, 0n, 0n));
    for (const [parent, name] of entries)
      tree.addEntry(parent % tree.entryCount, name, tree.addInode(0x10, 0n, 0n, 0n));
    return tree;
  });

const all = (tree: Tree): number[] => Array.from({ length: tree.entryCount - 1 }, (_, i) => i + 1);
const found = (tree: Tree, test: (entry: number) => boolean): string[] =>
  all(tree)
    .filter(test)
    .map((entry) => tree.path(entry));
const where = (tree: Tree, test: (path: string) => boolean): string[] =>
  all(tree)
    .map((entry) => tree.path(entry))
    .filter(test);

describe('a text that is looked for in paths', () => {
  it('is found wherever the path contains it, whatever the case', () => {
    fc.assert(
      fc.property(trees, fc.stringMatching(/^[abAB./]{1,5}$/), (tree, text) => {
        const wanted = text.toLowerCase();
        expect(found(tree, compilePathText(tree, text))).toEqual(
          where(tree, (path) => path.toLowerCase().includes(wanted)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('without a slash is looked for in names alone by a search for names', () => {
    fc.assert(
      fc.property(trees, fc.stringMatching(/^[abAB.]{1,3}$/), (tree, text) => {
        expect(found(tree, compileNameText(tree, text))).toEqual(
          where(tree, (path) =>
            path
              .slice(path.lastIndexOf('/') + 1)
              .toLowerCase()
              .includes(text.toLowerCase()),
          ),
        );
      }),
    );
  });

  it('as a glob is matched against the last names', () => {
    fc.assert(
      fc.property(trees, fc.stringMatching(/^\/?([ab.*?]{1,3}\/)?[ab.]{0,2}[*?]$/), (tree, glob) => {
        const names = glob.split('/').filter((name) => name !== '');
        const expression = names
          .map((name) => name.replaceAll('.', '\\.').replaceAll('*', '[^/]*').replaceAll('?', '[^/]'))
          .join('/');
        const anchored = new RegExp(`${glob.startsWith('/') ? '^' : ''}/${expression}$`, 'i');
        expect(found(tree, compilePathText(tree, glob))).toEqual(where(tree, (path) => anchored.test(path)));
      }),
      { numRuns: 500 },
    );
  });
});

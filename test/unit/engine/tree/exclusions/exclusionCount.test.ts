import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSteps } from '../../../../../src-main/engine/steps';
import { defaultCaptureConfig } from '../../../../../src-main/engine/tree/exclusions/captureConfig';
import { countExclusionsSteps } from '../../../../../src-main/engine/tree/exclusions/exclusionCount';
import { ExclusionMatcher } from '../../../../../src-main/engine/tree/exclusions/exclusionMatcher';
import { NONE, StreamKind, Tree } from '../../../../../src-main/engine/tree/tree';

/** A tree of random shape; files have as many bytes as their row. */
const trees = fc
  .array(fc.tuple(fc.nat(), fc.stringMatching(/^[abAB]{1,2}(\.t)?$/), fc.boolean()), { maxLength: 40 })
  .map((entries) => {
    const tree = new Tree();
    const directories = [tree.addEntry(NONE, '', tree.addInode(0x10, 0n, 0n, 0n))];
    for (const [place, name, isDirectory] of entries) {
      const inode = tree.addInode(isDirectory ? 0x10 : 0x20, 0n, 0n, 0n);
      const row = tree.addEntry(directories[place % directories.length], name, inode);
      if (isDirectory) directories.push(row);
      else tree.addStream(inode, StreamKind.DATA, '', NONE, row);
    }
    return tree;
  });
const part = fc.stringMatching(/^[abAB*?]{1,2}(\.t)?$/);
const pattern = fc.oneof(
  part,
  part.map((name) => `/${name}`),
  fc.tuple(part, part).map(([a, b]) => `/${a}/${b}`),
  fc.constant('/'),
);
const patterns = fc.array(pattern, { maxLength: 5 });

describe('what exclusions hit', () => {
  it('is what a scan with them leaves out, pattern by pattern', () => {
    fc.assert(
      fc.property(trees, patterns, patterns, fc.boolean(), (tree, exclusionList, exceptions, ignoreCase) => {
        const config = { ...defaultCaptureConfig, exclusionList, exclusionException: exceptions };
        const options = { caseInsensitive: ignoreCase };
        const hits = runSteps(countExclusionsSteps(tree, config, options));

        const matcher = new ExclusionMatcher(config, options);
        const expected = new Map<
          string,
          { files: number; directories: number; bytes: number; paths: string[] }
        >();
        const left: number[] = [];
        const visit = (directory: number, under: string | undefined): void => {
          for (const row of tree.children(directory)) {
            const path = tree.path(row);
            const hit = under ?? matcher.excludes(path);
            if (hit !== undefined) {
              const sums = expected.get(hit) ?? { files: 0, directories: 0, bytes: 0, paths: [] };
              expected.set(hit, sums);
              const isDirectory = tree.attributes[tree.inode[row]] === 0x10;
              if (under === undefined) sums.paths.push(path);
              if (isDirectory) sums.directories += 1;
              else sums.files += 1;
              if (!isDirectory) sums.bytes += row;
              left.push(row);
            }
            visit(row, hit);
          }
        };
        visit(0, undefined);

        expect(hits.patterns.map((row) => row.pattern)).toEqual(exclusionList);
        const firsts = new Set<string>();
        for (const { pattern: name, first, ...sums } of hits.patterns) {
          const { paths, ...wanted } = (firsts.has(name) ? undefined : expected.get(name)) ?? {
            files: 0,
            directories: 0,
            bytes: 0,
            paths: [],
          };
          firsts.add(name);
          expect(sums).toEqual(wanted);
          expect(first.length).toBe(Math.min(20, paths.length));
          expect(paths).toEqual(expect.arrayContaining([...first]));
        }
        expect([...hits.excluded.entries()].filter(([, value]) => value === 1).map(([row]) => row)).toEqual(
          left.sort((a, b) => a - b),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('counts a file of several names only when all of them are left out', () => {
    const tree = new Tree();
    tree.addEntry(NONE, '', tree.addInode(0x10, 0n, 0n, 0n));
    const inode = tree.addInode(0x20, 0n, 0n, 0n);
    tree.addStream(inode, StreamKind.DATA, '', NONE, 1000);
    tree.addEntry(0, 'one.tmp', inode);
    tree.addEntry(0, 'two.bak', inode);
    const bytes = (...exclusionList: string[]): number[] =>
      runSteps(
        countExclusionsSteps(tree, { ...defaultCaptureConfig, exclusionList }, { caseInsensitive: true }),
      ).patterns.map((row) => row.bytes);
    expect(bytes('*.tmp')).toEqual([0]);
    expect(bytes('*.bak', '*.TMP')).toEqual([0, 1000]);
  });
});

import { describe, expect, it } from 'vitest';
import { NameSpace } from '../../../../../src-main/engine/ntfs/records/fileName';
import { entryOfKey, isShortKey } from '../../../../../src-main/engine/ntfs/write/nameKeys';
import { TreePlan } from '../../../../../src-main/engine/ntfs/write/treePlan';
import { RemarkTally } from '../../../../../src-main/engine/tree/remarkTally';
import type { ApplyOptions } from '../../../../../src-main/engine/tree/target';
import { DataTree } from '../../../../support/ntfsTrees';

function planOf(source: DataTree, options: ApplyOptions = {}): { plan: TreePlan; problems: string[] } {
  const tally = new RemarkTally();
  const plan = new TreePlan(source.tree, 0, options, tally);
  return { plan, problems: tally.remarks().map(({ path, problem }) => `${path}: ${problem}`) };
}

/** Names in the root as the index has them. */
function rootNames(plan: TreePlan): string[] {
  const { start, end } = plan.directories[0];
  return Array.from(plan.order.subarray(start, end), (key) => {
    const { units, start: at, length } = plan.keys.range(key);
    const name = String.fromCharCode(...units.subarray(at, at + length));
    return isShortKey(key) ? `(${name})` : `${name} ${plan.nameSpace(entryOfKey(key))}`;
  });
}

describe('names of a volume', () => {
  it('are sorted by upper case, short names among them', () => {
    const source = new DataTree();
    const { tree } = source;
    for (const name of ['b', 'A', 'Z_', 'z', 'ä', 'Ä2', '_', '~', 'aa'])
      tree.addEntry(0, name, tree.addInode(0x20, 0n, 0n, 0n), name === 'aa' ? 'ZA~1' : '');
    const { plan, problems } = planOf(source);
    expect(problems).toEqual([]);
    expect(rootNames(plan)).toEqual([
      'A 0',
      `aa ${NameSpace.WIN32}`,
      'b 0',
      'z 0',
      '(ZA~1)',
      'Z_ 0',
      '_ 0',
      '~ 0',
      'ä 0',
      'Ä2 0',
    ]);
  });

  it('that cannot be are left out and told, or repaired where that is wanted', () => {
    const source = new DataTree();
    const names = [
      'a/b',
      'c\\d',
      '..',
      '.',
      '',
      'x'.repeat(256),
      '$MFT',
      '$mftmirr',
      'NUL\0',
      '$Extended',
      'twice',
      'twice',
    ];
    for (const name of names) source.file(0, name);
    const { plan, problems } = planOf(source);
    expect(rootNames(plan)).toEqual(['$Extended 0', 'twice 0']);
    expect(problems.join('\n')).toMatch(/slash.*3 entries/);
    expect(problems.join('\n')).toMatch(/file of its own by this name: left out \(2 entries/);
    expect(problems.join('\n')).toMatch(/another entry has this name/);
    expect(rootNames(planOf(source, { includeInvalidNames: true }).plan).length).toBe(names.length - 1);
  });

  it('that differ only in case are all kept, in a case-sensitive directory', () => {
    const source = new DataTree();
    for (const name of ['same', 'SAME', 'Same', 'other']) source.file(0, name);
    const { plan, problems } = planOf(source);
    expect(problems).toEqual([]);
    expect(rootNames(plan)).toEqual(['other 0', 'SAME 0', 'Same 0', 'same 0']);
    expect(plan.directories[0].caseSensitive).toBe(true);
  });

  it('have one short name a file, which no other name has', () => {
    const source = new DataTree();
    const { tree } = source;
    const add = (name: string, short: string, inode = tree.addInode(0x20, 0n, 0n, 0n)): number => {
      tree.addEntry(0, name, inode, short);
      return inode;
    };
    const first = add('a long name', 'ALONGN~1');
    add('a link of it', 'ALINKO~1', first);
    add('README.TXT', 'README.TXT');
    add('taken', '');
    add('the other long name', 'TAKEN');
    add('not a short name at all', 'not a short name');
    const { plan, problems } = planOf(source);
    expect(rootNames(plan)).toEqual([
      'a link of it 0',
      `a long name ${NameSpace.WIN32}`,
      '(ALONGN~1)',
      'not a short name at all 0',
      `README.TXT ${NameSpace.WIN32_AND_DOS}`,
      'taken 0',
      'the other long name 0',
    ]);
    expect(problems.length).toBe(3);
    expect(plan.linkCount(first)).toBe(3);
    expect(() => planOf(source, { strictShortNames: true })).toThrow(/short/);
  });

  it('of a file are 1,024 at most, of a directory one', () => {
    const source = new DataTree();
    const { tree } = source;
    const inode = tree.addInode(0x20, 0n, 0n, 0n);
    for (let i = 0; i < 1100; i++) tree.addEntry(0, `name ${i}`, inode);
    const directory = tree.inode[source.directory(0, 'directory')];
    tree.addEntry(0, 'again', directory);
    const { plan, problems } = planOf(source);
    expect(plan.linkCount(inode)).toBe(1024);
    expect(plan.linkCount(directory)).toBe(1);
    expect(problems.length).toBe(2);
  });

  it('begin at a directory', () => {
    const source = new DataTree();
    const file = source.file(0, 'file');
    expect(() => new TreePlan(source.tree, file, {}, new RemarkTally())).toThrow(/not a directory/);
  });
});

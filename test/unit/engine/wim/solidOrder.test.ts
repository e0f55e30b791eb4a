import { expect, it } from 'vitest';
import { solidOrder } from '../../../../src-main/engine/wim/write/solidOrder';

/** The names in the order of a solid resource. */
function ordered(names: readonly (string | undefined)[]): (string | undefined)[] {
  return solidOrder(names.map((name) => ({ name }))).map((index) => names[index]);
}

it('brings files of a kind together: no name, no extension, then by extension and name without case', () => {
  expect(
    ordered([
      'b.TXT',
      undefined,
      'readme',
      'a.dll',
      'A.txt',
      'Makefile',
      'z.DLL',
      'archive.tar.gz',
      '.profile',
      'x.',
    ]),
  ).toEqual([
    undefined,
    'Makefile',
    'readme',
    'x.',
    'a.dll',
    'z.DLL',
    'archive.tar.gz',
    '.profile',
    'A.txt',
    'b.TXT',
  ]);
});

it('keeps the order of what is equal', () => {
  const items = [{ name: 'B' }, { name: undefined }, { name: 'b' }, { name: undefined }, { name: 'B' }];
  expect(solidOrder(items)).toEqual([1, 3, 0, 2, 4]);
});

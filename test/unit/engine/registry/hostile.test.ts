import { expect, it } from 'vitest';
import { createHive } from '../../../../src-main/engine/registry/createHive';
import { openHive } from '../../../../src-main/engine/registry/openHive';
import { NK } from '../../../../src-main/engine/registry/records';
import { flatten } from '../../../support/hives';

const now = () => 1n;
const malformed = expect.objectContaining({ code: 'registry/malformed' });

/** Offset in the file of the record of the key that has a name. */
function nodeOf(file: Uint8Array, name: string): number {
  const at = Buffer.from(file).indexOf(name, 4096, 'latin1');
  expect(at).toBeGreaterThan(4096);
  return at - 76;
}

function hiveWith(paths: readonly string[], change: (view: DataView, file: Uint8Array) => void): Uint8Array {
  const hive = createHive({ now });
  for (const path of paths) hive.root.ensure(path).setValue('value', 3, new Uint8Array(100));
  const file = hive.serialize();
  change(new DataView(file.buffer), file);
  return file;
}

it('a key that lists one above it is no way down again', () => {
  const file = hiveWith(['first\\second\\third'], (view, bytes) => {
    const list = view.getUint32(nodeOf(bytes, 'first') + NK.subkeyList, true);
    view.setUint32(nodeOf(bytes, 'third') + NK.subkeyList, list, true);
    view.setUint32(nodeOf(bytes, 'third') + NK.subkeyCount, 1, true);
  });
  const hive = openHive(file);
  expect(flatten(hive)).toHaveLength(4);
  expect(hive.warnings.join()).toContain('listed by two keys');
  expect(() => hive.root.ensure('x')).toThrow(malformed);
});

it('lists that all keys share are shown once, not 2^40 times', () => {
  const names = Array.from({ length: 40 }, (_, i) => `level${i}`);
  const file = hiveWith(
    names.map((_name, i) => [...names.slice(0, i), `also${i}`].join('\\')),
    (view, bytes) => {
      for (let i = 0; i + 1 < names.length; i++) {
        const list = view.getUint32(nodeOf(bytes, `level${i}`) + NK.subkeyList, true);
        view.setUint32(nodeOf(bytes, `also${i}`) + NK.subkeyList, list, true);
        view.setUint32(nodeOf(bytes, `also${i}`) + NK.subkeyCount, 2, true);
      }
    },
  );
  expect(flatten(openHive(file)).length).toBeLessThanOrEqual(81);
});

it('counts that no list has place for do not ask for memory', () => {
  const file = hiveWith(['first'], (view, bytes) => {
    view.setUint32(nodeOf(bytes, 'first') + NK.valueCount, 0xffffffff, true);
    view.setUint32(nodeOf(bytes, 'first') + NK.subkeyCount, 0xffffffff, true);
  });
  const hive = openHive(file);
  expect(
    hive
      .key('first')
      ?.values()
      .map(({ name }) => name),
  ).toEqual(['value']);
  expect(hive.key('first')?.subkeys()).toEqual([]);
  expect(hive.warnings.join('\n')).toMatch(/claims 4294967295 values/);
  expect(() => hive.root.ensure('x')).toThrow(malformed);
});

it('data in a cell of another value is found before a change', () => {
  const file = hiveWith(['first', 'other'], (view, bytes) => {
    const values = ['first', 'other'].map((name) => {
      const list = view.getUint32(nodeOf(bytes, name) + NK.valueList, true) + 4096 + 4;
      return view.getUint32(list, true) + 4096 + 4;
    });
    view.setUint32(values[1] + 8, view.getUint32(values[0] + 8, true), true);
  });
  const hive = openHive(file);
  expect(flatten(hive)).toHaveLength(3);
  expect(() => hive.root.deleteSubkey('other')).toThrow(/belongs to something else, too/);
  expect(hive.changed).toBe(false);
});

it('counts of references and parents that are wrong are put right by the first change', () => {
  const file = hiveWith(['first', 'other'], (view, bytes) => {
    view.setUint32(nodeOf(bytes, 'first') + NK.parent, 32 + 8, true);
    const security = view.getUint32(nodeOf(bytes, 'first') + NK.security, true) + 4096 + 4;
    view.setUint32(security + 12, 1, true);
  });
  const hive = openHive(file, { now });
  expect(hive.root.deleteSubkey('first')).toBe(true);
  expect(hive.root.deleteSubkey('other')).toBe(true);
  expect(hive.warnings).toHaveLength(2);
  expect(hive.root.security.length).toBeGreaterThan(20);
});

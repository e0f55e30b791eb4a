import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHive } from '../../../../src-main/engine/registry/createHive';
import type { Hive } from '../../../../src-main/engine/registry/hive';
import { openHive } from '../../../../src-main/engine/registry/openHive';
import {
  dwordOf,
  multiTextOf,
  qwordOf,
  RegistryType,
  setDword,
  setMultiText,
  setQword,
  setText,
  textOf,
} from '../../../../src-main/engine/registry/registryValues';
import { checkHiveStrictly } from '../../../support/hiveCheck';
import { flatten } from '../../../support/hives';

const now = () => 133_500_000_000_000_000n;

/** What a hive should hold: values of each key by path, both in upper case. */
type Model = Map<string, Map<string, { type: number; data: string }>>;

function modelOf(hive: Hive): Model {
  return new Map(
    flatten(hive).map(({ path, values }) => [
      path.toUpperCase(),
      new Map(
        values.map(({ name, type, data }) => [
          name.toUpperCase(),
          { type, data: Buffer.from(data).toString('hex') },
        ]),
      ),
    ]),
  );
}

const names = fc.constantFrom(
  'a',
  'B',
  'alpha',
  'Beta_1',
  'beta^2',
  'Zähler',
  'Ключ',
  'x'.repeat(255),
  '名前',
);
const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\\'));
const sizes = fc.constantFrom(0, 1, 4, 5, 12, 60, 61, 700, 4064, 16344, 16345, 40_000);
const edit = fc.oneof(
  fc.record({ kind: fc.constant('ensure' as const), path: paths }),
  fc.record({ kind: fc.constant('delete' as const), path: paths }),
  fc.record({ kind: fc.constant('set' as const), path: paths, name: names, type: fc.nat(12), size: sizes }),
  fc.record({ kind: fc.constant('unset' as const), path: paths, name: names }),
  fc.record({ kind: fc.constant('reopen' as const) }),
);

it('edits in any order give what a map gives, in a hive that passes every check and loses no cell', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 20, maxLength: 60 }), (edits) => {
      let hive = createHive({ now });
      const model: Model = new Map([['', new Map<string, { type: number; data: string }>()]]);
      for (const [step, change] of edits.entries()) {
        if (change.kind === 'reopen') {
          const bytes = hive.serialize();
          expect(checkHiveStrictly(bytes).lost).toBe(0);
          hive = openHive(bytes, { now });
          continue;
        }
        const path = change.path.toUpperCase();
        if (change.kind === 'ensure' || change.kind === 'set') {
          const parts = path.split('\\');
          for (let i = 1; i <= parts.length; i++) {
            const above = parts.slice(0, i).join('\\');
            if (!model.has(above)) model.set(above, new Map());
          }
          const key = hive.root.ensure(change.path);
          if (change.kind === 'ensure') continue;
          const data = new Uint8Array(change.size).fill(step + 1);
          key.setValue(change.name, change.type, data);
          const value = { type: change.type, data: Buffer.from(data).toString('hex') };
          model.get(path)?.set(change.name.toUpperCase(), value);
        } else if (change.kind === 'unset') {
          const had = model.get(path)?.delete(change.name.toUpperCase()) ?? false;
          expect(hive.key(change.path)?.deleteValue(change.name) ?? false).toBe(had);
        } else {
          const at = change.path.lastIndexOf('\\');
          const parent = hive.key(at === -1 ? '' : change.path.slice(0, at));
          const deleted = parent?.deleteSubkey(change.path.slice(at + 1)) ?? false;
          expect(deleted).toBe(model.has(path));
          for (const key of model.keys()) if (key === path || key.startsWith(`${path}\\`)) model.delete(key);
        }
      }
      const bytes = hive.serialize();
      expect(checkHiveStrictly(bytes).lost).toBe(0);
      const read = openHive(bytes);
      expect(read.warnings).toEqual([]);
      expect(modelOf(read)).toEqual(model);
    }),
    { numRuns: 60 },
  );
});

it('a key with 10,000 subkeys is divided, and deleted without a trace', () => {
  const hive = createHive({ now });
  const empty = checkHiveStrictly(hive.serialize());
  const many = hive.root.ensure('many');
  for (let i = 0; i < 10_000; i++) setDword(many.ensure(`Key ${(i * 7919) % 10_000}`), 'n', i);
  const full = checkHiveStrictly(hive.serialize());
  expect(full).toMatchObject({ keys: 10_002, values: 10_000, lost: 0 });
  expect(full.lists.ri).toBe(1);
  expect(hive.key('many\\KEY 7919')?.value('N')?.data).toEqual(Uint8Array.of(1, 0, 0, 0));
  for (let i = 0; i < 5000; i++) expect(many.deleteSubkey(`KEY ${i}`)).toBe(true);
  expect(checkHiveStrictly(hive.serialize())).toMatchObject({ keys: 5002, lost: 0 });
  expect(hive.root.deleteSubkey('many')).toBe(true);
  const bytes = hive.serialize();
  const after = checkHiveStrictly(bytes);
  expect(after).toMatchObject({ keys: 1, values: 0, lost: 0, descriptors: 1, binBytes: empty.binBytes });
  expect(Buffer.from(bytes).includes('Key 77')).toBe(false);
});

it('freed cells are joined and used again before a bin is added', () => {
  const hive = createHive({ now });
  const key = hive.root.ensure('k');
  key.setValue('keep', 3, new Uint8Array(10));
  const size = (): number => checkHiveStrictly(hive.serialize()).binBytes;
  for (let i = 0; i < 40; i++) key.setValue(`v${i}`, 3, new Uint8Array(300));
  key.setValue('end', 3, new Uint8Array(3000));
  const grown = size();
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 40; i++) key.deleteValue(`v${i}`);
    for (let i = 0; i < 10; i++) key.setValue(`w${i}`, 3, new Uint8Array(1000 + round));
    for (let i = 0; i < 10; i++) key.deleteValue(`w${i}`);
    for (let i = 0; i < 40; i++) key.setValue(`v${i}`, 3, new Uint8Array(300));
  }
  expect(size()).toBeLessThanOrEqual(grown + 4096);
});

it('a deleted key is told from one that took its place', () => {
  const hive = createHive({ now });
  const first = hive.root.ensure('a\\b');
  hive.root.deleteSubkey('A');
  const second = hive.root.ensure('a\\b');
  expect(() => first.values()).toThrow(expect.objectContaining({ code: 'registry/no-such-key' }));
  expect(second.values()).toEqual([]);
  expect(second.path).toBe('a\\b');
});

it('what no hive may hold is refused', () => {
  const hive = createHive({ now });
  const refused = expect.objectContaining({ code: 'registry/bad-edit' });
  expect(() => hive.root.ensure('x'.repeat(256))).toThrow(refused);
  expect(() => hive.root.ensure('a\0b')).toThrow(refused);
  expect(() => hive.root.setValue('x'.repeat(16384), 1, new Uint8Array(0))).toThrow(refused);
  expect(() => hive.root.setValue('x', -1, new Uint8Array(0))).toThrow(refused);
  expect(() => hive.root.ensure(Array.from({ length: 513 }, () => 'a').join('\\'))).toThrow(refused);
  expect(() => openHive(new Uint8Array(100))).toThrow(
    expect.objectContaining({ code: 'registry/not-a-hive' }),
  );
});

it('times, sequence numbers and bytes that were given', () => {
  const bytes = createHive({ now }).serialize();
  const copy = bytes.slice();
  const hive = openHive(bytes, { now: () => 5n });
  expect(hive.changed).toBe(false);
  expect(hive.serialize()).toEqual(copy);
  hive.root.ensure('new');
  expect([hive.changed, hive.root.lastWritten, hive.key('new')?.lastWritten]).toEqual([true, 5n, 5n]);
  expect(hive.key('new')?.security).toEqual(hive.root.security);
  const view = new DataView(hive.serialize().buffer);
  expect([view.getUint32(4, true), view.getUint32(8, true)]).toEqual([2, 2]);
  expect(bytes).toEqual(copy);
});

it('values of each type', () => {
  const { root } = createHive({ now });
  setText(root, '', 'Grüße');
  setText(root, 'path', '%SystemRoot%', RegistryType.EXPAND_SZ);
  setMultiText(root, 'list', ['a', 'bc']);
  setDword(root, 'd', 0xfffffffe);
  setQword(root, 'q', 2n ** 63n);
  expect(textOf(root.value(''))).toBe('Grüße');
  expect([root.value('PATH')?.type, textOf(root.value('PATH'))]).toEqual([2, '%SystemRoot%']);
  expect(multiTextOf(root.value('list'))).toEqual(['a', 'bc']);
  expect(Buffer.from(root.value('list')?.data ?? []).toString('utf16le')).toBe('a\0bc\0\0');
  expect(dwordOf(root.value('d'))).toBe(0xfffffffe);
  expect(qwordOf(root.value('q'))).toBe(2n ** 63n);
  expect([textOf(root.value('d')), dwordOf(root.value('q')), qwordOf(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(() => setMultiText(root, 'list', ['a', ''])).toThrow(RangeError);
});

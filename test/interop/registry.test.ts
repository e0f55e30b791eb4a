import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { createHive } from '../../src-main/engine/registry/createHive';
import type { Hive } from '../../src-main/engine/registry/hive';
import { openHive } from '../../src-main/engine/registry/openHive';
import {
  dwordOf,
  multiTextOf,
  setDword,
  setText,
  textOf,
} from '../../src-main/engine/registry/registryValues';
import { checkHiveStrictly } from '../support/hiveCheck';
import {
  countByReglookup,
  expectedCounts,
  expectedListing,
  fixtureHive,
  flatten,
  listByHivexsh,
  writeByHivexsh,
  type FlatKey,
} from '../support/hives';
import { describeWithFixtures, describeWithTools, requireTool, temporaryDirectory } from '../support/tools';

const now = () => 133_500_000_000_000_000n;

function saved(bytes: Uint8Array): string {
  const file = path.join(temporaryDirectory(), 'HIVE');
  writeFileSync(file, bytes);
  return file;
}

/** Both tools find in a file what we do. */
function expectSameAsTools(bytes: Uint8Array, keys: readonly FlatKey[]): void {
  const file = saved(bytes);
  // hivexsh is slow: of a large hive it lists every seventh key with its subkeys and values.
  const some = keys.filter((_key, i) => keys.length < 1000 || i % 7 === 0);
  expect(listByHivexsh(file, some) === expectedListing(some), 'hivexsh lists the same').toBe(true);
  expect(countByReglookup(file)).toEqual(expectedCounts(keys));
}

/** Keys of a hive by path. */
function byPath(hive: Hive): Map<string, FlatKey> {
  return new Map(flatten(hive).map((key) => [key.path, key]));
}

describeWithFixtures('hives of Windows', () => {
  it.each([
    'regipy/BCD.xz',
    'regipy/SYSTEM_2.xz',
    'hivex/minimal',
    'hivex/special',
    'hivex/rlenvalue_test_hive',
    'yarp/ManySubkeysHive',
    'yarp/MultiSzHive',
    'yarp/StringValuesHive',
    'yarp/UnicodeHive',
    'yarp/ExtendedASCIIHive',
    'yarp/NewFlagsHive',
    'yarp/RemnantData',
    'yarp/DeletedTreeHive',
    'yarp/EmptyHive',
    'yarp/OffHive',
    'yarp/WrongOrderHive',
    'yarp/InvalidParentHive',
    'yarp/TwoOwnersHive',
  ])('%s reads as hivexsh and reglookup read it', (name) => {
    requireTool('hivexsh', 'reglookup');
    const bytes = fixtureHive(name);
    const keys = flatten(openHive(bytes));
    expect(keys.length).toBeGreaterThan(0);
    expectSameAsTools(bytes, keys);
  });

  it('names that hold line breaks and NULs are what they are', () => {
    const hive = openHive(fixtureHive('yarp/BogusKeyNamesHive'));
    expect(hive.root.subkeys().map(({ name }) => name)).toEqual(['testnew\r\nne', 'testnu\0l']);
    expect(hive.key('testnu\0l')?.name).toBe('testnu\0l');
  });

  it('a hive is recovered to what Windows 10 recovered', () => {
    const hive = openHive(fixtureHive('yarp/NewDirtyHive1/NewDirtyHive'), {
      logs: ['LOG1', 'LOG2'].map((log) => fixtureHive(`yarp/NewDirtyHive1/NewDirtyHive.${log}`)),
    });
    expect(hive.recovered).toBe(true);
    const recovered = hive.serialize();
    expect(Buffer.compare(recovered, fixtureHive('yarp/NewDirtyHive1/RecoveredHive_Windows10'))).toBe(0);
    expect(checkHiveStrictly(recovered).keys).toBe(5);
  });

  it.each(['OldDirtyHive/OldDirtyHive', 'BadBaseBlockHive/BadBaseBlockHive'])(
    '%s is recovered to what Windows 7 recovered',
    (name) => {
      const logs = ['LOG1', 'LOG2'].map((log) => fixtureHive(`yarp/${name}.${log}`));
      const hive = openHive(fixtureHive(`yarp/${name}`), { logs });
      const windows = openHive(fixtureHive('yarp/OldDirtyHive/RecoveredHive_Windows7'));
      expect(hive.recovered).toBe(true);
      expect(isDeepStrictEqual(flatten(hive), flatten(windows))).toBe(true);
      expect(multiTextOf(hive.key('key_with_many_subkeys\\4500')?.value('v'))).toEqual(['a', 'bb', 'ccc']);
      // Windows wrote once more after it had recovered; the bins differ where it did.
      expect(checkHiveStrictly(hive.serialize()).keys).toBe(5003);
    },
  );

  it('SYSTEM of Windows 10 is recovered from both logs, edited, and kept in every other key', () => {
    requireTool('hivexsh', 'reglookup', 'regfinfo');
    const hive = openHive(fixtureHive('regipy/SYSTEM_B.xz'), {
      logs: ['LOG2', 'LOG1'].map((log) => fixtureHive(`regipy/SYSTEM_B.${log}.xz`)),
      now,
    });
    expect(hive.recovered).toBe(true);
    const lostBefore = checkHiveStrictly(hive.serialize()).lost;
    const before = byPath(hive);
    setText(hive.root.ensure('ControlSet001\\Services\\wimsmith-test\\Parameters'), 'Path', 'C:\\drivers');
    setDword(hive.root.ensure('ControlSet001\\Services\\wimsmith-test'), 'Start', 0);
    expect(hive.key('ControlSet001\\Services')?.deleteSubkey('acpi')).toBe(true);
    const edited = hive.serialize();
    const facts = checkHiveStrictly(edited);
    expect(facts.lost).toBe(lostBefore);

    const again = openHive(edited);
    expect(again.warnings).toEqual([]);
    const after = byPath(again);
    const services = 'ControlSet001\\Services';
    const changed: string[] = [];
    for (const [path, key] of before) {
      if (
        path.toLowerCase().startsWith(`${services.toLowerCase()}\\acpi\\`) ||
        /\\Services\\acpi$/i.test(path)
      ) {
        if (path.startsWith('ControlSet001')) continue;
      }
      if (path !== services && !isDeepStrictEqual(after.get(path), key)) changed.push(path);
    }
    expect(changed).toEqual([]);
    expect(after.get(`${services}\\wimsmith-test`)?.security).toBe(before.get(services)?.security);
    expectSameAsTools(edited, [...after.values()]);
    execFileSync('regfinfo', [saved(edited)], { stdio: 'ignore' });
  });

  it('a dirty hive without its logs is read, and changed only when that is asked for', () => {
    const bytes = fixtureHive('regipy/SYSTEM_2.xz');
    const hive = openHive(bytes, { label: 'SYSTEM' });
    expect(hive.dirty).toBe(true);
    expect(hive.warnings[0]).toContain('SYSTEM: the hive is dirty');
    expect(() => hive.root.ensure('x')).toThrow(expect.objectContaining({ code: 'registry/dirty' }));
    expect(() => hive.serialize()).toThrow(expect.objectContaining({ code: 'registry/dirty' }));
    const accepted = openHive(bytes, { acceptDirty: true, now });
    setDword(accepted.root.ensure('Setup\\New'), 'n', 7);
    checkHiveStrictly(accepted.serialize());
    expect(dwordOf(openHive(accepted.serialize()).key('setup\\new')?.value('N'))).toBe(7);
  });

  it('what is damaged is named, the rest is read, and nothing is changed', () => {
    const cut = openHive(fixtureHive('yarp/TruncatedHive'));
    expect(cut.root.subkeys()).toHaveLength(1);
    expect(cut.root.subkeys()[0].subkeys()).toEqual([]);
    expect(cut.warnings.join('\n')).toContain('479232 bytes of bins are missing');
    expect(() => cut.root.ensure('x')).toThrow(expect.objectContaining({ code: 'registry/malformed' }));
    const corrupt = openHive(fixtureHive('regipy/corrupted_system_hive.xz'));
    expect(flatten(corrupt)).toHaveLength(1);
    expect(() => corrupt.root.setValue('x', 1, new Uint8Array(0))).toThrow(/no bin begins where one must/);
    const twice = openHive(fixtureHive('yarp/BadSubkeyHive'));
    expect(flatten(twice)).toHaveLength(6);
    expect(twice.warnings.join()).toContain('listed by two keys');
    expect(openHive(fixtureHive('yarp/GarbageHive')).dirty).toBe(true);
    expect(flatten(openHive(fixtureHive('yarp/EffectiveSizeHive')))).toHaveLength(5003);
  });

  it('a log that is damaged is not applied, and a log alone is no hive', () => {
    const hive = openHive(fixtureHive('yarp/BadLogHive1/BadLogHive'), {
      logs: [fixtureHive('yarp/BadLogHive1/BadLogHive.LOG1')],
    });
    expect([hive.recovered, hive.dirty]).toEqual([false, true]);
    for (const bytes of [fixtureHive('yarp/OldLogWithRemnantData'), new Uint8Array(8192)]) {
      expect(() => openHive(bytes)).toThrow(expect.objectContaining({ code: 'registry/not-a-hive' }));
    }
    expect(() => openHive(fixtureHive('yarp/BadBaseBlockHive/BadBaseBlockHive'))).toThrow(/base block/);
  });

  it('a list out of order is put in order by the first change', () => {
    const hive = openHive(fixtureHive('yarp/WrongOrderHive'), { now });
    for (const key of hive.root.subkeys()) key.ensure('m');
    checkHiveStrictly(hive.serialize());
  });
});

describeWithTools(['hivexsh', 'reglookup'], 'hives of ours', () => {
  it('a large key, big data and every kind of name read back in other tools', () => {
    const hive = createHive({ now });
    const many = hive.root.ensure('many');
    for (let i = 0; i < 10_000; i++) many.ensure(`key${(i * 7919) % 10_000}`);
    const key = hive.root.ensure('Übung\\Ключ');
    for (const size of [0, 1, 4, 5, 16344, 16345, 100_000]) {
      key.setValue(
        `size ${size}`,
        3,
        Uint8Array.from({ length: size }, (_, i) => i % 251),
      );
    }
    setText(key, '', 'Wert der Übung');
    key.setValue('Ключ', 0x20003, Uint8Array.of(1, 2, 3));
    const bytes = hive.serialize();
    const facts = checkHiveStrictly(bytes);
    expect(facts).toMatchObject({ keys: 10_004, lost: 0, bigData: 2, descriptors: 1 });
    expect(facts.lists.ri).toBe(1);
    const read = openHive(bytes);
    expect(read.key('MANY\\KEY9999')?.name).toBe('key9999');
    const keys = flatten(read);
    const file = saved(bytes);
    const some = keys.filter(({ path }) => !/^many\\key(?!123$)/.test(path));
    expect(listByHivexsh(file, some)).toBe(expectedListing(some));
    expect(countByReglookup(file)).toEqual(expectedCounts(keys));
  });

  it('hivexsh changes a hive of ours, and we one of hivexsh', () => {
    const hive = createHive({ now });
    setText(hive.root.ensure('a\\b'), 'text', 'one');
    hive.root.ensure('z');
    const file = saved(hive.serialize());
    writeByHivexsh(file, [
      'cd \\a\\b',
      'add theirs',
      'cd theirs',
      'setval 2',
      'n',
      'dword:7',
      '@',
      'string:two',
      'cd \\z',
      'del',
    ]);
    const theirs = openHive(new Uint8Array(readFileSync(file)), { now });
    expect(theirs.dirty).toBe(false);
    expect(dwordOf(theirs.key('a\\b\\theirs')?.value('n'))).toBe(7);
    expect(theirs.key('z')).toBeUndefined();
    theirs.root.ensure('a\\b\\theirs\\ours').setValue('big', 3, new Uint8Array(20_000).fill(9));
    theirs.root.ensure('Z');
    theirs.key('a\\b\\theirs')?.deleteValue('');
    const bytes = theirs.serialize();
    checkHiveStrictly(bytes);
    expectSameAsTools(bytes, flatten(openHive(bytes)));
    writeFileSync(file, bytes);
    writeByHivexsh(file, ['cd \\a', 'add last']);
    const last = openHive(new Uint8Array(readFileSync(file)));
    expect(
      last
        .key('a')
        ?.subkeys()
        .map(({ name }) => name),
    ).toEqual(['b', 'last']);
    expect(textOf(last.key('a\\b')?.value('TEXT'))).toBe('one');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceMatch, PackageUse } from '../../../../../src-shared/model/drivers';
import { parseDecoration } from '../../../../../src-main/engine/inf/decoration';
import { modelsFor } from '../../../../../src-main/engine/inf/models';
import { matchDevices } from '../../../../../src-main/engine/inf/match/matchDevices';
import { TextTable } from '../../../../../src-main/engine/inf/match/textTable';
import { windowsTarget } from '../../../../../src-main/engine/inf/match/windowsTargets';
import { madeDevice, madeIndex, type MadePackage } from '../../../../support/driverIndexes';

const seed = Number(process.env.WIMSMITH_SEED ?? Date.now() % 2 ** 31);
const identifier = fc.constantFrom('A', 'b', 'C', 'd', 'E', 'f', 'G', 'h');
const target = windowsTarget('11-24H2', 'amd64');

const packages: fc.Arbitrary<MadePackage[]> = fc
  .array(
    fc.record({
      models: fc.dictionary(
        fc.constantFrom('NTamd64', 'NTx86', 'NTamd64.10.0', 'NTamd64.10.0...22000', 'NTamd64.10.0...99999'),
        fc.array(fc.array(identifier, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
        { minKeys: 1, maxKeys: 3, noNullPrototype: true },
      ),
      date: fc.constantFrom('', '2020-01-01', '2024-05-01'),
      version: fc.constantFrom('1.0.0.0', '1.2.0.0', '1.10.0.0'),
      featureScore: fc.constantFrom(0xff, 0x10),
      signature: fc.record({ state: fc.constantFrom('whcp', 'signed', 'unsigned') }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((list) => list.map((one, index) => ({ id: `p${index}`, ...one })));

const devices = fc.array(
  fc
    .tuple(fc.uniqueArray(identifier, { maxLength: 4 }), fc.uniqueArray(identifier, { maxLength: 4 }))
    .map(([hardware, compatible]) => madeDevice(hardware, compatible)),
  { minLength: 1, maxLength: 4 },
);

const order = ({ candidates }: DeviceMatch): string[] => candidates.map((one) => one.package);

/** Case is that of the first line which names an identifier: another one where that line is not kept. */
const spelled = (matches: readonly DeviceMatch[]): unknown =>
  JSON.parse(JSON.stringify(matches, (key, value: unknown) => (key === 'identifier' ? undefined : value)));
/** Sections of several manufacturers may name one identifier; it is counted for each where not all are kept. */
const withoutCount = (use: PackageUse): PackageUse => {
  const { whyNot } = use;
  return whyNot === undefined ? use : { ...use, whyNot: whyNot.replace(/\d+ identifiers|identifier/, '') };
};

describe(`matching, seed ${seed}`, () => {
  it('removing a loser never changes the order of the others, nor does another order of adding', () => {
    fc.assert(
      fc.property(packages, devices, fc.nat(), (made, list, pick) => {
        const before = matchDevices(madeIndex(made), list, target).devices.map(order);
        const removed = made[pick % made.length].id;
        const rest = made.filter(({ id }) => id !== removed);
        const after = matchDevices(madeIndex(rest.reverse()), list, target).devices.map(order);
        expect(after).toEqual(before.map((ids) => ids.filter((id) => id !== removed)));
      }),
      { seed, numRuns: 300 },
    );
  });

  it('an index of what the devices name gives the same matches and uses as one of everything', () => {
    fc.assert(
      fc.property(packages, devices, (made, list) => {
        const named = list.flatMap(({ hardwareIds, compatibleIds }) => [...hardwareIds, ...compatibleIds]);
        const wanted = new Set(named.map((one) => one.toUpperCase()));
        const some = matchDevices(madeIndex(made, wanted), list, target);
        const all = matchDevices(madeIndex(made), list, target);
        expect(spelled(some.devices)).toEqual(spelled(all.devices));
        expect(some.uses.map(withoutCount)).toEqual(all.uses.map(withoutCount));
      }),
      { seed, numRuns: 300 },
    );
  });

  it('ranks never fall, and every package is used or has a reason', () => {
    fc.assert(
      fc.property(packages, devices, (made, list) => {
        const { devices: matches, uses } = matchDevices(madeIndex(made), list, target);
        for (const { candidates, why } of matches) {
          const ranks = candidates.map(({ rank }) => rank);
          expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
          expect(why === undefined).toBe(candidates.length > 0);
        }
        expect(uses.map((use) => use.package)).toEqual(made.map(({ id }) => id));
        for (const { package: id, usedFor, whyNot, whyNotCode } of uses) {
          expect(usedFor).toEqual(matches.flatMap((match, at) => (order(match)[0] === id ? [at] : [])));
          expect([whyNot === undefined, whyNotCode === undefined]).toEqual(
            usedFor.length > 0 ? [true, true] : [false, false],
          );
        }
      }),
      { seed, numRuns: 300 },
    );
  });

  it('takes the sections that the INF reader takes', () => {
    const decorations = [
      'NTamd64',
      'NTamd64.6.1',
      'NTamd64.6.3',
      'NTamd64.10.0',
      'NTamd64.10.0.1',
      'NTamd64.10.0.3',
    ];
    const more = [
      'NTamd64.10.0...17763',
      'NTamd64.10.0...26100',
      'NTamd64.10.0.1..22000',
      'NTx86.10.0',
      'NT.6.1',
      'NT',
    ];
    const some = fc.uniqueArray(fc.constantFrom('', ...decorations, ...more), { minLength: 1, maxLength: 6 });
    const windows = fc
      .constantFrom('11-24H2', '10-22H2', '10-1607', 'server-2025', '7', '8.1')
      .map((name) => windowsTarget(name, 'amd64'));
    fc.assert(
      fc.property(some, windows, (texts, chosen) => {
        // Each section names a device of its own; the INF reader's choice tells which of them is served.
        const models = Object.fromEntries(texts.map((text) => [text, [[`ID\\${text}`]]]));
        const listed = texts.map((text) => {
          const decoration = parseDecoration(text);
          const rest = { manufacturer: 'Contoso', section: text, line: 1, models: [] };
          return decoration === undefined ? rest : { ...rest, decoration };
        });
        const taken = modelsFor({ models: listed }, chosen).map(({ section }) => section);
        const list = texts.map((text) => madeDevice([`ID\\${text}`]));
        const { devices: matches } = matchDevices(madeIndex([{ id: 'a', models }]), list, chosen);
        expect(texts.filter((_, at) => matches[at].candidates.length > 0)).toEqual(taken);
      }),
      { seed, numRuns: 300 },
    );
  });

  it('the text table is a map of texts', () => {
    const texts = fc.array(
      fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('Abc', 'aBC', 'é', 'É', '')),
    );
    fc.assert(
      fc.property(texts, fc.boolean(), (list, fold) => {
        const table = new TextTable(fold);
        const lower = (text: string): string =>
          fold ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
        const expected = new Map<string, number>();
        const first: string[] = [];
        for (const text of list) {
          const number = expected.get(lower(text)) ?? first.push(text) - 1;
          expected.set(lower(text), number);
          expect(table.intern(text)).toBe(number);
        }
        const again = new TextTable(fold, table.pack());
        expect(first.map((_, number) => again.text(number))).toEqual(first);
        for (const text of list) expect(again.find(text)).toBe(expected.get(lower(text)));
        expect(again.find('not there at all')).toBeUndefined();
      }),
      { seed, numRuns: 200 },
    );
  });
});

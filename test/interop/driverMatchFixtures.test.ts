import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseInf } from '../../src-main/engine/inf/parseInf';
import { createDriverIndex } from '../../src-main/engine/inf/match/driverIndex';
import { matchDevices } from '../../src-main/engine/inf/match/matchDevices';
import { windowsTarget } from '../../src-main/engine/inf/match/windowsTargets';
import { modelsFor } from '../../src-main/engine/inf/models';
import { madeDevice } from '../support/driverIndexes';
import { describeWithFixtures, fixtures } from '../support/tools';

const targets = [
  windowsTarget('11-24H2', 'amd64'),
  windowsTarget('10-22H2', 'x86'),
  windowsTarget('7', 'amd64'),
];

describeWithFixtures('INFs of the fixtures, matched', () => {
  const infs = readdirSync(fixtures('drivers/arduino'))
    .filter((name) => name.endsWith('.inf'))
    .map((name) => parseInf(readFileSync(fixtures('drivers/arduino', name)), name));

  it('every device that an INF names for a Windows is served by it, and no other device', () => {
    for (const inf of infs) {
      const index = createDriverIndex();
      index.add(
        {
          id: inf.label,
          name: inf.label,
          inf: inf.label,
          provider: inf.provider,
          infSha256: inf.label,
          kind: inf.kind,
          date: inf.date,
          version: inf.version,
          remarks: [],
          signature: { state: 'signed' },
        },
        { models: inf.models },
      );
      const everything = [
        ...new Set(inf.models.flatMap(({ models }) => models.flatMap((one) => one.identifiers))),
      ];
      expect(everything.length).toBeGreaterThan(0);
      for (const target of targets) {
        const named = new Set(
          modelsFor(inf, target).flatMap(({ models }) =>
            models.flatMap(({ identifiers }) => identifiers.map((one) => one.toLowerCase())),
          ),
        );
        const { devices } = matchDevices(
          index,
          everything.map((one) => madeDevice([one])),
          target,
        );
        expect(devices.map(({ candidates }) => candidates.length > 0)).toEqual(
          everything.map((one) => named.has(one.toLowerCase())),
        );
      }
    }
  });
});

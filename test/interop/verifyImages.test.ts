import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { VerifyReport } from '../../src-shared/model/reports';
import { verify } from '../../src-main/engine/wim/ops/verify';
import { wimlib } from '../support/cli';
import { nodeHost } from '../support/handlers';
import { noise } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';

describeWithTools(['wimlib-imagex'], 'a verification', () => {
  it('tells of each image what it names and what of that is damaged or missing', async () => {
    const [shared, first, second] = [noise(5000, 1), noise(7000, 2), noise(9000, 3)];
    const tree = (...files: [string, Uint8Array][]): string => {
      const root = temporaryDirectory();
      for (const [name, data] of files) writeFileSync(path.join(root, name), data);
      return root;
    };
    const wim = path.join(temporaryDirectory(), 'test.wim');
    wimlib('capture', tree(['a', shared], ['again', shared], ['b', first]), wim, 'one', '--compress=none');
    wimlib('append', tree(['a', shared], ['c', second]), wim, 'two');
    wimlib('append', tree(['c', second]), wim, 'three');
    const host = await nodeHost();
    const images = async (): Promise<VerifyReport> => verify(host, { wim, threads: 1 });

    const sound = await images();
    expect(sound.perImage).toEqual([
      { index: 1, name: 'one', faults: 0, blobs: 2, bytes: 12_000 },
      { index: 2, name: 'two', faults: 0, blobs: 2, bytes: 14_000 },
      { index: 3, name: 'three', faults: 0, blobs: 1, bytes: 9000 },
    ]);
    expect(sound.faults).toEqual([]);

    const bytes = readFileSync(wim);
    bytes[bytes.indexOf(shared) + 7] ^= 1;
    bytes[bytes.indexOf(second) + 7] ^= 1;
    writeFileSync(wim, bytes);
    const damaged = await images();
    expect(damaged.perImage.map(({ faults }) => faults)).toEqual([1, 2, 1]);
    expect(damaged.faults.map((fault) => fault.path).sort()).toEqual(['image 1: /a', 'image 2: /c']);

    // A delta lacks what its base has.
    const base = path.join(temporaryDirectory(), 'base.wim');
    wimlib('capture', tree(['a', shared]), base, 'base', '--compress=none');
    const delta = path.join(temporaryDirectory(), 'delta.wim');
    wimlib(
      'capture',
      tree(['a', shared], ['b', first]),
      delta,
      'delta',
      `--delta-from=${base}`,
      '--compress=none',
    );
    const alone = await verify(host, { wim: delta, threads: 1 });
    expect(alone.perImage).toMatchObject([{ name: 'delta', faults: 1, blobs: 2 }]);
    const together = await verify(host, { wim: delta, ref: [base], threads: 1 });
    expect(together.perImage).toMatchObject([{ faults: 0, blobs: 2, bytes: 12_000 }]);
  });
});

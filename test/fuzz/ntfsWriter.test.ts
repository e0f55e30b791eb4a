import fc from 'fast-check';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openNtfs } from '../../src-main/engine/ntfs/read/openNtfs';
import { createVolumeSource } from '../../src-main/engine/ntfs/read/volumeSource';
import { fuzzMilliseconds } from '../support/fuzz';
import { HostileNtfsTree } from '../support/hostileNtfsTree';
import { checkNtfs } from '../support/ntfsCheck';
import { fileDisk, fillVolume, formatOptions } from '../support/ntfsTrees';
import { temporaryDirectory } from '../support/tools';

const MIB = 1 << 20;

it('trees of which much cannot be on a volume make a sound one, and are told', async () => {
  const image = path.join(temporaryDirectory(), 'volume.img');
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 1, max: 400 }),
      fc.constantFrom(512, 4096, 65_536),
      fc.boolean(),
      fc.boolean(),
      async (seed, entries, clusterSize, wholeClusters, includeInvalidNames) => {
        rmSync(image, { force: true });
        const device = fileDisk(image, clusterSize > 4096 ? 512 * MIB : 128 * MIB);
        try {
          const source = new HostileNtfsTree(seed, entries);
          const options = formatOptions({ clusterSize, wholeClusters });
          const remarks = await fillVolume(device, source, options, { includeInvalidNames });
          expect(checkNtfs(image)).toEqual([]);
          const { tree } = await createVolumeSource(openNtfs(device), 'volume').scan({});
          // What is not there was said to be left out.
          const isWhole = tree.entryCount === source.tree.entryCount;
          expect(isWhole || remarks.length > 0).toBe(true);
        } finally {
          device.close();
        }
      },
    ),
    { interruptAfterTimeLimit: fuzzMilliseconds(), numRuns: Number.MAX_SAFE_INTEGER },
  );
});

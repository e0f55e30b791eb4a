import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseGeometry } from '../../../../../src-main/engine/ntfs/read/geometry';
import { describeWithFixtures, fixtures } from '../../../../support/tools';

const DEVICE = 2 ** 45;

describeWithFixtures('boot sectors of Windows', () => {
  it.each([
    [
      '512.boot',
      {
        sectorSize: 512,
        clusterSize: 512,
        recordSize: 1024,
        indexBlockSize: 4096,
        clusters: 2091007,
        mftLcn: 697002,
        mftMirrorLcn: 16,
      },
    ],
    [
      '4k.boot',
      {
        sectorSize: 512,
        clusterSize: 4096,
        recordSize: 1024,
        indexBlockSize: 4096,
        clusters: 15587583,
        mftLcn: 786432,
        mftMirrorLcn: 2,
      },
    ],
    [
      '4kn.boot',
      {
        sectorSize: 4096,
        clusterSize: 4096,
        recordSize: 4096,
        indexBlockSize: 4096,
        clusters: 14335,
        mftLcn: 4778,
        mftMirrorLcn: 2,
      },
    ],
    [
      '64k.boot',
      {
        sectorSize: 512,
        clusterSize: 65536,
        recordSize: 1024,
        indexBlockSize: 4096,
        clusters: 524239,
        mftLcn: 49152,
        mftMirrorLcn: 1,
      },
    ],
    [
      '128k.boot',
      {
        sectorSize: 512,
        clusterSize: 131072,
        recordSize: 1024,
        indexBlockSize: 4096,
        clusters: 262119,
        mftLcn: 24576,
        mftMirrorLcn: 1,
      },
    ],
  ])('%s', (name, wanted) => {
    const sector = readFileSync(fixtures('ntfs/dfir_ntfs', name));
    expect(parseGeometry(sector, 0, DEVICE)).toMatchObject(wanted);
    expect(() => parseGeometry(sector, 0, 1 << 20)).toThrow(/numberOfSectors/);
  });
});

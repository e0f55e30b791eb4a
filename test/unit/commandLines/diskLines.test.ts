import { expect, it } from 'vitest';
import { parseCommandLine } from '../../../src-main/cli/grammar/commandLine';
import { commandLinesOf } from '../../../src-shared/commandLines/commandLines';
import { diskpartScript } from '../../../src-shared/commandLines/diskpart';
import { wimsmithLine } from '../../../src-shared/commandLines/wimsmith';
import type { Work } from '../../../src-shared/contract/work';
import type { DiskLayout } from '../../../src-shared/model/disks';
import { splitBySh } from './shells';

const GB = 2 ** 30;
const own: DiskLayout = {
  table: 'gpt',
  partitions: [{ role: 'data', size: '50%', fileSystem: 'ntfs', label: 'Half' }],
};
const layouts = {
  uefi: {
    table: 'gpt',
    partitions: [
      { role: 'efi', size: '260MB', fileSystem: 'fat32', label: 'System' },
      { role: 'msr', size: '16MB', fileSystem: 'none' },
      { role: 'windows', size: 'rest', fileSystem: 'ntfs', label: 'Windows' },
      { role: 'recovery', size: '1GB', fileSystem: 'ntfs', label: 'Recovery' },
    ],
  },
} as const satisfies Record<string, DiskLayout>;

/** Work, and the action that the program's own grammar has to read from its line. */
const spoken: [string, Work, Record<string, unknown>][] = [
  [
    'a disk that is made',
    {
      verb: 'diskCreate',
      request: {
        path: '/vm/new pc.vhdx',
        size: 64 * GB,
        format: 'vhdx',
        kind: 'fixed',
        sectorSize: 4096,
        layout: 'uefi',
      },
    },
    {
      verb: 'disk',
      task: 'create',
      request: {
        path: '/vm/new pc.vhdx',
        size: 64 * GB,
        format: 'vhdx',
        kind: 'fixed',
        sectorSize: 4096,
        layout: 'uefi',
      },
    },
  ],
  [
    'a differencing disk',
    {
      verb: 'diskCreate',
      request: {
        path: 'd.vhdx',
        size: 5 * GB,
        format: 'vhdx',
        kind: 'differencing',
        parent: '/vm/base.vhdx',
      },
    },
    {
      verb: 'disk',
      task: 'create',
      request: { path: 'd.vhdx', size: 0, format: 'vhdx', kind: 'differencing', parent: '/vm/base.vhdx' },
    },
  ],
  [
    'a physical disk that is prepared',
    {
      verb: 'diskPrepare',
      request: {
        disk: '/dev/sdb',
        layout: 'bios',
        identity: 'usb SanDisk 4C530001 64G',
        confirmation: "Ann's stick",
      },
    },
    {
      verb: 'disk',
      task: 'prepare',
      request: {
        disk: '/dev/sdb',
        layout: 'bios',
        identity: 'usb SanDisk 4C530001 64G',
        confirmation: "Ann's stick",
      },
    },
  ],
  [
    'a conversion',
    {
      verb: 'diskConvert',
      request: { disk: 'a.vhd', destination: '-b.raw', format: 'raw', overwrite: true },
    },
    {
      verb: 'disk',
      task: 'convert',
      request: { disk: 'a.vhd', destination: '-b.raw', format: 'raw', overwrite: true },
    },
  ],
  [
    'a wipe',
    { verb: 'diskWipe', request: { disk: 'a.img', all: true, overwrite: true } },
    { verb: 'disk', task: 'wipe', request: { disk: 'a.img', all: true, overwrite: true } },
  ],
  [
    'a new PC',
    {
      verb: 'apply',
      request: {
        wim: 'lab.wim',
        image: 2,
        target: 'pc.vhdx',
        prepare: {
          layout: 'uefi',
          size: 127 * GB + 2 ** 20,
          format: 'vhdx',
          kind: 'fixed',
          sectorSize: 4096,
        },
      },
    },
    {
      verb: 'apply',
      request: {
        wim: 'lab.wim',
        image: 2,
        target: 'pc.vhdx',
        prepare: {
          layout: 'uefi',
          size: 127 * GB + 2 ** 20,
          format: 'vhdx',
          kind: 'fixed',
          sectorSize: 4096,
        },
      },
    },
  ],
  [
    'a volume that is filled',
    { verb: 'apply', request: { wim: 'lab.wim', image: 1, target: 'pc.vhd', volume: '3', overwrite: true } },
    { verb: 'apply', request: { wim: 'lab.wim', image: 1, target: 'pc.vhd', volume: '3', overwrite: true } },
  ],
];

it.each(spoken)('%s is a line that wimsmith reads back', (_what, work, wanted) => {
  const { line } = wimsmithLine(work, 'posix');
  expect(line).not.toBeNull();
  const { action, refusals } = parseCommandLine(splitBySh(line ?? ''), 'linux');
  expect(refusals).toEqual([]);
  expect(action).toMatchObject(wanted);
});

it('a captured volume is named', () => {
  const work: Work = {
    verb: 'capture',
    request: { source: 'pc.vhdx', volume: '3', wim: 'a.wim', name: 'PC' },
  };
  const lines = commandLinesOf(work, 'posix');
  expect(lines.wimsmith).toMatchObject({ line: 'wimsmith capture --volume=3 pc.vhdx a.wim PC' });
  expect(lines.imagex).toMatchObject({ notes: expect.arrayContaining([{ key: 'driveLetter' }]) as unknown });
  expect(lines.imagex?.line).toContain('V:\\');
  expect(lines.diskpart).toBeUndefined();
});

it('an own layout stands in a file', () => {
  const work: Work = { verb: 'diskPrepare', request: { disk: 'a.vhdx', layout: own } };
  expect(wimsmithLine(work, 'posix')).toEqual({
    line: 'wimsmith disk prepare --layout=layout.json a.vhdx',
    notes: [{ key: 'layoutFile' }],
  });
});

it('diskpart makes the same disk by a script', () => {
  const path = 'C:\\VM\\pc.vhdx';
  const work: Work = { verb: 'diskCreate', request: { path, size: 64 * GB, format: 'vhdx', layout: 'uefi' } };
  expect(diskpartScript(work, layouts)).toEqual({
    line: [
      'create vdisk file="C:\\VM\\pc.vhdx" maximum=65536 type=expandable',
      'select vdisk file="C:\\VM\\pc.vhdx"',
      'attach vdisk',
      'convert gpt',
      'create partition efi size=260',
      'format quick fs=fat32 label="System"',
      'create partition msr size=16',
      'create partition primary',
      'shrink minimum=1025',
      'format quick fs=ntfs label="Windows"',
      'assign letter=W',
      'create partition primary size=1024',
      'format quick fs=ntfs label="Recovery"',
      'set id="de94bba4-06d1-4d40-a16a-bfd50179d6ac"',
      'gpt attributes=0x8000000000000001',
    ].join('\n'),
    notes: [{ key: 'diskpartRun' }],
  });
});

it.each<[string, Work, string | null]>([
  [
    'a physical disk by its number',
    { verb: 'diskWipe', request: { disk: '\\\\.\\PhysicalDrive2' } },
    'select disk 2\nclean',
  ],
  [
    'every byte',
    { verb: 'diskWipe', request: { disk: '\\\\.\\PhysicalDrive2', all: true } },
    'select disk 2\nclean all',
  ],
  ['a raw file', { verb: 'diskWipe', request: { disk: 'a.img' } }, null],
  [
    'a part of a disk that is not known',
    { verb: 'diskPrepare', request: { disk: 'a.vhdx', layout: own } },
    null,
  ],
  ['a name with a quote', { verb: 'diskWipe', request: { disk: 'a".vhdx' } }, null],
  [
    'a conversion',
    { verb: 'diskConvert', request: { disk: 'a.vhd', destination: 'b.vhdx', format: 'vhdx' } },
    null,
  ],
])('diskpart and %s', (_what, work, script) => {
  expect(diskpartScript(work, layouts).line).toBe(script);
});

import { describe, expect, it } from 'vitest';
import type { DiskPlan } from '../../../src-shared/model/disks';
import type { ApplyReport } from '../../../src-shared/model/reports';
import type { ApplyRequest } from '../../../src-shared/model/requests';
import { isDiskName } from '../../../src-main/cli/grammar/volumeArguments';
import { parseCommandLine } from '../../../src-main/cli/grammar/commandLine';
import { FakeWorld } from './fakeEnvironment';

const GB = 2 ** 30;

function parse(line: string) {
  return parseCommandLine(line.split(' '), 'linux');
}

describe('lines about volumes', () => {
  it.each([
    ['capture pc.vhdx a.wim', { source: 'pc.vhdx', volume: 'auto' }],
    ['capture pc.vhdx a.wim --volume=Windows', { volume: 'Windows' }],
    ['append /dev/sdb a.wim --volume 3', { source: '/dev/sdb', volume: '3' }],
    ['capture image a.wim --volume=auto', { source: 'image', volume: 'auto' }],
    ['dir pc.vhd --path=/Users', { wim: 'pc.vhd', volume: 'auto', path: '/Users' }],
    ['extract pc.img /Users /Windows --dest-dir=out', { wim: 'pc.img', volume: 'auto', destination: 'out' }],
    ['extract disk --volume=2 /Users', { wim: 'disk', volume: '2' }],
    ['apply a.wim 1 pc.vhdx', { target: 'pc.vhdx', volume: 'auto', image: 1 }],
    ['apply a.wim pc --volume=0 --overwrite', { target: 'pc', volume: '0', overwrite: true }],
    [
      'apply a.wim 1 pc.vhdx --prepare=uefi --size=64G',
      { target: 'pc.vhdx', prepare: { layout: 'uefi', size: 64 * GB, format: 'vhdx' } },
    ],
    [
      'apply a.wim 1 pc --prepare=BIOS --size=1.5T --format=VHD --kind=fixed --sector-size=512',
      { prepare: { layout: 'bios', size: 1536 * GB, format: 'vhd', kind: 'fixed', sectorSize: 512 } },
    ],
    [
      'apply a.wim 1 /dev/sdb --prepare=uefi --confirm=Stick --identity=x --compact=LZX',
      {
        target: '/dev/sdb',
        prepare: { layout: 'uefi' },
        confirmation: 'Stick',
        identity: 'x',
        compact: 'lzx',
      },
    ],
  ])('%s', (line, request) => {
    const { action, refusals } = parse(line);
    expect(refusals).toEqual([]);
    expect(action).toMatchObject({ request });
  });

  it('name what extract takes: a volume has no images', () => {
    expect(parse('extract pc.vhdx /a /b')).toMatchObject({
      action: { groups: [{ kind: 'paths', paths: ['/a', '/b'] }] },
    });
    expect(parse('extract a.wim 1 /a')).toMatchObject({ action: { request: { image: 1 } } });
    expect(parse('extract a.wim 1 /a').action).not.toHaveProperty('request.volume');
    expect(parse('extract pc.vhdx').action).not.toHaveProperty('request.image');
  });

  it('leave the layout of a file to be read', () => {
    expect(parse('apply a.wim 1 pc.vhdx --prepare=mine.json --size=64G').action).toMatchObject({
      layoutFile: 'mine.json',
    });
  });

  it.each([
    ['apply a.wim 1 pc.vhdx --size=64G', '--size belongs to --prepare'],
    ['apply a.wim 1 pc.vhdx --prepare=uefi --volume=3', 'leave out --volume'],
    ['apply a.wim 1 pc --prepare=uefi --size=64G', 'does not end as a disk file does'],
    ['apply a.wim 1 pc.vhdx --prepare=uefi --size=64X', 'is no size'],
    ['apply a.wim 1 pc.vhdx --compact=zip', 'is no system compression'],
    ['dir pc.vhdx 1', 'a volume has no images'],
    ['capture pc.vhdx a.wim --source-list', 'leave out --volume'],
    ['capture pc.vhdx a.wim --volume=', '--volume takes'],
  ])('%s is wrong', (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });

  it('refuse to compress files of a directory', () => {
    expect(parse('apply a.wim 1 /mnt --compact=lzx').refusals).toHaveLength(1);
    expect(parse('extract a.wim 1 /a --compact=lzx').refusals).toHaveLength(1);
  });

  it.each([
    ['pc.vhdx', true],
    ['PC.VHD', true],
    ['a.avhdx', true],
    ['disk.img', true],
    ['/dev/sdb', true],
    ['\\\\.\\PhysicalDrive1', true],
    ['a.wim', false],
    ['vhdx', false],
    ['/mnt/dev/c', false],
    ['/dev/shm/applied', false],
    ['/dev/shm/pc.vhdx', true],
    ['a.vhdx/b', false],
  ])('%s is the name of a disk: %s', (name, expected) => {
    expect(isDiskName(name)).toBe(expected);
  });
});

describe('apply to a disk', () => {
  const plan: DiskPlan = {
    disk: '/dev/sdb',
    steps: ['Erase it', 'Write files'],
    warnings: [],
    erases: [{ disk: '/dev/sdb', what: 'Partition 1, NTFS "Photos"', bytes: 5 * GB, found: ['Holiday'] }],
    partitions: [],
    size: 32 * GB,
    table: 'gpt',
    spaceNeeded: null,
    spaceFree: null,
    fingerprint: 'f1',
    identity: 'wwn-1',
    confirmation: 'Stick',
  };
  const report: ApplyReport = {
    target: '/dev/sdb',
    image: 1,
    directories: 1,
    files: 2,
    links: 0,
    bytes: 3,
    notKept: [],
    damaged: [],
    warnings: [],
  };
  const planning = (request: ApplyRequest): Promise<ApplyReport> => {
    const disk = { disk: plan.disk, faults: [], warnings: [] };
    return Promise.resolve({ ...report, disk: request.dryRun === true ? { ...disk, plan } : disk });
  };

  it('asks for the name of a physical disk after the plan, and binds the work to that plan', async () => {
    const world = new FakeWorld({ apply: planning });
    world.terminal = true;
    world.typing = true;
    world.lines = ['Stick'];
    expect(await world.run('apply a.wim 1 /dev/sdb --prepare=uefi')).toBe(0);
    expect(world.error).toContain('Partition 1, NTFS "Photos"');
    expect(world.error).toContain('Holiday');
    const request = { wim: 'a.wim', image: 1, target: '/dev/sdb', prepare: { layout: 'uefi' } };
    expect(world.calls.map((call) => call.request)).toEqual([
      { ...request, dryRun: true },
      { ...request, fingerprint: 'f1', identity: 'wwn-1', confirmation: 'Stick' },
    ]);
  });

  it('prints the plan of a dry run with what would be erased', async () => {
    const world = new FakeWorld({ apply: planning });
    expect(await world.run('apply a.wim 1 /dev/sdb --prepare=uefi --dry-run')).toBe(0);
    expect(world.calls).toHaveLength(1);
    expect(world.out).toContain('Nothing was written');
    expect(world.out).toContain('Partition 1, NTFS "Photos"');
    expect(world.out).toContain('--confirm=Stick');
  });

  it('reads the layout of a file, and says what is wrong in it', async () => {
    const layout = { table: 'gpt', partitions: [{ role: 'windows', size: 'rest', fileSystem: 'ntfs' }] };
    const world = new FakeWorld({ apply: () => Promise.resolve(report) });
    world.files.set('mine.json', JSON.stringify(layout));
    expect(await world.run('apply a.wim 1 pc.vhdx --prepare=mine.json --size=64G')).toBe(0);
    expect(world.calls).toMatchObject([{ request: { prepare: { layout } } }]);
    const wrong = new FakeWorld({ apply: () => Promise.resolve(report) });
    wrong.files.set('mine.json', '{"table": "gpt", "partitions": 3}');
    expect(await wrong.run('apply a.wim 1 pc.vhdx --prepare=mine.json --size=64G')).toBe(3);
    expect(wrong.calls).toEqual([]);
  });
});

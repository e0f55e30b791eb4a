import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src-main/cli/grammar/commandLine';
import { parseDiskSize } from '../../../src-main/cli/grammar/diskVerb';
import { diskExamples } from '../../../src-main/cli/help/diskPage';
import { helpPage } from '../../../src-main/cli/help/pages';
import { diskOptions } from '../../../src-main/cli/grammar/diskOptions';
import { renderDiskInfo, renderDiskList, renderDiskPlan } from '../../../src-main/cli/text/disks';
import { AppError } from '../../../src-shared/errors/appError';
import type {
  DiskPlan,
  DiskPrepareRequest,
  DiskReport,
  DiskSummary,
  ListedDisk,
} from '../../../src-shared/model/disks';
import { diskReport, diskSummary, FakeWorld } from './fakeEnvironment';

const GB = 2 ** 30;
const MB = 2 ** 20;

const summary: DiskSummary = {
  ...diskSummary,
  partitions: [
    {
      number: 1,
      offset: MB,
      size: 260 * MB,
      type: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
      typeName: 'EFI system partition',
      role: 'efi',
      fileSystem: 'fat32',
      label: 'SYSTEM',
      used: 30 * MB,
      found: ['EFI'],
    },
    {
      number: 2,
      offset: 261 * MB,
      size: 16 * MB,
      type: 'e3c9e316-0b5c-4db8-817d-f92df00215ae',
      typeName: 'Microsoft reserved partition',
      role: 'msr',
      fileSystem: 'none',
      found: [],
    },
    {
      number: 3,
      offset: 277 * MB,
      size: 62.7 * GB,
      type: 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7',
      typeName: 'Basic data partition',
      role: 'windows',
      fileSystem: 'ntfs',
      label: 'Windows',
      used: 22.4 * GB,
      hasWindows: true,
      found: ['PerfLogs', 'Program Files', 'Users', 'Windows'],
      problem: 'Windows is hibernated on this volume',
    },
  ],
};

const plan: DiskPlan = {
  disk: '/dev/sdb',
  steps: ['Erase /dev/sdb', 'Write the partition table: GPT with 1 partition'],
  warnings: ['/dev/sdb tells no serial number'],
  erases: [
    {
      disk: '/dev/sdb',
      what: 'Partition 1 (Basic data partition), NTFS "Photos", 29.8 GB, 12 GB used',
      bytes: 32 * GB,
      found: ['2024', '2025', 'wedding.mp4'],
    },
  ],
  partitions: [
    {
      number: 1,
      role: 'data',
      size: 'rest',
      fileSystem: 'ntfs',
      label: 'Data',
      offset: MB,
      bytes: 29.8 * GB,
    },
  ],
  size: 30 * GB,
  table: 'gpt',
  spaceNeeded: null,
  spaceFree: null,
  fingerprint: 'f00d',
  identity: 'serial:4C53 size:32212254720 bus:usb',
  confirmation: 'SanDisk Ultra',
};

const listed: ListedDisk[] = [
  {
    path: '/dev/sda',
    identity: 'a',
    name: 'Samsung SSD 870',
    model: 'Samsung SSD 870',
    serial: 'S6PK',
    size: 500_107_862_016,
    sectorSize: 512,
    physicalSectorSize: 4096,
    bus: 'ata',
    removable: false,
    readOnly: false,
    uses: ['/ (ext4)'],
    isSystem: true,
    refusal: 'it holds the running system: / (ext4)',
    unread: 'cannot open /dev/sda: permission was denied',
  },
  {
    path: '/dev/sdb',
    identity: 'b',
    name: 'SanDisk Ultra',
    model: 'SanDisk Ultra',
    serial: '',
    size: 30 * GB,
    sectorSize: 512,
    physicalSectorSize: 512,
    bus: 'usb',
    removable: true,
    readOnly: false,
    uses: [],
    isSystem: false,
    summary: { ...summary, path: '/dev/sdb', kind: 'physical', format: 'raw' },
  },
];

/** Verbs that plan and then work, as the engine does. */
function planning(report: DiskReport = diskReport) {
  return (request: { readonly dryRun?: boolean }): Promise<DiskReport> =>
    Promise.resolve(request.dryRun === true ? { disk: plan.disk, plan, faults: [], warnings: [] } : report);
}

describe('lines about disks', () => {
  it.each([
    ['disk list', { task: 'list', request: {} }],
    ['disk repair pc.vhdx --from=backup', { task: 'repair', request: { disk: 'pc.vhdx', from: 'backup' } }],
    ['disk info pc.vhdx', { task: 'info', request: { disk: 'pc.vhdx' } }],
    ['disk create pc.vhdx --size=64G', { request: { path: 'pc.vhdx', size: 64 * GB, format: 'vhdx' } }],
    [
      'disk create pc.img --size 1.5T --kind=fixed --layout=UEFI --sector-size=4096 --overwrite',
      {
        request: {
          path: 'pc.img',
          size: 1.5 * 2 ** 40,
          format: 'raw',
          kind: 'fixed',
          layout: 'uefi',
          sectorSize: 4096,
          overwrite: true,
        },
      },
    ],
    [
      'disk create pc.vhd --size=2048M --fixed --layout=mine.json --block-size=512K',
      {
        request: { path: 'pc.vhd', size: 2 * GB, format: 'vhd', kind: 'fixed', blockSize: 512 * 1024 },
        layoutFile: 'mine.json',
      },
    ],
    [
      'disk create child --format=vhdx --parent=pc.vhdx',
      { request: { path: 'child', size: 0, format: 'vhdx', kind: 'differencing', parent: 'pc.vhdx' } },
    ],
    [
      'disk prepare /dev/sdb --layout=bios --confirm=Stick --identity=x --dry-run',
      {
        request: { disk: '/dev/sdb', layout: 'bios', confirmation: 'Stick', identity: 'x', dryRun: true },
      },
    ],
    [
      'disk convert a.vhd b.vhdx --kind=dynamic',
      { request: { disk: 'a.vhd', destination: 'b.vhdx', format: 'vhdx', kind: 'dynamic' } },
    ],
    ['disk wipe a.img --all --overwrite', { request: { disk: 'a.img', all: true, overwrite: true } }],
  ])('%s', (line, expected) => {
    const { action } = parseCommandLine(line.split(' '), 'linux');
    expect(action).toEqual({ verb: 'disk', task: line.split(' ')[1], ...expected });
  });

  it.each([
    ['disk', 'what about disks'],
    [
      'disk lst',
      '"disk lst" is not known: list, info, create, prepare, convert, wipe, repair; did you mean disk list?',
    ],
    ['disk list x', 'too many arguments'],
    ['disk info', 'too few arguments'],
    ['disk list --size=1G', 'disk has no option --size'],
    ['disk create a.vhdx', 'the size is missing'],
    ['disk create a --size=1G', 'does not end as a disk file does'],
    ['disk create a.vhdx --size=0', 'is no size'],
    ['disk create a.vhdx --size=big', 'is no size'],
    ['disk create a.vhdx --size=0.3', 'is no size'],
    ['disk create a.vhdx --size=1G --parent=b.vhdx', 'leave out --size or --parent'],
    ['disk create a.vhdx --kind=differencing --size=1G', 'a differencing disk, and no other, has a --parent'],
    ['disk create a.vhdx --parent=b.vhdx --layout=uefi', 'has the partitions of its parent'],
    ['disk create a.vhdx --size=1G --sector-size=520', '--sector-size takes 512, 4096'],
    ['disk create a.vhdx --size=1G --fixed --kind=dynamic', '--fixed excludes --kind=dynamic'],
    ['disk prepare /dev/sdb', 'the layout is missing'],
    ['disk prepare /dev/sdb --layout=', 'the name of a JSON file'],
    ['disk convert a.vhd', 'too few arguments'],
    ['disk convert a.vhd b.txt', 'say --format'],
    ['disks list', 'did you mean "disk"?'],
  ])('%s: %s', (line, message) => {
    expect(() => parseCommandLine(line.split(' '), 'linux')).toThrow(message);
  });

  it('sizes are of 1024', () => {
    expect(parseDiskSize('64G', '--size')).toBe(64 * GB);
    expect(parseDiskSize('64GB', '--size')).toBe(64 * GB);
    expect(parseDiskSize('64GiB', '--size')).toBe(64 * GB);
    expect(parseDiskSize('512', '--size')).toBe(512);
  });
});

describe('help', () => {
  it('names every option, and every example is understood', () => {
    const page = helpPage('disk', '1.0');
    for (const spec of Object.values(diskOptions).flat()) expect(page).toContain(`--${spec.names[0]}`);
    for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    expect(page).not.toMatch(/!|please|successfully/i);
    for (const example of diskExamples) {
      const words = Array.from(example.matchAll(/((?:[^\s"]|"[^"]*")+)/g), ([word]) =>
        word.replaceAll('"', ''),
      );
      expect(parseCommandLine(words.slice(1), 'linux').action.verb).toBe('disk');
    }
    expect(helpPage(null, '1.0')).toContain('  disk      ');
  });

  it.each(['help disk', 'disk --help', 'disk create --help'])('%s', async (line) => {
    const world = new FakeWorld();
    expect(await world.run(line)).toBe(0);
    expect(world.out).toBe(helpPage('disk', '1.2.3'));
  });
});

describe('what a technician reads', () => {
  it('list', () => {
    expect(renderDiskList(listed)).toMatchInlineSnapshot(`
      "Disk      Model            Serial  Size      Bus  Table
      /dev/sda  Samsung SSD 870  S6PK    465.8 GB  ata  -
        Its contents cannot be read: cannot open /dev/sda: permission was denied.
        No target: it holds the running system: / (ext4).

      Disk      Model          Serial  Size   Bus             Table
      /dev/sdb  SanDisk Ultra  -       30 GB  usb, removable  GPT
        No  Type                          Volume  Label    Size     Used     On it
        1   EFI system partition          FAT32   SYSTEM   260 MB   30 MB    EFI
        2   Microsoft reserved partition  -                16 MB
        3   Basic data partition          NTFS    Windows  62.7 GB  22.4 GB  Windows: PerfLogs, Program Files, Users, Windows; Windows is hibernated on this volume
        Can be a target; its name to confirm: SanDisk Ultra
      "
    `);
  });

  it('info', () => {
    expect(renderDiskInfo(summary)).toMatchInlineSnapshot(`
      "Path:     /absolute/pc.vhdx
      Format:   VHDX, dynamic
      Size:     64 GB (68719476736 bytes)
      Takes:    36 MB
      Sectors:  512 bytes, 4096 on the medium
      Table:    GPT, 01234567-89ab-cdef-0123-456789abcdef

        No  Type                          Volume  Label    Size     Used     On it
        1   EFI system partition          FAT32   SYSTEM   260 MB   30 MB    EFI
        2   Microsoft reserved partition  -                16 MB
        3   Basic data partition          NTFS    Windows  62.7 GB  22.4 GB  Windows: PerfLogs, Program Files, Users, Windows; Windows is hibernated on this volume
      "
    `);
  });

  it('plan', () => {
    expect(renderDiskPlan(plan, true)).toMatchInlineSnapshot(`
      "Nothing was written. This would be done:
        1. Erase /dev/sdb
        2. Write the partition table: GPT with 1 partition
      This is erased:
        Partition 1 (Basic data partition), NTFS "Photos", 29.8 GB, 12 GB used
          2024, 2025, wedding.mp4
      The disk afterwards, GPT, 30 GB:
        No  For   Volume  Label  Size     From
        1   data  NTFS    Data   29.8 GB  1 MB
      Note: /dev/sdb tells no serial number.
      To confirm: --confirm="SanDisk Ultra"
      "
    `);
    expect(renderDiskPlan({ ...plan, erases: [], partitions: [] }, false)).toContain('Nothing is erased.');
  });

  it('no disks', () => {
    expect(renderDiskList([])).toBe('This system shows no physical disks.\n');
  });
});

describe('the run', () => {
  it('lists and describes, as text and as a document', async () => {
    const world = new FakeWorld({
      diskList: () => Promise.resolve(listed),
      diskInfo: () => Promise.resolve(summary),
    });
    expect(await world.run('disk list')).toBe(0);
    expect(world.out).toBe(renderDiskList(listed));
    const json = new FakeWorld({ diskList: () => Promise.resolve(listed) });
    await json.run('disk list --json');
    expect(json.json()).toEqual({ verb: 'disk', result: listed, ok: true });
    const info = new FakeWorld({ diskInfo: () => Promise.resolve(summary) });
    expect(await info.run('disk info pc.vhdx')).toBe(0);
    expect(info.out).toBe(renderDiskInfo(summary));
  });

  it('a dry run prints the plan and asks nothing', async () => {
    const world = new FakeWorld({ diskPrepare: planning() });
    expect(await world.run('disk prepare /dev/sdb --layout=data --dry-run')).toBe(0);
    expect(world.out).toBe(renderDiskPlan(plan, true));
    expect(world.calls).toHaveLength(1);
  });

  it('binds what is done to the plan that was made', async () => {
    const world = new FakeWorld({ diskPrepare: planning() });
    expect(await world.run(['disk', 'prepare', '/dev/sdb', '--layout=data', '--confirm=SanDisk Ultra'])).toBe(
      0,
    );
    expect(world.calls.map(({ request }) => request)).toEqual([
      { disk: '/dev/sdb', layout: 'data', confirmation: 'SanDisk Ultra', dryRun: true },
      {
        disk: '/dev/sdb',
        layout: 'data',
        confirmation: 'SanDisk Ultra',
        fingerprint: 'f00d',
        identity: plan.identity,
      },
    ]);
    expect(world.out).toContain('"/dev/sdb" is prepared; all of it was read back and checked.\n');
  });

  it.each(['prepare /dev/sdb --layout=data', 'wipe /dev/sdb'])(
    'on a terminal, %s asks for the name',
    async (line) => {
      const verbs = { diskPrepare: planning(), diskWipe: planning() };
      const world = new FakeWorld(verbs);
      world.terminal = true;
      world.typing = true;
      world.lines = ['SanDisk Ultra'];
      expect(await world.run(`disk ${line}`)).toBe(0);
      expect(world.error).toContain(renderDiskPlan(plan, false));
      expect(world.error).toContain('Type its name to go on: SanDisk Ultra\n> ');
      expect(world.calls[1].request).toMatchObject({ confirmation: 'SanDisk Ultra', fingerprint: 'f00d' });
      const silent = new FakeWorld(verbs);
      silent.terminal = true;
      silent.typing = true;
      await silent.run(`disk ${line}`);
      expect(silent.calls[1].request).toMatchObject({ confirmation: '' });
    },
  );

  it.each([
    ['without a terminal', 'disk wipe /dev/sdb', false],
    ['with --json', 'disk wipe /dev/sdb --json', true],
  ])('%s nothing is asked, and the engine decides', async (_, line, terminal) => {
    const wipe = (request: { dryRun?: boolean; confirmation?: string }): Promise<DiskReport> =>
      request.dryRun === true
        ? planning()(request)
        : Promise.reject(new AppError('disk/needs-confirmation', 'its name was not given'));
    const world = new FakeWorld({ diskWipe: wipe });
    world.terminal = terminal;
    world.typing = terminal;
    world.lines = ['SanDisk Ultra'];
    expect(await world.run(line)).toBe(3);
    expect(world.error).not.toContain('Type its name');
    expect(world.lines).toHaveLength(1);
  });

  it('a request to stop ends the wait for the name', async () => {
    const world = new FakeWorld({ diskWipe: planning() });
    world.terminal = true;
    world.typing = true;
    world.onQuestion = () => {
      world.interrupt();
      return new Promise(() => undefined);
    };
    expect(await world.run('disk wipe /dev/sdb')).toBe(130);
    expect(world.calls).toHaveLength(1);
  });

  it('reads a layout from its file', async () => {
    const world = new FakeWorld({ diskPrepare: planning() });
    world.files.set(
      'mine.json',
      '{"table": "gpt", "partitions": [{"role": "data", "size": "rest", "fileSystem": "ntfs"}]}',
    );
    await world.run('disk prepare a.img --layout=mine.json --dry-run');
    expect((world.calls[0].request as DiskPrepareRequest).layout).toMatchObject({ table: 'gpt' });
    world.files.set('mine.json', '{"table": "gpt"');
    expect(await world.run('disk create a.img --size=1G --layout=mine.json')).toBe(3);
    expect(world.error).toContain('mine.json is no JSON');
    world.files.set('mine.json', '{"table": "apm", "partitions": []}');
    expect(await world.run('disk create a.img --size=1G --layout=mine.json')).toBe(3);
  });

  it('2 when what was written is not there', async () => {
    const world = new FakeWorld({
      diskWipe: planning({ ...diskReport, faults: ['partition 3 holds none'] }),
    });
    expect(await world.run('disk wipe a.img --overwrite')).toBe(2);
    expect(world.out).toContain('the check of it found:\n  partition 3 holds none\n');
    expect(world.error).toContain('does not hold what was written to it');
  });

  it('says what is made now', async () => {
    const world = new FakeWorld();
    expect(await world.run('disk create pc.vhdx --size=64G')).toBe(0);
    expect(world.out).toBe(`"pc.vhdx" is made.\n\n${renderDiskInfo(diskSummary)}`);
    const convert = new FakeWorld();
    await convert.run('disk convert a.vhd b.vhdx --json');
    expect(convert.json()).toEqual({ verb: 'disk', result: diskReport, ok: true });
  });
});

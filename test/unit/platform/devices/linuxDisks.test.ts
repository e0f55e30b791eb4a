import { linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withRefusals } from '../../../../src-main/engine/disk/guard';
import { deviceNumber } from '../../../../src-main/platform/devices/linux/blockDevices';
import { parseMounts, parseSwaps } from '../../../../src-main/platform/devices/linux/deviceUses';
import { vitalSerial } from '../../../../src-main/platform/devices/linux/diskFacts';
import { createLinuxDisks } from '../../../../src-main/platform/devices/linux/linuxDisks';
import { temporaryDirectory } from '../../../support/tools';

/** A made-up system: sysfs, procfs, /dev and the device manager's data below one directory. */
class System {
  readonly base = temporaryDirectory();
  readonly roots = {
    sys: path.join(this.base, 'sys'),
    proc: path.join(this.base, 'proc'),
    dev: path.join(this.base, 'dev'),
    run: path.join(this.base, 'run'),
  };
  private mounts: string[] = [];

  constructor() {
    for (const folder of ['sys/block', 'proc/self', 'dev', 'run/udev/data']) this.folder(folder);
    this.file('proc/swaps', 'Filename\tType\tSize\tUsed\tPriority\n');
    this.file('proc/self/mountinfo', '');
  }

  /** A device with its attributes; `at` is its directory below sys/devices. */
  device(name: string, at: string, number: string, attributes: Record<string, string | Buffer>): this {
    const directory = `sys/devices/${at}/block/${name}`;
    this.file(`${directory}/dev`, `${number}\n`);
    for (const [file, value] of Object.entries(attributes)) this.file(`${directory}/${file}`, value);
    symlinkSync(path.join(this.base, directory), path.join(this.roots.sys, 'block', name));
    this.file(`dev/${name}`, '');
    return this;
  }

  partition(disk: string, at: string, name: string, index: number, number: string): this {
    const directory = `sys/devices/${at}/block/${disk}/${name}`;
    this.file(`${directory}/dev`, number);
    this.file(`${directory}/partition`, String(index));
    this.file(`dev/${name}`, '');
    return this;
  }

  /** That `upper` is made of `lower`. */
  holder(upper: string, at: string, lower: string): this {
    this.file(`sys/devices/${at}/block/${upper}/slaves/${lower}`, '');
    return this;
  }

  mount(number: string, point: string, type: string, source: string): this {
    this.mounts.push(`27 1 ${number} / ${point} rw,relatime shared:1 - ${type} ${source} rw`);
    this.file('proc/self/mountinfo', `${this.mounts.join('\n')}\n`);
    return this;
  }

  file(name: string, contents: string | Buffer): this {
    const file = path.join(this.base, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, contents);
    return this;
  }

  disks(more: Parameters<typeof createLinuxDisks>[0] = {}): ReturnType<typeof createLinuxDisks> {
    return createLinuxDisks({ roots: this.roots, numberOfFile: () => undefined, ...more });
  }

  private folder(name: string): void {
    mkdirSync(path.join(this.base, name), { recursive: true });
  }
}

const ata = 'pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0';
const usbDevice = 'pci0000:00/0000:00:14.0/usb2/2-1';
const usb = `${usbDevice}/2-1:1.0/host6/target6:0:0/6:0:0:0`;
const nvme = 'pci0000:00/0000:00:1d.0/0000:03:00.0/nvme/nvme0/nvme0n1';

/** A PC with an ATA disk with Windows' neighbour Linux on it, and a stick. */
function pc(): System {
  return new System()
    .device('sda', ata, '8:0', {
      size: '976773168\n',
      ro: '0',
      removable: '0',
      'queue/logical_block_size': '512',
      'queue/physical_block_size': '4096',
      'device/model': 'Samsung SSD 870 ',
      'device/vendor': 'ATA     ',
      'device/wwid': 'naa.5002538f70123456',
      'device/vpd_pg80': Buffer.concat([Buffer.from([0, 0x80, 0, 20]), Buffer.from('     S6PKNX0T123456 ')]),
    })
    .partition('sda', ata, 'sda1', 1, '8:1')
    .partition('sda', ata, 'sda2', 2, '8:2')
    .device('sdb', usb, '8:16', {
      size: '60062500',
      ro: '0',
      removable: '1',
      'queue/logical_block_size': '512',
      'queue/physical_block_size': '512',
      'device/model': 'Ultra           ',
      'device/vendor': 'SanDisk ',
    })
    .partition('sdb', usb, 'sdb1', 1, '8:17')
    .file(`sys/devices/${usbDevice}/busnum`, '2')
    .file(`sys/devices/${usbDevice}/serial`, '4C530001230517111111\n')
    .mount('8:2', '/', 'ext4', '/dev/sda2');
}

describe('what is told of a disk', () => {
  it('of an ATA disk and of a stick', () => {
    const system = pc();
    const [sda, sdb] = system.disks().list();
    expect(sda).toEqual({
      path: path.join(system.roots.dev, 'sda'),
      identity: 'wwn:naa.5002538f70123456 serial:S6PKNX0T123456 size:500107862016 bus:ata',
      name: 'Samsung SSD 870',
      model: 'Samsung SSD 870',
      serial: 'S6PKNX0T123456',
      wwn: 'naa.5002538f70123456',
      size: 500107862016,
      sectorSize: 512,
      physicalSectorSize: 4096,
      bus: 'ata',
      removable: false,
      readOnly: false,
      uses: ['/ (ext4)'],
      isSystem: true,
    });
    expect(sdb).toMatchObject({
      identity: 'serial:4C530001230517111111 size:30752000000 bus:usb',
      name: 'SanDisk Ultra',
      bus: 'usb',
      removable: true,
      uses: [],
      isSystem: false,
    });
  });

  it('of NVMe, virtio and cards', () => {
    const system = new System()
      .device('nvme0n1', nvme, '259:0', {
        size: '8',
        wwid: 'eui.0025385971b1c2d3',
        'device/model': 'WD_BLACK SN850X 1000GB',
        'device/serial': '22471Z800123        ',
        'queue/logical_block_size': '4096',
      })
      .device('vdb', 'pci0000:00/0000:00:05.0/virtio2', '254:16', { size: '8', serial: 'disk-2' })
      .device('mmcblk0', 'platform/mmc_host/mmc0/mmc0:aaaa', '179:0', {
        size: '8',
        'device/name': 'SD32G',
        'device/serial': '0x1a2b3c4d',
      })
      .device('mmcblk0boot0', 'platform/mmc_host/mmc0/mmc0:aaaa', '179:8', { size: '8' });
    expect(system.disks().list()).toMatchObject([
      { model: 'SD32G', serial: '0x1a2b3c4d', bus: 'mmc' },
      {
        model: 'WD_BLACK SN850X 1000GB',
        serial: '22471Z800123',
        wwn: 'eui.0025385971b1c2d3',
        sectorSize: 4096,
      },
      { model: '', serial: 'disk-2', bus: 'virtio', name: path.join(system.roots.dev, 'vdb') },
    ]);
  });

  it('what only the device manager knows', () => {
    const system = new System()
      .device('sdc', usb, '8:32', { size: '8' })
      .file(
        'run/udev/data/b8:32',
        'S:disk/by-id/x\nE:ID_MODEL=Portable_SSD\nE:ID_SERIAL_SHORT=AB12\nE:ID_WWN=0x5000\n',
      );
    expect(system.disks().list()).toMatchObject([{ name: 'Portable SSD', serial: 'AB12', wwn: '0x5000' }]);
  });

  it('names no disks that are none', () => {
    const system = new System();
    for (const name of ['loop0', 'ram0', 'zram0', 'dm-0', 'md0', 'sr0', 'fd0', 'nbd0']) {
      system.device(name, 'virtual', '7:0', { size: '8' });
    }
    system.device('nvme0c0n1', `${nvme}c`, '259:9', { size: '8', hidden: '1' });
    expect(system.disks().list()).toEqual([]);
    expect(system.disks({ loops: true }).list()).toMatchObject([{ bus: 'loop' }]);
  });

  it('says so where the system tells nothing', () => {
    expect(() => new System().disks().list()).toThrow('does not tell its disks');
  });

  it('fails where it is not told what is mounted: no disk may then be called free', () => {
    const system = pc();
    rmSync(path.join(system.roots.proc, 'self/mountinfo'));
    const disks = system.disks();
    expect(() => disks.list()).toThrow('does not tell what is mounted');
    expect(() => disks.find(path.join(system.roots.dev, 'sdb'))).toThrow('does not tell what is mounted');
  });

  it('cleans what a device says of itself', () => {
    const system = new System().device('sda', ata, '8:0', {
      size: '8',
      'device/model': 'Evil\u001b[2J\nDisk',
    });
    expect(system.disks().list()[0].name).toBe('Evil [2J Disk');
  });
});

describe('identity', () => {
  it('does not follow the number', () => {
    const other = new System()
      .device('sdb', ata, '8:16', { size: '8', 'device/wwid': 'naa.5' })
      .device('sda', usb, '8:0', { size: '8' });
    const first = new System().device('sda', ata, '8:0', { size: '8', 'device/wwid': 'naa.5' });
    const found = other
      .disks()
      .list()
      .find(({ bus }) => bus === 'ata');
    expect(found?.identity).toBe(first.disks().list()[0].identity);
  });

  it('is the place where there is no serial number, whatever was counted up since', () => {
    const identityAt = (host: string): string =>
      new System()
        .device('sdb', `${usbDevice}/2-1:1.0/${host}`, '8:16', { size: '8', 'device/model': 'Stick' })
        .disks()
        .list()[0].identity;
    const identity = identityAt('host6/target6:0:0/6:0:0:0');
    expect(identity).toContain('model:Stick place:devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0');
    expect(identityAt('host11/target11:0:0/11:0:0:0')).toBe(identity);
  });

  it.each(['0000000000', '   ', '0x00000000'])('takes "%s" for no serial number', (serial) => {
    const system = new System().device('sdb', ata, '8:16', { size: '8', serial });
    expect(system.disks().list()[0].serial).toBe('');
  });
});

describe('uses', () => {
  it('are found through LVM, encryption, RAID and loop devices', () => {
    const system = pc()
      .device('sdc', 'pci0000:00/ata3/host2/target2:0:0/2:0:0:0', '8:32', { size: '800' })
      .partition('sdc', 'pci0000:00/ata3/host2/target2:0:0/2:0:0:0', 'sdc1', 1, '8:33')
      .device('dm-0', 'virtual', '253:0', { 'dm/name': 'luks-home', 'dm/uuid': 'CRYPT-LUKS2-x' })
      .holder('dm-0', 'virtual', 'sdc1')
      .device('dm-1', 'virtual', '253:1', { 'dm/name': 'vg0-home', 'dm/uuid': 'LVM-x' })
      .holder('dm-1', 'virtual', 'dm-0')
      .mount('253:1', '/home', 'xfs', '/dev/mapper/vg0-home')
      .device('sdd', 'pci0000:00/ata4/host3/target3:0:0/3:0:0:0', '8:48', { size: '800' })
      .device('md0', 'virtual', '9:0', {})
      .holder('md0', 'virtual', 'sdd')
      .device('loop3', 'virtual', '7:3', { size: '8' });
    system.file('sys/devices/virtual/block/loop3/loop/backing_file', path.join(system.roots.dev, 'sdb'));
    const disks = system.disks().list();
    const used = Object.fromEntries(disks.map(({ path: file, uses }) => [path.basename(file), uses]));
    expect(used.sdc).toEqual(['/home (xfs)', 'encrypted volume luks-home', 'LVM volume vg0-home']);
    expect(used.sdd).toEqual(['RAID md0']);
    expect(used.sdb).toEqual(['loop device loop3']);
    expect(withRefusals(disks).every(({ refusal }) => refusal !== undefined)).toBe(true);
  });

  it('of file systems without a device number of their own', () => {
    const system = pc().mount('0:45', '/data', 'btrfs', '');
    system.file('proc/self/mountinfo', `30 1 0:45 / /data\\040one rw - btrfs ${system.roots.dev}/sdb1 rw\n`);
    expect(system.disks().list()[1].uses).toEqual(['/data one (btrfs)']);
    system.file('sys/fs/btrfs/uuid/devices/sdb1', '').file('sys/fs/btrfs/uuid/devices/sda2', '');
    expect(
      system
        .disks()
        .list()
        .map(({ uses }) => uses),
    ).toEqual([['/data one (btrfs)'], ['/data one (btrfs)']]);
  });

  it.each(['/', '/boot', '/boot/efi', '/usr'])('%s makes it the system disk', (point) => {
    const system = pc().mount('8:17', point, 'vfat', '/dev/sdb1');
    expect(system.disks().list()[1].isSystem).toBe(true);
  });

  it('swap makes it the system disk, a swap partition and a swap file', () => {
    const system = pc();
    system.file(
      'proc/swaps',
      `Filename Type Size Used Priority\n${system.roots.dev}/sdb1 partition 1 0 -2\n`,
    );
    expect(system.disks().list()[1]).toMatchObject({ isSystem: true, uses: ['swap'] });
    system.file('proc/swaps', 'Filename Type Size Used Priority\n/media/stick/swap\\040file file 1 0 -2\n');
    const numberOfFile = (file: string): string | undefined =>
      file === '/media/stick/swap file' ? '8:17' : undefined;
    expect(system.disks({ numberOfFile }).list()[1]).toMatchObject({ isSystem: true });
  });

  it('the disk that the program runs from is the system disk', () => {
    const numberOfFile = (file: string): string | undefined =>
      file === '/media/wimsmith' ? '8:17' : undefined;
    const [, stick] = pc()
      .disks({ programFiles: ['/media/wimsmith'], numberOfFile })
      .list();
    expect(stick).toMatchObject({ isSystem: true, uses: [] });
  });
});

describe('a file', () => {
  const sourceOf = (file: string) => file.replaceAll(' ', '\\040');

  it('that nothing uses is free', () => {
    const system = pc().file('free.img', 'free');
    expect(system.disks().usesOf?.(path.join(system.base, 'free.img'))).toEqual([]);
    expect(system.disks().usesOf?.(path.join(system.base, 'not there.img'))).toEqual([]);
  });

  it('that loop devices lie over, that is mounted, or swap, is in use by any of its names', () => {
    const system = pc().file('images/disk 1.img', 'disk').file('images/other.img', 'other');
    const file = path.join(system.base, 'images/disk 1.img');
    const second = path.join(system.base, 'second.img');
    const link = path.join(system.base, 'link.img');
    linkSync(file, second);
    symlinkSync(file, link);
    system
      .device('loop3', 'virtual', '7:3', { 'loop/backing_file': `${file}\n` })
      .device('loop4', 'virtual', '7:4', { 'loop/backing_file': `${system.base}/images/other.img\n` })
      .mount('0:51', '/mnt/volume', 'fuseblk', sourceOf(file))
      .mount('0:52', '/mnt/words', 'tmpfs', 'disk')
      .file('proc/swaps', `Filename Type Size Used Priority\n${sourceOf(file)} file 1 0 -2\n`);
    for (const name of [file, second, link])
      expect(system.disks().usesOf?.(name)).toEqual(['loop device loop3', '/mnt/volume (fuseblk)', 'swap']);
  });

  it('is told by its path where it has no identity', () => {
    const system = pc().mount('0:51', '/mnt/volume', 'fuseblk', '/gone/disk.img');
    const identityOfFile = () => undefined;
    system.file('disk.img', '').mount('0:52', '/mnt/own', 'fuse', path.join(system.base, 'disk.img'));
    const disks = system.disks({ identityOfFile });
    expect(disks.usesOf?.(path.join(system.base, 'disk.img'))).toEqual(['/mnt/own (fuse)']);
  });
});

describe('which disk', () => {
  it('holds a file, or would', () => {
    const system = pc().mount('8:17', '/media/stick', 'vfat', '/dev/sdb1');
    const numberOfFile = (file: string): string | undefined =>
      file === '/media/stick' ? '8:17' : file === '/' ? '8:2' : undefined;
    const disks = system.disks({ numberOfFile });
    expect(disks.holding('/media/stick/new/lab.wim').map((file) => path.basename(file))).toEqual(['sdb']);
    expect(disks.holding('/srv/lab.wim').map((file) => path.basename(file))).toEqual(['sda']);
  });

  it('a path means, links followed; a partition and a file are no disks', () => {
    const system = pc();
    const link = path.join(system.roots.dev, 'stick');
    symlinkSync(path.join(system.roots.dev, 'sdb'), link);
    const disks = system.disks();
    expect(disks.find(link)?.name).toBe('SanDisk Ultra');
    expect(disks.find(path.join(system.roots.dev, 'sdb1'))).toBeUndefined();
    expect(disks.isDevice(path.join(system.roots.dev, 'sdb1'))).toBe(true);
    expect(disks.isDevice(system.base)).toBe(false);
    expect(disks.open(path.join(system.base, 'file'), 'read')).toBeUndefined();
    expect(() => disks.open(path.join(system.roots.dev, 'sdb1'), 'write')).toThrow(
      'only whole disks are written',
    );
  });
});

describe('tables of the kernel', () => {
  it('have octal escapes, and lines that are cut off', () => {
    expect(parseMounts('1 2 8:1 / /a\\040b\\134 rw - ext4 /dev/x rw\n1 2 8:1\n\n1 2 - \n')).toEqual([
      { number: '8:1', point: '/a b\\', type: 'ext4', source: '/dev/x' },
    ]);
    expect(parseSwaps('Filename\n/dev/a partition\n\n')).toEqual(['/dev/a']);
  });

  it('of vital product data', () => {
    expect(vitalSerial(Uint8Array.of(0, 0x80, 0, 3, 65, 66, 67, 68))).toBe('ABC');
    expect(vitalSerial(Uint8Array.of(0, 0x83, 0, 3, 65, 66, 67))).toBeUndefined();
    expect(vitalSerial(Uint8Array.of(0, 0x80, 0xff, 0xff))).toBeUndefined();
    expect(vitalSerial(Uint8Array.of(0))).toBeUndefined();
  });

  it('device numbers of more than 8 bits', () => {
    expect(deviceNumber(0x803n)).toBe('8:3');
    expect(deviceNumber((259n << 8n) | 0x12n | (0x345n << 20n))).toBe(`259:${(0x345 << 8) | 0x12}`);
  });
});

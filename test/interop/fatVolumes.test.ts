import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recogniseFileSystem } from '../../src-main/engine/disk/recognise';
import { createFatVolume } from '../../src-main/engine/fat/fatVolumeWriter';
import { openFat, type FatVolume } from '../../src-main/engine/fat/openFat';
import { memoryDevice, memoryDeviceOfFile } from '../support/memoryDevice';
import { describeWithTools, temporaryDirectory } from '../support/tools';

const MIB = 2 ** 20;
/** 2024-02-29T12:34:56Z */
const now = BigInt(Date.UTC(2024, 1, 29, 12, 34, 56)) * 10_000n + 116_444_736_000_000_000n;

function run(command: string, ...args: string[]): string {
  const env = { ...process.env, TZ: 'UTC', MTOOLS_SKIP_CHECK: '1', LC_ALL: 'C.UTF-8' };
  const result = spawnSync(command, args, { encoding: 'utf8', env });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return result.stdout;
}

function readAll(fat: FatVolume, file: Parameters<FatVolume['open']>[0]): Buffer {
  const bytes = Buffer.alloc(file.size);
  fat.open(file).read(0, bytes);
  return bytes;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}

/** Every path of a volume with the SHA-1 of its data; directories with null. */
function walk(fat: FatVolume, directory = ''): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const file of fat.list(directory === '' ? '/' : directory)) {
    const name = `${directory}/${file.name}`;
    found.set(name, file.isDirectory ? null : digest(readAll(fat, file)));
    if (file.isDirectory) for (const [key, value] of walk(fat, name)) found.set(key, value);
  }
  return found;
}

function walkFiles(root: string, directory = ''): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const entry of readdirSync(path.join(root, directory), { withFileTypes: true })) {
    const name = `${directory}/${entry.name}`;
    found.set(name, entry.isDirectory() ? null : digest(readFileSync(path.join(root, name))));
    if (entry.isDirectory()) for (const [key, value] of walkFiles(root, name)) found.set(key, value);
  }
  return found;
}

/** Names that differ by more than case. */
const names = fc
  .tuple(
    fc.constantFrom(
      'a',
      'Long file name ',
      'UPPER',
      'lower.with.dots',
      'Mixed',
      'ünïcode',
      '数据',
      '+[]',
      'x'.repeat(100),
    ),
    fc.nat({ max: 40 }),
    fc.constantFrom('', '.txt', '.TXT', '.Txt', '.text', '.c', ' end.of.it'),
  )
  .map(([base, number, extension]) => `${base}${number}${extension}`);

describeWithTools(['fsck.vfat', 'mcopy'], 'FAT32 volumes that we make', () => {
  it('any tree passes fsck.vfat and is read by mtools and by us', () => {
    const directory = temporaryDirectory();
    const image = path.join(directory, 'volume');
    let runs = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(512 as const, 4096 as const),
        fc.uniqueArray(names, { maxLength: 30, selector: (name) => name.toUpperCase() }),
        fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 70_000 })), { minLength: 30, maxLength: 30 }),
        (sectorSize, list, places) => {
          const device = memoryDevice({ size: (sectorSize === 512 ? 40 : 260) * MIB, sectorSize });
          const writer = createFatVolume(device, { randomBytes, now, label: 'Random' });
          const expected = new Map<string, string | null>();
          for (const [i, name] of list.entries()) {
            const [depth, size] = places[i];
            const parents = ['Sub directory', 'EFI', 'deeper', 'Much.Deeper'].slice(0, depth);
            for (const [at] of parents.entries())
              expected.set(`/${parents.slice(0, at + 1).join('/')}`, null);
            const file = `/${[...parents, name].join('/')}`;
            if (i % 7 === 6) {
              writer.addDirectory(file);
              expected.set(file, null);
            } else {
              const data = randomBytes(i % 5 === 4 ? 0 : size);
              writer.addFile(file, data);
              expected.set(file, digest(data));
            }
          }
          const figures = writer.finish();
          const fat = openFat(device);
          expect(new Map([...walk(fat)].sort())).toEqual(new Map([...expected].sort()));
          expect([fat.used, fat.free, fat.label]).toEqual([figures.used, figures.free, 'RANDOM']);

          device.save(image);
          expect(run('fsck.vfat', '-n', image)).toMatch(/\d+ files, \d+\/\d+ clusters/);
          const out = path.join(directory, `out${runs++}`);
          mkdirSync(out);
          if (expected.size > 0) run('mcopy', '-s', '-n', '-Q', '-i', image, '::/*', out);
          expect(new Map([...walkFiles(out)].sort())).toEqual(new Map([...expected].sort()));
        },
      ),
      { numRuns: 6 },
    );
  });

  it('attributes and times are what mtools shows', () => {
    const device = memoryDevice({ size: 40 * MIB });
    const writer = createFatVolume(device, { randomBytes, now, label: 'System' });
    writer.addFile('/hidden.sys', Buffer.from('a'), { attributes: 0x07 });
    writer.addFile('/Plain name.text', Buffer.from('a'), { writeTime: now - 864_000_000_000n });
    writer.finish();
    const image = path.join(temporaryDirectory(), 'volume');
    device.save(image);
    expect(run('mattrib', '-i', image, '::/hidden.sys')).toMatch(/^\s*SHR\s+/);
    expect(run('mattrib', '-i', image, '::/Plain name.text')).toMatch(/^\s*A\s+/);
    const listed = run('mdir', '-a', '-i', image, '::/');
    expect(listed).toContain('Volume in drive : is SYSTEM');
    expect(listed).toMatch(/hidden\s+sys\s+1 2024-02-29\s+12:34/);
    expect(listed).toMatch(/PLAINN~1 TEX\s+1 2024-02-28\s+12:34\s+Plain name\.text/);
  });
});

describeWithTools(['mkfs.vfat', 'mcopy'], 'FAT volumes of others', () => {
  it.each([
    ['12', 4, 512],
    ['16', 40, 512],
    ['32', 40, 512],
    ['32', 300, 4096],
  ] as const)(
    'FAT%s of %i MiB, sectors of %i, is read as mtools filled it',
    (bits, megabytes, sectorSize) => {
      const directory = temporaryDirectory();
      const image = path.join(directory, 'volume');
      memoryDevice({ size: megabytes * MIB }).save(image);
      run('mkfs.vfat', '-F', bits, '-S', String(sectorSize), '-n', 'THEIRS', '-i', 'deadbeef', image);
      const source = path.join(directory, 'in');
      mkdirSync(path.join(source, 'Sub directory', 'deeper'), { recursive: true });
      writeFileSync(path.join(source, 'A long name.text'), randomBytes(50_000));
      writeFileSync(path.join(source, 'short.txt'), '');
      for (let i = 0; i < 60; i++) {
        writeFileSync(path.join(source, 'Sub directory', `file number ${i}`), randomBytes(i * 97));
      }
      writeFileSync(path.join(source, 'Sub directory', 'deeper', 'Ünïcödé 数据'), 'text');
      run(
        'mcopy',
        '-s',
        '-n',
        '-Q',
        '-i',
        image,
        ...readdirSync(source).map((name) => path.join(source, name)),
        '::/',
      );
      // Holes in the chains: what is deleted is filled by what comes next.
      const deleted = Array.from({ length: 20 }, (_, i) => `/Sub directory/file number ${i * 3}`);
      run('mdel', '-i', image, ...deleted.map((name) => `::${name}`));
      const large = randomBytes(300_000);
      writeFileSync(path.join(source, 'large'), large);
      run('mcopy', '-i', image, path.join(source, 'large'), '::/');

      const device = memoryDeviceOfFile(image, { sectorSize });
      expect(recogniseFileSystem(device)).toBe(`fat${bits}`);
      const fat = openFat(device);
      expect(fat).toMatchObject({ type: `fat${bits}`, label: 'THEIRS', serial: 'deadbeef' });
      const expected = walkFiles(source);
      for (const name of deleted) expect(expected.delete(name)).toBe(true);
      expect(new Map([...walk(fat)].sort())).toEqual(new Map([...expected].sort()));
      const free = /([\d ]+) bytes free/.exec(run('mdir', '-i', image, '::/'))?.[1].replaceAll(' ', '');
      expect(fat.free).toBe(Number(free));
    },
  );
});

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { formatNtfs } from '../../src-main/engine/ntfs/write/ntfsFormat';
import { loadImage, openWim } from '../../src-main/engine/wim/openWim';
import { FileAttribute } from '../../src-main/engine/tree/attributes';
import type { TaskRunner, Tasks } from '../../src-main/engine/pipeline/tasks';
import { StreamKind, type Tree } from '../../src-main/engine/tree/tree';
import { makeXattrItem } from '../../src-main/engine/tree/unixData';
import { run, succeed, sevenZip, wimlib } from '../support/cli';
import { nodeHost } from '../support/handlers';
import { createNtfsTarget } from '../../src-main/engine/ntfs/write/ntfsTarget';
import { DataTree, fileDisk, fillVolume, formatOptions, randomNumbers } from '../support/ntfsTrees';
import { factsOf, getAttribute, hasher, scanImage, withMount } from '../support/ntfsVolumes';
import { checkNtfs } from '../support/ntfsCheck';
import { builtKernels, handlers, noise, text } from '../support/pipeline';
import { RandomNtfsTree } from '../support/randomNtfsTree';
import { describeWithTools, temporaryDirectory } from '../support/tools';

const MIB = 1 << 20;
/** WIMSMITH_SEED repeats a run. */
const seed = Number(process.env.WIMSMITH_SEED ?? Date.now() % 0x7fff_ffff);

type Facts = ReturnType<typeof factsOf>;

const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

/** What a tree says, without what a volume adds: descriptors where there are none. */
function comparable(facts: Facts, wanted: Facts): Facts {
  for (const [name, fact] of Object.entries(facts)) {
    if (wanted[name]?.security === undefined) fact.security = undefined;
    if (Array.isArray(fact.reparse)) fact.reparse = [fact.reparse[0]];
  }
  return facts;
}

function factsOfSource({ tree, data }: DataTree): Facts {
  const facts = factsOf(tree, (stream) => sha1(data.get(stream) ?? new Uint8Array()));
  return comparable(facts, facts);
}

async function factsOfVolume(image: string, wanted: Facts): Promise<Facts> {
  const read = await scanImage(image);
  const hash = hasher(handlers().hashStream);
  const facts = factsOf(read.tree, (stream) => hash(read.source.locate(read.tree, stream)));
  read.volume.device.close();
  return comparable(facts, wanted);
}

async function makeImage(
  size: number,
  source: DataTree,
  more: { clusterSize?: number; sectorSize?: number } = {},
): Promise<string> {
  const image = path.join(temporaryDirectory(), 'volume.img');
  const device = fileDisk(image, size, more.sectorSize);
  const options = more.clusterSize === undefined ? {} : { clusterSize: more.clusterSize };
  expect(await fillVolume(device, source, formatOptions(options))).toEqual([]);
  device.close();
  return image;
}

/** What a check of our own and ntfsfix say of a volume. */
function expectClean(image: string): void {
  expect(checkNtfs(image)).toEqual([]);
  expectFixed(image);
}

/** What ntfsfix says of a volume that it only looks at; other drivers keep less of it current. */
function expectFixed(image: string): void {
  const { status, stdout } = run('ntfsfix', ['-n', image]);
  expect(stdout).toContain('Processing of $MFT and $MFTMirr completed successfully.');
  expect(stdout).toContain('Checking the alternate boot sector... OK');
  expect(status).toBe(0);
}

/** Paths below a directory and the data of files, as a file system driver reads them. */
function contentsOf(root: string, inside = ''): Map<string, string> {
  const contents = new Map<string, string>();
  for (const entry of readdirSync(path.join(root, inside), { withFileTypes: true })) {
    const name = path.join(inside, entry.name);
    contents.set(
      name,
      entry.isFile()
        ? sha1(readFileSync(path.join(root, name)))
        : entry.isDirectory()
          ? 'directory'
          : 'other',
    );
    if (entry.isDirectory()) for (const [below, hash] of contentsOf(root, name)) contents.set(below, hash);
  }
  return contents;
}

describeWithTools(['ntfs-3g', 'ntfsinfo', 'ntfsfix', 'ntfscluster', 'getfattr'], 'an empty volume', () => {
  it('is mounted, written to and called clean', () => {
    const image = path.join(temporaryDirectory(), 'empty.img');
    const device = fileDisk(image, 64 * MIB);
    formatNtfs(device, formatOptions({ label: 'Grüße' }));
    device.close();
    expectClean(image);
    expect(succeed('ntfsinfo', '-m', image)).toContain('Volume Name: Grüße');
    withMount(image, (root) => {
      expect(readdirSync(root)).toEqual([]);
      mkdirSync(path.join(root, 'made'));
      writeFileSync(path.join(root, 'made/file'), 'by another driver');
    });
    expectFixed(image);
    withMount(image, (root) => {
      expect(readFileSync(path.join(root, 'made/file'), 'utf8')).toBe('by another driver');
    });
  });
});

describeWithTools(['ntfs-3g', 'ntfsfix', 'ntfscluster'], `random trees (WIMSMITH_SEED=${seed})`, () => {
  const cases = [
    [4096, 128 * MIB, 512, 900],
    [512, 64 * MIB, 512, 400],
    [1024, 64 * MIB, 512, 400],
    [65_536, 256 * MIB, 512, 300],
    [2 * MIB, 4096 * MIB, 512, 200],
    [4096, 96 * MIB, 4096, 300],
  ] as const;
  it.each(cases)(
    'with clusters of %i bytes on %i bytes, sectors of %i',
    async (clusterSize, size, sectorSize, entries) => {
      const source = new RandomNtfsTree(seed, entries);
      const image = await makeImage(size, source, { clusterSize, sectorSize });
      const wanted = factsOfSource(source);
      expect(await factsOfVolume(image, wanted)).toEqual(wanted);
      expectClean(image);
      // Every run of every attribute is in the bitmap, and no cluster has two owners.
      const { status, stdout, stderr } = run('ntfscluster', ['-f', image]);
      expect([status, stdout + stderr]).toEqual([0, expect.not.stringMatching(/error|corrupt/i)]);
    },
  );
});

describeWithTools(['wimlib-imagex', 'ntfs-3g'], `wimlib-imagex (WIMSMITH_SEED=${seed})`, () => {
  it('captures from a volume the image that is on it', async () => {
    const source = new RandomNtfsTree(seed, 700);
    const image = await makeImage(128 * MIB, source);
    const archive = path.join(temporaryDirectory(), 'captured.wim');
    wimlib('capture', image, archive, '--compress=none');
    const host = await nodeHost();
    const wim = await openWim(host, archive);
    const tree: Tree = loadImage(host, wim, 1);
    for (let stream = 0; stream < tree.streamCount; stream++) {
      const blob = tree.streamBlob[stream];
      tree.streamSize[stream] = blob < 0 ? 0 : wim.blobs.size[blob];
    }
    const wanted = factsOfSource(source);
    const facts = comparable(
      factsOf(tree, (stream) => Buffer.from(wim.blobs.sha1(tree.streamBlob[stream])).toString('hex')),
      wanted,
    );
    wim.close();
    for (const fact of [...Object.values(facts), ...Object.values(wanted)]) {
      // wimlib-imagex 1.13 does not read extended attributes of NTFS, and numbers no links of directories.
      fact.tagged = (fact.tagged as string[]).filter((item) => !item.startsWith('2:'));
    }
    expect(facts).toEqual(wanted);
  });
});

/** One file with everything. */
function decorated(): DataTree {
  const source = new DataTree();
  const { tree } = source;
  const descriptor = Buffer.from(
    '0100048030000000400000000000000014000000' +
      '02001c000100000000001400ff011f00010100000000000512000000' +
      '01020000000000052000000020020000010100000000000512000000',
    'hex',
  );
  tree.securityDescriptors.push(new Uint8Array(descriptor));
  const inode = tree.addInode(
    0x2027,
    131_000_000_000_000_001n,
    131_000_000_000_000_002n,
    131_000_000_000_000_003n,
    0,
  );
  source.stream(inode, StreamKind.DATA, '', Buffer.from('the data'));
  source.stream(inode, StreamKind.NAMED, 'second', Buffer.from('of the stream'));
  source.stream(inode, StreamKind.NAMED, 'large', new Uint8Array(60_000).fill(7));
  const id = Uint8Array.from({ length: 64 }, (_, i) => i + 1);
  tree.extrasOf(inode).tagged = [
    { tag: 1, data: id },
    makeXattrItem([
      ['FIRST', Uint8Array.of(1, 2, 3)],
      ['SECOND', new Uint8Array(50).fill(9)],
    ]),
  ];
  const directory = source.directory(0, 'directory', FileAttribute.HIDDEN);
  tree.addEntry(directory, 'a long name of a file.txt', inode, 'ALONGN~1.TXT');
  tree.addEntry(0, 'another name', inode);
  // Of a file with several names the driver tells no short name.
  tree.addEntry(directory, 'with a short name', tree.addInode(0x20, 1n, 1n, 1n), 'WITHAS~1');
  source.stream(tree.inode[directory], StreamKind.NAMED, 'of a directory', Buffer.from('here, too'));
  const link = tree.addInode(FileAttribute.REPARSE_POINT, 1n, 1n, 1n);
  tree.extrasOf(link).reparseTag = 0x80000014;
  source.stream(
    link,
    StreamKind.REPARSE,
    '',
    Uint8Array.from({ length: 100 }, (_, i) => 100 - i),
  );
  tree.addEntry(0, 'reparse point', link);
  return source;
}

describeWithTools(['ntfs-3g', 'getfattr', 'fls', 'fsntfsinfo', '7z'], 'a file with everything', () => {
  it('is read whole by other drivers', async () => {
    const source = decorated();
    const image = await makeImage(64 * MIB, source);
    withMount(
      image,
      (root) => {
        const file = path.join(root, 'directory/a long name of a file.txt');
        const attribute = (name: string): string | undefined => getAttribute(file, name)?.toString('hex');
        const bytes = (text: string): string => Buffer.from(text).toString('hex');
        expect(readFileSync(file, 'utf8')).toBe('the data');
        expect(statSync(file).nlink).toBeGreaterThanOrEqual(2);
        expect(statSync(file).ino).toBe(statSync(path.join(root, 'another name')).ino);
        expect(attribute('user.second')).toBe(bytes('of the stream'));
        expect(attribute('user.large')).toBe('07'.repeat(60_000));
        expect(attribute('system.ntfs_acl')).toBe(
          Buffer.from(source.tree.securityDescriptors[0]).toString('hex'),
        );
        expect(attribute('system.ntfs_attrib')).toBe('27200000');
        const short = getAttribute(path.join(root, 'directory/with a short name'), 'system.ntfs_dos_name');
        expect(short?.toString()).toBe('WITHAS~1');
        expect(statSync(path.join(root, 'directory/ALONGN~1.TXT')).ino).toBe(statSync(file).ino);
        expect(attribute('system.ntfs_object_id')).toBe(
          Buffer.from(Array.from({ length: 64 }, (_, i) => i + 1)).toString('hex'),
        );
        const times = Buffer.alloc(32);
        [
          131_000_000_000_000_001n,
          131_000_000_000_000_003n,
          131_000_000_000_000_002n,
          131_000_000_000_000_003n,
        ].forEach((time, i) => times.writeBigUInt64LE(time, 8 * i));
        expect(attribute('system.ntfs_times')).toBe(times.toString('hex'));
        expect(attribute('system.ntfs_ea')).toBe(
          '14000000' +
            '00050300' +
            bytes('FIRST\0') +
            '010203' +
            '000000' +
            '44000000' +
            '00063200' +
            bytes('SECOND\0') +
            '09'.repeat(50) +
            '000000',
        );
        expect(getAttribute(path.join(root, 'directory'), 'user.of a directory')?.toString()).toBe(
          'here, too',
        );
        const reparse = getAttribute(path.join(root, 'reparse point'), 'system.ntfs_reparse_data');
        expect(reparse?.toString('hex').slice(0, 20)).toBe('14000080' + '64000000' + '6463');
      },
      'streams_interface=xattr,efs_raw,user_xattr,ro',
    );
    expect(succeed('fls', '-r', '-p', image)).toContain('directory/a long name of a file.txt:second');
    expect(succeed('fsntfsinfo', '-H', image)).toContain('a long name of a file.txt');
    expect(succeed('fsntfsinfo', image)).toMatch(/Version\s*: 3\.1/);
    expect(sevenZip('t', image)).toContain('Everything is Ok');
  });
});

describeWithTools(['ntfs-3g', 'ntfsfix'], 'a volume that another driver changes', () => {
  it('takes files in every directory and stays whole', async () => {
    const source = new RandomNtfsTree(seed, 500);
    const wide = source.directory(0, 'wide');
    for (let i = 0; i < 3000; i++) source.file(wide, `a file among many others, number ${i * 7919}`);
    const image = await makeImage(128 * MIB, source);
    let wanted = new Map<string, string>();
    withMount(image, (root) => {
      const before = contentsOf(root);
      const directories = [
        '',
        ...[...before].filter(([, kind]) => kind === 'directory').map(([name]) => name),
      ];
      for (const directory of directories) {
        const at = (name: string): string => path.join(root, directory, name);
        for (let i = 0; i < 8; i++) writeFileSync(at(`made by the other driver ${i}`), `${directory} ${i}`);
        rmSync(at('made by the other driver 3'));
        renameSync(at('made by the other driver 5'), at('renamed'));
      }
      for (const name of [...before.keys()]
        .filter((name) => name.startsWith('wide/'))
        .filter((_, i) => i % 3 === 0))
        rmSync(path.join(root, name));
      wanted = contentsOf(root);
      expect(wanted.size).toBe(before.size + directories.length * 7 - 1000);
    });
    expectFixed(image);
    withMount(image, (root) => expect(contentsOf(root)).toEqual(wanted), 'ro');
    const read = await scanImage(image);
    expect(read.tree.entryCount - 1).toBe(wanted.size);
    read.volume.device.close();
  });
});

describeWithTools(['ntfs-3g', 'ntfsfix', 'getfattr'], 'a file whose attributes fill many records', () => {
  it('has all of its names and streams', async () => {
    const source = new DataTree();
    const { tree } = source;
    const inode = tree.addInode(0x20, 1n, 1n, 1n);
    source.stream(inode, StreamKind.DATA, '', Buffer.from('one data'));
    for (let i = 0; i < 400; i++)
      source.stream(inode, StreamKind.NAMED, `stream ${i}`, Buffer.from(`data of ${i}`));
    const directories = Array.from({ length: 10 }, (_, i) => source.directory(0, `directory ${i}`));
    for (let i = 0; i < 1000; i++)
      tree.addEntry(directories[i % 10], `name ${i} x${'n'.repeat(i % 200)}`, inode);
    // Of the root, too.
    for (let i = 0; i < 60; i++)
      source.stream(
        tree.inode[0],
        StreamKind.NAMED,
        `${'of the root '.repeat(8)}${i}`,
        Buffer.from(`root ${i}`),
      );
    const image = await makeImage(64 * MIB, source);
    expectClean(image);
    const read = await scanImage(image);
    expect([read.tree.entryCount, read.tree.inodeCount]).toEqual([tree.entryCount, tree.inodeCount]);
    expect(read.tree.streamCount).toBe(tree.streamCount);
    read.volume.device.close();
    withMount(
      image,
      (root) => {
        for (const i of [0, 1, 499, 998, 999]) {
          const name = path.join(root, `directory ${i % 10}`, `name ${i} x${'n'.repeat(i % 200)}`);
          expect(readFileSync(name, 'utf8')).toBe('one data');
          expect(getAttribute(name, `user.stream ${i % 400}`)?.toString()).toBe(`data of ${i % 400}`);
        }
      },
      'streams_interface=xattr,efs_raw,user_xattr,ro',
    );
  });
});

describeWithTools(['ntfs-3g', 'ntfsfix'], 'directories', () => {
  it.each([1, 100, 10_000, 100_000])('of %i entries have all of them, in order', async (count) => {
    const source = new DataTree();
    const directory = source.directory(0, 'directory');
    for (let i = 0; i < count; i++) source.file(directory, `${(i * 7919) % count} x${'x'.repeat(i % 40)}`);
    const image = await makeImage(256 * MIB, source);
    if (count > 10_000) expectFixed(image);
    else expectClean(image);
    withMount(
      image,
      (root) => {
        const names = readdirSync(path.join(root, 'directory'));
        expect(names.length).toBe(count);
        // Names are looked up through the index, each on its own way down.
        for (let i = 0; i < count; i += Math.ceil(count / 500))
          expect(
            statSync(path.join(root, 'directory', `${(i * 7919) % count} x${'x'.repeat(i % 40)}`)).isFile(),
          ).toBe(true);
      },
      'ro',
    );
  });
});

describeWithTools(['ntfs-3g', 'ntfsfix', 'ntfsinfo', 'ntfscluster'], 'sparse files', () => {
  const K = 1024;
  /** Data at these places, zeroes elsewhere. */
  function withData(size: number, places: readonly number[]): Uint8Array {
    const bytes = new Uint8Array(size);
    for (const place of places) bytes.fill(0xa5, place, Math.min(place + 10, size));
    return bytes;
  }

  it.each([4096, 512, 65_536])(
    'take only what is not zero, with clusters of %i bytes',
    async (clusterSize) => {
      const source = new DataTree();
      const { tree } = source;
      const files: readonly (readonly [
        name: string,
        size: number,
        places: readonly number[],
        taken: number,
      ])[] = [
        ['empty', 0, [], 0],
        ['all zero', 1_000_000, [], 0],
        ['short', 100, [5], Math.max(clusterSize, 0)],
        ['data at both ends', 4 * MIB, [0, 4 * MIB - 10], 128 * K],
        ['nothing to free', 256 * K, [0, 64 * K, 128 * K, 192 * K], 256 * K],
        ['many holes', 64 * MIB, Array.from({ length: 512 }, (_, i) => i * 128 * K), -1],
      ];
      const directory = source.directory(0, 'directory');
      for (let i = 0; i < 100; i++) source.file(directory, `another file ${i}`);
      for (const [name, size, places] of files) {
        const entry = source.file(name === 'all zero' ? directory : 0, name, withData(size, places));
        const inode = tree.inode[entry];
        tree.attributes[inode] |= FileAttribute.SPARSE_FILE;
        if (size === 0) source.stream(inode, StreamKind.DATA, '', new Uint8Array());
        source.stream(inode, StreamKind.NAMED, 'beside it', Buffer.from(`stream of ${name}`));
      }
      const image = await makeImage(256 * MIB, source, { clusterSize });
      expectClean(image);
      withMount(
        image,
        (root) => {
          for (const [name, size, places, taken] of files) {
            const file = path.join(root, name === 'all zero' ? 'directory/all zero' : name);
            expect(sha1(readFileSync(file))).toBe(sha1(withData(size, places)));
            expect(getAttribute(file, 'user.beside it')?.toString()).toBe(`stream of ${name}`);
            const blocks = statSync(file).blocks * 512;
            if (taken >= 0) expect([name, blocks]).toEqual([name, taken]);
            else expect(blocks).toBeLessThan(size);
          }
        },
        'streams_interface=xattr,efs_raw,user_xattr,ro',
      );
      const wanted = factsOfSource(source);
      expect(await factsOfVolume(image, wanted)).toEqual(wanted);
      const { status, stdout, stderr } = run('ntfscluster', ['-f', image]);
      expect([status, stdout + stderr]).toEqual([0, expect.not.stringMatching(/error|corrupt/i)]);
      // The sizes in the index are those in the file's record.
      const information = succeed('ntfsinfo', '-v', '-F', '/directory/all zero', image);
      expect(information.match(/\$FILE_NAME[^]*?Allocated Size:\s+(\d+)/)?.[1]).toBe('0');
    },
  );
});

describeWithTools(['ntfs-3g', 'ntfsfix'], 'compressed system files', () => {
  /** Runs tasks in this thread, each after the one before. */
  async function inlineRunner(): Promise<TaskRunner> {
    const tasks = handlers(await builtKernels());
    return {
      width: 3,
      run: async (name, input) => {
        await Promise.resolve();
        const output: unknown = tasks[name](input);
        return (await output) as Tasks[typeof name]['out'];
      },
      prepare: () => undefined,
      close: () => Promise.resolve(),
    };
  }

  function systemTree(): DataTree {
    const source = new DataTree();
    const { tree } = source;
    const windows = source.directory(0, 'Windows');
    const system = source.directory(windows, 'System32');
    const many = source.directory(0, 'many');
    const contents = (i: number): Uint8Array =>
      i % 3 === 0 ? noise(3000 + i * 211, i) : text(2000 + i * 997, i);
    for (let i = 0; i < 60; i++) source.file(many, `file number ${i} with a name`, contents(i));
    source.file(system, 'large.dll', text(4 * MIB + 70_017, 5));
    source.file(system, 'large.bin', noise(5 * MIB + 5, 6));
    source.file(system, 'after.dll', text(100_000, 7));
    source.file(system, 'winload.efi', text(200_000, 8));
    source.file(system, 'ntoskrnl.exe', text(300_000, 9));
    const linked = source.file(system, 'linked.dll', text(70_000, 10));
    tree.addEntry(windows, 'link of it', tree.inode[linked]);
    const both = source.file(system, 'with a stream.dll', text(70_000, 11));
    source.stream(tree.inode[both], StreamKind.NAMED, 'stream', text(30_000, 12));
    const sparse = source.file(0, 'sparse', new Uint8Array(MIB));
    tree.attributes[tree.inode[sparse]] |= FileAttribute.SPARSE_FILE;
    return source;
  }

  it.each(['xpress4k', 'xpress8k', 'xpress16k', 'lzx'] as const)(
    'with %s are what they were',
    async (format) => {
      const source = systemTree();
      const image = path.join(temporaryDirectory(), 'volume.img');
      const device = fileDisk(image, 96 * MIB);
      const compact = {
        format,
        runner: await inlineRunner(),
        excludes: (name: string) => name.endsWith('/after.dll'),
      };
      expect(await fillVolume(device, source, formatOptions({ compact }))).toEqual([]);
      device.close();
      expect(checkNtfs(image)).toEqual([]);
      expectClean(image);
      const plain = path.join(temporaryDirectory(), 'plain.img');
      const other = fileDisk(plain, 96 * MIB);
      await fillVolume(other, systemTree(), formatOptions());
      other.close();
      const kernels = await builtKernels();
      const read = await scanImage(image);
      const hash = hasher(handlers(kernels).hashStream);
      const wanted = factsOfSource(source);
      const facts = comparable(
        factsOf(read.tree, (stream) => hash(read.source.locate(read.tree, stream))),
        wanted,
      );
      expect(facts).toEqual(wanted);
      const before = await scanImage(plain);
      expect(read.volume.free - before.volume.free).toBeGreaterThan(2 * MIB);
      read.volume.device.close();
      before.volume.device.close();
      withMount(
        image,
        (root) => {
          const packed = (name: string): boolean =>
            getAttribute(path.join(root, name), 'user.WofCompressedData') !== undefined ||
            getAttribute(path.join(root, name), 'system.ntfs_reparse_data') !== undefined;
          expect(packed('many/file number 10 with a name')).toBe(true);
          expect(packed('many/file number 12 with a name')).toBe(false);
          expect(packed('Windows/System32/large.dll')).toBe(true);
          expect(packed('Windows/System32/large.bin')).toBe(false);
          expect(packed('Windows/System32/after.dll')).toBe(false);
          expect(packed('Windows/System32/winload.efi')).toBe(false);
          expect(packed('Windows/System32/ntoskrnl.exe')).toBe(false);
          expect(packed('Windows/link of it')).toBe(true);
          expect(packed('Windows/System32/with a stream.dll')).toBe(false);
          expect(sha1(readFileSync(path.join(root, 'Windows/System32/large.bin')))).toBe(
            sha1(noise(5 * MIB + 5, 6)),
          );
        },
        'streams_interface=xattr,efs_raw,user_xattr,ro',
      );
    },
  );

  it(`fill what they have left on a volume with hardly any room (WIMSMITH_SEED=${seed})`, async () => {
    const kernels = await builtKernels();
    const hash = hasher(handlers(kernels).hashStream);
    for (const [round, clusterSize] of [512, 4096, 16_384].entries()) {
      const random = randomNumbers(seed + round);
      const source = new DataTree();
      const { tree, sizeOf } = source;
      const directory = source.directory(0, 'directory');
      for (let i = 0; i < 100; i++) {
        const size = Math.floor(2 ** (8 + random() * 12));
        const bytes = random() < 0.5 ? noise(size, i) : text(size, i);
        const entry = source.file(random() < 0.5 ? 0 : directory, `file ${i}`, bytes);
        if (random() < 0.1) tree.addEntry(directory, `link ${i}`, tree.inode[entry]);
        if (random() < 0.1) tree.attributes[tree.inode[entry]] |= FileAttribute.SPARSE_FILE;
      }
      const image = path.join(temporaryDirectory(), 'volume.img');
      const roomy = fileDisk(image, 256 * MIB);
      const { needed } = createNtfsTarget(roomy, formatOptions({ clusterSize })).space?.({
        tree,
        root: 0,
        sizeOf,
      }) ?? {
        needed: 0,
      };
      roomy.close();
      const device = fileDisk(image, Math.ceil(needed / 65_536 + random() * 4) * 65_536 + 65_536);
      const compact = { format: 'xpress4k', runner: await inlineRunner() } as const;
      expect(await fillVolume(device, source, formatOptions({ clusterSize, compact }))).toEqual([]);
      device.close();
      expect(checkNtfs(image)).toEqual([]);
      const read = await scanImage(image);
      const wanted = factsOfSource(source);
      const facts = factsOf(read.tree, (stream) => hash(read.source.locate(read.tree, stream)));
      expect(comparable(facts, wanted)).toEqual(wanted);
      read.volume.device.close();
    }
  });
});

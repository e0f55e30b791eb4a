import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
  openSync,
  closeSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWim, loadImage } from '../../src-main/engine/wim/openWim';
import { createNodeHost } from '../../src-main/workers/nodeHost';
import { FileAttribute } from '../../src-main/engine/tree/attributes';
import type { Tree } from '../../src-main/engine/tree/tree';
import { builtKernels, handlers, noise } from '../support/pipeline';
import {
  factsOf,
  getAttribute,
  hasher,
  makeVolume,
  readBySleuthKit,
  readByUs,
  scanImage,
  setAttribute,
  withMount,
  type ReadVolume,
} from '../support/ntfsVolumes';
import { randomNumbers } from '../support/ntfsTrees';
import { describeWithTools, temporaryDirectory } from '../support/tools';

const host = createNodeHost({ appDirectory: path.resolve('dist') });
let hash: ReturnType<typeof hasher>;

beforeAll(async () => {
  const { hashStream } = handlers(await builtKernels());
  hash = hasher((input) => hashStream(input));
});
afterAll(() => host.close());

const ours = ({ tree, source }: ReadVolume) => factsOf(tree, (stream) => hash(source.locate(tree, stream)));

/** What wimlib-imagex captures from a volume, without mounting it. */
async function captured(image: string): Promise<Record<string, Record<string, unknown>>> {
  const wim = path.join(temporaryDirectory(), 'captured.wim');
  execFileSync('wimlib-imagex', ['capture', image, wim, '--compress=none', '--no-check'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return imageFacts(wim);
}

async function imageFacts(file: string): Promise<Record<string, Record<string, unknown>>> {
  const wim = await openWim(host, file);
  try {
    const tree: Tree = loadImage(host, wim, 1);
    return factsOf(tree, (stream) => Buffer.from(wim.blobs.sha1(tree.streamBlob[stream])).toString('hex'));
  } finally {
    wim.close();
  }
}

function writeAt(file: string, offset: number, bytes: Uint8Array): void {
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(handle);
  }
}

/** Goes on until the volume is full, or `limit` steps are done. */
function untilFull(limit: number, step: (i: number) => void): void {
  try {
    for (let i = 0; i < limit; i++) step(i);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

/** MOUNT_POINT reparse data, whole as Windows returns it. */
function junction(target: string): Buffer {
  const name = Buffer.from(`\\??\\${target}`, 'utf16le');
  const print = Buffer.from(target, 'utf16le');
  const data = Buffer.alloc(16 + name.length + 2 + print.length + 2);
  data.writeUInt32LE(0xa0000003, 0);
  data.writeUInt16LE(data.length - 8, 4);
  data.writeUInt16LE(name.length, 10);
  data.writeUInt16LE(name.length + 2, 12);
  data.writeUInt16LE(print.length, 14);
  name.copy(data, 16);
  print.copy(data, 16 + name.length + 2);
  return data;
}

const DESCRIPTOR = Buffer.from(
  '0100048030000000400000000000000014000000' +
    '02001c000100000000001400ff011f00010100000000000100000000' +
    '010200000000000520000000200200000102000000000005200000002002000000',
  'hex',
).subarray(0, 80);

/** Everything that ntfs-3g can make. */
function fill(root: string): void {
  const at = (...names: string[]) => path.join(root, ...names);
  mkdirSync(at('docs/deep/deeper'), { recursive: true });
  writeFileSync(at('empty'), '');
  writeFileSync(at('docs/small.txt'), 'small');
  writeFileSync(at('docs/six hundred'), noise(600, 1));
  writeFileSync(at('docs/large.bin'), noise(400_000, 2));
  writeFileSync(at('docs/Ünïcode 文件.txt'), 'x'.repeat(5000));
  writeFileSync(at('docs/Case'), '1');
  writeFileSync(at('docs/case'), '2');
  writeFileSync(at('docs/back\\slash'), 'posix name');
  writeFileSync(at('docs', 'n'.repeat(255)), 'long');
  linkSync(at('docs/large.bin'), at('docs/deep/link.bin'));
  linkSync(at('docs/large.bin'), at('again.bin'));
  symlinkSync('small.txt', at('docs/symlink'));
  for (let i = 0; i < 400; i++)
    writeFileSync(at('docs/deep/deeper', `a file with number ${i * 7919} in it.dat`), `${i}`);
  // Streams.
  setAttribute(at('docs/small.txt'), 'user.stream', 'a named stream');
  setAttribute(at('docs/small.txt'), 'user.big stream', noise(60_000, 3));
  setAttribute(at('docs'), 'user.of a directory', 'on a directory');
  // Many streams and many names: attribute lists.
  writeFileSync(at('many'), 'many streams');
  for (let i = 0; i < 60; i++) setAttribute(at('many'), `user.stream number ${i}`, noise(100 + i, i));
  writeFileSync(at('names'), 'many names');
  mkdirSync(at('links'));
  for (let i = 0; i < 80; i++)
    linkSync(at('names'), at('links', `another long name of the same file, number ${i}`));
  // A file in many pieces.
  const pieces = at('pieces');
  writeFileSync(pieces, '');
  truncateSync(pieces, 40_000_000);
  for (let i = 0; i < 600; i++) writeAt(pieces, i * 65536 + 4096, noise(4096, i));
  // Attributes, times, short names.
  setAttribute(at('docs/small.txt'), 'system.ntfs_attrib_be', Buffer.from('00000026', 'hex'));
  setAttribute(at('docs/small.txt'), 'system.ntfs_dos_name', 'SMALL~1.TXT');
  setAttribute(at('docs/deep'), 'system.ntfs_dos_name', 'DEEP');
  const times = Buffer.alloc(32);
  for (let i = 0; i < 4; i++)
    times.writeBigUInt64LE(125_000_000_000_000_001n + BigInt(i) * 1_000_003n, 8 * i);
  setAttribute(at('docs/large.bin'), 'system.ntfs_times', times);
  setAttribute(at('docs/large.bin'), 'system.ntfs_acl', DESCRIPTOR);
  // Reparse points: junction, symbolic link, an unknown tag.
  mkdirSync(at('junction'));
  setAttribute(at('junction'), 'system.ntfs_reparse_data', junction('C:\\docs'));
  writeFileSync(at('unknown tag'), 'with data');
  const unknown = Buffer.concat([
    Buffer.from('55000080 0a00 0000'.replaceAll(' ', ''), 'hex'),
    Buffer.from('0123456789'),
  ]);
  setAttribute(at('unknown tag'), 'system.ntfs_reparse_data', unknown);
  // Object IDs: bare, and with what they were born with.
  setAttribute(at('docs/small.txt'), 'system.ntfs_object_id', noise(16, 71));
  setAttribute(at('docs'), 'system.ntfs_object_id', noise(64, 72));
  // Compressed.
  mkdirSync(at('compressed'));
  setAttribute(at('compressed'), 'system.ntfs_attrib_be', Buffer.from('00000810', 'hex'));
  const words = Array.from({ length: 30_000 }, (_, i) => `line ${i % 977} `).join('');
  writeFileSync(at('compressed/words'), words);
  writeFileSync(at('compressed/noise'), noise(200_000, 5));
  writeFileSync(
    at('compressed/mixed'),
    Buffer.concat([Buffer.from(words), noise(100_000, 6), Buffer.alloc(300_000), Buffer.from(words)]),
  );
  writeFileSync(at('compressed/short'), 'abc'.repeat(3000));
}

/** Paths of all files, listed directory by directory through the indexes. */
function listed({ volume }: ReadVolume, directory = '/'): string[] {
  return [...volume.list(directory)].flatMap((item) => {
    const name = `${directory === '/' ? '' : directory}/${item.name}`;
    const isPlain = item.isDirectory && (item.attributes & FileAttribute.REPARSE_POINT) === 0;
    return isPlain ? [name, ...listed({ volume } as ReadVolume, name)] : [name];
  });
}

const paths = ({ tree }: ReadVolume) => Array.from(tree.preorder(), (entry) => tree.path(entry)).slice(1);

describeWithTools(
  ['wimlib-imagex', 'mkntfs', 'ntfs-3g', 'setfattr', 'getfattr', 'fls'],
  'a volume of mkntfs and ntfs-3g',
  () => {
    const kinds: readonly (readonly [title: string, size: number, options: readonly string[]])[] = [
      ['4 KiB clusters', 128 << 20, []],
      ['512-byte clusters', 128 << 20, ['-c', '512']],
      ['2 MiB clusters', 1 << 30, ['-c', '2097152']],
      ['4 KiB sectors', 128 << 20, ['-s', '4096']],
    ];
    it.each(kinds)('with %s is read as wimlib-imagex reads it', async (title, size, options) => {
      const image = makeVolume(size, ...options);
      withMount(image, fill);
      const read = await scanImage(image);
      expect(read.scan.notKept).toEqual([]);
      expect(read.scan.damaged).toEqual([]);
      expect(read.volume.warnings).toEqual([]);
      const facts = ours(read);
      const wanted = await captured(image);
      expect(Object.keys(facts).sort()).toEqual(Object.keys(wanted).sort());
      expect(facts).toEqual(wanted);

      const { tree } = read;
      const encodings = new Set<string>();
      for (let stream = 0; stream < tree.streamCount; stream++) {
        const place = read.source.locate(tree, stream);
        encodings.add(place.kind === 'extents' ? place.encoding.kind : place.kind);
        if (place.kind === 'extents' && place.size < 1_000_000) {
          const bytes = new Uint8Array(place.size);
          read.source.open(tree, stream).read(0, bytes);
          expect(createHash('sha1').update(bytes).digest('hex')).toBe(hash(place));
        }
      }
      const isCompressed = title !== '2 MiB clusters';
      expect([...encodings].sort()).toEqual(isCompressed ? ['bytes', 'lznt1', 'plain'] : ['bytes', 'plain']);

      // Order and names of the indexes, and what Sleuth Kit sees.
      expect(listed(read)).toEqual(paths(read));
      if (title !== '2 MiB clusters') expect(readBySleuthKit(image)).toEqual(readByUs(read));
    });

    it('keeps what wimlib-imagex applied to it', async () => {
      const image = makeVolume(128 << 20);
      withMount(image, fill);
      const wim = path.join(temporaryDirectory(), 'captured.wim');
      execFileSync('wimlib-imagex', ['capture', image, wim], { stdio: 'ignore' });
      const applied = makeVolume(128 << 20, '-c', '1024');
      execFileSync('wimlib-imagex', ['apply', wim, applied], { stdio: 'ignore' });
      expect(ours(await scanImage(applied))).toEqual(await imageFacts(wim));
    });

    it('has the object IDs and extended attributes that ntfs-3g tells', async () => {
      const image = makeVolume(64 << 20);
      const attributes = extendedAttributes([
        ['ONE', 'value one'],
        ['A.LONGER.NAME', 'x'.repeat(777)],
        ['EMPTY', ''],
      ]);
      let objectId: Buffer = Buffer.alloc(0);
      withMount(image, (root) => {
        for (const [name, ea] of [
          ['small', attributes],
          ['large', extendedAttributes([['LARGE', 'y'.repeat(40_000)]])],
        ] as const) {
          writeFileSync(path.join(root, name), name);
          setAttribute(path.join(root, name), 'system.ntfs_ea', ea);
          expect(getAttribute(path.join(root, name), 'system.ntfs_ea')).toEqual(ea);
        }
        setAttribute(path.join(root, 'small'), 'system.ntfs_object_id', noise(64, 3));
        objectId = getAttribute(path.join(root, 'small'), 'system.ntfs_object_id') ?? objectId;
      });
      const { tree } = await scanImage(image);
      const tagged = (name: string) => {
        const entry = [...tree.children(0)].find((child) => tree.name(child) === name) ?? -1;
        return tree.extras
          .get(tree.inode[entry])
          ?.tagged?.map(({ tag, data }) => [tag, Buffer.from(data).toString('latin1')]);
      };
      expect(objectId.length).toBe(64);
      const packed = (name: string, value: string) =>
        Buffer.from([value.length & 255, value.length >> 8, name.length, 0]).toString('latin1') +
        `${name}\0${value}`;
      expect(tagged('small')).toEqual([
        [1, objectId.toString('latin1')],
        [2, packed('ONE', 'value one') + packed('A.LONGER.NAME', 'x'.repeat(777)) + packed('EMPTY', '')],
      ]);
      expect(tagged('large')).toEqual([[2, packed('LARGE', 'y'.repeat(40_000))]]);
    });

    it('with random contents is read as wimlib-imagex reads it', async () => {
      const seed = Date.now() % 2 ** 31;
      console.log(`seed ${seed}`);
      const image = makeVolume(96 << 20, '-c', ['512', '1024', '4096', '8192'][seed % 4]);
      withMount(image, (root) => fillAtRandom(root, randomNumbers(seed)));
      const read = await scanImage(image);
      expect(read.scan.notKept, `seed ${seed}`).toEqual([]);
      expect(ours(read), `seed ${seed}`).toEqual(await captured(image));
      expect(listed(read), `seed ${seed}`).toEqual(paths(read));
    });

    it('whose $MFT is in many pieces is read whole', async () => {
      const image = makeVolume(24 << 20, '-c', '512');
      withMount(
        image,
        (root) => {
          // Fill it up, make holes of one cluster, and let $MFT grow into them.
          const filler: string[] = [];
          for (let i = 0; i < 1200; i++) {
            writeFileSync(path.join(root, `filler ${i}`), noise(1024, i));
            filler.push(path.join(root, `filler ${i}`));
          }
          const rest = path.join(root, 'rest');
          writeFileSync(rest, '');
          untilFull(1000, (i) => writeAt(rest, i << 16, noise(1 << 16, i)));
          for (let i = 0; i < filler.length; i += 2) rmSync(filler[i]);
          untilFull(2000, (i) => writeFileSync(path.join(root, `new ${i}`), `${i}`));
        },
        'streams_interface=xattr',
      );
      const read = await scanImage(image);
      expect(read.scan.damaged).toEqual([]);
      const record = read.volume.contents(0);
      const runs = record?.attributes.find(({ type, name }) => type === 0x80 && name === '')?.runs;
      expect(runs?.lcns.length).toBeGreaterThan(100);
      expect(paths(read).length).toBeGreaterThan(700);
      expect(ours(read)).toEqual(await captured(image));
    });
  },
);

/** Files and directories of all kinds, some changed and removed again. */
function fillAtRandom(root: string, random: () => number): void {
  const below = (limit: number) => Math.floor(random() * limit);
  const directories = [root];
  const files: string[] = [];
  // A file has a short name or several long ones.
  const linked = new Set<string>();
  const letters = 'abcABC 123~_-.üÜé文'.split('');
  const newName = (i: number) => {
    const length = random() < 0.05 ? 200 : 1 + below(20);
    return `${i} ${Array.from({ length }, () => letters[below(letters.length)]).join('')}z`;
  };
  for (let i = 0; i < 350; i++) {
    const at = path.join(directories[below(directories.length)], newName(i));
    if (random() < 0.12) {
      mkdirSync(at);
      directories.push(at);
    } else if (random() < 0.1 && files.length > 0) {
      const file = files[below(files.length)];
      linked.add(file).add(at);
      linkSync(file, at);
    } else {
      const size = random() < 0.5 ? below(900) : below(120_000);
      writeFileSync(at, random() < 0.5 ? noise(size, i) : `line ${i} `.repeat(size / 8));
      if (random() < 0.1) truncateSync(at, size + below(500_000));
      if (random() < 0.1) writeAt(at, below(2_000_000), noise(below(9000), i));
      files.push(at);
    }
    if (random() < 0.15) setAttribute(at, `user.stream ${below(9)}`, noise(below(5000), i));
    if (random() < 0.1) setAttribute(at, 'system.ntfs_acl', DESCRIPTOR);
    if (random() < 0.1 && !linked.has(at)) {
      setAttribute(at, 'system.ntfs_dos_name', `S${i}~1.X`);
      const place = files.indexOf(at);
      if (place >= 0) files.splice(place, 1);
    }
    if (random() < 0.1) setAttribute(at, 'system.ntfs_object_id', noise(random() < 0.5 ? 16 : 64, i));
    if (random() < 0.05)
      setAttribute(at, 'system.ntfs_attrib_be', Uint8Array.of(0, 0, below(64), below(2) + 0x22));
    if (random() < 0.05 && files.length > 5) rmSync(files.splice(below(files.length), 1)[0]);
  }
  // An image has no room for a hard-link group where it has a reparse tag.
  for (const file of files.filter((name) => !linked.has(name)))
    if (random() < 0.05)
      setAttribute(
        file,
        'system.ntfs_reparse_data',
        Buffer.from(`550000801000000000${'ab'.repeat(15)}`, 'hex'),
      );
}

/** FILE_FULL_EA_INFORMATION, as ntfs-3g gives and takes it. */
function extendedAttributes(list: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(
    list.map(([name, value]) => {
      const size = (8 + name.length + 1 + value.length + 3) & ~3;
      const entry = Buffer.alloc(size);
      entry.writeUInt32LE(size, 0);
      entry.writeUInt8(name.length, 5);
      entry.writeUInt16LE(value.length, 6);
      entry.write(name, 8, 'latin1');
      entry.write(value, 8 + name.length + 1, 'latin1');
      return entry;
    }),
  );
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { FileAttribute } from '../../src-main/engine/tree/attributes';
import { builtKernels, handlers, noise, text } from '../support/pipeline';
import { hasher, makeVolume, scanImage, setAttribute, withMount } from '../support/ntfsVolumes';
import { describeWithTools, temporaryDirectory } from '../support/tools';

interface Format {
  readonly title: string;
  readonly compression: string;
  readonly chunkSize: number;
  /** Number in the reparse data. */
  readonly algorithm: number;
}
const formats: readonly Format[] = [
  { title: 'XPRESS 4K', compression: 'xpress', chunkSize: 4096, algorithm: 0 },
  { title: 'LZX', compression: 'lzx', chunkSize: 32768, algorithm: 1 },
  { title: 'XPRESS 8K', compression: 'xpress', chunkSize: 8192, algorithm: 2 },
  { title: 'XPRESS 16K', compression: 'xpress', chunkSize: 16384, algorithm: 3 },
];

/** Programs of this machine: LZX changes their calls before it compresses them. */
const contents: Readonly<Record<string, () => Buffer>> = {
  'program.exe': () => readFileSync(process.execPath).subarray(0x100000, 0x100000 + 1_500_001),
  'text.txt': () => Buffer.from(text(200_000, 4)),
  'mixed.bin': () => Buffer.concat([text(50_000, 5), noise(40_000, 6), text(4_097, 7)]),
  'one chunk': () => Buffer.from('short and short and short and short and short'.repeat(20)),
};

/**
 * The stored form of data, as wimlib makes it: the resources of a WIM are laid out as WOF does, chunk table and all.
 * @returns undefined when it was not compressed
 */
function stored(data: Uint8Array, { compression, chunkSize }: Format): Buffer | undefined {
  const place = temporaryDirectory();
  mkdirSync(path.join(place, 'in'));
  writeFileSync(path.join(place, 'in/data'), data);
  const wim = path.join(place, 'a.wim');
  const options = [`--compress=${compression}`, `--chunk-size=${chunkSize}`];
  execFileSync('wimlib-imagex', ['capture', path.join(place, 'in'), wim, ...options], { stdio: 'ignore' });
  const hash = createHash('sha1').update(data).digest('hex');
  const blocks = execFileSync('wimlib-imagex', ['info', wim, '--blobs'], { encoding: 'utf8' }).split('\n\n');
  const block = blocks.find((found) => found.includes(hash)) ?? '';
  const field = (name: string) => Number(new RegExp(`${name} *= (\\d+)`).exec(block)?.[1]);
  if (field('Compressed size') >= data.length) return undefined;
  const offset = field('Offset in WIM');
  return readFileSync(wim).subarray(offset, offset + field('Compressed size'));
}

function wofReparseData(algorithm: number): Buffer {
  const data = Buffer.alloc(24);
  data.writeUInt32LE(0x80000017, 0);
  data.writeUInt16LE(16, 4);
  [1, 2, 1, algorithm].forEach((word, i) => data.writeUInt32LE(word, 8 + 4 * i));
  return data;
}

describeWithTools(['wimlib-imagex', 'mkntfs', 'ntfs-3g', 'setfattr'], 'files compressed by WOF', () => {
  let hash: ReturnType<typeof hasher>;
  beforeAll(async () => {
    const { hashStream } = handlers(await builtKernels());
    hash = hasher((input) => hashStream(input));
  });

  it.each(formats)('with $title are plain files with their data', async (format) => {
    const image = makeVolume(64 << 20);
    const wanted = new Map<string, string>();
    withMount(
      image,
      (root) => {
        for (const [name, make] of Object.entries(contents)) {
          const data = make();
          const compressed = stored(data, format);
          if (compressed === undefined) continue;
          const file = path.join(root, name);
          writeFileSync(file, '');
          truncateSync(file, data.length);
          writeFileSync(`${file}:WofCompressedData`, compressed);
          writeFileSync(`${file}:other`, 'another stream');
          setAttribute(file, 'system.ntfs_reparse_data', wofReparseData(format.algorithm));
          wanted.set(name, createHash('sha1').update(data).digest('hex'));
        }
      },
      'streams_interface=windows',
    );
    expect(wanted.size).toBe(4);
    const { tree, source, scan } = await scanImage(image);
    expect(scan.notKept).toEqual([]);
    expect(scan.damaged).toEqual([]);
    for (const entry of tree.children(0)) {
      const inode = tree.inode[entry];
      const hidden = FileAttribute.REPARSE_POINT | FileAttribute.SPARSE_FILE;
      expect(tree.attributes[inode] & hidden).toBe(0);
      expect(tree.extras.get(inode)).toBeUndefined();
      const streams = [...tree.streams(inode)];
      expect(streams.map((stream) => tree.streamName(stream)).sort()).toEqual(['', 'other']);
      const data = streams.find((stream) => tree.streamName(stream) === '') ?? -1;
      const place = source.locate(tree, data);
      expect(place).toMatchObject({
        kind: 'extents',
        encoding: { kind: 'wof', chunkSize: format.chunkSize },
      });
      expect(hash(place)).toBe(wanted.get(tree.name(entry)));
    }
  });

  it('into a WIM, and files that are deduplicated, stay reparse points, which is told', async () => {
    const image = makeVolume(32 << 20);
    const elsewhere = wofReparseData(0);
    elsewhere.writeUInt32LE(1, 12);
    const deduplicated = Buffer.from('130000800c000000' + '00'.repeat(12), 'hex');
    withMount(image, (root) => {
      for (const [name, data] of [
        ['in a WIM', elsewhere],
        ['deduplicated', deduplicated],
      ] as const) {
        writeFileSync(path.join(root, name), '');
        truncateSync(path.join(root, name), 100_000);
        setAttribute(path.join(root, name), 'system.ntfs_reparse_data', data);
      }
    });
    const { tree, scan } = await scanImage(image);
    expect([...tree.extras.values()].map(({ reparseTag }) => reparseTag?.toString(16)).sort()).toEqual([
      '80000013',
      '80000017',
    ]);
    expect(scan.notKept).toEqual([
      {
        path: '/deduplicated',
        problem: expect.stringMatching(/chunk store of Data Deduplication/) as string,
      },
      { path: '/in a WIM', problem: expect.stringMatching(/its data is in a WIM file/) as string },
    ]);
  });
});

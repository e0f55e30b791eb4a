import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compressorFor } from '../../src-main/engine/codec/codecs';
import {
  buildWim,
  DIRECTORY,
  flatMetadata,
  MetadataBuilder,
  sha1Of,
  type RawWim,
} from '../support/hostileWim';
import { builtProgram, wimsmith, type Outcome } from '../support/kill';
import { builtKernels } from '../support/pipeline';
import { temporaryDirectory } from '../support/tools';

const GIB = 1n << 30n;
/** Above what the program takes for any small file, in KiB. Node's own memory moves by that much. */
const ROOM = 64 * 1024;

let place: string;
/** Largest resident size while a sound file of that kind is read, KiB. */
let usual: number;

const data = Buffer.from('a file with some data in it');
const good: RawWim = {
  images: [{ data: flatMetadata([{ name: 'file', sha1: sha1Of(data) }]) }],
  blobs: [{ data }],
};

beforeAll(async () => {
  await builtProgram();
  place = temporaryDirectory();
  const wim = write('good', buildWim(good));
  const outcome = wimsmith(['apply', wim, '1', path.join(place, 'good-target')], { rss: true });
  expect(outcome).toMatchObject({ code: 0 });
  usual = Math.max(outcome.maxRss, wimsmith(['verify', wim], { rss: true }).maxRss);
});

function write(name: string, bytes: Uint8Array): string {
  const wim = path.join(place, `${name.replaceAll(/\W/g, '-')}.wim`);
  writeFileSync(wim, bytes);
  return wim;
}

/** Runs verbs on a file: none may crash, hang, take much memory or leave anything. */
function examine(
  wim: string,
  codes: readonly number[],
  memory = ROOM,
  verbs = ['info', 'apply', 'append'],
): Outcome[] {
  const target = path.join(place, 'target');
  const source = path.join(place, 'source');
  mkdirSync(source, { recursive: true });
  const lines = [
    ['info', wim],
    ['dir', wim, '1'],
    ['verify', wim],
    ['apply', wim, '1', target],
    ['optimize', wim],
    ['append', source, wim, 'more'],
  ].filter(([verb]) => verbs.includes(verb));
  return lines.map((line) => {
    const outcome = wimsmith(line, { rss: true, timeout: 30_000 });
    const where = `${line[0]}: ${outcome.stderr}`;
    expect(outcome.signal, where).toBeNull();
    expect([0, ...codes], where).toContain(outcome.code);
    expect(outcome.maxRss, where).toBeLessThan(usual + memory);
    if (line[0] === 'apply') {
      if (outcome.code !== 0) expect(readdirSync(place), where).not.toContain('target');
      rmSync(target, { recursive: true, force: true });
    }
    expect(readdirSync(place).filter((name) => name.includes('wimsmith-part'))).toEqual([]);
    return outcome;
  });
}

function expectRefused(wim: string, pattern: RegExp, codes: readonly number[] = [2]): void {
  const outcomes = examine(wim, codes, ROOM, ['verify', 'apply', 'append']);
  expect(
    outcomes.some(({ code, stderr }) => code !== 0 && pattern.test(stderr)),
    JSON.stringify(outcomes),
  ).toBe(true);
}

const image = good.images[0];
const claim = (size: bigint) => ({ storedSize: size, size });

describe('claims of 4 GiB in a small file', () => {
  it.each<readonly [string, RawWim, RegExp]>([
    ['metadata', { ...good, images: [{ ...image, ...claim(4n * GIB) }] }, /blob table .*at offset \d+/],
    [
      'metadata that is to expand to it',
      { ...good, headerFlags: 0x40002, chunkSize: 32_768, images: [{ ...image, flags: 6, size: 4n * GIB }] },
      /at offset \d+/,
    ],
    [
      'metadata that is to expand to it from one LZX chunk of 2 MiB a byte',
      {
        ...good,
        headerFlags: 0x40002,
        chunkSize: 1 << 21,
        images: [{ data: Buffer.alloc(40_000), flags: 6, size: 4n * GIB }],
      },
      /cannot hold/,
    ],
    [
      'uncompressed metadata of another size',
      { ...good, images: [{ ...image, size: 4n * GIB }] },
      /uncompressed/,
    ],
    ['blob table', { ...good, blobTable: claim(4n * GIB) }, /at offset \d+/],
    ['a blob table of that size only', { ...good, blobTable: { size: 4n * GIB } }, /at offset \d+/],
    ['XML data', { ...good, xmlData: claim(4n * GIB) }, /XML|at offset \d+/],
    ['XML data of 60 MiB', { ...good, xmlData: claim(60n << 20n) }, /at offset \d+/],
    ['XML data that is to expand to 60 MiB', { ...good, xmlData: { size: 60n << 20n } }, /at offset \d+/],
    ['blob', { ...good, blobs: [{ data, ...claim(4n * GIB) }] }, /blob table .*at offset \d+/],
    ['sizes of 2^56 - 1', { ...good, blobs: [{ data, ...claim((1n << 56n) - 1n) }] }, /at offset \d+/],
    ['offset of 2^64 - 1', { ...good, blobs: [{ data, offset: (1n << 64n) - 1n }] }, /at offset \d+/],
  ])('%s', (name, plan, pattern) => {
    expectRefused(write(`claim ${name}`, buildWim(plan)), pattern);
  });

  it('an integrity table', () => {
    const bytes = Buffer.alloc(32);
    bytes.writeUInt32LE(32, 0);
    bytes.writeUInt32LE(0xffff_ffff, 4);
    bytes.writeUInt32LE(1, 8);
    const wim = write('integrity count', buildWim({ ...good, integrity: { data: bytes } }));
    for (const [line, code] of [
      [['verify', wim], 2],
      [['apply', wim, '1', path.join(place, 'target'), '--check'], 2],
    ] as const) {
      const outcome = wimsmith(line, { rss: true });
      expect(outcome).toMatchObject({ code, signal: null });
      expect(outcome.stderr + outcome.stdout).toContain('integrity');
      expect(outcome.maxRss).toBeLessThan(usual + ROOM);
    }
    examine(wim, [2]);
    examine(
      write('integrity size', buildWim({ ...good, integrity: { data: bytes, ...claim(4n * GIB) } })),
      [2],
    );
  });
});

describe('large files with little in them', () => {
  /** A file of 8 GiB that takes no room on the disk. */
  function sparse(name: string, plan: RawWim, size = 8 * 2 ** 30): string {
    const wim = path.join(place, `${name}.wim`);
    const fd = openSync(wim, 'w');
    const bytes = buildWim(plan);
    writeSync(fd, bytes, 0, bytes.length, 0);
    ftruncateSync(fd, size);
    closeSync(fd);
    return wim;
  }

  it('a blob table of 7 GiB of zeroes', () => {
    expectRefused(
      sparse('table', { ...good, blobTable: claim(7n * GIB) }),
      /can be read|whole number/,
      [2, 8],
    );
  });

  it('100 bytes of data that are to take 5 GiB in the file', () => {
    const blobs = [{ data, flags: 4, storedSize: 5n * GIB, size: 100n }];
    expectRefused(
      sparse('blob', { ...good, headerFlags: 0x40002, chunkSize: 32_768, blobs }),
      /stored bytes/,
    );
  });

  it('metadata of 1 GiB from 512 chunks that are all the same', async () => {
    const chunk = new Uint8Array(1 << 21);
    const packed = new Uint8Array(1 << 21);
    const size = compressorFor(await builtKernels(), {
      format: 'lzx',
      chunkSize: 1 << 21,
      level: 50,
    }).compress(chunk, packed);
    const table = Buffer.alloc(511 * 4);
    for (let i = 0; i < 511; i++) table.writeUInt32LE((i + 1) * size, i * 4);
    const bomb = Buffer.concat([table, ...Array.from({ length: 512 }, () => packed.subarray(0, size))]);
    const images = [{ data: bomb, flags: 6, size: GIB }];
    expectRefused(
      write('bomb', buildWim({ images, headerFlags: 0x40002, chunkSize: 1 << 21 })),
      /cannot hold/,
    );
  });
});

describe('resources in each other', () => {
  it('reads data that lies in the header, in the metadata, in the tables', () => {
    for (const [name, offset, size] of [
      ['header', 0n, 208n],
      ['metadata', 208n, 64n],
      ['tables', 500n, 100n],
    ] as const) {
      examine(
        write(`in ${name}`, buildWim({ ...good, blobs: [{ data, offset, storedSize: size, size }] })),
        [2],
      );
    }
  });

  it('reads metadata that is the blob table', () => {
    const bytes = buildWim(good);
    const offset = new DataView(bytes.buffer).getBigUint64(0x38, true);
    examine(
      write(
        'metadata is table',
        buildWim({ ...good, images: [{ ...image, offset, storedSize: 100n, size: 100n }] }),
      ),
      [2],
    );
  });

  it('does not care where the header says the metadata of the bootable image is', () => {
    const plan = { ...good, bootIndex: 1, bootMetadata: { offset: 1n << 40n, ...claim(GIB), flags: 2 } };
    expect(examine(write('boot', buildWim(plan)), []).map(({ code }) => code)).toEqual([0, 0, 0]);
  });
});

describe('odd counts', () => {
  it.each<readonly [string, RawWim, readonly number[]]>([
    ['65,535 images', { ...good, imageCount: 0xffff }, [2]],
    ['2^32 - 1 images', { ...good, imageCount: 0xffff_ffff }, [2]],
    ['a boot index beyond the images', { ...good, bootIndex: 7 }, [2]],
    ['part 0', { ...good, part: [0, 1] }, [2]],
    ['part 2 of 65,535', { ...good, part: [2, 65_535] }, [2, 4, 8]],
    ['an unknown version', { ...good, version: 0x20000 }, [8]],
    ['two compressions', { ...good, headerFlags: 0x60002, chunkSize: 32_768 }, [2, 8]],
    ['a chunk size of 2^31', { ...good, headerFlags: 0x40002, chunkSize: 0x8000_0000 }, [2]],
    ['no XML data', { ...good, xmlData: claim(0n) }, []],
    ['XML data that is none', { ...good, xml: '<WIM><IMAGE INDEX="1"><A></B></IMAGE>' }, [2]],
    [
      'images all of one name',
      {
        ...good,
        images: [image, { ...image }],
        xml: '<WIM><IMAGE INDEX="1"><NAME>a</NAME></IMAGE><IMAGE INDEX="2"><NAME>a</NAME></IMAGE></WIM>',
      },
      [2, 4],
    ],
    ['no references', { ...good, images: [{ ...image, references: 0 }] }, [2]],
  ])('%s', (name, plan, codes) => {
    examine(write(name, buildWim(plan)), codes);
  });
});

describe('trees', () => {
  it('reparse data of 100 MB', () => {
    const huge = Buffer.alloc(100_000_000, 7);
    const metadata = flatMetadata([
      { name: 'link', attributes: 0x400, link: 0xa000_000cn, sha1: sha1Of(huge) },
    ]);
    const wim = write('reparse', buildWim({ images: [{ data: metadata }], blobs: [{ data: huge }] }));
    examine(wim, [2], ROOM + 100_000);
  });

  it('3000 directories in each other: longer than a path may be here, and nothing stays', () => {
    const builder = new MetadataBuilder().security();
    let parent = builder.dentry({ attributes: DIRECTORY });
    builder.end();
    for (let level = 0; level < 3000; level++) {
      builder.setChildren(parent, builder.position);
      parent = builder.dentry({ name: 'd', attributes: DIRECTORY });
      builder.end();
    }
    examine(write('deep', buildWim({ images: [{ data: builder.build() }] })), [1, 2], 4 * ROOM, [
      'info',
      'dir',
      'verify',
      'apply',
      'optimize',
    ]);
  });

  it('data that is not what its SHA-1 says: nothing is left by apply, verify names it', () => {
    const wim = write(
      'corrupt',
      buildWim({ ...good, blobs: [{ data: Buffer.from(data).fill(1), sha1: sha1Of(data) }] }),
    );
    expectRefused(wim, /SHA-1|fault/);
    expect(wimsmith(['verify', wim]).code).toBe(2);
  });
});

import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openContainer } from '../../../src-main/engine/drivers/packages/openContainer';
import type { PackageContainer } from '../../../src-main/engine/drivers/packages/packageContainer';
import { unpackContainer } from '../../../src-main/engine/drivers/packages/unpackContainer';
import { makeCabinet, storedFolder } from '../../support/cabinets';
import { diskHost } from '../../support/disks';
import { lzxFolder } from '../../support/lzxEncoder';
import { chooser, sampleData } from '../../support/sampleData';
import { describeWithFixtures, describeWithTools, fixtures, temporaryDirectory } from '../../support/tools';

const host = diskHost();
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

function opened(file: string): PackageContainer {
  return openContainer(host, { kind: 'cab', path: file });
}

/** MD5 of each file by our reader; the error's code where it cannot be read. */
function byUs(file: string): Record<string, string> {
  const container = opened(file);
  try {
    return Object.fromEntries(
      container.list().map(({ path: name }) => {
        const hash = createHash('md5');
        for (const piece of container.pieces(name)) hash.update(piece);
        return [name, hash.digest('hex')];
      }),
    );
  } finally {
    container.close();
  }
}

/** MD5 of each file as cabextract tells. */
function byCabextract(file: string): Record<string, string> {
  const told = execFileSync('cabextract', ['-t', file], { encoding: 'utf8' });
  return Object.fromEntries(
    [...told.matchAll(/^ {2}(.*?) {2}OK +([0-9a-f]{32})$/gm)].map((m) => [m[1], m[2]]),
  );
}

/** MD5 of each file that 7-Zip extracts. */
function bySevenZip(file: string): Record<string, string> {
  const directory = path.join(temporaryDirectory(), 'out');
  execFileSync('7z', ['x', '-y', `-o${directory}`, file], { stdio: 'ignore' });
  const names = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  return Object.fromEntries(
    names.map((one) => {
      const place = path.join(one.parentPath, one.name);
      return [path.relative(directory, place), md5(readFileSync(place))];
    }),
  );
}

describeWithFixtures('cabinets of the fixtures', () => {
  const folder = fixtures('compression', 'cab-lzx');

  it('reads the good ones', () => {
    expect(byUs(path.join(folder, 'normal_2files_2folders.cab'))).toEqual({
      'mszip1.txt': '59571918d5be925ad8aec9f5d7369cf5',
      'mszip2.txt': 'cb18e329a9effc70aa07a7061844b584',
      'lzx1.txt': '67c5cd73e661fa667b8de3d8a5f6f3bf',
      'lzx2.txt': '5182c12627058cf1afd4e6ce8f10d635',
    });
    expect(byUs(path.join(folder, 'test_read_format_cab_3.cab'))).toEqual({
      empty: 'd41d8cd98f00b204e9800998ecf8427e',
      zero: 'd7ea97d313b83e91efbb901cc558bea4',
      'dir1/file1': '9f348626c6a84b91537327656c98e113',
      'dir2/file2': 'cc38402d8b50f75cdb7279e90ee33b39',
    });
  });

  it('refuses what it does not read or what is damaged', () => {
    const mixed = opened(path.join(folder, 'mszip_lzx_qtm.cab'));
    expect(md5(mixed.read('LZX.TXT', 1000))).toBe('703474293b614e7110b3eb8ac2762b53');
    expect(() => mixed.read('qtm.txt', 1000)).toThrow(/mszip_lzx_qtm.cab > qtm.txt: .*Quantum/);
    mixed.close();
    expect(() => byUs(path.join(folder, 'lzx-premature-matches.cab'))).toThrow(
      /before the start of the data/,
    );
    expect(() => byUs(path.join(folder, 'lzx-main-tree-no-lengths.cab'))).toThrow(
      /code does not exist|lengths/,
    );
  });
});

describeWithTools(['gcab', 'cabextract', '7z'], 'cabinets by gcab', () => {
  it.each(['--nocompress', '--zip'])('reads what gcab %s made', async (option) => {
    const directory = temporaryDirectory();
    const source = path.join(directory, 'tree');
    mkdirSync(path.join(source, 'sub', 'näher'), { recursive: true });
    const words = Buffer.from('[Version]\r\nSignature="$Windows NT$"\r\n'.repeat(9000));
    const made: Record<string, Uint8Array> = {
      'a.inf': words,
      'sub/näher/b.sys': randomBytes(150_001),
      'sub/c.cat': Buffer.concat([randomBytes(40_000), words, randomBytes(3)]),
      empty: new Uint8Array(0),
    };
    for (const [name, bytes] of Object.entries(made)) writeFileSync(path.join(source, name), bytes);
    const cab = path.join(directory, 'made.cab');
    const args = ['-c', ...(option === '--zip' ? ['-z'] : []), cab, ...Object.keys(made)];
    execFileSync('gcab', args, { cwd: source });
    expect(byUs(cab)).toEqual(Object.fromEntries(Object.entries(made).map(([name, b]) => [name, md5(b)])));
    expect(Object.values(byUs(cab)).sort()).toEqual(Object.values(byCabextract(cab)).sort());

    const target = path.join(directory, 'target');
    mkdirSync(target);
    const container = opened(cab);
    await unpackContainer(host, container, ['SUB/C.CAT', 'a.inf'], target);
    expect(readdirSync(target, { recursive: true }).sort()).toEqual(['a.inf', 'sub', 'sub/c.cat']);
    expect(readFileSync(path.join(target, 'sub', 'c.cat')).equals(made['sub/c.cat'])).toBe(true);
    container.close();
  });
});

describeWithTools(['cabextract', '7z'], 'LZX', () => {
  it('is read as by cabextract, whatever blocks it has', () => {
    const directory = temporaryDirectory();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        fc.integer({ min: 15, max: 21 }),
        fc.integer({ min: 1, max: 200_000 }),
        fc.constantFrom(0, 12_000_000, 50_000, 0x7fffffff),
        (seed, windowBits, size, translated) => {
          const choose = chooser(seed);
          const data = sampleData(size, choose);
          const cut = choose(size);
          const files = [
            { name: 'first.bin', size: cut, offset: 0, folder: 0 },
            { name: 'sub\\second.bin', size: size - cut, offset: cut, folder: 0 },
          ];
          const cab = path.join(directory, 'lzx.cab');
          writeFileSync(cab, makeCabinet([lzxFolder(data, { windowBits, translated, choose })], files));
          const expected = {
            'first.bin': md5(data.subarray(0, cut)),
            'sub/second.bin': md5(data.subarray(cut)),
          };
          expect(byCabextract(cab)).toEqual(expected);
          expect(byUs(cab)).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([15, 17, 21])('reaches as far back as a window of 2^%i allows', (windowBits) => {
    const choose = chooser(windowBits * 7919);
    const part = Buffer.from(Array.from({ length: 100_000 }, () => choose(256)));
    const data = Buffer.concat([
      part,
      sampleData(2 ** windowBits - 150_000 > 0 ? 2 ** windowBits - 150_000 : 9, choose),
      part,
      part,
    ]);
    const cab = path.join(temporaryDirectory(), 'far.cab');
    const folder = lzxFolder(data, { windowBits, translated: 0, choose });
    writeFileSync(cab, makeCabinet([folder], [{ name: 'far.bin', size: data.length, offset: 0, folder: 0 }]));
    const expected = { 'far.bin': md5(data) };
    expect(byUs(cab)).toEqual(expected);
    expect(byCabextract(cab)).toEqual(expected);
    expect(bySevenZip(cab)).toEqual(expected);
  });
});

describeWithTools(['cabextract'], 'sets of cabinets', () => {
  it('are joined where the parts lie beside each other', () => {
    const directory = temporaryDirectory();
    const data = sampleData(100_000, chooser(5));
    const folder = storedFolder(data);
    // The second block is cut in two: its first piece expands to nothing by itself.
    const [first, second, ...rest] = folder.blocks;
    const one = { compression: 0, blocks: [first, { data: second.data.subarray(0, 1000), size: 0 }] };
    const two = {
      compression: 0,
      blocks: [{ data: second.data.subarray(1000), size: second.size }, ...rest],
    };
    const whole = { name: 'whole.sys', size: 90_000, offset: 10_000 };
    const small = { name: 'small.inf', size: 10_000, offset: 0, folder: 0 };
    const parts = {
      'disk1.cab': makeCabinet([one], [small, { ...whole, folder: 0xfffe }], { next: 'DISK2.cab' }),
      'disk2.cab': makeCabinet([two], [{ ...whole, folder: 0xfffd }], { index: 1, previous: 'disk1.cab' }),
    };
    for (const [name, bytes] of Object.entries(parts)) writeFileSync(path.join(directory, name), bytes);
    const expected = { 'small.inf': md5(data.subarray(0, 10_000)), 'whole.sys': md5(data.subarray(10_000)) };
    expect(byUs(path.join(directory, 'disk1.cab'))).toEqual(expected);
    expect(byUs(path.join(directory, 'disk2.cab'))).toEqual(expected);
    expect(byCabextract(path.join(directory, 'disk1.cab'))).toEqual(expected);

    writeFileSync(path.join(directory, 'disk2.cab'), 'no cabinet');
    const alone = opened(path.join(directory, 'disk1.cab'));
    expect(alone.list().map((file) => file.path)).toEqual(['small.inf']);
    expect(alone.remarks).toEqual([
      expect.objectContaining({ code: 'unreadable', problem: expect.stringMatching(/goes on/) as string }),
    ]);
    alone.close();
  });
});

import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepCopy, readSmallFile, writeAtomically } from '../../../src-main/platform/smallFiles';
import { temporaryDirectory } from '../../support/tools';

describe('a file that is written whole', () => {
  it('is there only when all of it was written', async () => {
    const directory = temporaryDirectory();
    const file = path.join(directory, 'report');
    writeFileSync(file, 'old');
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      expect(readFileSync(file, 'utf8')).toBe('old');
      await Promise.reject(new Error('the source broke'));
    }
    await expect(writeAtomically(file, breaking(), { overwrite: true })).rejects.toThrow('the source broke');
    expect(readdirSync(directory)).toEqual(['report']);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(await writeAtomically(file, 'new ü', { overwrite: true })).toBe(6);
    expect(readFileSync(file, 'utf8')).toBe('new ü');
  });

  it('never replaces what came while it was written, unless told to', async () => {
    const directory = temporaryDirectory();
    const file = path.join(directory, 'report');
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('mine');
      writeFileSync(file, 'theirs');
      await Promise.resolve();
    }
    await expect(writeAtomically(file, slow(), { overwrite: false })).rejects.toMatchObject({
      code: 'io/exists',
    });
    expect(readFileSync(file, 'utf8')).toBe('theirs');
    expect(readdirSync(directory)).toEqual(['report']);
  });

  it('of two writers at once is from one of them, and the other is told', async () => {
    const file = path.join(temporaryDirectory(), 'report');
    const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(100_000));
    const ends = await Promise.allSettled(
      texts.map((text) => writeAtomically(file, text, { overwrite: false })),
    );
    const winners = texts.filter((_, i) => ends[i].status === 'fulfilled');
    expect(winners).toEqual([readFileSync(file, 'utf8')]);
  });

  it('keeps its permissions, and a link to it stays a link', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has other permissions');
    const directory = temporaryDirectory();
    const file = path.join(directory, 'report');
    writeFileSync(file, 'old');
    chmodSync(file, 0o640);
    symlinkSync('report', path.join(directory, 'link'));
    await writeAtomically(path.join(directory, 'link'), 'new', { overwrite: true });
    expect(lstatSync(path.join(directory, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('says what stands in its way', async () => {
    const directory = temporaryDirectory();
    mkdirSync(path.join(directory, 'folder'));
    const write = (name: string) => writeAtomically(path.join(directory, name), 'x', { overwrite: true });
    await expect(write('folder')).rejects.toMatchObject({
      code: 'io/exists',
      message: expect.stringMatching('it is a directory'),
    });
    await expect(write('none/x')).rejects.toMatchObject({ code: 'io/not-found' });
    await expect(write('x'.repeat(300))).rejects.toMatchObject({ code: 'io/failed' });
    await write('ü'.repeat(120));
    expect(readdirSync(directory).sort()).toEqual(['folder', 'ü'.repeat(120)]);
  });
});

describe('a small file', () => {
  it('is read up to a limit, and copied under a free name', async () => {
    const file = path.join(temporaryDirectory(), 'settings');
    expect(await readSmallFile(file, 10)).toBeUndefined();
    writeFileSync(file, '12345');
    expect((await readSmallFile(file, 5))?.toString()).toBe('12345');
    await expect(readSmallFile(file, 4)).rejects.toMatchObject({
      code: 'io/failed',
      facts: { size: 5, limit: 4 },
    });
    expect(await keepCopy(file, 'damaged')).toBe(`${file}.damaged`);
    expect(await keepCopy(file, 'damaged')).toBe(`${file}.damaged-2`);
  });
});

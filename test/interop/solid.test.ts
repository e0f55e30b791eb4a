// Solid resources: wimlib's read by every verb, and ours read by wimlib and 7-Zip.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { VerifyReport } from '../../src-shared/model/reports';
import type { WimSummary } from '../../src-shared/model/summaries';
import { sevenZip, wimlib, wimsmith, wimsmithOutcome, wimsmithResult } from '../support/cli';
import { expectSameTree } from '../support/compareTrees';
import { noise, text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { makeRichTree } from '../support/trees';

const VERSION_SOLID = 0xe00;

/** Of many blobs to a chunk, and of many chunks to a blob; levels for the sake of time. */
const cases = [
  ['lzx:20', '64K'],
  ['lzms:20', '1M'],
] as const;
/** As small as chunks can be. */
const smallest = ['fast:20', '4K'] as const;

let tree: string;
let second: string;

beforeAll(() => {
  const base = temporaryDirectory();
  tree = path.join(base, 'tree');
  makeRichTree(tree, 65_536);
  // Over several chunks, and over several tasks of small ones.
  writeFileSync(
    path.join(tree, 'large.bin'),
    Buffer.concat([text(900_000, 8), noise(200_000, 8), text(1_400_000, 2)]),
  );
  for (let i = 0; i < 150; i++) writeFileSync(path.join(tree, `many ${i}.txt`), text(20 * i, i));
  second = path.join(base, 'second');
  mkdirSync(second);
  writeFileSync(path.join(second, 'new.txt'), text(30_000, 77));
  writeFileSync(path.join(second, 'old.txt'), readFileSync(path.join(tree, 'many 149.txt')));
});

function solidOptions([compression, chunkSize]: readonly [string, string]): string[] {
  return [
    '--compress=fast:20',
    '--solid',
    `--solid-compress=${compression}`,
    `--solid-chunk-size=${chunkSize}`,
  ];
}

/** The entries of `info --blobs`, in any order. */
function blobLists(wim: string): [ours: string[], theirs: string[]] {
  const sorted = (listing: string): string[] =>
    listing
      .split('\n\n')
      .filter((block) => block !== '')
      .sort();
  return [sorted(wimsmith('info', wim, '--blobs')), sorted(wimlib('info', wim, '--blobs'))];
}

function expectAppliedByBoth(wim: string, image: string, expected: string): void {
  const place = temporaryDirectory();
  const ours = path.join(place, 'ours');
  wimsmith('apply', wim, image, ours);
  expectSameTree(ours, expected);
  const theirs = path.join(place, 'theirs');
  wimlib('apply', wim, image, theirs);
  expectSameTree(theirs, expected);
  wimlib('verify', wim);
  expect(wimsmithResult<VerifyReport>('verify', wim).faults).toEqual([]);
}

describeWithTools(['wimlib-imagex'], 'solid WIMs of wimlib-imagex', () => {
  describe.each(cases)('%s in chunks of %s', (...form) => {
    let wim: string;
    beforeAll(() => {
      wim = path.join(temporaryDirectory(), 'theirs.esd');
      wimlib('capture', tree, wim, 'theirs', ...solidOptions(form));
    });

    it('are told of as wimlib does, applied and verified', () => {
      const summary = wimsmithResult<WimSummary>('info', wim);
      expect(summary).toMatchObject({ version: VERSION_SOLID, attributes: { solid: true } });
      const [ours, theirs] = blobLists(wim);
      expect(ours).toEqual(theirs);
      expect(wimsmith('dir', wim, '1')).toBe(wimlib('dir', wim, '1'));
      expectAppliedByBoth(wim, '1', tree);
    });

    it('give out single files: to a directory and to standard output', () => {
      const place = temporaryDirectory();
      for (const name of ['large.bin', 'many 148.txt', 'docs/one']) {
        wimsmith('extract', wim, '1', `/${name}`, '--dest-dir', place);
        const content = readFileSync(path.join(tree, name));
        expect(readFileSync(path.join(place, path.basename(name))).equals(content)).toBe(true);
      }
      const { stdout } = wimsmithOutcome('extract', wim, '1', '/many 148.txt', '--to-stdout');
      expect(stdout).toBe(readFileSync(path.join(tree, 'many 148.txt'), 'utf8'));
    });

    it('are exported: to ordinary resources, and as they are', () => {
      const place = temporaryDirectory();
      const plain = path.join(place, 'plain.wim');
      wimsmith('export', wim, '1', plain, '--compress=lzx:20');
      expect(wimsmithResult<WimSummary>('info', plain)).toMatchObject({
        version: 0x10d00,
        compression: 'lzx',
        attributes: { solid: false },
      });
      expectAppliedByBoth(plain, '1', tree);
      const copied = path.join(place, 'copied.esd');
      expect(wimsmithResult<{ bytesStored: number }>('export', wim, '1', copied).bytesStored).toBe(0);
      expect(wimsmithResult<WimSummary>('info', copied)).toMatchObject({ version: VERSION_SOLID });
      expectAppliedByBoth(copied, '1', tree);
    });

    it('are added to and taken from', () => {
      const place = temporaryDirectory();
      const changed = path.join(place, 'changed.esd');
      copyFileSync(wim, changed);
      // It stays solid, whatever compression is named for the rest of it.
      wimsmith('append', second, changed, 'second', '--compress=fast');
      expect(wimsmith('info', changed, '--blobs')).not.toMatch(/Flags\s*= \n/);
      expect(wimsmithResult<WimSummary>('info', changed)).toMatchObject({
        version: VERSION_SOLID,
        imageCount: 2,
      });
      expectAppliedByBoth(changed, '2', second);
      expectAppliedByBoth(changed, '1', tree);
      wimsmith('info', changed, '2', 'renamed');
      expect(wimsmithResult<WimSummary>('info', changed)).toMatchObject({ version: VERSION_SOLID });
      const without = path.join(place, 'without.esd');
      copyFileSync(changed, without);
      // The one file of the second image that lies in the first resource has to be taken out of it.
      wimsmith('delete', without, '1');
      expectAppliedByBoth(without, '1', second);
      expect(statSync(without).size).toBeLessThan(60_000);
      wimsmith('delete', changed, '2', '--soft');
      expectAppliedByBoth(changed, '1', tree);
      wimsmith('optimize', changed);
      expectAppliedByBoth(changed, '1', tree);
      wimsmith('update', changed, '1', '--command', 'add /etc/hostname /added');
      wimlib('verify', changed);
    });
  });

  it('are divided only when a person says that they are to be compressed anew', () => {
    const place = temporaryDirectory();
    const wim = path.join(place, 'theirs.esd');
    wimlib('capture', tree, wim, 'theirs', ...solidOptions(cases[0]));
    const first = path.join(place, 'set.swm');
    const refused = wimsmithOutcome('split', wim, first, '0.2');
    expect(refused).toMatchObject({ status: 8 });
    expect(refused.stderr).toContain('--compress=maximum');
    expect(readdirSync(place)).toEqual(['theirs.esd']);
    expect(wimsmith('split', wim, first, '0.2', '--compress=fast:20', '--dry-run')).toContain('anew');
    expect(readdirSync(place)).toEqual(['theirs.esd']);
    wimsmith('split', wim, first, '0.2', '--compress=fast:20');
    const parts = readdirSync(place).filter((name) => name.endsWith('.swm'));
    expect(parts.length).toBeGreaterThan(2);
    expect(readdirSync(place)).toHaveLength(parts.length + 1);
    const target = path.join(place, 'applied');
    wimlib('apply', first, '1', target, `--ref=${path.join(place, '*.swm')}`);
    expectSameTree(target, tree);
    const outcome = wimsmithOutcome('split', wim, wim, '0.2', '--compress=fast:20');
    expect(outcome).toMatchObject({ status: 3 });
    expect(readdirSync(place)).toHaveLength(parts.length + 2);
  });
});

describeWithTools(['wimlib-imagex', '7z'], 'solid WIMs of wimsmith', () => {
  describe.each([...cases, smallest])('%s in chunks of %s', (...form) => {
    it('are read by wimlib and 7-Zip, and hold what wimlib’s do in its order', () => {
      const place = temporaryDirectory();
      const wim = path.join(place, 'ours.esd');
      wimsmith('capture', tree, wim, 'ours', ...solidOptions(form), '--check');
      expect(wimsmithResult<WimSummary>('info', wim)).toMatchObject({
        version: VERSION_SOLID,
        attributes: { solid: true, integrity: true },
      });
      expectAppliedByBoth(wim, '1', tree);
      const [ours, known] = blobLists(wim);
      expect(ours).toEqual(known);
      if (form[1] !== '4K') sevenZip('t', wim);
      const theirs = path.join(place, 'theirs.esd');
      wimlib('capture', tree, theirs, 'theirs', ...solidOptions(form));
      expect(namedOrder(wim)).toEqual(namedOrder(theirs));
    });
  });

  it('are made of others: by export, by optimize, by appending to an ordinary WIM', () => {
    const place = temporaryDirectory();
    const plain = path.join(place, 'plain.wim');
    const options = solidOptions(cases[0]);
    wimsmith('capture', tree, plain, 'plain', '--compress=fast:20');
    const exported = path.join(place, 'exported.esd');
    wimsmith('export', plain, '1', exported, ...options);
    expectAppliedByBoth(exported, '1', tree);
    const direct = path.join(place, 'direct.esd');
    wimsmith('capture', tree, direct, 'direct', ...options);
    expect(namedOrder(exported)).toEqual(namedOrder(direct));
    const mixed = path.join(place, 'mixed.wim');
    copyFileSync(plain, mixed);
    wimsmith('append', second, mixed, 'second', '--solid', '--solid-compress=lzx:20');
    expect(wimsmithResult<WimSummary>('info', mixed)).toMatchObject({ version: VERSION_SOLID });
    expectAppliedByBoth(mixed, '1', tree);
    expectAppliedByBoth(mixed, '2', second);
    wimsmith('optimize', mixed, ...options);
    expectAppliedByBoth(mixed, '2', second);
    wimsmith('export', mixed, 'all', path.join(place, 'again.wim'), '--compress=none');
    expectAppliedByBoth(path.join(place, 'again.wim'), '1', tree);
  });

  it('of unchanged files are made from the earlier image', () => {
    const place = temporaryDirectory();
    const wim = path.join(place, 'ours.esd');
    const options = solidOptions(cases[0]);
    wimsmith('capture', tree, wim, 'one', ...options);
    const report = wimsmithResult<{ streamsReused: number; bytesStored: number }>(
      'append',
      tree,
      wim,
      'two',
      '--update-of=1',
    );
    expect(report.streamsReused).toBeGreaterThan(150);
    expect(report.bytesStored).toBe(0);
    const fresh = path.join(place, 'fresh.wim');
    wimsmith('capture', tree, fresh, 'three', '--compress=fast:20', `--update-of=${wim}:1`);
    expectAppliedByBoth(fresh, '1', tree);
  });

  it('are neither pipable nor uncompressed, and nothing is written of such', () => {
    const place = temporaryDirectory();
    const wim = path.join(place, 'ours.wim');
    for (const options of [
      ['--pipable'],
      ['--solid-compress=none'],
      ['--solid-chunk-size=3M'],
      ['--memory=20M'],
    ])
      expect(wimsmithOutcome('capture', tree, wim, 'n', '--solid', ...options).status).not.toBe(0);
    expect(wimsmithOutcome('capture', tree, '-', 'n', '--solid').status).toBe(3);
    expect(existsSync(wim)).toBe(false);
  });
});

/** Hashes of the blobs that files have, in the order of a solid resource; what links hold has no order to keep. */
function namedOrder(wim: string): string[] {
  const links = new Set(
    wimsmith('dir', wim, '1', '--detailed')
      .split('\n\n')
      .filter((block) => block.includes('Reparse'))
      .flatMap((block) => [...block.matchAll(/0x([0-9a-f]{40})/g)].map(([, hash]) => hash)),
  );
  return wimsmith('info', wim, '--blobs')
    .split('\n\n')
    .flatMap((block) => {
      const hash = /^Hash\s*= 0x(\w+)/m.exec(block)?.[1];
      const offset = /^Solid offset\s*= (\d+)/m.exec(block)?.[1];
      return hash === undefined || offset === undefined || links.has(hash)
        ? []
        : [{ hash, offset: Number(offset) }];
    })
    .sort((a, b) => a.offset - b.offset)
    .map(({ hash }) => hash);
}

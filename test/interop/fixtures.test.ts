import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { wimsmith, wimsmithOutcome, wimsmithResult } from '../support/cli';
import { snapshotTree } from '../support/compareTrees';
import { fixtures, temporaryDirectory } from '../support/tools';
import type { WimSummary } from '../../src-shared/model/summaries';

/** Exit codes. */
const done = 0;
const badFile = 2;

interface Row {
  readonly file: string;
  readonly reason: string;
  /** Exit codes. */
  readonly info?: number;
  readonly dir?: number;
  readonly verify?: number;
  readonly apply?: number;
  /** Directories without the root, files, as they are in the tree. */
  readonly entries?: readonly [directories: number, files: number];
  /** DIRCOUNT and FILECOUNT as the XML data gives them, right or not. */
  readonly counts?: readonly [directories: number, files: number];
  readonly format?: string;
  /** What one of the outputs must say. */
  readonly says?: Readonly<Partial<Record<'info' | 'dir' | 'verify' | 'apply', RegExp>>>;
}

/** wimlib counts the root directory, Microsoft's tools and 7-Zip do not. */
const small = { entries: [4, 10], counts: [5, 10] } as const;

const rows: readonly Row[] = [
  {
    file: 'microsoft-ppkg/setupspecialize.ppkg',
    reason:
      "Microsoft's, XPRESS: foreign XML elements, stale short names, FILECOUNT above the files there are",
    entries: [6, 7],
    counts: [6, 9],
    format: 'xpress',
  },
  {
    file: 'microsoft-ppkg/mOSD.ppkg',
    reason: "Microsoft's, XPRESS: FILECOUNT 14 with 12 files",
    entries: [7, 12],
    counts: [7, 14],
    format: 'xpress',
  },
  {
    file: '7zip-made/DiscUtils-TestData.wim',
    reason: '7-Zip: uncompressed, chunk size 0, one blob under three names',
    entries: [3, 3],
    counts: [3, 3],
    format: 'none',
  },
  { file: 'pebakery/LZX.wim', reason: 'LZX metadata, files stored', ...small, format: 'lzx' },
  { file: 'pebakery/XPRESS.wim', reason: 'XPRESS metadata, files stored', ...small, format: 'xpress' },
  {
    file: 'pebakery/BootLZX.wim',
    reason: 'the first image boots',
    ...small,
    format: 'lzx',
    says: { info: /^Boot Index: +1$/m },
  },
  {
    file: 'pebakery/VerifySuccess.wim',
    reason: 'an integrity table that agrees',
    ...small,
    format: 'lzx',
    says: { info: /^Attributes: .*Integrity info/m, verify: /integrity table agrees/ },
  },
  {
    file: 'pebakery/VerifyFail.wim',
    reason: 'an integrity table that does not agree; the damage is in the metadata',
    dir: badFile,
    verify: badFile,
    apply: badFile,
    says: { verify: /integrity table at offset 208/, dir: /^wimsmith: LZX chunk at offset/m },
  },
  { file: 'pebakery/LZMS.wim', reason: 'LZMS metadata, files in a solid resource', ...small, format: 'lzms' },
  {
    file: 'pebakery/Split.swm',
    reason: 'part 1 of 2: the data of one file lies in part 2, which is found beside it',
    entries: [0, 2],
    format: 'lzx',
    says: { info: /^Part Number: +1\/2$/m },
  },
  {
    file: 'wimlib-tests/corrupted_file_1.wim',
    reason: 'the data of one file is not what its SHA-1 says',
    verify: badFile,
    apply: badFile,
    says: { verify: /image 1: \/file: .*SHA-1/, apply: /\/file is damaged/ },
  },
  {
    file: 'wimlib-tests/cyclic.wim',
    reason: 'a directory that contains itself',
    dir: badFile,
    verify: badFile,
    apply: badFile,
    says: { dir: /dentry at offset \d+: .*cycle/, verify: /image 1: dentry at offset \d+/, apply: /cycle/ },
  },
  {
    file: 'wimlib-tests/dotdot.wim',
    reason: 'an entry named "..": left out, with a warning',
    entries: [0, 0],
    says: { dir: /Warning: .*"\.\."/, apply: /Warning: .*"\.\.".*left out/ },
  },
  {
    file: 'wimlib-tests/empty_dacl.wim',
    reason: 'a security descriptor with an empty DACL',
    entries: [0, 1],
  },
  {
    file: 'wimlib-tests/longpaths.wim',
    reason: 'paths above 260 characters, and a hard link',
    entries: [201, 2],
  },
];

/** A directory inside an empty one, so that whatever goes outside its target is seen. */
function guardedTarget(): { readonly outer: string; readonly target: string } {
  const outer = temporaryDirectory();
  return { outer, target: path.join(outer, 'a/b/c/d/target') };
}

describe('WIMs of other makers', () => {
  it.each(rows)('$file: $reason', (row) => {
    const wim = fixtures('wim', ...row.file.split('/'));
    const { outer, target } = guardedTarget();
    const outcomes = {
      info: wimsmithOutcome('info', wim),
      dir: wimsmithOutcome('dir', wim, '1'),
      verify: wimsmithOutcome('verify', wim),
      apply: wimsmithOutcome('apply', wim, '1', target),
    };
    const verbs = ['info', 'dir', 'verify', 'apply'] as const;
    expect(Object.fromEntries(verbs.map((verb) => [verb, outcomes[verb].status]))).toEqual(
      Object.fromEntries(verbs.map((verb) => [verb, row[verb] ?? done])),
    );
    for (const verb of verbs) {
      const { stdout, stderr } = outcomes[verb];
      expect(stdout + stderr).toMatch(row.says?.[verb] ?? /^/);
    }
    expect(
      readdirSync(outer, { recursive: true }).filter((name) => !'a/b/c/d/target'.startsWith(String(name))),
    ).toEqual(
      readdirSync(outer, { recursive: true }).filter((name) => String(name).startsWith('a/b/c/d/target/')),
    );
    if (row.entries !== undefined) {
      const kinds = Object.values(snapshotTree(target)).map((entry) => entry.kind);
      const count = (kind: string): number => kinds.filter((one) => one === kind).length;
      expect([count('directory') - 1, count('file')]).toEqual(row.entries);
      // The listing has a line for each, the root and links among them.
      expect(outcomes.dir.stdout.trim().split('\n')).toHaveLength(kinds.length);
    }
    const { compression, images } = wimsmithResult<WimSummary>('info', wim);
    if (row.format !== undefined) expect(compression).toBe(row.format);
    if (row.counts !== undefined) expect([images[0].directoryCount, images[0].fileCount]).toEqual(row.counts);
  });

  it('VerifyFail.wim is refused by every verb that is asked to check', () => {
    const wim = fixtures('wim', 'pebakery', 'VerifyFail.wim');
    const { target } = guardedTarget();
    const outcomes = [
      ['info', wim, '--check'],
      ['apply', wim, '1', target, '--check'],
      ['verify', wim],
    ].map((line) => wimsmithOutcome(...line).status);
    expect(outcomes).toEqual([badFile, badFile, badFile]);
  });

  it('corrupted_file_1.wim gives up its data to --recover-data only', () => {
    const wim = fixtures('wim', 'wimlib-tests', 'corrupted_file_1.wim');
    const { target } = guardedTarget();
    const outcome = wimsmithOutcome('apply', wim, '1', target, '--recover-data');
    expect(outcome.stdout + outcome.stderr).toMatch(/\/file/);
    expect(Object.keys(snapshotTree(target))).toEqual(['.', 'file']);
  });

  it('Split2.swm alone has no image, and says which part it is', () => {
    const { partNumber, totalParts, imageCount, images } = wimsmithResult<WimSummary>(
      'info',
      fixtures('wim', 'pebakery', 'Split2.swm'),
    );
    expect({ partNumber, totalParts, images: images.length, imageCount }).toEqual({
      ...{ partNumber: 2, totalParts: 2, images: imageCount, imageCount },
    });
  });

  it('the parts of Split.swm join to what they were split from', () => {
    const joined = path.join(temporaryDirectory(), 'joined.wim');
    wimsmith(
      'join',
      joined,
      fixtures('wim', 'pebakery', 'Split.swm'),
      fixtures('wim', 'pebakery', 'Split2.swm'),
    );
    expect(wimsmithOutcome('verify', joined).status).toBe(done);
    expect(wimsmith('dir', joined, '1')).toBe(wimsmith('dir', fixtures('wim', 'pebakery', 'Split.swm'), '1'));
  });
});

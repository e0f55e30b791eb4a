import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { surveys } from '../../src-shared/contract/survey';
import { createSurveyHandlers } from '../../src-main/app/survey/surveyHandlers';
import { wimlib } from '../support/cli';
import { jobControl, nodeHost } from '../support/handlers';
import { noise, text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { makeRichTree } from '../support/trees';

const noExclusions = '[ExclusionList]\n';

/** A tree with compressible and other data in files of all sizes, none of them twice. */
function makeVariedTree(root: string): void {
  let seed = 1;
  const add = (
    folder: string,
    count: number,
    size: number,
    make: (size: number, seed: number) => Uint8Array,
  ) => {
    mkdirSync(path.join(root, folder), { recursive: true });
    for (let i = 0; i < count; i++)
      writeFileSync(path.join(root, folder, `${folder} ${i}.dat`), make(size + i, seed++));
  };
  add('small texts', 400, 900, text);
  add('texts', 60, 90_000, text);
  add('large', 2, 9_000_000, text);
  add('noise', 12, 300_000, noise);
}

describeWithTools(['wimlib-imagex'], 'what a sample tells of a capture', () => {
  it('is near to what wimlib makes of the source', async () => {
    const root = temporaryDirectory();
    makeVariedTree(root);
    const handlers = createSurveyHandlers(await nodeHost());
    const scan = await handlers.scan({ source: root, choices: {} }, jobControl());
    expect(surveys.members.scan.out.parse(scan)).toEqual(scan);
    const control = jobControl();
    const sample = await handlers.sample({ survey: scan.survey, config: noExclusions, threads: 2 }, control);
    expect(surveys.members.sample.out.parse(sample)).toEqual(sample);
    expect(sample.bytes).toBe(scan.bytes);
    // A chunk of solid data takes about 14 times its size: 20 MB are one, whatever number of threads there is.
    const solid = sample.estimates.find(({ compression }) => compression === 'solid');
    expect(solid?.memory).toBeGreaterThan(10 * scan.bytes);
    expect(solid?.memory).toBeLessThan(20 * scan.bytes);
    expect(sample.sampledBytes).toBeLessThanOrEqual(24 << 20);
    expect(control.reports.at(-1)).toMatchObject({ phase: 'Sampling' });
    const ways = sample.estimates.map(({ compression }) => compression);
    expect(ways).toEqual(['none', 'xpress', 'lzx', 'lzms', 'solid']);
    for (const { compression, bytes, seconds, limits, memory } of sample.estimates) {
      const wim = path.join(temporaryDirectory(), 'test.wim');
      // Made in haste it is larger than it can be, and must not be larger than the limit all the same.
      const hasty = ['--solid', '--solid-compress=lzms:5', '--solid-chunk-size=1M'];
      const way = compression === 'solid' ? hasty : [`--compress=${compression}`];
      wimlib('capture', root, wim, 'test', ...way);
      const { size } = statSync(wim);
      expect(limits, compression).toBe(compression === 'solid');
      if (!limits) expect(bytes / size, compression).toBeLessThan(1.1);
      expect(bytes / size, compression).toBeGreaterThan(0.9);
      expect(seconds).toBeGreaterThan(0);
      expect(memory).toBeGreaterThan(0);
    }
  });
});

describe('a survey of a source', () => {
  it('counts what is there and what exclusions hit', async () => {
    const root = path.join(temporaryDirectory(), 'tree');
    makeRichTree(root, 32768);
    mkdirSync(path.join(root, 'Windows/system32'), { recursive: true });
    const handlers = createSurveyHandlers(await nodeHost());
    const control = jobControl();
    const scan = await handlers.scan({ source: root, choices: {} }, control);
    const listing = readdirSync(root, { recursive: true, withFileTypes: true });
    expect(scan).toMatchObject({
      directories: listing.filter((entry) => entry.isDirectory()).length,
      files: listing.filter((entry) => !entry.isDirectory()).length,
      windows: true,
      notKept: { total: 0, first: [] },
    });
    expect(control.reports[0]).toMatchObject({ phase: 'Scanning' });

    const config =
      '[ExclusionList]\n\\docs\nchunks\\x\n*link\n[ExclusionException]\n\\docs\\deep\n[Nonsense]\n';
    const hits = await handlers.exclusions({ survey: scan.survey, config });
    expect(surveys.members.exclusions.out.parse(hits)).toEqual(hits);
    expect(hits.warnings).toEqual([
      expect.stringMatching(/^line 3: .*chunks\\x/),
      expect.stringMatching(/^line 7: .*Nonsense/),
    ]);
    expect(hits.patterns.map(({ pattern, first }) => [pattern, first.length])).toEqual([
      ['/docs', expect.any(Number)],
      ['*link', 1],
    ]);
    expect(hits.patterns[0].first).toContain('/docs/zeros');
    expect(hits.patterns[0].first).not.toContain('/docs');
    expect(hits.files).toBe(hits.patterns[0].files + hits.patterns[1].files);
  });

  it('is not ended by what a capture would stop at, and tells it', async () => {
    const root = temporaryDirectory();
    writeFileSync(Buffer.concat([Buffer.from(`${root}/bad `), Buffer.from([0xff])]), 'x');
    writeFileSync(path.join(root, 'good'), 'x');
    const handlers = createSurveyHandlers(await nodeHost());
    const scan = await handlers.scan({ source: root, choices: {} }, jobControl());
    expect(scan).toMatchObject({
      files: 1,
      notKept: { total: 1, first: [{ problem: expect.stringMatching(/UTF-8/) }] },
    });
    await expect(
      handlers.scan({ source: path.join(root, 'none'), choices: {} }, jobControl()),
    ).rejects.toMatchObject({
      code: 'io/not-found',
    });
  });

  it('answers the newest question while a person types', async () => {
    const root = temporaryDirectory();
    for (let i = 0; i < 3000; i++) writeFileSync(path.join(root, `file ${i}.tmp`), '');
    const handlers = createSurveyHandlers(await nodeHost());
    const { survey } = await handlers.scan({ source: root, choices: {} }, jobControl());
    const many = Array.from({ length: 20_000 }, (_, i) => `*never ${i}`).join('\n');
    const older = handlers.exclusions({ survey, config: `[ExclusionList]\n${many}\n` });
    const newer = handlers.exclusions({ survey, config: '[ExclusionList]\n*.tmp\n' });
    await expect(older).rejects.toMatchObject({ code: 'job/cancelled' });
    expect(await newer).toMatchObject({ files: 3000 });
  });

  it('is cancelled within the scan and within the sample', async () => {
    const root = temporaryDirectory();
    writeFileSync(path.join(root, 'data'), text(8 << 20, 1));
    const handlers = createSurveyHandlers(await nodeHost());
    const scanning = jobControl();
    scanning.abort();
    await expect(handlers.scan({ source: root, choices: {} }, scanning)).rejects.toMatchObject({
      code: 'job/cancelled',
    });
    const { survey } = await handlers.scan({ source: root, choices: {} }, jobControl());
    const sampling = jobControl();
    const sample = handlers.sample({ survey, config: noExclusions, threads: 1 }, sampling);
    sampling.abort();
    await expect(sample).rejects.toMatchObject({ code: 'job/cancelled' });
  });
});

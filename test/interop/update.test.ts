import {
  cpSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { TreeSource } from '../../src-main/engine/tree/source';
import { update } from '../../src-main/engine/wim/ops/update';
import { createPosixSource, createSourceList } from '../../src-main/platform/posix/posixSource';
import { createNodeHost } from '../../src-main/workers/nodeHost';
import { run, wimlib, wimsmith, type Outcome } from '../support/cli';
import { snapshotTree, type Snapshot } from '../support/compareTrees';
import { noise, text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { addUnixEntries, makeRichTree, setTimes } from '../support/trees';

const program = process.env.WIMSMITH_CLI ?? path.resolve(__dirname, '../../dist/wimsmith.cjs');

/** Details that depend on when and how a file was written, not on what is in the image. */
const incidental =
  /^(Creation Time|Last Access Time|Last Write Time|Link Group ID|Compressed size|Offset in WIM|Flags|\t.*compressed)/;

describeWithTools(['wimlib-imagex'], 'update against wimlib-imagex', () => {
  let work = '';
  let wim = '';

  beforeAll(() => {
    work = temporaryDirectory();
    const tree = path.join(work, 'tree');
    makeRichTree(tree, 32768);
    wim = path.join(work, 'test.wim');
    wimlib('capture', tree, wim, 'First', '--compress=lzx', '--unix-data');
    wimlib('append', path.join(tree, 'docs'), wim, 'Second');
    makeSources(path.join(work, 'new'));
  });

  /** What the commands below add. */
  function makeSources(root: string): void {
    mkdirSync(path.join(root, 'dir/docs/deep'), { recursive: true });
    mkdirSync(path.join(root, 'dir/skip'));
    writeFileSync(path.join(root, 'file'), 'a new file');
    writeFileSync(path.join(root, 'empty'), '');
    writeFileSync(path.join(root, 'large'), Buffer.concat([text(5 << 20, 31), noise(4 << 20, 32)]));
    writeFileSync(path.join(root, 'known'), 'hello');
    writeFileSync(path.join(root, 'dir/pagefile.sys'), 'left out by default');
    writeFileSync(path.join(root, 'dir/docs/one'), 'replaced');
    writeFileSync(path.join(root, 'dir/docs/deep/added'), text(50_000, 33));
    writeFileSync(path.join(root, 'dir/docs/deep/same'), text(50_000, 33));
    writeFileSync(path.join(root, 'dir/skip/skipped.tmp'), 'tmp');
    linkSync(path.join(root, 'dir/docs/deep/added'), path.join(root, 'dir/linked'));
    symlinkSync('docs/one', path.join(root, 'dir/link'));
    symlinkSync(path.resolve(root, 'dir/docs'), path.join(root, 'dir/absolute'));
    addUnixEntries(root);
    setTimes(root, [
      ['file', '2003-03-03T03:03:03.3030303'],
      ['dir/docs', '2004-04-04T04:04:04.0404040'],
    ]);
    writeFileSync(path.join(root, 'config.ini'), '[ExclusionList]\n*.tmp\n/docs/deep\n');
  }

  const ours = (args: readonly string[], input: string): Outcome =>
    run(process.execPath, [program, ...args], input);
  const theirs = (args: readonly string[], input: string): Outcome => run('wimlib-imagex', args, input);

  /** Runs commands on a copy of a WIM; sources are named from the folder of new files. */
  function updated(
    tool: typeof ours,
    commands: readonly string[],
    options: readonly string[],
    original: string,
  ): { readonly file: string; readonly outcome: Outcome } {
    const file = path.join(temporaryDirectory(), 'copy.wim');
    cpSync(original, file);
    const input = commands.join('\n').replaceAll('NEW/', `${path.join(work, 'new')}/`);
    const config = options.map((option) => option.replace('NEW/', `${path.join(work, 'new')}/`));
    return { file, outcome: tool(['update', file, '1', ...config], input) };
  }

  function details(file: string, image: string): string[] {
    return wimlib('dir', file, image, '--detailed')
      .split('\n')
      .filter((line) => !incidental.test(line));
  }

  /** Times of what the commands made on the way are those of the run. */
  function applied(file: string, made: readonly string[]): Record<string, Snapshot> {
    const target = path.join(temporaryDirectory(), 'applied');
    mkdirSync(target);
    wimlib('apply', file, '1', target, '--unix-data');
    const found = snapshotTree(target, { unix: true });
    for (const name of made) found[name] = { ...found[name], modified: '' };
    return found;
  }

  function counts(file: string): string[] {
    return wimlib('info', file)
      .split('\n')
      .filter((line) => /^(Image Count|Boot Index|Name|File Count|Total Bytes|Hard Link Bytes)/.test(line));
  }

  function directoriesOf(file: string): number {
    return Number(/^Directory Count: *(\d+)/m.exec(wimlib('info', file))?.[1]);
  }

  /** Hash and reference count of each blob that an image names. */
  function references(file: string): string[] {
    return wimlib('info', file, '--blobs')
      .split('\n\n')
      .filter((block) => block.includes('Hash') && !block.includes('METADATA'))
      .map((block) => /= (0x\w+)[^]*Reference Count *= (\d+)/.exec(block)?.slice(1).join(' ') ?? '')
      .filter((line) => !line.endsWith(' 0'))
      .sort();
  }

  function expectSame(
    commands: readonly string[],
    options: readonly string[] = [],
    made: readonly string[] = [],
    original = wim,
  ): string {
    const mine = updated(ours, commands, options, original);
    const other = updated(theirs, commands, options, original);
    expect(mine.outcome).toMatchObject({ status: 0 });
    expect(other.outcome).toMatchObject({ status: 0 });
    wimlib('verify', mine.file);
    wimsmith('verify', mine.file);
    expect(details(mine.file, '1')).toEqual(details(other.file, '1'));
    if (original === wim) expect(details(mine.file, '2')).toEqual(details(other.file, '2'));
    expect(applied(mine.file, made)).toEqual(applied(other.file, made));
    expect(references(mine.file)).toEqual(references(other.file));
    expect(counts(mine.file)).toEqual(counts(other.file));
    // wimlib counts the root, but not the directories that it made on the way.
    expect(directoriesOf(mine.file)).toBe(directoriesOf(other.file) - 1 + made.length);
    return mine.file;
  }

  const cases: readonly (readonly [
    title: string,
    commands: readonly string[],
    options?: string[],
    made?: string[],
  ])[] = [
    [
      'adds files',
      ['add NEW/file /file', 'add NEW/empty /docs/empty file', "add NEW/known '/docs/deep/known'"].map(
        quoted,
      ),
    ],
    ['makes missing directories', ['add NEW/file /x/y/z', 'add NEW/dir /x/dir'], [], ['x', 'x/y']],
    ['replaces a file', ['add NEW/file /docs/one']],
    ['replaces one name of a file with several', ['add NEW/file /docs/hello.txt']],
    [
      'replaces a link by a file and a file by a link',
      ['add NEW/file /docs/relative', 'add NEW/dir/link /docs/one'],
    ],
    ['lays a directory over another', ['add NEW/dir/docs /docs']],
    ['lays a directory over the root', ['add NEW/dir /'], ['--unix-data']],
    ['adds a large file', ['add NEW/large /large']],
    ['follows links when it is asked to', ['add --dereference NEW/dir /copy', 'add NEW/dir/link /docs/link']],
    ['keeps UNIX data when it is asked to', ['add NEW/unix /unix --unix-data', 'add NEW/file /plain']],
    ['leaves out what a configuration names', ['add NEW/dir /dir'], ['--config=NEW/config.ini']],
    [
      'deletes',
      ['delete /docs/one', 'delete --recursive /docs/deep', 'delete --force /nothing', 'delete /dangling'],
    ],
    ['deletes all and adds again', ['delete --recursive /', 'add NEW/dir /']],
    ['deletes all', ['delete / --recursive'], [], ['.']],
    [
      'deletes and adds the same path',
      ['delete /docs/one', 'add NEW/file /docs/one', 'delete /docs/one', 'add NEW/known /docs/one'],
    ],
    ['adds and deletes again', ['add NEW/dir /dir', 'delete --recursive /dir/docs', 'delete /dir/linked']],
    [
      'renames files',
      ['rename /docs/one /two', 'rename /docs/zeros /docs/noise.bin', 'rename /two /docs/hello.txt'],
    ],
    [
      'renames directories',
      ['rename /docs /chunks/docs', 'rename /chunks /empty', 'add NEW/file /empty/docs/file'],
    ],
    [
      'renames what it added',
      ['add NEW/dir /dir', 'rename /dir/docs /moved', 'rename /moved/deep/added /docs/one'],
    ],
    ['renames to the same name', ['rename /docs/one /docs/one']],
  ];

  it.each(cases.map(([title, ...rest]) => ({ title, rest })))(
    '$title',
    ({ rest: [commands, options, made] }) => {
      expectSame(commands, options, made);
    },
  );

  it('sets aside case when it is asked to', () => {
    process.env.WIMLIB_IMAGEX_IGNORE_CASE = '1';
    try {
      expectSame([
        'add NEW/dir/docs /DOCS',
        'delete /docs/ZEROS',
        'rename /Docs/ONE /Docs/Two',
        'add NEW/file /DOCS/Hello.TXT',
      ]);
    } finally {
      delete process.env.WIMLIB_IMAGEX_IGNORE_CASE;
    }
  });

  it.each([
    ['--check', ['--compress=xpress', '--check'], ['--check']],
    ['--rebuild', ['--compress=lzx'], ['--rebuild']],
    ['no compression', ['--compress=none'], []],
    ['a pipable WIM', ['--compress=lzx', '--pipable'], []],
  ])('%s', (_, capture, options) => {
    const original = path.join(temporaryDirectory(), 'original.wim');
    wimlib('capture', path.join(work, 'tree'), original, ...capture);
    const commands = [
      'add NEW/dir /dir',
      'add NEW/large /docs/large',
      'delete /docs/zeros',
      'rename /docs/one /one',
    ];
    const file = expectSame(commands, options, [], original);
    const attributes = (name: string): string[] =>
      wimlib('info', name)
        .split('\n')
        .filter((line) => line.startsWith('Attributes'));
    expect(attributes(file)).toEqual(attributes(original));
    const rebuilt = options.includes('--rebuild') || capture.includes('--pipable');
    if (rebuilt) expect(wimlib('info', file, '--blobs')).not.toContain('Reference Count     = 0');
    // What was there before keeps its place when the file is added to.
    else expect(readFileSync(file).subarray(208, 5000)).toEqual(readFileSync(original).subarray(208, 5000));
  });

  it('stores known data once, and takes over what another image has', () => {
    const { file, outcome } = updated(
      ours,
      ['add NEW/known /a', 'add NEW/dir/docs/deep /b', '# end'],
      ['--json'],
      wim,
    );
    const { result } = JSON.parse(outcome.stdout) as {
      result: { image: number; bytesStored: number; size: number };
    };
    expect(result).toMatchObject({ image: 1, size: statSync(file).size });
    // 50,000 bytes of compressible text, once.
    expect(result.bytesStored).toBeGreaterThan(0);
    expect(result.bytesStored).toBeLessThan(50_000);
    expect(references(file).length).toBe(references(wim).length + 1);
  });

  it('writes a delta beside its base', () => {
    const delta = path.join(temporaryDirectory(), 'delta.wim');
    wimlib('capture', path.join(work, 'tree'), delta, `--delta-from=${wim}`);
    const { file, outcome } = updated(ours, ['add NEW/known /a', 'add NEW/file /b'], [`--ref=${wim}`], delta);
    expect(outcome.status).toBe(0);
    wimlib('verify', file, `--ref=${wim}`);
    expect(references(file)).toHaveLength(1);
  });

  it.each([
    ['a file over a directory', ['add NEW/file /docs'], 4],
    ['a directory over a file', ['add NEW/dir /docs/one'], 4],
    ['a file below a file', ['add NEW/file /docs/one/below'], 4],
    ['replacing what must stay', ['add --no-replace NEW/file /docs/one'], 4],
    ['a missing source', ['add NEW/nothing /x'], 4],
    ['a file as the root', ['add NEW/file /'], 4],
    ['deleting what is not there', ['delete /nothing'], 4],
    ['deleting a directory as a file', ['delete /docs'], 4],
    ['renaming what is not there', ['rename /nothing /x'], 4],
    ['renaming into a missing directory', ['rename /docs/one /nothing/x'], 4],
    ['renaming a directory into itself', ['rename /docs /docs/deep/docs'], 4],
    ['renaming the root', ['rename / /x'], 4],
    ['renaming a directory over one that is not empty', ['rename /docs /chunks'], 4],
    ['renaming a directory over a file', ['rename /docs /empty.txt'], 4],
    ['renaming a file over a directory', ['rename /empty.txt /empty'], 4],
    ['a command that is none', ['copy /a /b'], 3],
  ])('refuses %s, whatever came before, and leaves the file as it was', (_, commands, status) => {
    const all = ['add NEW/large /large', ...commands];
    const { file, outcome } = updated(ours, all, [], wim);
    expect(outcome).toMatchObject({ status, stdout: '' });
    expect(readFileSync(file).equals(readFileSync(wim))).toBe(true);
    expect(updated(theirs, all, [], wim).outcome.status).not.toBe(0);
  });

  it.each(['/a/../b', '/./b'])('refuses the name in %s', (target) => {
    const { file, outcome } = updated(ours, [`add NEW/file ${target}`], [], wim);
    expect(outcome.status).toBe(4);
    expect(readFileSync(file).equals(readFileSync(wim))).toBe(true);
  });

  it('says what it would do', () => {
    const { file, outcome } = updated(ours, ['add NEW/large /large', 'delete /docs/one'], ['--dry-run'], wim);
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toContain('/large');
    expect(outcome.stdout).toContain('/docs/one');
    expect(readFileSync(file).equals(readFileSync(wim))).toBe(true);
  });

  /** Commands over few paths, so that they meet. */
  const imagePath = fc
    .array(fc.constantFrom('docs', 'deep', 'one', 'chunks', 'x', 'y', 'empty'), {
      minLength: 1,
      maxLength: 3,
    })
    .map((names) => '/' + names.join('/'));
  const command = fc.oneof(
    fc
      .tuple(fc.constantFrom('file', 'empty', 'known', 'dir', 'dir/docs', 'dir/link'), imagePath)
      .map(([source, target]) => `add NEW/${source} ${target}`),
    fc.constant('add NEW/dir /'),
    fc
      .tuple(fc.constantFrom('--recursive', '--recursive --force', '--force'), imagePath)
      .map(([options, target]) => `delete ${options} ${target}`),
    fc.tuple(imagePath, imagePath).map(([from, to]) => `rename ${from} ${to}`),
  );

  it('agrees with wimlib-imagex on any commands, one after the other', () => {
    // wimlib makes two copies of one file hard links; that is its own.
    const links = /^(Link Count|\s*$)/;
    const listing = (file: string): string[] => details(file, '1').filter((line) => !links.test(line));
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 8 }), (commands) => {
        let mine = wim;
        let other = wim;
        for (const one of commands) {
          const ourResult = updated(ours, [one], [], mine);
          const theirResult = updated(theirs, [one], [], other);
          expect(ourResult.outcome.status === 0).toBe(theirResult.outcome.status === 0);
          if (ourResult.outcome.status !== 0) continue;
          mine = ourResult.file;
          other = theirResult.file;
          expect(listing(mine)).toEqual(listing(other));
        }
        wimlib('verify', mine);
        // All of them in one go come to the same, when none of them fails.
        const together = updated(ours, commands, [], wim);
        const alone = updated(theirs, commands, [], wim);
        expect(together.outcome.status === 0).toBe(alone.outcome.status === 0);
        if (together.outcome.status === 0) expect(listing(together.file)).toEqual(listing(mine));
      }),
      { numRuns: 7 },
    );
  });

  it('drops short names of what is renamed or replaced', () => {
    const { file } = updated(ours, ['rename /docs/one /docs/two'], [], wim);
    expect(wimlib('dir', file, '1', '--path=/docs/two', '--one-file-only', '--detailed')).toContain(
      'Short Name          = ""',
    );
  });
});

describeWithTools(['wimlib-imagex'], 'an update whose sources change under it', () => {
  const rules = { ignoreCase: false };

  /** Updates image 1 of a new WIM; `disturb` runs between scan and reading. */
  async function disturbed(
    options: { readonly pipable: boolean; readonly target: string },
    disturb: (source: string) => void,
  ) {
    const work = temporaryDirectory();
    const source = path.join(work, 'source');
    mkdirSync(path.join(source, 'kept'), { recursive: true });
    writeFileSync(path.join(source, 'gone'), 'gone');
    writeFileSync(path.join(source, 'kept/changes'), 'before');
    const file = path.join(work, 'test.wim');
    wimlib('capture', source, file, ...(options.pipable ? ['--pipable'] : []));
    linkSync(path.join(source, 'gone'), path.join(source, 'kept/gone too'));
    writeFileSync(path.join(source, 'gone'), 'new');
    const before = readFileSync(file);
    const sourceAt = (place: string, target: string): TreeSource => {
      const inner = target === '/' ? createPosixSource(place) : createSourceList([{ source: place, target }]);
      return {
        label: inner.label,
        locate: (tree, stream) => inner.locate(tree, stream),
        scan: async (scanning) => {
          const result = await inner.scan(scanning);
          disturb(source);
          return result;
        },
      };
    };
    const host = createNodeHost({ appDirectory: path.resolve(__dirname, '../../dist') });
    try {
      const edits = [{ kind: 'add', source, target: options.target } as const];
      const report = await update(
        host,
        { wim: file, edits },
        { sourceAt, matcherFor: () => undefined, rules },
      );
      return { file, before, report };
    } catch (error) {
      return { file, before, error };
    } finally {
      await host.close();
    }
  }

  it.each([false, true])('leaves out what vanished, and says so (pipable: %s)', async (pipable) => {
    const { file, report } = await disturbed({ pipable, target: '/new' }, (source) => {
      rmSync(path.join(source, 'gone'));
      rmSync(path.join(source, 'kept/gone too'));
      writeFileSync(path.join(source, 'kept/changes'), 'after it');
    });
    expect(report?.notKept.map((remark) => remark.path)).toEqual([expect.stringContaining('gone')]);
    expect(report?.changed.map((remark) => remark.path)).toEqual(['/new/kept/changes']);
    wimlib('verify', file);
    expect(wimlib('dir', file, '1', '--path=/new').trim().split('\n')).toEqual([
      '/new',
      '/new/kept',
      '/new/kept/changes',
    ]);
  });

  it.each([false, true])('does not lose a file to one that vanished (pipable: %s)', async (pipable) => {
    const { file, before, error } = await disturbed({ pipable, target: '/' }, (source) => {
      rmSync(path.join(source, 'gone'));
      rmSync(path.join(source, 'kept/gone too'));
    });
    expect(error).toMatchObject({ code: 'source/changed' });
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

/** Quotes the words of an `add` whose target has spaces. */
function quoted(command: string): string {
  const [verb, source, ...target] = command.split(' ');
  return `${verb} ${source} "${target.join(' ').replaceAll("'", '')}"`;
}

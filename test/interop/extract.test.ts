import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { run, wimlib, wimsmith, wimsmithOutcome, wimsmithResult } from '../support/cli';
import { snapshotTree, type Snapshot } from '../support/compareTrees';
import { noise, text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { addLargeFiles, addUnixEntries, isRoot, makeRichTree } from '../support/trees';

const program = process.env.WIMSMITH_CLI ?? path.resolve(__dirname, '../../dist/wimsmith.cjs');

describeWithTools(['wimlib-imagex'], 'extract against wimlib-imagex', () => {
  let work = '';
  let wim = '';

  beforeAll(() => {
    work = temporaryDirectory();
    const tree = path.join(work, 'tree');
    makeRichTree(tree, 32768);
    addLargeFiles(tree);
    addUnixEntries(tree);
    for (const directory of ['a/sub', 'b/sub', 'Docs'])
      mkdirSync(path.join(tree, directory), { recursive: true });
    writeFileSync(path.join(tree, 'a/sub/from a'), 'a');
    writeFileSync(path.join(tree, 'b/sub/from b'), 'b');
    writeFileSync(path.join(tree, 'Docs/HELLO.txt'), 'upper');
    writeFileSync(path.join(tree, 'docs/[x]'), 'brackets');
    linkSync(path.join(tree, 'docs/hello.txt'), path.join(tree, 'a/linked'));
    wim = path.join(work, 'test.wim');
    wimlib('capture', tree, wim, '--compress=lzx', '--unix-data');
  });

  type Extraction = (...args: readonly string[]) => string;

  /** What arrives in a directory, which is there before as wimlib makes one level only. */
  function extracted(tool: Extraction, args: readonly string[], ownTimes = true): Record<string, Snapshot> {
    const target = path.join(temporaryDirectory(), 'target');
    mkdirSync(target);
    tool('extract', wim, '1', ...args, `--dest-dir=${target}`);
    const found = snapshotTree(target, { unix: args.includes('--unix-data') });
    if (!ownTimes) found['.'] = { ...found['.'], modified: '' };
    return found;
  }

  const preserving = '--preserve-dir-structure';

  it.each([
    [['/docs/hello.txt']],
    [['docs\\deep']],
    [['/docs', '/chunks']],
    [['/docs/*']],
    [['/docs/h*', '/*/deep/hello link', '/a/linked']],
    [['/a/sub', '/b/sub']],
    [['/docs/deep', '/docs', '/docs/deep/deeper']],
    [['/docs/deep/deeper', preserving]],
    [['/docs/deep/*', '/chunks/text ?', '/hello*', preserving]],
    [['/*', preserving]],
    [['/']],
    [[]],
    [['/docs/[x]', '--no-globs']],
    [['/nothing*', '/docs/one', '--nullglob']],
    [['/absolute inside', '/dangling', '/docs/relative']],
    [['/above 4 MiB', '/above 8 MiB']],
    ...(isRoot ? [[['/unix', '--unix-data']], [['/unix/*', preserving, '--unix-data']]] : []),
  ])('%j', (args: readonly string[]) => {
    // Without its structure, nothing says when the destination itself was changed.
    const ownTimes = args.includes(preserving) || args.length === 0 || args.includes('/');
    expect(extracted(wimsmith, args, ownTimes)).toEqual(extracted(wimlib, args, ownTimes));
  });

  it('list files keep directories, beside paths that do not', () => {
    const list = path.join(work, 'list.txt');
    writeFileSync(list, '; comment\n\\docs\\deep\\*\n  "/chunks/text 1"\n');
    const args = ['/docs/one', `@${list}`, '/docs/noise.bin'];
    expect(extracted(wimsmith, args, false)).toEqual(extracted(wimlib, args, false));
    const target = path.join(temporaryDirectory(), 'from input');
    const line = ['extract', wim, '1', '@-', `--dest-dir=${target}`];
    expect(run(process.execPath, [program, ...line], '/docs/deep\n').status).toBe(0);
    expect(readdirSync(path.join(target, 'docs'))).toEqual(['deep']);
  });

  it('takes names of either case when it is asked to', () => {
    const env = { ...process.env, WIMLIB_IMAGEX_IGNORE_CASE: '1', LC_ALL: 'C.UTF-8' };
    const names = (command: string, ...args: readonly string[]): string[] => {
      const target = temporaryDirectory();
      const line = [...args, 'extract', wim, '1', '/DOCS/Hello.TXT', preserving, `--dest-dir=${target}`];
      expect(spawnSync(command, line, { env }).status).toBe(0);
      return readdirSync(target, { recursive: true, encoding: 'utf8' }).sort();
    };
    const found = names(process.execPath, program);
    expect(found).toEqual(names('wimlib-imagex'));
    expect(found).toHaveLength(4);
  });

  it.each([
    [['/docs/hello.txt', '/empty.txt', '/docs/hello.txt']],
    [['/chunks/*']],
    [['/above*', '/docs/one']],
  ])('to standard output: %j', (paths: readonly string[]) => {
    const output = (command: string, ...args: readonly string[]): Buffer => {
      const line = [...args, 'extract', wim, '1', ...paths, '--to-stdout'];
      const { status, stdout } = spawnSync(command, line, { maxBuffer: 1 << 28 });
      expect(status).toBe(0);
      return stdout;
    };
    const found = output(process.execPath, program);
    expect(found.equals(output('wimlib-imagex'))).toBe(true);
    expect(found.length).toBeGreaterThan(0);
  });

  it.each([
    ['a directory to standard output', ['/docs', '--to-stdout'], 3],
    ['a link to standard output', ['/docs/relative', '--to-stdout'], 3],
    ['a path that is not there', ['/nothing'], 4],
    ['a pattern that matches nothing', ['/docs/one', '/nothing*'], 4],
    ['a pattern taken literally', ['/docs/*', '--no-globs'], 4],
  ])('refuses %s, and makes nothing', (_, args: readonly string[], status) => {
    const target = path.join(temporaryDirectory(), 'target');
    const outcome = wimsmithOutcome('extract', wim, '1', ...args, `--dest-dir=${target}`);
    expect(outcome).toMatchObject({ status, stdout: '' });
    expect(existsSync(target)).toBe(false);
    expect(run('wimlib-imagex', ['extract', wim, '1', ...args, `--dest-dir=${target}`]).status).not.toBe(0);
  });

  it('makes every missing directory of the destination, and says what it did', () => {
    const target = path.join(temporaryDirectory(), 'one/two/three');
    const line = ['extract', wim, '1', '/docs/deep', '/docs/one', `--dest-dir=${target}`];
    const plan = wimsmithResult<{ plan: { steps: string[] } }>(...line, '--dry-run');
    expect(plan.plan.steps.length).toBeGreaterThan(0);
    expect(existsSync(path.dirname(target))).toBe(false);
    const report = wimsmithResult<{ directories: number; files: number }>(...line);
    expect(report).toMatchObject({ directories: 2 });
    expect(readdirSync(target).sort()).toEqual(['deep', 'one']);
  });

  it('takes the last of several files that get one name, and says so', () => {
    // Two names of one file that become one: wimlib-imagex fails at it.
    const links = ['/docs/deep/hello link', '/hello link'];
    const linked = wimsmithOutcome('extract', wim, '1', ...links, `--dest-dir=${temporaryDirectory()}`);
    expect(linked).toMatchObject({ status: 0, stderr: '' });
    const other = path.join(work, 'names.wim');
    const tree = path.join(work, 'names');
    for (const directory of ['x', 'y']) {
      mkdirSync(path.join(tree, directory), { recursive: true });
      writeFileSync(path.join(tree, directory, 'same'), directory);
    }
    wimlib('capture', tree, other);
    const target = temporaryDirectory();
    const outcome = wimsmithOutcome('extract', other, '1', '/x/same', '/y/same', `--dest-dir=${target}`);
    expect(outcome.stderr).toContain('same');
    expect(readFileSync(path.join(target, 'same'), 'utf8')).toBe('y');
  });

  it('does not write damaged data out, unless it is asked to', () => {
    const tree = path.join(work, 'damaged');
    mkdirSync(tree);
    writeFileSync(path.join(tree, 'small'), text(1000, 1));
    writeFileSync(path.join(tree, 'large'), noise(9 << 20, 2));
    const damaged = path.join(work, 'damaged.wim');
    wimlib('capture', tree, damaged, '--compress=none');
    const bytes = readFileSync(damaged);
    for (const name of ['small', 'large'])
      bytes[bytes.indexOf(readFileSync(path.join(tree, name)).subarray(-64))] ^= 1;
    writeFileSync(damaged, bytes);
    const output = (...args: readonly string[]) =>
      spawnSync(process.execPath, [program, 'extract', damaged, '1', ...args, '--to-stdout'], {
        maxBuffer: 1 << 28,
      });
    expect(output('/small')).toMatchObject({ status: 2, stdout: Buffer.alloc(0) });
    expect(output('/large').status).toBe(2);
    const recovered = output('/small', '/large', '--recover-data');
    expect(recovered.status).toBe(0);
    expect(recovered.stdout.length).toBe(1000 + (9 << 20));
    expect(
      wimsmithOutcome('extract', damaged, '1', '/small', `--dest-dir=${temporaryDirectory()}`).status,
    ).toBe(2);
  });

  it('recovers the chunks around a damaged one', () => {
    const tree = path.join(work, 'chunks');
    mkdirSync(tree);
    const data = Buffer.from(text(600_000, 7));
    writeFileSync(path.join(tree, 'file'), data);
    const damaged = path.join(work, 'chunks.wim');
    wimlib('capture', tree, damaged, '--compress=xpress', '--chunk-size=4096');
    const bytes = readFileSync(damaged);
    // Behind the header and the chunk table, in the middle of the only file's resource.
    bytes.fill(0xff, 60_000, 61_000);
    writeFileSync(damaged, bytes);
    const { status, stdout } = spawnSync(
      process.execPath,
      [program, 'extract', damaged, '1', '/file', '--to-stdout', '--recover-data'],
      { maxBuffer: 1 << 28 },
    );
    expect(status).toBe(0);
    expect(stdout.length).toBe(data.length);
    const wrong = Array.from({ length: Math.ceil(data.length / 4096) }, (_, i) => i).filter(
      (i) => !stdout.subarray(i * 4096, i * 4096 + 4096).equals(data.subarray(i * 4096, i * 4096 + 4096)),
    );
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.length).toBeLessThan(4);
  });
});

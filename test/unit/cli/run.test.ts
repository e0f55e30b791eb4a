import { describe, expect, it } from 'vitest';
import { OutputClosedError } from '../../../src-main/cli/environment';
import { AppError, FormatError } from '../../../src-shared/errors/appError';
import { type ErrorCode, errorCodes } from '../../../src-shared/errors/codes';
import type { Progress } from '../../../src-shared/model/progress';
import {
  appliedReport,
  capturedReport,
  FakeWorld,
  soundReport,
  wimSummary,
  writeReport,
} from './fakeEnvironment';

describe('exit codes', () => {
  it.each([
    ['capture src a.wim', 0],
    ['/capture src a.wim', 0],
    ['help', 0],
    ['help exit-codes', 0],
    ['capture --help', 0],
    ['--version', 0],
    ['', 3],
    ['capture src', 3],
    ['help nonsense', 3],
    ['capture src a.wim --solid', 0],
    ['capture src a.wim --snapshot', 8],
    ['mount a.wim 1 mnt', 8],
    ['capture src a.wim --config=missing.ini', 4],
    ['update a.wim --command=frobnicate', 3],
    ['info a.wim 3', 4],
    ['info a.wim nobody', 4],
    ['info a.wim --boot', 3],
    ['info a.wim 0 name', 3],
  ])('%s: %d', async (line, code) => {
    const world = new FakeWorld();
    expect(await world.run(line === '' ? [] : line)).toBe(code);
    expect(world.error === '').toBe(code === 0);
  });

  it('are those of the errors that verbs throw', async () => {
    for (const code of Object.keys(errorCodes) as ErrorCode[]) {
      const world = new FakeWorld({ apply: () => Promise.reject(new AppError(code, 'what happened')) });
      expect(await world.run('apply a.wim out')).toBe(errorCodes[code].exitCode);
      expect(world.error.startsWith('wimsmith: what happened\n')).toBe(true);
      const { hint } = errorCodes[code];
      expect(world.error).toContain(hint.replace('VERB', 'apply').replace('the verb', 'apply'));
    }
  });

  it('70 for what nobody foresaw, with the stack', async () => {
    const world = new FakeWorld({ apply: () => Promise.reject(new TypeError('x is not a function')) });
    expect(await world.run('apply a.wim out')).toBe(70);
    expect(world.error).toContain('TypeError: x is not a function\n');
  });

  it('2 when verify finds faults or the integrity table disagrees', async () => {
    const fault = { path: '/a', problem: 'its data does not agree with its hash' };
    const damaged = new FakeWorld({ verify: () => Promise.resolve({ ...soundReport, faults: [fault] }) });
    expect(await damaged.run('verify a.wim')).toBe(2);
    expect(damaged.out).toContain('"a.wim" is damaged');
    expect(damaged.out).toContain('  /a: its data does not agree with its hash\n');
    const failed = new FakeWorld({ verify: () => Promise.resolve({ ...soundReport, integrity: 'failed' }) });
    expect(await failed.run('verify a.wim')).toBe(2);
    const sound = new FakeWorld();
    expect(await sound.run('verify a.wim')).toBe(0);
    expect(sound.out).toContain('"a.wim" is sound: 1 image, 3 blobs, 1.2 KB read');
  });

  it('7 when files changed while they were captured', async () => {
    const changed = [{ path: '/log', problem: 'it grew from 5 to 9 bytes' }];
    const world = new FakeWorld({ capture: () => Promise.resolve({ ...capturedReport, changed }) });
    expect(await world.run('capture src a.wim')).toBe(7);
    expect(world.out).toContain('Changed while it was read (1):\n  /log: it grew from 5 to 9 bytes\n');
  });
});

describe('--json', () => {
  it('prints one document with the result', async () => {
    const world = new FakeWorld();
    expect(await world.run('capture src a.wim --json')).toBe(0);
    expect(world.json()).toEqual({ verb: 'capture', result: capturedReport, ok: true });
    expect(world.error).toBe('');
  });

  it('prints one document with the error', async () => {
    const fault = { structure: 'chunk table', offset: 12, problem: 'it lies' };
    const world = new FakeWorld({ apply: () => Promise.reject(new FormatError(fault)) });
    expect(await world.run('apply a.wim out --json')).toBe(2);
    expect(world.json()).toMatchObject({
      verb: 'apply',
      ok: false,
      error: { code: 'wim/malformed', structure: 'chunk table', offset: 12, exitCode: 2 },
    });
  });

  it('prints one document for a line that is not understood, and for one that is refused', async () => {
    const wrong = new FakeWorld();
    expect(await wrong.run('apply --json')).toBe(3);
    expect(wrong.json()).toMatchObject({ verb: 'apply', ok: false, error: { code: 'usage/invalid' } });
    const refused = new FakeWorld();
    expect(await refused.run('capture a b --snapshot --json')).toBe(8);
    expect(refused.json()).toMatchObject({ verb: 'capture', ok: false, error: { code: 'wim/unsupported' } });
  });

  it('has both the result and the error of a damaged file', async () => {
    const faults = [{ path: '/a', problem: 'bad' }];
    const world = new FakeWorld({ verify: () => Promise.resolve({ ...soundReport, faults }) });
    expect(await world.run('verify a.wim --json')).toBe(2);
    expect(world.json()).toMatchObject({
      result: { faults },
      ok: false,
      error: { code: 'wim/blob-corrupt' },
    });
  });

  it('writes listings as they come, whole even when they break off', async () => {
    const whole = new FakeWorld();
    await whole.run('dir a.wim --json');
    expect(whole.json()).toEqual({ verb: 'dir', result: ['/', '/a', '/a/b'], ok: true });
    function* broken(): Generator<string> {
      yield '/';
      throw new FormatError({ structure: 'dentry', offset: 8, problem: 'cyclic' });
    }
    const breaking = new FakeWorld({ dirPaths: () => Promise.resolve(broken()) });
    expect(await breaking.run('dir a.wim --json')).toBe(2);
    expect(breaking.json()).toMatchObject({
      verb: 'dir',
      result: ['/'],
      ok: false,
      error: { code: 'wim/malformed' },
    });
  });

  it('carries warnings, each once', async () => {
    const world = new FakeWorld({
      optimize: (_, context) => {
        context.onWarning('mind this');
        return Promise.resolve({ ...writeReport, warnings: ['mind this', 'and that'] });
      },
    });
    await world.run('optimize a.wim --unsafe-compact --json');
    expect(world.json()).toMatchObject({
      warnings: [expect.stringContaining('--unsafe-compact'), 'mind this', 'and that'],
      ok: true,
    });
  });

  it('shows the summary of one image, or the parts that are asked for', async () => {
    const one = new FakeWorld();
    await one.run('info a.wim two --json');
    expect(one.json()).toMatchObject({ result: { path: 'a.wim', images: [{ index: 2, name: 'two' }] } });
    const parts = new FakeWorld();
    await parts.run('info a.wim --blobs --xml --json');
    expect(parts.json()).toMatchObject({ result: { blobs: [], xml: '<WIM/>' } });
  });

  it('goes to standard error when standard output carries data', async () => {
    const world = new FakeWorld({
      capture: async (_, context) => {
        await context.stdout.write(Buffer.from('WIM'));
        return capturedReport;
      },
    });
    expect(await world.run('capture src - --json')).toBe(0);
    expect(world.out).toBe('WIM');
    expect(JSON.parse(world.error)).toMatchObject({ verb: 'capture', ok: true });
  });
});

describe('what is printed', () => {
  it('is plain sentences about the result', async () => {
    const excluded = Array.from({ length: 12 }, (_, i) => ({ path: `/x${i}`, pattern: '*.tmp' }));
    const capture = () => Promise.resolve({ ...capturedReport, excluded });
    const world = new FakeWorld({ capture });
    await world.run('capture src a.wim');
    expect(world.out).toBe(
      [
        '"a.wim" holds "src" as image 1: 3 directories and 4 files, 26 bytes.',
        '23 bytes stored; single instancing saved 3 bytes, compression 0 bytes.',
        'Excluded (12):',
        ...excluded.slice(0, 10).map(({ path }) => `  ${path} (*.tmp)`),
        '  and 2 more; --verbose lists all',
        '',
      ].join('\n'),
    );
    const verbose = new FakeWorld({ capture });
    await verbose.run('capture src a.wim --verbose');
    expect(verbose.out).toContain('  /x11 (*.tmp)\n');
    const quiet = new FakeWorld({ capture });
    await quiet.run('capture src a.wim --quiet');
    expect(quiet.out).toBe('');
  });

  it('goes to standard error when standard output carries a WIM', async () => {
    const world = new FakeWorld();
    await world.run('capture src -');
    expect(world.out).toBe('');
    expect(world.error).toContain('3 directories and 4 files');
  });

  it('is a plan on a dry run', async () => {
    const plan = {
      steps: ['Write b.wim'],
      warnings: ['It replaces b.wim.'],
      spaceNeeded: 2e9,
      spaceFree: 5e9,
    };
    const world = new FakeWorld({ export: () => Promise.resolve({ ...writeReport, plan }) });
    await world.run('export a.wim 1 b.wim --dry-run');
    expect(world.calls[0].request).toMatchObject({ dryRun: true });
    expect(world.out).toBe(
      'Nothing was written. This would be done:\n  1. Write b.wim\n' +
        'Space needed: at most 2.0 GB; 5.0 GB free.\nNote: It replaces b.wim.\n',
    );
  });

  it('has no control characters of file names on a terminal, and all bytes in a pipe', async () => {
    const dirPaths = () => Promise.resolve(['/a\u001b[2Jb']);
    const terminal = new FakeWorld({ dirPaths });
    terminal.terminal = true;
    await terminal.run('dir a.wim');
    expect(terminal.out).toBe('/a?[2Jb\n');
    const pipe = new FakeWorld({ dirPaths });
    await pipe.run('dir a.wim');
    expect(pipe.out).toBe('/a\u001b[2Jb\n');
  });

  it('is also in the log', async () => {
    const world = new FakeWorld({
      apply: () => Promise.reject(new AppError('io/no-space', 'the disk is full')),
    });
    await world.run('apply a.wim out --log=x.log');
    await world.run('/verify /info a.wim one new /logfile x.log');
    expect(world.written.get('x.log')).toBe(
      '2026-11-20T14:00:00.000Z  wimsmith apply a.wim out --log=x.log\n' +
        '2026-11-20T14:00:00.000Z  Error: the disk is full\n' +
        '2026-11-20T14:00:00.000Z  wimsmith /verify /info a.wim one new /logfile x.log\n' +
        '2026-11-20T14:00:00.000Z  NAME of image 1 of "a.wim" is now "new".\n',
    );
  });

  it('shows progress where a person watches, as JSON lines when asked, and else not at all', async () => {
    const progress: Progress = {
      phase: 'Extracting',
      filesDone: 1,
      filesTotal: 2,
      bytesDone: 5,
      bytesTotal: 10,
    };
    const apply = (_: unknown, context: { onProgress(progress: Progress): void }) => {
      context.onProgress(progress);
      return Promise.resolve(appliedReport);
    };
    const watched = new FakeWorld({ apply });
    watched.terminal = true;
    await watched.run('apply a.wim out');
    expect(watched.error).toContain('\rExtracting  50 %  5 bytes of 10 bytes  1 of 2 files');
    expect(watched.error.endsWith(' \r')).toBe(true);
    const piped = new FakeWorld({ apply });
    await piped.run('apply a.wim out');
    expect(piped.error).toBe('');
    const lines = new FakeWorld({ apply });
    await lines.run('apply a.wim out --progress=json');
    expect(JSON.parse(lines.error)).toEqual({ progress });
  });

  it('names the blobs of that part of a set alone', async () => {
    const blob = {
      sha1: 'ab'.repeat(20),
      size: 5,
      storedSize: 5,
      offset: 208,
      referenceCount: 1,
      compressed: false,
      metadata: false,
      solid: false,
    };
    const world = new FakeWorld({
      info: () => Promise.resolve({ ...wimSummary('one'), partNumber: 2, totalParts: 3 }),
      blobs: () => Promise.resolve([1, 2, 3].map((partNumber) => ({ ...blob, partNumber }))),
    });
    await world.run('info a2.swm --blobs');
    expect(world.out.match(/^Part Number.*$/gm)).toEqual(['Part Number       = 2']);
    expect(world.error).toContain('only the blobs of part 2 of 3 are shown');
  });

  it('writes the XML data as it is stored', async () => {
    const world = new FakeWorld();
    await world.run('info a.wim --xml --extract-xml=out.xml');
    expect(world.out).toBe(Buffer.from('\ufeff<WIM/>', 'utf16le').toString('latin1'));
    expect(world.written.get('out.xml')).toBe('\ufeff<WIM/>');
  });
});

describe('requests', () => {
  it('carry the texts of the files that the line names', async () => {
    const world = new FakeWorld();
    world.files.set('c.ini', '[ExclusionList]\n/x\n');
    world.files.set('list', 'a /b\n');
    await world.run('capture list a.wim --source-list --config=c.ini');
    expect(world.calls[0].request).toMatchObject({ config: '[ExclusionList]\n/x\n', sourceList: 'a /b\n' });
  });

  it('count images from the end for --update-of', async () => {
    const world = new FakeWorld();
    await world.run('append src a.wim --update-of=-1');
    expect(world.calls.at(-1)).toMatchObject({
      verb: 'append',
      request: { updateOf: { wim: 'a.wim', image: 2 } },
    });
    const none = new FakeWorld();
    expect(await none.run('append src a.wim --update-of=-3')).toBe(4);
  });

  it('with --update-of and --create begin with nothing when the WIM is not there', async () => {
    const world = new FakeWorld({
      info: () => Promise.reject(new AppError('io/not-found', 'a.wim does not exist')),
    });
    expect(await world.run('append src a.wim --create --update-of=-1')).toBe(0);
    expect(world.calls.at(-1)).toEqual({
      verb: 'append',
      request: { source: 'src', wim: 'a.wim', create: true },
    });
    expect(await world.run('append src a.wim --update-of=-1')).toBe(4);
  });

  it('make one extraction of each group of paths', async () => {
    const world = new FakeWorld();
    world.files.set('list', '/l1\n# no\n/l2\n');
    world.input = '/s\n';
    await world.run('extract a.wim 1 /a /b @list @- /c --json');
    expect(world.calls.map(({ request }) => request)).toMatchObject([
      { paths: ['/a', '/b'] },
      { paths: ['/l1', '/l2'], preserveStructure: true },
      { paths: ['/s'], preserveStructure: true },
      { paths: ['/c'] },
    ]);
    expect(world.json()).toMatchObject({ result: { files: 8, bytes: 20 } });
    const all = new FakeWorld();
    await all.run('extract a.wim 1');
    expect(all.calls[0].request).toMatchObject({ paths: ['/'], globs: false, destination: '.' });
  });

  it('give update commands the defaults of the line', async () => {
    const world = new FakeWorld();
    world.input = '# comment\nadd here /there\ndelete /x\nrename /a /b\n';
    await world.run('update a.wim 1 --force --recursive --no-replace');
    expect(world.calls[0].request).toMatchObject({
      image: 1,
      edits: [
        { kind: 'add', source: 'here', target: '/there', noReplace: true },
        { kind: 'delete', path: '/x', force: true, recursive: true },
        { kind: 'rename', from: '/a', to: '/b' },
      ],
    });
    const boot = new FakeWorld();
    boot.input = 'delete /not-read\n';
    await boot.run('update a.wim --wimboot-config=w.ini');
    expect(boot.calls[0].request).toMatchObject({
      edits: [{ kind: 'add', source: 'w.ini', target: '/Windows/System32/WimBootCompress.ini' }],
    });
  });

  it('find the only image for a change, and refuse to guess among several', async () => {
    const single = new FakeWorld({ info: () => Promise.resolve(wimSummary('only')) });
    expect(await single.run('info a.wim all renamed')).toBe(0);
    expect(single.calls.at(-1)?.request).toMatchObject({ image: 1, newName: 'renamed' });
    const none = new FakeWorld({ info: () => Promise.resolve(wimSummary()) });
    expect(await none.run('info a.wim --boot')).toBe(3);
    const unboot = new FakeWorld();
    await unboot.run('info a.wim 0 --boot');
    expect(unboot.out).toBe('No image of "a.wim" is now the one that boots.\n');
  });
});

describe('interruption', () => {
  it('cancels at the first request and ends the program at the second', async () => {
    const world = new FakeWorld({
      apply: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
          setImmediate(() => world.interrupt());
        }),
    });
    expect(await world.run('apply a.wim out')).toBe(130);
    expect(world.error).toBe('wimsmith: cancelled\n');
    const stubborn = new FakeWorld({
      apply: () => {
        stubborn.interrupt();
        stubborn.interrupt();
        return Promise.resolve(appliedReport);
      },
    });
    await stubborn.run('apply a.wim out');
    expect(stubborn.exited).toBe(130);
  });

  it('cancels while commands are being typed', async () => {
    const world = new FakeWorld();
    world.typing = true;
    setImmediate(() => world.interrupt());
    expect(await world.run('update a.wim')).toBe(130);
    expect(world.error).toBe(
      'Reading commands from standard input, one on a line, to its end.\nwimsmith: cancelled\n',
    );
    expect(world.calls).toEqual([]);
  });

  it('ends quietly when the reader of standard output goes away', async () => {
    const world = new FakeWorld();
    world.onOutput = () => {
      throw new OutputClosedError();
    };
    expect(await world.run('dir a.wim')).toBe(141);
    expect(world.error).toBe('');
  });
});

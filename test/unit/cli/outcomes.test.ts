import { describe, expect, it } from 'vitest';
import { commandText } from '../../../src-main/cli/commandText';
import { nearest } from '../../../src-main/cli/grammar/nearest';
import { capturedReport, FakeWorld, wimSummary } from './fakeEnvironment';

describe('--json without work', () => {
  it.each([
    ['help --json', 'help', 'Usage:'],
    ['help apply --json', 'help', 'wimsmith apply'],
    ['apply --help --json', 'help', 'wimsmith apply'],
    ['--json --help', 'help', 'Usage:'],
    ['/? --json', 'help', 'ImageX'],
    ['help mount --json', 'help', 'Instead of mounting'],
    ['mount --help --json', 'help', 'Instead of mounting'],
    ['--version --json', 'version', 'wimsmith 1.2.3'],
    ['apply --version --json', 'version', 'wimsmith 1.2.3'],
  ])('%s is one document', async (line, verb, text) => {
    const world = new FakeWorld();
    expect(await world.run(line)).toBe(0);
    expect(world.json()).toEqual({
      verb,
      result: { text: expect.stringContaining(text) as string },
      ok: true,
    });
    expect(world.error).toBe('');
  });

  it.each([
    ['mount a b --json', 8, null],
    ['unmount b --json', 8, null],
    ['/mount a.wim 1 b --json', 8, null],
    ['--json /unmount b', 8, null],
    ['help nonsense --json', 3, 'help'],
    ['frobnicate --json', 3, null],
    ['--json', 3, null],
  ])('%s is one document with an error', async (line, exitCode, verb) => {
    const world = new FakeWorld();
    expect(await world.run(line)).toBe(exitCode);
    expect(world.json()).toMatchObject({ verb, ok: false, error: { exitCode } });
    expect(world.error).toBe('');
  });
});

describe('--log', () => {
  it('begins with the command line, also of readers', async () => {
    const world = new FakeWorld();
    const begin = '2026-11-20T14:00:00.000Z  wimsmith ';
    await world.run(['dir', 'my a.wim', '1', '--log=x.log']);
    await world.run(['info', 'a.wim', '--log', 'x.log']);
    await world.run(['mount', 'a.wim', '/mnt']);
    expect(world.written.get('x.log')).toBe(
      `${begin}dir "my a.wim" 1 --log=x.log\n${begin}info a.wim --log x.log\n`,
    );
  });

  it('is written before the work begins', async () => {
    let seen: string | undefined;
    const world: FakeWorld = new FakeWorld({
      capture: () => {
        seen = world.written.get('x.log');
        return Promise.resolve(capturedReport);
      },
    });
    await world.run('capture src a.wim --log=x.log');
    expect(seen).toContain('wimsmith capture src a.wim');
  });

  it('without a name is refused before anything is done', async () => {
    for (const line of ['capture src a.wim --log=', '/capture src a.wim /logfile:']) {
      const world = new FakeWorld();
      expect(await world.run(line)).toBe(3);
      expect(world.calls).toEqual([]);
    }
  });

  it('keeps a command line on one line', () => {
    expect(commandText(['capture', '/a b', 'x\ny', 'say "hi"', '', 'C:\\a.wim'])).toBe(
      'wimsmith capture "/a b" "x\\u000ay" "say \\"hi\\"" "" C:\\a.wim',
    );
  });
});

describe('info', () => {
  it('writes no XML file on a dry run', async () => {
    const world = new FakeWorld();
    expect(await world.run('info a.wim --extract-xml=x.xml --dry-run')).toBe(0);
    expect(world.written.size).toBe(0);
    expect(world.error).toContain('x.xml was not written');
    const json = new FakeWorld();
    await json.run('info a.wim --extract-xml=x.xml --dry-run --json');
    expect(json.written.size).toBe(0);
    expect(json.json()).toEqual({
      verb: 'info',
      result: {},
      warnings: [expect.stringContaining('x.xml was not written')],
      ok: true,
    });
  });

  it('says once that nothing was written', async () => {
    const world = new FakeWorld({
      info: (request, context) => {
        if (request.dryRun === true) context.onWarning('dry run: nothing was written');
        return Promise.resolve(wimSummary('one'));
      },
    });
    await world.run('info a.wim 1 new --dry-run');
    expect((world.out + world.error).match(/nothing was written/gi)).toHaveLength(1);
    expect(world.out).toContain('would be "new"');
  });

  it('prints the XML data as text to a person, as bytes to a program', async () => {
    const watched = new FakeWorld();
    watched.terminal = true;
    await watched.run('/info /xml a.wim');
    expect(watched.out).toBe('<WIM/>\n');
    const piped = new FakeWorld();
    await piped.run('/info /xml a.wim 1');
    expect(piped.out).toBe(Buffer.from('\ufeff<WIM/>', 'utf16le').toString('latin1'));
    expect(piped.error).toContain('XML data of the whole WIM');
  });
});

describe('a capture that reuses an earlier image', () => {
  it('tells what was not read and not stored again', async () => {
    const report = {
      ...capturedReport,
      bytes: 5_000_000,
      bytesStored: 300_000,
      bytesSavedByCompression: 700_000,
      bytesSavedBySingleInstancing: 0,
      streamsReused: 12,
    };
    const world = new FakeWorld({ append: () => Promise.resolve(report) });
    await world.run('append src a.wim --update-of=1');
    expect(world.out).toContain(
      '12 streams, unchanged since image 1, were not read again.\n' +
        '300 KB stored; single instancing saved 4.0 MB, compression 700 KB.\n',
    );
  });
});

describe('misspelt words', () => {
  it.each([
    ['captuer', 'capture'],
    ['CAPTURE', 'capture'],
    ['dri', 'dir'],
    ['inof', 'info'],
    ['optimise', 'optimize'],
    ['x', undefined],
    ['frobnicate', undefined],
    ['y'.repeat(100_000), undefined],
  ])('%s', (word, meant) => {
    expect(nearest(word, ['capture', 'dir', 'info', 'optimize'])).toBe(meant);
  });
});

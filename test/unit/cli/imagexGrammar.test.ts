import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src-main/cli/command';
import { parseCommandLine } from '../../../src-main/cli/grammar/commandLine';

const plainInfo = { header: false, blobs: false, xml: false };
const fast = { compression: { format: 'xpress' }, overwrite: true } as const;

/** Lines of ImageX as guides print them, and what they ask for on Windows. */
const lines: readonly (readonly [line: readonly string[], action: Action])[] = [
  [
    ['/config', 'config.ini', '/capture', 'C:', 'Z:\\my.wim', 'name', 'description'],
    {
      verb: 'capture',
      request: { source: 'C:\\', wim: 'Z:\\my.wim', name: 'name', description: 'description', ...fast },
      configFile: 'config.ini',
    },
  ],
  [
    [
      '/CAPTURE',
      'D:\\ref',
      'a.wim',
      'n',
      '/Compress',
      'Maximum',
      '/verify',
      '/CHECK',
      '/boot',
      '/flags',
      'Pro',
    ],
    {
      verb: 'capture',
      request: {
        source: 'D:\\ref',
        wim: 'a.wim',
        name: 'n',
        compression: { format: 'lzx' },
        overwrite: true,
        integrity: true,
        verifyIntegrity: true,
        boot: true,
        properties: [['FLAGS', 'Pro']],
      },
    },
  ],
  [
    ['/capture', 'D:\\', 'a.wim', '/norpfix', '/scroll', '/count', '5'],
    { verb: 'capture', request: { source: 'D:\\', wim: 'a.wim', ...fast, fixReparsePoints: false } },
  ],
  [
    ['/compress:none', '/capture', 'D:\\', 'a.wim'],
    {
      verb: 'capture',
      request: { source: 'D:\\', wim: 'a.wim', compression: { format: 'none' }, overwrite: true },
    },
  ],
  [
    ['-append', 'C:', 'a.wim', 'second', '-check'],
    {
      verb: 'append',
      request: { source: 'C:\\', wim: 'a.wim', name: 'second', integrity: true, verifyIntegrity: true },
    },
  ],
  [['/apply', 'a.wim', '1', 'D:'], { verb: 'apply', request: { wim: 'a.wim', image: 1, target: 'D:\\' } }],
  [['/apply', 'a.wim', 'D:', '1'], { verb: 'apply', request: { wim: 'a.wim', image: 1, target: 'D:\\' } }],
  [
    ['/apply', 'a.wim', 'My image', 'D:\\x', '/verify'],
    { verb: 'apply', request: { wim: 'a.wim', image: 'My image', target: 'D:\\x' } },
  ],
  [
    ['/ref', 'a.swm', 'a2.swm', '/apply', 'a.swm', '2', 'D:\\', '/check'],
    {
      verb: 'apply',
      request: { wim: 'a.swm', image: 2, target: 'D:\\', ref: ['a.swm', 'a2.swm'], verifyIntegrity: true },
    },
  ],
  [['/info', 'a.wim'], { verb: 'info', request: { wim: 'a.wim' }, show: plainInfo }],
  [
    ['/info', '/xml', 'a.wim'],
    { verb: 'info', request: { wim: 'a.wim' }, show: { ...plainInfo, xml: true } },
  ],
  [
    ['/info', 'a.wim', '2', 'new name', 'new desc', '/boot', '/check'],
    {
      verb: 'info',
      request: {
        wim: 'a.wim',
        image: 2,
        newName: 'new name',
        newDescription: 'new desc',
        boot: true,
        verifyIntegrity: true,
        integrity: true,
      },
      show: plainInfo,
    },
  ],
  [['/dir', 'a.wim', '1'], { verb: 'dir', request: { wim: 'a.wim', image: 1 }, detailed: false }],
  [['/delete', 'a.wim', '2'], { verb: 'delete', request: { wim: 'a.wim', image: 2, soft: true } }],
  [
    ['/export', 'a.wim', '1', 'b.wim', 'name', '/boot', '/compress', 'fast', '/ref', 'a2.swm'],
    {
      verb: 'export',
      request: {
        wim: 'a.wim',
        image: 1,
        destination: 'b.wim',
        name: 'name',
        boot: true,
        compression: { format: 'xpress' },
        ref: ['a2.swm'],
      },
    },
  ],
  [
    ['/split', 'a.wim', 'b.swm', '600', '/check'],
    {
      verb: 'split',
      request: {
        wim: 'a.wim',
        destination: 'b.swm',
        partSize: 629145600,
        integrity: true,
        verifyIntegrity: true,
      },
    },
  ],
  [['/?'], { verb: 'help', topic: 'imagex' }],
];

describe("ImageX's lines", () => {
  it.each(lines.map(([line, action]) => [line.join(' '), line, action] as const))('%s', (_, line, action) => {
    expect(parseCommandLine(line, 'win32').action).toEqual(action);
  });

  it('tells POSIX paths from switches', () => {
    const { action } = parseCommandLine(
      ['/capture', '/mnt/c', '/srv/my.wim', 'name', 'desc', '/check'],
      'linux',
    );
    expect(action).toMatchObject({
      request: { source: '/mnt/c', wim: '/srv/my.wim', description: 'desc', integrity: true },
    });
    expect(parseCommandLine(['/capture', '/boot/', '/capture'], 'linux').action).toMatchObject({
      request: { source: '/boot/', wim: '/capture' },
    });
    expect(parseCommandLine(['/apply', '/srv/a.wim', '/mnt/new', '1'], 'linux').action).toEqual({
      verb: 'apply',
      request: { wim: '/srv/a.wim', image: 1, target: '/mnt/new' },
    });
    // A drive letter is a name like any other there.
    expect(parseCommandLine(['/dir', 'C:'], 'linux').action).toMatchObject({ request: { wim: 'C:' } });
  });

  it('takes wimsmith options along, and a log file', () => {
    const { common, action } = parseCommandLine(
      ['--quiet', '/info', 'a.wim', '--json', '/logfile', 'x.log', '--progress', 'none', '--dry-run'],
      'linux',
    );
    expect(common).toEqual({
      json: true,
      lowPriority: false,
      progress: 'none',
      quiet: true,
      verbose: false,
      dryRun: true,
      log: 'x.log',
    });
    expect(action).toMatchObject({ request: { wim: 'a.wim', dryRun: true } });
  });

  it('takes names that only look like paths', () => {
    expect(parseCommandLine(['/capture', 'a', 'b', '/data/c', 'x/y'], 'linux').action).toMatchObject({
      request: { name: '/data/c', description: 'x/y' },
    });
    expect(parseCommandLine(['/capture', 'a', 'b', 'n', '/compress', 'MAX'], 'linux').action).toMatchObject({
      request: { compression: { format: 'lzx' } },
    });
    const recovery = parseCommandLine(['/export', 'a', '1', 'b', '/compress', 'recovery'], 'linux');
    expect(recovery).toMatchObject({
      action: { request: { compression: { format: 'lzms' } } },
      refusals: [],
    });
  });

  it.each([
    [['/apply', '/ref', 'p.swm', 'p2.swm', 'p.swm', '1', 'out'], ['p.swm', 'p2.swm'], 'p.swm', 1],
    [['/ref', 'p.swm', 'p2.swm', '/apply', 'p.wim', '1', 'out'], ['p.swm', 'p2.swm'], 'p.wim', 1],
    [['/ref', 'p.swm', 'p2.swm', '/apply', 'p.wim', 'out'], ['p.swm', 'p2.swm'], 'p.wim', undefined],
    [['/apply', 'p.swm', 'out', '/ref', 'p.swm', 'p2.swm'], ['p.swm', 'p2.swm'], 'p.swm', undefined],
    [['/apply', '/ref', 'p*.swm', 'p.swm', '1', 'out'], ['p*.swm'], 'p.swm', 1],
    [['/apply', '/ref:p*.swm', 'p.swm', '1', 'out'], ['p*.swm'], 'p.swm', 1],
    [['/apply', '/ref', 'x.wim', 'p.swm', '1', 'out'], ['x.wim'], 'p.swm', 1],
  ])('%s: /ref leaves the WIM', (line, ref, wim, image) => {
    const { action } = parseCommandLine(line, 'linux');
    expect(action).toEqual({
      verb: 'apply',
      request: { wim, ...(image === undefined ? {} : { image }), target: 'out', ref },
    });
  });

  it('/ref leaves the destination of an export', () => {
    const line = ['/export', 'a.swm', '1', '/ref', 'a.swm', 'a2.swm', 'b.swm'];
    expect(parseCommandLine(line, 'linux').action).toMatchObject({
      request: { wim: 'a.swm', image: 1, destination: 'b.swm', ref: ['a.swm', 'a2.swm'] },
    });
  });

  it('says which switches change nothing', () => {
    const notes = (...line: string[]): readonly string[] => parseCommandLine(line, 'linux').notes;
    expect(notes('/info', 'a.wim', '/count', '/scroll', '/verify')).toEqual([
      '/count has no effect with /info',
    ]);
    expect(notes('/append', 'a', 'b', '/compress', 'none')).toEqual(['/compress has no effect with /append']);
    expect(notes('/capture', 'a', 'b', '/check', '/compress', 'none', '/boot')).toEqual([]);
  });

  it('tells an option without a value from the switch after it', () => {
    const { common, action } = parseCommandLine(['/info', 'a.wim', '--json', '-check'], 'linux');
    expect(common.json).toBe(true);
    expect(action).toMatchObject({ request: { wim: 'a.wim', verifyIntegrity: true } });
    expect(parseCommandLine(['-h'], 'linux').action).toEqual({ verb: 'help', topic: null });
  });

  it.each([[['/mount', 'a.wim', '1', 'C:\\mnt']], [['/unmount', '/commit', 'C:\\mnt']]])(
    '%s is refused',
    (line) => {
      expect(parseCommandLine(line, 'win32').refusals).toHaveLength(1);
    },
  );

  it.each([
    [['/frob', 'a.wim'], 'win32', 'no switch /frob'],
    [['/frob', 'a.wim'], 'linux', 'no verb of ImageX'],
    [['/capture', 'a'], 'win32', 'too few'],
    [['/info', 'a', '1', 'b', 'c', 'd'], 'win32', 'too many'],
    [['/capture', 'a', 'b', '/check:yes'], 'win32', 'takes no value'],
    [['/capture', 'a', 'b', '/config'], 'win32', 'needs a value'],
    [['/split', 'a', 'b', 'big'], 'win32', 'no part size'],
    [['/capture', 'a', 'b', 'n', '/chek'], 'linux', 'unknown switch /chek; did you mean /check?'],
    [['/capture', 'a', 'b', '/frobnicate'], 'linux', 'unknown switch /frobnicate'],
    [['/capture', 'a', 'b', 'n', '-chek'], 'win32', 'unknown switch -chek; did you mean -check?'],
    [['/capture', 'a', 'b', 'n', 'd', '/chek'], 'linux', 'unknown switch /chek'],
    [['/append', 'a', 'b', 'n', '/chek:yes'], 'linux', 'unknown switch /chek:yes; did you mean /check?'],
    [['/export', 'a', '1', 'b', '/bot'], 'linux', 'unknown switch /bot; did you mean /boot?'],
    [['/info', 'a', '/xlm'], 'linux', 'unknown switch /xlm; did you mean /xml?'],
    [['/info', 'a', '1', '/xlm'], 'linux', 'unknown switch /xlm'],
    [['/dir', 'a', '/chek'], 'linux', 'unknown switch /chek'],
    [['/delete', 'a', '/chek'], 'linux', 'unknown switch /chek'],
    [['/apply', 'a', '/chek', 'out'], 'linux', 'unknown switch /chek'],
    [['/chek', '/info', 'a'], 'win32', 'no switch /chek; did you mean /check?'],
    [['/aply', 'a', '1', 'out'], 'linux', '/aply is no verb of ImageX; did you mean /apply?'],
    [['/capture', 'a', 'b', 'n', '/compress', 'lzx'], 'linux', '/compress takes maximum, fast or none'],
    [['/capture', 'a', 'b', '/compress:lzx'], 'linux', '/compress takes maximum, fast or none'],
    [['/capture', 'a', 'b', '/compress'], 'linux', '/compress takes maximum, fast or none'],
    [['/compress', '/capture', 'a', 'b'], 'linux', '/compress takes maximum, fast or none'],
    [['/capture', 'a', 'b', '/config', '/check'], 'linux', '/config needs a value'],
    [['/apply', 'a', '1', 'c', '/ref', '/check'], 'linux', '/ref needs a value'],
    [['/apply', '/ref', 'a.swm', '1', 'out'], 'linux', '/ref took a.swm, and too few arguments are left'],
    [['/apply', 'a.swm', '/ref', 'a.swm'], 'linux', '/ref took a.swm, and too few arguments are left'],
    [['/info', 'a', '--log='], 'linux', '--log needs the name of a file'],
    [['/info', 'a', '/logfile', ''], 'linux', '/logfile needs the name of a file'],
  ])('%s on %s: %s', (line, platform, problem) => {
    expect(() => parseCommandLine(line, platform)).toThrow(problem);
  });
});

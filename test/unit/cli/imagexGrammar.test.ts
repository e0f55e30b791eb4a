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
    ['/compress', '/capture', 'D:\\', 'a.wim', '/norpfix', '/scroll', '/count', '5'],
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
      progress: 'none',
      quiet: true,
      verbose: false,
      dryRun: true,
      log: 'x.log',
    });
    expect(action).toMatchObject({ request: { wim: 'a.wim', dryRun: true } });
  });

  it('tells an option without a value from the switch after it', () => {
    const { common, action } = parseCommandLine(['/info', 'a.wim', '--json', '-check'], 'linux');
    expect(common.json).toBe(true);
    expect(action).toMatchObject({ request: { wim: 'a.wim', verifyIntegrity: true } });
    expect(parseCommandLine(['-h'], 'linux').action).toEqual({ verb: 'help', topic: null });
  });

  it.each([
    [['/mount', 'a.wim', '1', 'C:\\mnt']],
    [['/unmount', '/commit', 'C:\\mnt']],
    [['/capture', 'a', 'b', '/compress', 'recovery']],
  ])('%s is refused', (line) => {
    expect(parseCommandLine(line, 'win32').refusals).toHaveLength(1);
  });

  it.each([
    [['/frob', 'a.wim'], 'win32', 'no switch /frob'],
    [['/frob', 'a.wim'], 'linux', 'no verb of ImageX'],
    [['/capture', 'a'], 'win32', 'too few'],
    [['/info', 'a', '1', 'b', 'c', 'd'], 'win32', 'too many'],
    [['/capture', 'a', 'b', '/check:yes'], 'win32', 'takes no value'],
    [['/capture', 'a', 'b', '/config'], 'win32', 'needs a value'],
    [['/split', 'a', 'b', 'big'], 'win32', 'no part size'],
  ])('%s on %s: %s', (line, platform, problem) => {
    expect(() => parseCommandLine(line, platform)).toThrow(problem);
  });
});

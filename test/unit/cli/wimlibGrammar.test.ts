import { describe, expect, it } from 'vitest';
import type { Action, ParsedCommandLine } from '../../../src-main/cli/command';
import { parseCommandLine } from '../../../src-main/cli/grammar/commandLine';

/** Words of a line; double quotes keep spaces. */
function words(line: string): string[] {
  return Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), (match) => match[1] ?? match[2]);
}

function parse(line: string): ParsedCommandLine {
  return parseCommandLine(words(line), 'linux');
}

const overwrite = { overwrite: true };

/** Lines of wimlib-imagex and what they ask for. */
const lines: readonly (readonly [line: string, action: Action])[] = [
  ['capture src a.wim', { verb: 'capture', request: { source: 'src', wim: 'a.wim', ...overwrite } }],
  [
    'capture src a.wim "My image" "What it is" --boot --check',
    {
      verb: 'capture',
      request: {
        source: 'src',
        wim: 'a.wim',
        name: 'My image',
        description: 'What it is',
        boot: true,
        integrity: true,
        verifyIntegrity: true,
        ...overwrite,
      },
    },
  ],
  [
    'capture --compress=LZX:80 src --chunk-size 64K a.wim --threads=3 --include-integrity',
    {
      verb: 'capture',
      request: {
        source: 'src',
        wim: 'a.wim',
        compression: { format: 'lzx', level: 80 },
        chunkSize: 65536,
        threads: 3,
        integrity: true,
        ...overwrite,
      },
    },
  ],
  [
    'capture src a.wim --compress max --threads 0 --nocheck',
    {
      verb: 'capture',
      request: {
        source: 'src',
        wim: 'a.wim',
        compression: { format: 'lzx' },
        integrity: false,
        ...overwrite,
      },
    },
  ],
  [
    'capture src a.wim --unix-data --dereference --noacls --norpfix --not-pipable --no-check --config=c.ini',
    {
      verb: 'capture',
      request: {
        source: 'src',
        wim: 'a.wim',
        unixData: true,
        dereference: true,
        securityDescriptors: 'none',
        fixReparsePoints: false,
        pipable: false,
        integrity: false,
        ...overwrite,
      },
      configFile: 'c.ini',
    },
  ],
  [
    'capture src a.wim --flags=Pro --image-property WINDOWS/EDITIONID=Pro=x --strict-acls --rpfix',
    {
      verb: 'capture',
      request: {
        source: 'src',
        wim: 'a.wim',
        properties: [
          ['FLAGS', 'Pro'],
          ['WINDOWS/EDITIONID', 'Pro=x'],
        ],
        securityDescriptors: 'strict',
        fixReparsePoints: true,
        ...overwrite,
      },
    },
  ],
  [
    'capture list.txt a.wim --source-list',
    { verb: 'capture', request: { source: 'list.txt', wim: 'a.wim', ...overwrite }, sourceList: true },
  ],
  [
    'capture src - --compress=none',
    {
      verb: 'capture',
      request: { source: 'src', wim: '-', compression: { format: 'none' }, pipable: true, ...overwrite },
    },
  ],
  [
    'capture src a.wim --delta-from=b.wim --update-of=2',
    {
      verb: 'capture',
      request: {
        source: 'src',
        wim: 'a.wim',
        deltaFrom: ['b.wim'],
        updateOf: { wim: 'b.wim', image: 2 },
        ...overwrite,
      },
    },
  ],
  [
    'capture src a.wim --update-of=C:/x.wim:base --delta-from=b --delta-from=c',
    {
      verb: 'capture',
      request: {
        source: 'src',
        wim: 'a.wim',
        deltaFrom: ['b', 'c'],
        updateOf: { wim: 'C:/x.wim', image: 'base' },
        ...overwrite,
      },
    },
  ],
  [
    'capture src a.wim --wimboot',
    {
      verb: 'capture',
      request: {
        source: 'src',
        wim: 'a.wim',
        wimboot: true,
        compression: { format: 'xpress' },
        chunkSize: 4096,
        ...overwrite,
      },
    },
  ],
  [
    'append src a.wim --compress=fast --rebuild --pipable',
    { verb: 'append', request: { source: 'src', wim: 'a.wim', rebuild: true, pipable: true } },
  ],
  [
    'append src a.wim --create --compress=fast --update-of=-1',
    {
      verb: 'append',
      request: {
        source: 'src',
        wim: 'a.wim',
        create: true,
        compression: { format: 'xpress' },
        updateOf: { image: 0 },
      },
      updateOfFromEnd: 1,
    },
  ],
  [
    'append src - --create',
    { verb: 'capture', request: { source: 'src', wim: '-', pipable: true, ...overwrite } },
  ],
  ['apply a.wim out', { verb: 'apply', request: { wim: 'a.wim', target: 'out' } }],
  [
    'apply a.swm 2 out --ref=a*.swm --ref b.wim --check --unix-data --no-acls --norpfix --verbose',
    {
      verb: 'apply',
      request: {
        wim: 'a.swm',
        image: 2,
        target: 'out',
        ref: ['a*.swm', 'b.wim'],
        verifyIntegrity: true,
        unixData: true,
        securityDescriptors: 'none',
        fixReparsePoints: false,
      },
    },
  ],
  [
    'apply - ALL out --recover-data --include-invalid-names --no-attributes',
    {
      verb: 'apply',
      request: { wim: '-', image: 'all', target: 'out', recoverData: true, includeInvalidNames: true },
    },
  ],
  [
    'delete a.wim "Second one" --soft --check',
    {
      verb: 'delete',
      request: { wim: 'a.wim', image: 'Second one', soft: true, integrity: true, verifyIntegrity: true },
    },
  ],
  [
    'delete a.wim * --unsafe-compact',
    { verb: 'delete', request: { wim: 'a.wim', image: 'all', rebuild: true } },
  ],
  ['dir a.wim', { verb: 'dir', request: { wim: 'a.wim' }, detailed: false }],
  [
    'dir a.wim 1 --path=/x --detailed --one-file-only --ref=b.wim',
    {
      verb: 'dir',
      request: { wim: 'a.wim', image: 1, path: '/x', oneFileOnly: true, ref: ['b.wim'] },
      detailed: true,
    },
  ],
  ['export a.wim 1 b.wim', { verb: 'export', request: { wim: 'a.wim', image: 1, destination: 'b.wim' } }],
  [
    'export a.wim all - name desc --boot --recompress --compress=xpress:20 --ref=x --rebuild',
    {
      verb: 'export',
      request: {
        wim: 'a.wim',
        image: 'all',
        destination: '-',
        name: 'name',
        description: 'desc',
        boot: true,
        compression: { format: 'xpress', level: 20 },
        recompress: true,
        rebuild: true,
        ref: ['x'],
        pipable: true,
      },
    },
  ],
  [
    'extract a.wim 1',
    {
      verb: 'extract',
      request: { wim: 'a.wim', image: 1, paths: [], destination: '.', globs: true },
      groups: [],
    },
  ],
  [
    'extract a.wim 1 /a /b @list /c --dest-dir=out --nullglob --preserve-dir-structure',
    {
      verb: 'extract',
      request: {
        wim: 'a.wim',
        image: 1,
        paths: [],
        destination: 'out',
        globs: true,
        nullGlob: true,
        preserveStructure: true,
      },
      groups: [
        { kind: 'paths', paths: ['/a', '/b'] },
        { kind: 'list', file: 'list' },
        { kind: 'paths', paths: ['/c'] },
      ],
    },
  ],
  [
    'extract a.wim 1 /a --to-stdout --no-wildcards',
    {
      verb: 'extract',
      request: { wim: 'a.wim', image: 1, paths: [], destination: '-', toStdout: true, globs: false },
      groups: [{ kind: 'paths', paths: ['/a'] }],
    },
  ],
  [
    'info a.wim',
    { verb: 'info', request: { wim: 'a.wim' }, show: { header: false, blobs: false, xml: false } },
  ],
  // Without a change --check only verifies.
  [
    'info a.wim all --check --lookup-table --header --xml --extract-xml out.xml',
    {
      verb: 'info',
      request: { wim: 'a.wim', verifyIntegrity: true },
      show: { header: true, blobs: true, xml: true, extractXml: 'out.xml' },
    },
  ],
  [
    'info a.wim 2 new "new desc" --boot --check --image-property FLAGS=x',
    {
      verb: 'info',
      request: {
        wim: 'a.wim',
        image: 2,
        newName: 'new',
        newDescription: 'new desc',
        properties: [['FLAGS', 'x']],
        boot: true,
        verifyIntegrity: true,
        integrity: true,
      },
      show: { header: false, blobs: false, xml: false },
    },
  ],
  [
    'info a.wim 0 --boot',
    {
      verb: 'info',
      request: { wim: 'a.wim', image: 0, boot: true },
      show: { header: false, blobs: false, xml: false },
    },
  ],
  [
    'info a.wim --no-readonly',
    {
      verb: 'info',
      request: { wim: 'a.wim', readOnly: false },
      show: { header: false, blobs: false, xml: false },
    },
  ],
  [
    'join o.wim a.swm a2.swm --check',
    {
      verb: 'join',
      request: { parts: ['a.swm', 'a2.swm'], destination: 'o.wim', integrity: true, verifyIntegrity: true },
    },
  ],
  ['optimize a.wim', { verb: 'optimize', request: { wim: 'a.wim', rebuild: true } }],
  [
    'optimize a.wim --compress=lzx --chunk-size=1MiB --nocheck --not-pipable',
    {
      verb: 'optimize',
      request: {
        wim: 'a.wim',
        rebuild: true,
        recompress: true,
        compression: { format: 'lzx' },
        chunkSize: 1048576,
        integrity: false,
        pipable: false,
      },
    },
  ],
  [
    'split a.wim a.swm 1.5',
    { verb: 'split', request: { wim: 'a.wim', destination: 'a.swm', partSize: 1572864 } },
  ],
  [
    'update a.wim --command "delete /x" --force --recursive --no-replace --config=c --unix-data --ref=b --rebuild',
    {
      verb: 'update',
      request: { wim: 'a.wim', edits: [], unixData: true, ref: ['b'], rebuild: true },
      configFile: 'c',
      command: 'delete /x',
      force: true,
      recursive: true,
      noReplace: true,
    },
  ],
  [
    'update a.wim 1 --wimboot-config=w.ini',
    {
      verb: 'update',
      request: { wim: 'a.wim', image: 1, edits: [] },
      wimbootConfig: 'w.ini',
      force: false,
      recursive: false,
      noReplace: false,
    },
  ],
  [
    'verify a.wim --ref=*.swm',
    { verb: 'verify', request: { wim: 'a.wim', verifyIntegrity: true, ref: ['*.swm'] } },
  ],
  ['verify a.wim --nocheck', { verb: 'verify', request: { wim: 'a.wim', verifyIntegrity: false } }],
  // getopt_long_only: shortened names, one dash, the end of options.
  [
    'capture src a.wim -check --comp=none --uni',
    {
      verb: 'capture',
      request: {
        source: 'src',
        wim: 'a.wim',
        compression: { format: 'none' },
        unixData: true,
        integrity: true,
        verifyIntegrity: true,
        ...overwrite,
      },
    },
  ],
  [
    'dir --one -- --odd.wim',
    { verb: 'dir', request: { wim: '--odd.wim', oneFileOnly: true }, detailed: false },
  ],
  ['capture --help', { verb: 'help', topic: 'capture' }],
  ['help exit-codes', { verb: 'help', topic: 'exit-codes' }],
  ['--help', { verb: 'help', topic: null }],
  ['apply a b --version', { verb: 'version' }],
];

describe('command lines of wimlib-imagex', () => {
  it.each(lines)('%s', (line, action) => {
    expect(parse(line).action).toEqual(action);
  });

  it.each([
    ['', 'no verb'],
    ['frobnicate a.wim', '"frobnicate" is no verb'],
    ['capture src', 'too few arguments'],
    ['delete a.wim', 'too few arguments'],
    ['split a b 1 2', 'too many arguments'],
    ['capture src a.wim --compress=zip', '"zip" is no compression'],
    ['capture src a.wim --compress=lzx:0', 'no positive number'],
    ['capture src a.wim --chunk-size=12Q', 'no chunk size'],
    ['capture src a.wim --chunk-size=4G', 'no chunk size'],
    ['capture src a.wim --threads=-1', 'no number of threads'],
    ['capture src a.wim --image-property=x', 'NAME=VALUE'],
    ['capture src a.wim --update-of=1', 'needs the WIM'],
    ['capture src a.wim --update-of=a:1 --update-of=a:2', 'once'],
    ['capture src a.wim --create', 'belongs to append'],
    ['capture src a.wim --unsafe-compact', 'belongs to append'],
    ['append src -', 'standard output'],
    ['capture src a.wim --check --nocheck', 'excludes'],
    ['capture src a.wim --rpfix --norpfix', 'exclude each other'],
    ['capture src a.wim --s', 'can mean'],
    ['capture src a.wim --frob', 'no option --frob'],
    ['capture src a.wim --boot=1', 'takes no value'],
    ['capture src a.wim --config', 'needs a value'],
    ['apply - out --ref=x', '--ref cannot be used'],
    ['extract a.wim all /x', 'takes one image'],
    ['extract a.wim 1 /x --no-globs --nullglob', 'exclude each other'],
    ['split a.wim b.swm lots', 'no part size'],
    ['split a.wim b.swm 0', 'no part size'],
    ['update a.wim --command=a --command=b', 'once'],
    ['info a.wim --progress=bar', '--progress takes'],
    ['capture src a.wim n /check', '/check is a switch as ImageX has them, not a name'],
    ['capture src a.wim n /check', 'use --check'],
    ['capture src a.wim /chek', 'use --check'],
    ['append src a.wim n /frobnicate', 'options begin with "--"'],
    ['export a.wim 1 b.wim /boot', 'use --boot'],
    ['info a.wim /xml', 'use --xml'],
    ['info a.wim 1 n /check', 'use --check'],
    ['captuer src a.wim', '"captuer" is no verb; did you mean "capture"?'],
    ['aply a.wim out', 'did you mean "apply"?'],
    ['capture src a.wim --chek', 'no option --chek; did you mean --check?'],
    ['info a.wim --jsno', 'did you mean --json?'],
    ['info a.wim --log=', '--log needs the name of a file'],
  ])('%s is refused: %s', (line, problem) => {
    expect(() => parse(line)).toThrow(problem);
  });

  it('knows what is not there yet', () => {
    const refused = (line: string): readonly string[] => parse(line).refusals;
    expect(refused('capture a b --snapshot')[0]).toContain('--snapshot');
    expect(refused('apply a b --compact=lzx')[0]).toContain('--compact');
    expect(refused('extract a 1 --wimboot')[0]).toContain('--wimboot');
    expect(refused('mount a 1 b')[0]).toContain('not mounted');
    expect(refused('unmount b')[0]).toContain('not mounted');
  });

  it('reads how solid resources are made', () => {
    const line = 'capture a b --solid --solid-compress=lzx:80 --solid-chunk-size=2M --no-solid-sort';
    expect(parse(line).action).toMatchObject({
      request: {
        solid: true,
        solidCompression: { format: 'lzx', level: 80 },
        solidChunkSize: 2 ** 21,
        noSolidSort: true,
      },
    });
    expect(parse('optimize a --solid').action).toMatchObject({ request: { solid: true, recompress: true } });
    expect(() => parse('capture a b --solid --solid-compress=none')).toThrow('always compressed');
  });

  it.each([
    ['--memory=512M', 512 * 2 ** 20],
    ['--memory=2GiB', 2 * 2 ** 30],
    ['--memory=700', 700 * 2 ** 20],
    ['--memory=64k', 65_536],
  ])('%s is %d bytes', (option, memory) => {
    for (const verb of ['capture a b', 'apply a b', 'extract a 1', 'verify a', 'split a b 1', 'delete a 1'])
      expect(parse(`${verb} ${option} --threads=3`).action).toMatchObject({
        request: { memory, threads: 3 },
      });
    expect(() => parse('verify a --memory=much')).toThrow('no amount of memory');
  });

  it('keeps names that are paths', () => {
    expect(parse('capture src a.wim /data/c "/no switch"').action).toMatchObject({
      request: { name: '/data/c', description: '/no switch' },
    });
  });

  it.each(['help apply --json', '--json help apply', 'apply --help --json', '--help apply --json'])(
    '%s is help with a document',
    (line) => {
      const { action, common } = parse(line);
      expect(action).toEqual({ verb: 'help', topic: 'apply' });
      expect(common.json).toBe(true);
    },
  );

  it('takes the options of every verb before the verb and after it', () => {
    const expected = {
      json: true,
      progress: 'json',
      quiet: true,
      verbose: true,
      log: 'x.log',
      dryRun: true,
      lowPriority: true,
    };
    expect(
      parse('--json --quiet --log x.log delete a.wim 1 --verbose --dry-run --progress=json --low-priority')
        .common,
    ).toEqual(expected);
    expect(parse('delete a.wim 1 --dry-run').action).toEqual({
      verb: 'delete',
      request: { wim: 'a.wim', image: 1, dryRun: true },
    });
  });
});

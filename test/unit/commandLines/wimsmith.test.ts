import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src-main/cli/grammar/commandLine';
import type { ShellStyle } from '../../../src-shared/commandLines/shapes';
import { wimsmithLine } from '../../../src-shared/commandLines/wimsmith';
import type { Work } from '../../../src-shared/contract/work';
import { splitByCmd, splitBySh } from './shells';
import { posixPath, windowsPath, withoutUsual, works } from './works';

const DEFAULT_XPRESS_CHUNK = 32_768;

/** What the command line's own grammar makes of the line. */
function parsed(line: string, style: ShellStyle): ReturnType<typeof parseCommandLine> {
  const args = style === 'posix' ? splitBySh(line) : splitByCmd(line.replace('< commands.txt', ''));
  return parseCommandLine(args, style === 'posix' ? 'linux' : 'win32');
}

/** The action that a line of this work has to become, from what the options are documented to mean. */
function expected(work: Work): Record<string, unknown> {
  const request = withoutUsual(work.request);
  const action: Record<string, unknown> = { verb: work.verb };
  if (request['integrity'] === false && ['delete', 'join', 'split', 'update'].includes(work.verb)) {
    // They have no --nocheck, and --check would write a table.
    delete request['integrity'];
    delete request['verifyIntegrity'];
  } else if (request['verifyIntegrity'] === true) {
    // --check does both; --nocheck leaves no way to ask for the check.
    if (request['integrity'] === false) delete request['verifyIntegrity'];
    else if (work.verb !== 'apply' && work.verb !== 'extract' && work.verb !== 'verify')
      request['integrity'] = true;
  }
  switch (work.verb) {
    case 'capture':
    case 'append': {
      const makes = work.verb === 'capture' || work.request.create === true;
      if (request['config'] !== undefined) action['configFile'] = 'wimscript.ini';
      delete request['config'];
      if (!makes) delete request['compression'];
      if (makes && request['wimboot'] === true) {
        request['compression'] ??= { format: 'lzx' };
        const { format } = request['compression'] as { format: string };
        if (format === 'xpress') request['chunkSize'] ??= DEFAULT_XPRESS_CHUNK;
      }
      if (work.verb === 'capture') request['overwrite'] = true;
      else delete request['overwrite'];
      // With a delta an image without a WIM would be one of the delta's.
      const { updateOf, deltaFrom } = work.request;
      if (
        work.verb === 'append' &&
        updateOf !== undefined &&
        updateOf.wim === undefined &&
        deltaFrom !== undefined
      )
        request['updateOf'] = { wim: work.request.wim, image: updateOf.image };
      if (work.request.name === undefined && work.request.description !== undefined) {
        const flags = (request['properties'] ?? []) as unknown[];
        request['properties'] = [...flags, ['DESCRIPTION', work.request.description]];
        delete request['description'];
      }
      break;
    }
    case 'verify':
      request['verifyIntegrity'] = true;
      break;
    case 'optimize':
      request['rebuild'] = true;
      if (request['compression'] !== undefined || request['solid'] === true) request['recompress'] = true;
      break;
    case 'info':
      action['show'] = { header: false, blobs: false, xml: false };
      break;
    case 'extract':
      action['groups'] = groups(work.request.paths);
      request['paths'] = [];
      break;
    case 'update':
      Object.assign(action, { force: false, recursive: false, noReplace: false });
      request['edits'] = [];
      break;
    case 'apply':
    case 'delete':
    case 'export':
    case 'join':
    case 'split':
    case 'diskCreate':
    case 'diskPrepare':
    case 'diskConvert':
    case 'diskWipe':
    case 'driversAdd':
    case 'driversExport':
    case 'driversRemove':
      break;
  }
  return { ...action, request };
}

function groups(paths: readonly string[]): unknown[] {
  return paths.some((path) => path.startsWith('@'))
    ? [{ kind: 'list', file: 'paths.txt' }]
    : [{ kind: 'paths', paths }];
}

describe.each([
  ['posix', posixPath, 250],
  ['windows', windowsPath, 1500],
] as const)('the wimsmith line for a %s shell', (style, path, numRuns) => {
  it('is read by the command line as the same verb with an equivalent request', () => {
    let lines = 0;
    fc.assert(
      fc.property(works(path), (work) => {
        const result = wimsmithLine(work, style);
        if (result.line === null) {
          // Never for want of a word for an option: only because of names that would be read otherwise.
          expect(['imageName', 'nameLooksLikeSwitch', 'updateOf', 'lineBreak']).toContain(result.reason);
          return;
        }
        lines += 1;
        const { action, refusals } = parsed(result.line, style);
        expect(refusals).toEqual([]);
        expect({ ...action, request: withoutUsual('request' in action ? action.request : {}) }).toEqual(
          expected(work),
        );
      }),
      { numRuns },
    );
    expect(lines).toBeGreaterThan(numRuns / 2);
  });
});

it('reads as a technician would write it', () => {
  const work: Work = {
    verb: 'capture',
    request: {
      source: '/mnt/ref',
      wim: '/images/lab.wim',
      name: 'Win 11 base',
      compression: { format: 'lzx' },
      integrity: true,
      overwrite: true,
    },
  };
  expect(wimsmithLine(work, 'posix')).toEqual({
    line: "wimsmith capture --compress=maximum --include-integrity /mnt/ref /images/lab.wim 'Win 11 base'",
    notes: [],
  });
});

it('says what stands for a file, what it overwrites and what it leaves out', () => {
  const capture: Work = {
    verb: 'capture',
    request: {
      source: '/a',
      wim: 'b.wim',
      sourceList: '/a /\n',
      config: '[ExclusionList]\n',
      retainGuid: true,
    },
  };
  const result = wimsmithLine(capture, 'posix');
  expect(result).toMatchObject({
    notes: [
      { key: 'configFile' },
      { key: 'overwrites' },
      { key: 'sourceList' },
      { key: 'leftOut', settings: ['retainGuid'] },
    ],
  });
  expect(result.line).toContain('--config=wimscript.ini --source-list sources.txt b.wim');
  const apply: Work = { verb: 'apply', request: { wim: 'b.wim', target: '/t', strictShortNames: true } };
  expect(wimsmithLine(apply, 'posix')).toMatchObject({
    notes: [{ key: 'leftOut', settings: ['strictShortNames'] }],
  });
});

it.each<[string, Work, string]>([
  [
    'taking a file out of its solid form alone',
    { verb: 'optimize', request: { wim: 'b', solid: false } },
    'solid',
  ],
  [
    'a name like a switch',
    { verb: 'append', request: { source: 'a', wim: 'b', name: '/boot' } },
    'nameLooksLikeSwitch',
  ],
  ['an image called by a number', { verb: 'delete', request: { wim: 'b', image: '12' } }, 'imageName'],
])('has no line for %s', (_title, work, reason) => {
  expect(wimsmithLine(work, 'posix')).toEqual({ line: null, reason });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCommandLine } from '../../../src-main/cli/grammar/commandLine';
import { imagexLine } from '../../../src-shared/commandLines/imagex';
import { lastPart } from '../../../src-shared/commandLines/shapes';
import type { Work } from '../../../src-shared/contract/work';
import { splitByCmd } from './shells';
import { posixPath, windowsPath, withoutUsual, works } from './works';

const kept: Readonly<Record<string, readonly string[]>> = {
  capture: ['source', 'wim', 'name', 'description', 'boot', 'fixReparsePoints', 'properties'],
  apply: ['wim', 'image', 'target', 'verifyIntegrity', 'fixReparsePoints', 'ref'],
  delete: ['wim', 'image'],
  export: ['wim', 'image', 'destination', 'name', 'description', 'boot', 'ref'],
  info: ['wim', 'image', 'newName', 'newDescription', 'boot'],
  split: ['wim', 'destination', 'partSize'],
};

/** The action that a line of this work has to become, from what ImageX's switches are documented to mean. */
function expected(work: Work): Record<string, unknown> {
  const request = withoutUsual(work.request);
  const names = kept[work.verb === 'append' ? 'capture' : work.verb] ?? [];
  const same = Object.fromEntries(Object.entries(request).filter(([name]) => names.includes(name)));
  // Links are adjusted unless the line says otherwise.
  if (same['fixReparsePoints'] === true) delete same['fixReparsePoints'];
  if (work.verb !== 'apply' && (request['integrity'] === true || request['verifyIntegrity'] === true))
    Object.assign(same, { integrity: true, verifyIntegrity: true });
  const action: Record<string, unknown> = { verb: work.verb };
  switch (work.verb) {
    case 'capture':
    case 'append':
      same['name'] ??= lastPart(work.request.source);
      if (work.verb === 'capture') {
        same['compression'] = { format: work.request.compression?.format ?? 'lzx' };
        same['overwrite'] = true;
      }
      if (request['config'] !== undefined) action['configFile'] = 'wimscript.ini';
      break;
    case 'apply':
      same['image'] ??= 1;
      break;
    case 'delete':
      same['soft'] = true;
      break;
    case 'export':
      if (work.request.compression !== undefined)
        same['compression'] = { format: work.request.compression.format };
      break;
    case 'info':
      action['show'] = { header: false, blobs: false, xml: false };
      break;
    case 'extract':
    case 'join':
    case 'optimize':
    case 'split':
    case 'update':
    case 'verify':
    case 'diskCreate':
    case 'diskPrepare':
    case 'diskConvert':
    case 'diskWipe':
    case 'driversAdd':
    case 'driversExport':
    case 'driversRemove':
      break;
  }
  return { ...action, request: same };
}

it.each([
  ['win32', windowsPath],
  ['linux', posixPath],
] as const)('is read by our grammar of ImageX as an equivalent request, on %s', (platform, path) => {
  const numRuns = 1500;
  let lines = 0;
  fc.assert(
    fc.property(works(path), (work) => {
      const result = imagexLine(work);
      if (result.line === null) {
        if (kept[work.verb === 'append' ? 'capture' : work.verb] === undefined)
          expect(result.reason).toBe('noVerb');
        return;
      }
      lines += 1;
      const { action, refusals } = parseCommandLine(splitByCmd(result.line), platform);
      expect(refusals).toEqual([]);
      const request = withoutUsual('request' in action ? action.request : {});
      const wanted = expected(work);
      // A target that is a folder may be written with a separator at its end, to tell it from a switch.
      expect({ ...action, request }).toEqual(wanted);
    }),
    { numRuns },
  );
  expect(lines).toBeGreaterThan(numRuns / 10);
});

it('reads as the guides write it', () => {
  const work: Work = {
    verb: 'capture',
    request: {
      source: 'C:\\Ref',
      wim: 'D:\\my images\\lab.wim',
      name: 'Win 11',
      compression: { format: 'lzx' },
      integrity: true,
      overwrite: true,
      fixReparsePoints: false,
    },
  };
  expect(imagexLine(work)).toEqual({
    line: 'imagex /capture C:\\Ref "D:\\my images\\lab.wim" "Win 11" /compress maximum /check /norpfix',
    notes: [{ key: 'checkDoesBoth' }].slice(1),
  });
});

it('writes a folder that is called like a switch so that it is none', () => {
  const result = imagexLine({
    verb: 'capture',
    request: { source: '/boot', wim: '/tmp/b.wim', overwrite: true },
  });
  expect(result.line).toBe('imagex /capture /boot/ /tmp/b.wim boot /compress maximum');
});

it.each<[string, Work, string]>([
  ['verify', { verb: 'verify', request: { wim: 'b' } }, 'noVerb'],
  ['LZMS', { verb: 'capture', request: { source: 'a', wim: 'b', compression: { format: 'lzms' } } }, 'lzms'],
  ['a delta', { verb: 'capture', request: { source: 'a', wim: 'b', deltaFrom: ['c'] } }, 'delta'],
  ['all images', { verb: 'delete', request: { wim: 'b', image: 'all' } }, 'allImages'],
  [
    'a name with a dash',
    { verb: 'append', request: { source: 'a', wim: 'b', name: '-old' } },
    'nameLooksLikeSwitch',
  ],
])('has no line for %s', (_title, work, reason) => {
  expect(imagexLine(work)).toEqual({ line: null, reason });
});

it('says that a deleted image leaves its data', () => {
  expect(imagexLine({ verb: 'delete', request: { wim: 'b.wim', image: 2 } })).toEqual({
    line: 'imagex /delete b.wim 2',
    notes: [{ key: 'deleteKeepsData' }],
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reportLinesOf } from '../../../src-shared/commandLines/commandLines';
import { dismLine } from '../../../src-shared/commandLines/dism';
import { imagexLine } from '../../../src-shared/commandLines/imagex';
import type { Work } from '../../../src-shared/contract/work';
import { splitByCmd } from './shells';
import { windowsPath, works } from './works';

const wim = 'D:\\my images\\lab.wim';

it.each<[string, Work, string]>([
  [
    'capture',
    {
      verb: 'capture',
      request: {
        source: 'C:\\Ref',
        wim,
        name: 'Win 11',
        description: '24H2',
        compression: { format: 'lzx' },
        integrity: true,
        boot: true,
        config: '[ExclusionList]\n',
        fixReparsePoints: false,
      },
    },
    'Dism /Capture-Image /ImageFile:"D:\\my images\\lab.wim" /CaptureDir:C:\\Ref /Name:"Win 11" /Description:24H2 /Compress:max /ConfigFile:wimscript.ini /CheckIntegrity /Bootable /NoRpFix',
  ],
  [
    'append',
    { verb: 'append', request: { source: 'C:\\', wim: 'b.wim', name: 'n' } },
    'Dism /Append-Image /ImageFile:b.wim /CaptureDir:C:\\ /Name:n',
  ],
  [
    'apply',
    {
      verb: 'apply',
      request: { wim: 'a.swm', image: 2, target: 'D:\\', verifyIntegrity: true, ref: ['a*.swm'] },
    },
    'Dism /Apply-Image /ImageFile:a.swm /Index:2 /ApplyDir:D:\\ /CheckIntegrity /SWMFile:"a*.swm"',
  ],
  [
    'export',
    {
      verb: 'export',
      request: { wim: 'a.wim', image: 1, destination: 'b.esd', name: 'n', solid: true },
    },
    'Dism /Export-Image /SourceImageFile:a.wim /SourceIndex:1 /DestinationImageFile:b.esd /DestinationName:n /Compress:recovery',
  ],
  [
    'split',
    { verb: 'split', request: { wim: 'a.wim', destination: 'a.swm', partSize: 4000 * 2 ** 20 } },
    'Dism /Split-Image /ImageFile:a.wim /SWMFile:a.swm /FileSize:4000',
  ],
  [
    'delete',
    { verb: 'delete', request: { wim: 'a.wim', image: 'Win 11', soft: true } },
    'Dism /Remove-Image /ImageFile:a.wim /Name:"Win 11"',
  ],
])('writes %s as the documentation of DISM does', (_verb, work, line) => {
  expect(dismLine(work).line).toBe(line);
});

it.each<[string, Work, string]>([
  ['update', { verb: 'update', request: { wim: 'a', edits: [{ kind: 'delete', path: '/x' }] } }, 'noVerb'],
  ['verify', { verb: 'verify', request: { wim: 'a' } }, 'noVerb'],
  [
    'LZMS of a capture',
    { verb: 'capture', request: { source: 'a', wim: 'b', compression: { format: 'lzms' } } },
    'lzms',
  ],
  [
    // Its "recovery" is solid.
    'LZMS of an export that is not solid',
    {
      verb: 'export',
      request: { wim: 'a', image: 1, destination: 'b', compression: { format: 'lzms' } },
    },
    'lzms',
  ],
  [
    'a solid export in another format',
    {
      verb: 'export',
      request: { wim: 'a', image: 1, destination: 'b', solid: true, solidCompression: { format: 'lzx' } },
    },
    'solid',
  ],
  ['a pipable WIM', { verb: 'capture', request: { source: 'a', wim: 'b', pipable: true } }, 'pipable'],
])('has no line for %s', (_title, work, reason) => {
  expect(dismLine(work)).toEqual({ line: null, reason });
});

it('names what the line cannot say of solid data and of a split that compresses anew', () => {
  const solid = {
    solid: true,
    solidCompression: { format: 'lzms', level: 80 },
    solidChunkSize: 1 << 22,
  } as const;
  const exported = dismLine({ verb: 'export', request: { wim: 'a', image: 1, destination: 'b', ...solid } });
  expect(exported).toMatchObject({ notes: [{ key: 'leftOut', settings: ['level', 'solidChunkSize'] }] });
  const request = { wim: 'a', destination: 'b', partSize: 2 ** 20, compression: { format: 'lzx' } } as const;
  const left = { notes: [{ key: 'leftOut', settings: ['compression'] }] };
  expect(dismLine({ verb: 'split', request })).toMatchObject(left);
  expect(imagexLine({ verb: 'split', request })).toMatchObject(left);
});

it('names the paths of the work unchanged whatever is in them', () => {
  fc.assert(
    fc.property(works(windowsPath), (work) => {
      const { line } = dismLine(work);
      if (line === null) return;
      const args = splitByCmd(line);
      const file = args.find((arg) => /^\/(Source)?ImageFile:/.test(arg));
      expect(file?.slice(file.indexOf(':') + 1)).toBe('wim' in work.request ? work.request.wim : undefined);
      expect(args.every((arg) => arg.startsWith('/'))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

it('shows how each tool prints what a WIM holds', () => {
  const lines = reportLinesOf('D:\\a b.wim', 'windows');
  expect([lines.wimsmith?.line, lines.imagex?.line, lines.dism?.line]).toEqual([
    'wimsmith info "D:\\a b.wim"',
    'imagex /info "D:\\a b.wim"',
    'Dism /Get-ImageInfo /ImageFile:"D:\\a b.wim"',
  ]);
});

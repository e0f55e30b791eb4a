import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCaptureConfig } from '../../src-main/engine/tree/exclusions/captureConfig';
import { ExclusionMatcher } from '../../src-main/engine/tree/exclusions/exclusionMatcher';
import { compilePathGlob } from '../../src-main/engine/tree/glob';
import { parsePathList, parseSourceList } from '../../src-main/engine/tree/textLists';
import { parseUpdateCommands } from '../../src-main/engine/tree/updateCommands';
import { parseLinkData } from '../../src-main/engine/tree/symlinkReparse';
import { AppError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';

/** Pieces that these texts are made of, so that damage reaches beyond the first line. */
const piece = fc.oneof(
  fc.constantFrom(
    '[ExclusionList]\n',
    '[ExclusionException]\r\n',
    '[',
    ']',
    '\n',
    '\r',
    '"',
    "'",
    ' ',
    '\t',
    ';',
    '#',
  ),
  fc.constantFrom(
    'add ',
    'delete ',
    'rename ',
    '--force ',
    '--recursive ',
    '--',
    '\\',
    '/',
    '..',
    '*',
    '?',
    'C:',
    '\0',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
const bytes = fc.oneof(
  text.map((value) => new Uint8Array(Buffer.from(value, 'utf8'))),
  text.map((value) => new Uint8Array(Buffer.from(`\ufeff${value}`, 'utf16le'))),
  fc.uint8Array({ maxLength: 200 }),
);

const parsers: Readonly<Record<string, (content: Uint8Array) => unknown>> = {
  'a capture configuration': (content) =>
    new ExclusionMatcher(parseCaptureConfig(content), { caseInsensitive: true }).excludes(
      '/Windows/CSC/a.mp3',
    ),
  'a path list': (content) =>
    parsePathList(content).map((path) =>
      compilePathGlob(path, { caseInsensitive: true }).matches('/Windows/a.txt'),
    ),
  'a source list': parseSourceList,
  'update commands': parseUpdateCommands,
};

it.each(Object.keys(parsers))('%s is read or refused', (name) => {
  fc.assert(
    fc.property(bytes, (content) => {
      try {
        parsers[name](content);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect((error as AppError).code).toBe('usage/invalid');
      }
    }),
    { interruptAfterTimeLimit: fuzzMilliseconds(2), numRuns: Number.MAX_SAFE_INTEGER },
  );
});

it('reparse data of a link is read or is none', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0xa000000c, 0xa0000003, 0x80000017),
      fc.uint8Array({ maxLength: 64 }),
      (tag, data) => {
        const link = parseLinkData(tag, data);
        if (link !== undefined) expect(tag).not.toBe(0x80000017);
      },
    ),
    { interruptAfterTimeLimit: fuzzMilliseconds(2), numRuns: Number.MAX_SAFE_INTEGER },
  );
});

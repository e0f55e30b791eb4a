import { describe, expect, it } from 'vitest';
import {
  defaultCaptureConfig,
  parseCaptureConfig,
} from '../../../../../src-main/engine/tree/exclusions/captureConfig';
import { AppError } from '../../../../../src-shared/errors/appError';

const documented = String.raw`
; the defaults of ImageX
[ExclusionList]
\$ntfs.log
\hiberfil.sys
\pagefile.sys
\swapfile.sys
"\System Volume Information"
\RECYCLER
\$RECYCLE.BIN
\$Recycle.Bin
\Windows\CSC
# another comment
[CompressionExclusionList]
*.mp3
*.zip
*.cab
\WINDOWS\inf\*.pnf
`;

function problem(text: string | Uint8Array): AppError {
  try {
    parseCaptureConfig(text);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('capture configuration', () => {
  it('reads the documented defaults', () => {
    expect(parseCaptureConfig(documented)).toEqual(defaultCaptureConfig);
  });

  it('reads UTF-8 and UTF-16LE, with and without byte order mark', () => {
    const text = '[ExclusionList]\r\n/größe.txt\r\n';
    const utf8 = Buffer.from(text, 'utf8');
    const utf16 = Buffer.from(text, 'utf16le');
    const forms = [
      utf8,
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8]),
      utf16,
      Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
    ];
    for (const form of forms) expect(parseCaptureConfig(form).exclusionList).toEqual(['/größe.txt']);
    expect(problem(Buffer.from([0x5b, 0xff, 0xff])).code).toBe('usage/invalid');
  });

  it('knows every section, whatever its case, and warns of the others', () => {
    const config = parseCaptureConfig(
      [
        'stray',
        '[exclusionlist]',
        'a',
        '[ExclusionException]',
        'b',
        '[CompressionExclusionList]',
        'c',
        '[CompressionFolderList]',
        'd',
        '[AlignmentList]',
        'e',
        '[PrepopulateList]',
        'f',
        '[Nonsense]',
        'dir/file is not looked at',
      ].join('\n'),
    );
    expect(config).toEqual({
      exclusionList: ['a'],
      exclusionException: ['b'],
      compressionExclusionList: ['c'],
      compressionFolderList: ['d'],
      alignmentList: ['e'],
      prepopulateList: ['f'],
      warnings: [
        { line: 1, message: "'stray' stands in no section and is ignored" },
        { line: 14, message: 'unknown section [Nonsense] is ignored' },
      ],
    });
  });

  it('brings patterns into one form', () => {
    const lines = ['\\a\\\\b\\', "'/with space'", '"q"', '  trimmed\t', 'c:\\d', '\\'];
    const config = parseCaptureConfig(['[ExclusionList]', ...lines].join('\n'));
    expect(config.exclusionList).toEqual(['/a/b', '/with space', 'q', 'trimmed', '/d', '/']);
    expect(config.warnings).toEqual([{ line: 6, message: "the drive letter of 'c:\\d' is ignored" }]);
  });

  it.each([
    ['c:file', 'relative to the current directory of a drive'],
    ['dir/file', 'does not begin at the root'],
    ['""', 'empty'],
  ])('refuses %s and names the line', (pattern, reason) => {
    const error = problem(`[ExclusionList]\n\n${pattern}\n`);
    expect(error.code).toBe('usage/invalid');
    expect(error.message).toContain('line 3');
    expect(error.message).toContain(reason);
    expect(error.facts.line).toBe(3);
  });
});

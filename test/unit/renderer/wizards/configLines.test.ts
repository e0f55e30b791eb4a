import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCaptureConfig } from '../../../../src-main/engine/tree/exclusions/captureConfig';
import {
  addPattern,
  changePattern,
  listSections,
  patternsOf,
} from '../../../../src-renderer/wizards/source/configLines';

const text = `; of the lab
[ExclusionList]
\\pagefile.sys
"\\System Volume Information"

# caches
*.tmp

[CompressionExclusionList]
*.zip
[exclusionlist]
\\late
`;
const names = (config: string): string[] => patternsOf(config, 'ExclusionList').map(({ pattern }) => pattern);

describe('the list of exclusions in a wimscript.ini', () => {
  it('shows the patterns of a section without comments and quotes, in the order of the text', () => {
    expect(names(text)).toEqual(['\\pagefile.sys', '\\System Volume Information', '*.tmp', '\\late']);
    expect(patternsOf(text, 'CompressionExclusionList')).toEqual([{ line: 9, pattern: '*.zip' }]);
    expect(patternsOf(text, 'ExclusionException')).toEqual([]);
  });

  it('leaves everything else as it is when a pattern is changed or taken away', () => {
    expect(changePattern(text, 6, '*.bak')).toBe(text.replace('*.tmp', '*.bak'));
    expect(changePattern(text, 2, ' ')).toBe(text.replace('\\pagefile.sys\n', ''));
  });

  it('adds behind the last pattern of a section, and makes the section when there is none', () => {
    expect(addPattern('[ExclusionList]\n\\a\n\n[Other]\nx\n', 'ExclusionList', '\\b')).toBe(
      '[ExclusionList]\n\\a\n\\b\n\n[Other]\nx\n',
    );
    expect(addPattern('[ExclusionList]\n\n[Other]\nx\n', 'ExclusionList', '\\b')).toBe(
      '[ExclusionList]\n\\b\n\n[Other]\nx\n',
    );
    expect(addPattern('', 'ExclusionException', '\\keep')).toBe('[ExclusionException]\n\\keep\n');
    expect(addPattern('[ExclusionList]\n\\a', 'ExclusionException', '\\keep')).toBe(
      '[ExclusionList]\n\\a\n\n[ExclusionException]\n\\keep\n',
    );
  });

  it('shows each pattern that the engine reads from the text, and no other', () => {
    const line = fc.oneof(
      fc.constantFrom(
        ...listSections.map((name) => `[${name}]`),
        '',
        '; comment',
        '# x',
        '[Nobody]',
        '  *.tmp ',
      ),
      fc.constantFrom('\\a', '"\\b c"', "'*.d'", '\\e\\f'),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const config = lines.join(end);
        const engine = parseCaptureConfig(config);
        const shown = patternsOf(config, 'ExclusionList').map(({ pattern }) => pattern.replaceAll('\\', '/'));
        expect(shown).toEqual(engine.exclusionList);
      }),
    );
  });

  it('adds what the engine then reads, also what would be a comment or a heading', () => {
    const pattern = fc.constantFrom('\\new', '*.log', '#recycle', ';x', '[odd]');
    fc.assert(
      fc.property(
        fc.constantFrom(...listSections),
        pattern,
        fc.constantFrom(text, '', '[ExclusionList]'),
        (section, added, config) => {
          const after = addPattern(config, section, added);
          expect(patternsOf(after, section).map((row) => row.pattern)).toContain(added);
          const engine = parseCaptureConfig(after);
          const lists = {
            ExclusionList: engine.exclusionList,
            ExclusionException: engine.exclusionException,
            CompressionExclusionList: engine.compressionExclusionList,
          };
          expect(lists[section]).toContain(added.replaceAll('\\', '/'));
        },
      ),
    );
  });
});

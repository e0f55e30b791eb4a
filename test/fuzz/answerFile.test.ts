import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseAnswerFile } from '../../src-main/engine/answer/answerFile';
import { mergeDriverPaths, namesPath, pathItems } from '../../src-main/engine/answer/mergeDriverPaths';
import { removeDriverPaths } from '../../src-main/engine/answer/removeDriverPaths';
import { FormatError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';

const FOLDER = 'C:\\Windows\\Drivers\\Wimsmith';
const component =
  'component name="Microsoft-Windows-PnpCustomizationsNonWinPE" processorArchitecture="amd64"';
const pieces = [
  '<settings pass="auditSystem">',
  '<settings pass="offlineServicing"/>',
  '</settings>',
  `<${component}>`,
  `<${component} />`,
  '</component>',
  '<DriverPaths>',
  '<DriverPaths />',
  '</DriverPaths>',
  '<PathAndCredentials xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State" wcm:keyValue="3">',
  '</PathAndCredentials>',
  `<Path>${FOLDER}</Path>`,
  '<Path><![CDATA[x]]></Path>',
  '<!-- <settings pass="auditSystem"> -->',
  '<?x y?>',
  '&amp;',
  '\r\n',
  '\n    ',
  '\t',
  'é',
  '<',
  '>',
  '&',
  '"',
];
const sets = [
  { pass: 'offlineServicing', paths: [FOLDER] },
  { pass: 'auditSystem', paths: [FOLDER, 'D:\\more & more'] },
] as const;

/** Mostly elements in each other, so that many of them are well-formed. */
const { inner } = fc.letrec<{ inner: string; element: string }>((tie) => ({
  inner: fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...pieces) },
        { weight: 4, arbitrary: tie('element') },
      ),
      {
        maxLength: 5,
      },
    )
    .map((parts) => parts.join('')),
  element: fc
    .tuple(
      fc.constantFrom('<settings pass="auditSystem">', `<${component}>`, '<DriverPaths>', '<x>'),
      tie('inner'),
      fc.boolean(),
    )
    .map(([tag, content, lines]) => {
      const name = /\w+/.exec(tag)?.[0] ?? '';
      return lines ? `\n  ${tag}\n${content}\n  </${name}>\n` : `${tag}${content}</${name}>`;
    }),
}));

it('refuses an answer file with a FormatError, or adds folders that it finds again and takes out without a trace', () => {
  const document = inner.map(
    (text) => `<unattend xmlns="urn:schemas-microsoft-com:unattend">${text}</unattend>`,
  );
  const bytes = fc.oneof(
    { weight: 5, arbitrary: document.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: document.map((text) => Buffer.from(`\ufeff${text}`, 'utf16le')) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((any) => Buffer.from(any)) },
  );
  fc.assert(
    fc.property(bytes, (candidate) => {
      let merged;
      try {
        merged = mergeDriverPaths(candidate, 'unattend.xml', 'amd64', sets);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        return;
      }
      const file = parseAnswerFile(merged.bytes, 'merged');
      for (const { pass, paths } of sets) {
        for (const path of paths) {
          expect(pathItems(file, pass).filter((item) => namesPath(file, item, path)).length).toBeGreaterThan(
            0,
          );
        }
      }
      expect(mergeDriverPaths(merged.bytes, 'merged', 'amd64', sets).added).toEqual([]);
      const cleaned = removeDriverPaths(merged.bytes, 'merged', merged.added);
      expect(Buffer.from(cleaned.bytes)).toEqual(candidate);
      expect(cleaned.warnings).toEqual([]);
    }),
    { interruptAfterTimeLimit: fuzzMilliseconds(2), numRuns: Infinity },
  );
});

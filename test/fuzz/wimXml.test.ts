import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseWimXml, serializeWimXml } from '../../src-main/engine/wim/xml/wimXml';
import { FormatError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';

const pieces = [
  '<WIM>',
  '</WIM>',
  '<IMAGE INDEX="1">',
  '</IMAGE>',
  '<A/>',
  "<A b='c'>",
  '</A>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?x',
  '?>',
  '&amp;',
  '&#0;',
  '&',
  '"',
  "'",
  '<',
  '>',
  '\r',
  '\n',
  ' ',
  'x',
  '\ufffe',
  '\uffff',
  '\0',
  '__proto__',
  '#text',
  ':@',
  '<!DOCTYPE x>',
  '\ud800',
];

it('either refuses XML data with a FormatError or writes back what it read', () => {
  const document = fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((parts) => parts.join(''));
  const text = fc.oneof(
    document,
    document.map((inner) => `<WIM><IMAGE INDEX="1">${inner}</IMAGE></WIM>`),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(text, (candidate) => {
      let xml;
      try {
        xml = parseWimXml(Buffer.from(candidate, 'utf16le'));
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        return;
      }
      const once = serializeWimXml(xml);
      expect(Buffer.from(serializeWimXml(parseWimXml(once)))).toEqual(Buffer.from(once));
      expect(() => xml.image(1)?.name).not.toThrow();
    }),
    { interruptAfterTimeLimit: fuzzMilliseconds(), numRuns: Number.MAX_SAFE_INTEGER },
  );
});

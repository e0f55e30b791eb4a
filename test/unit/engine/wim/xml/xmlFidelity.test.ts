import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseWimXml, serializeWimXml } from '../../../../../src-main/engine/wim/xml/wimXml';
import { xmlDataOf } from '../../../../support/wimXmlData';
import { describeWithFixtures, fixtures } from '../../../../support/tools';

function bytesOf(text: string): Uint8Array {
  return Buffer.from('\ufeff' + text, 'utf16le');
}

function rewritten(text: string): string {
  return parseWimXml(bytesOf(text)).toText();
}

describeWithFixtures('XML data of files by other makers', () => {
  const folder = fixtures('wim');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(wim|swm|ppkg)$/.test(name),
  );

  it.each(files)('%s is written back byte for byte', (name) => {
    const data = xmlDataOf(readFileSync(`${folder}/${name}`));
    expect(Buffer.from(serializeWimXml(parseWimXml(data)))).toEqual(data);
  });

  it('reads what Microsoft wrote', () => {
    const xml = parseWimXml(xmlDataOf(readFileSync(`${folder}/microsoft-ppkg/mOSD.ppkg`)));
    expect(xml.totalBytes).toBe(7442n);
    expect(xml.image(1)).toMatchObject({
      name: 'mOSD',
      description: '',
      dirCount: 7n,
      fileCount: 14n,
      totalBytes: 6375n,
      creationTime: 0x01d42bfa_f4e35a0an,
      wimboot: false,
    });
    expect(xml.image(1)?.property('ALTITUDE')).toBe('3000');
    expect(xml.image(1)?.property('VERSION')).toBe('1.00');
  });

  it('keeps unknown elements through edits', () => {
    const data = xmlDataOf(readFileSync(`${folder}/microsoft-ppkg/setupspecialize.ppkg`));
    const xml = parseWimXml(data);
    const before = xml.toText();
    xml.image(1)!.name = 'renamed';
    xml.image(1)!.lastModificationTime = 1n;
    xml.setTotalBytes(1);
    const expected = before
      .replace('<NAME>setup-specialize</NAME>', '<NAME>renamed</NAME>')
      .replace(
        '<HIGHPART>0x01DBB00C</HIGHPART><LOWPART>0xBA62B2C2</LOWPART>',
        '<HIGHPART>0x00000000</HIGHPART><LOWPART>0x00000001</LOWPART>',
      )
      .replace('<TOTALBYTES>4088</TOTALBYTES>', '<TOTALBYTES>1</TOTALBYTES>');
    expect(xml.toText()).toBe(expected);
  });
});

describe('what the XML data keeps', () => {
  it.each([
    '<WIM a="1" b=\'say "x"\' c="&lt;&#65;&apos;"><n:X xmlns:n="urn:x">007</n:X></WIM>',
    '<WIM>\r\n  <A> spaced </A>\r<B>\n</B>\t</WIM>\n',
    '<WIM><A>&lt;&gt;&amp;&apos;&quot;&#65;&#x1F600;&unknown;</A></WIM>',
    '<WIM><!-- c\r\n --><A>x<![CDATA[<&]]>y</A><?pi some data ?><!--\r--></WIM>',
    '<!--before--><WIM></WIM><!--after-->',
    '<WIM><toString>1</toString><hasOwnProperty></hasOwnProperty><valueOf x="y"></valueOf></WIM>',
    '<WIM><A>true</A><A>1e5</A><A>0x1F</A><A>+1</A><A>\ud800</A></WIM>',
  ])('%j', (text) => {
    expect(rewritten(text)).toBe(text);
  });

  it('leaves out the declaration, and writes empty elements in full as WIMGAPI does', () => {
    expect(rewritten('<?xml version="1.0" encoding="UTF-16"?><WIM><A/><B c="d" /></WIM>')).toBe(
      '<WIM><A></A><B c="d"></B></WIM>',
    );
  });

  it('needs no byte order mark and takes zero padding', () => {
    expect(parseWimXml(Buffer.from('<WIM></WIM>\0\0', 'utf16le')).toText()).toBe('<WIM></WIM>');
  });

  it('reads text around comments and in CDATA', () => {
    const image = parseWimXml(
      bytesOf('<WIM><IMAGE INDEX="1"><A>x&amp;<!--c--><![CDATA[&lt;]]></A></IMAGE></WIM>'),
    ).image(1);
    expect(image?.property('A')).toBe('x&&lt;');
  });
});

describe('what is not XML data', () => {
  const deep = '<A>'.repeat(61) + '</A>'.repeat(61);
  it.each([
    ['', 'root elements'],
    ['text', 'outside the root'],
    ['<WIM>', 'is not closed'],
    ['<WIM></WIM><WIM></WIM>', '2 root elements'],
    ['<WIM></WIM>x', 'outside the root'],
    ['<WIM></WIM><![CDATA[x]]>', 'outside the root'],
    ['<XML></XML>', "'XML', not 'WIM'"],
    ['</WIM>', 'no start tag'],
    ['<WIM><A></WIM></A>', "'WIM' ends where 'A' should"],
    ['<WIM', 'not closed'],
    ['<WIM a="1></WIM>', 'not closed'],
    ['<WIM a=1></WIM>', 'no quoted value'],
    ['<WIM a="1" a="2"></WIM>', 'twice'],
    ['<WIM a="1"b="2"></WIM>', 'no attribute'],
    ['<WIM></WIM a="1">', 'more than a name'],
    ['<1></1>', 'proper name'],
    ['<WIM><!-- </WIM>', "'<!--' is not closed"],
    ['<WIM><![CDATA[ </WIM>', 'is not closed'],
    ['<!DOCTYPE WIM [<!ENTITY a "aaaa">]><WIM>&a;</WIM>', 'declaration'],
    ['<WIM><!ENTITY a "b"></WIM>', 'declaration'],
    ['<WIM>\ufffe</WIM>', 'U+FFFE'],
    [`<WIM>${deep}</WIM>`, 'nested deeper'],
    ['<WIM><__proto__><a/></__proto__></WIM>', 'not readable'],
    ['<WIM constructor="x"></WIM>', 'not readable'],
  ])('%j', (text, problem) => {
    expect(() => rewritten(text)).toThrow(
      expect.objectContaining({
        code: 'wim/malformed',
        structure: 'XML data',
        message: expect.stringContaining(problem),
      }),
    );
  });

  it('refuses more pieces than any real file has', () => {
    const many = '<A/>'.repeat(200_001);
    expect(() => rewritten(`<WIM>${many}</WIM>`)).toThrow(/more than 200000 tags/);
    const attributes = Array.from({ length: 200_001 }, (_, i) => `a${i}=""`).join(' ');
    expect(() => rewritten(`<WIM ${attributes}></WIM>`)).toThrow(/more than 200000 tags/);
  });

  it('names the offset in bytes', () => {
    expect(() => rewritten('<WIM><A></B></WIM>')).toThrow(expect.objectContaining({ offset: 16 }));
  });

  it('refuses too much, half a character and big-endian text', () => {
    expect(() => parseWimXml(new Uint8Array(101), { maxBytes: 100 })).toThrow(
      /101 bytes are more than the 100/,
    );
    expect(() => parseWimXml(bytesOf('<WIM></WIM>').subarray(0, 15))).toThrow(/within a character/);
    expect(() => parseWimXml(new Uint8Array([0xfe, 0xff, 0, 0x3c]))).toThrow(/big-endian/);
  });

  it('takes time in proportion to the size, whatever stands there', () => {
    const size = 2_000_000;
    const hostile = [
      `<WIM>${' '.repeat(size)}x</WIM>`,
      `<WIM${' '.repeat(size)}x></WIM>`,
      '<WIM>' + '<!--'.repeat(size / 4),
      '<WIM>' + '<A a="'.repeat(size / 6),
      '<WIM>' + '&'.repeat(size) + '</WIM>',
      '<'.repeat(size),
      `<WIM ${'a="" '.repeat(10)}${'b'.repeat(size)}=""></WIM>`,
    ];
    for (const text of hostile) {
      try {
        parseWimXml(bytesOf(text));
      } catch (error) {
        expect(error).toMatchObject({ code: 'wim/malformed' });
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import { parseInf } from '../../../../src-main/engine/inf/parseInf';
import { infBytes } from '../../../support/infs';

const header = '[Version]\nSignature="$CHICAGO$"\nProvider=p\nDriverVer=01/02/2024,1.0\n';
const strings = [
  '[Strings]',
  'one=first',
  'two=second',
  'again=%one%',
  'dir="C:\\"',
  'so%%so=both',
  'so=left',
  'twice="1"',
  'twice="2"',
  'blank = "  in quotes  "  ; and not out of them',
  'cut=before, after',
].join('\n');

/** Key and values of the only entry of a section. */
function entry(text: string): readonly [string, readonly string[]] {
  const inf = parseInf(infBytes(`${header}[Test]\n${text}\n${strings}\n`), 'test.inf');
  const entries = inf.sections.get('TEST')?.entries ?? [];
  expect(entries).toHaveLength(1);
  return [entries[0].key, entries[0].values];
}

function remarks(text: string): readonly (readonly [string, number | undefined])[] {
  return parseInf(infBytes(text), 'test.inf').remarks.map(({ severity, problem, line }) => [
    `${severity}: ${problem}`,
    line,
  ]);
}

describe('an entry', () => {
  // What Windows itself makes of such entries, as the tests of Wine's setupapi recorded it.
  it.each<[string, string, string[]]>([
    ['k=v', 'k', ['v']],
    ['k=v,w,,x,', 'k', ['v', 'w', '', 'x', '']],
    ['  long key \t=  v w ,\tx  ', 'long key', ['v w', 'x']],
    ['v', '', ['v']],
    ['v,w=x', '', ['v', 'w=x']],
    ['=v', '', ['v']],
    ['k==v', 'k', ['=v']],
    ['k=', 'k', ['']],
    ['k=v ; a comment, with "quotes', 'k', ['v']],
    // continuation
    ['ke\\\ny=v', 'key', ['v']],
    ['k=v \\  \n  w', 'k', ['vw']],
    ['k=v,\\ ; a comment\n\t w,\\\nx', 'k', ['v', 'w', 'x']],
    ['k=v\\ \\ \nw', 'k', ['vw']],
    ['k=v\\\\\nw', 'k', ['vw']],
    ['k=\\a\\\\b \\ c', 'k', ['\\a\\\\b \\ c']],
    // quotes
    ['k="v,w;x=y" ; z', 'k', ['v,w;x=y']],
    ['"k=k"=v', 'k=k', ['v']],
    ['"v",w=x', '', ['v', 'w=x']],
    ['k=a"b c"d', 'k', ['ab cd']],
    ['k="a""b"', 'k', ['a"b']],
    ['k="""a"""', 'k', ['"a"']],
    ['k="",""""', 'k', ['', '"']],
    ['k="  a  "  ,  "b"', 'k', ['  a  ', 'b']],
    ['k="C:\\dir\\"\\\n,w', 'k', ['C:\\dir\\', 'w']],
    ['k="not closed, ; \\', 'k', ['not closed, ; \\']],
    // tokens
    ['%one%=%two%', 'first', ['second']],
    ['k=a%ONE%b%two%', 'k', ['afirstbsecond']],
    ['k="%one%;%two%"', 'k', ['first;second']],
    ['k=%one%%two%', 'k', ['firstsecond']],
    ['k=%o"n"e%', 'k', ['first']],
    ['k=%again%', 'k', ['%one%']],
    ['k=100%%,%%one%%', 'k', ['100%', '%one%']],
    ['k=%none%,%12%\\a.sys,50%', 'k', ['%none%', '%12%\\a.sys', '50%']],
    ['k=%one;two%', 'k', ['%one']],
    ['k=%dir%file', 'k', ['C:\\file']],
    ['k=%so%%so%', 'k', ['leftleft']],
    ['k=%twice%', 'k', ['1']],
    ['k=%blank%', 'k', ['  in quotes  ']],
    ['k=%cut%', 'k', ['before']],
  ])('%j', (text, key, values) => {
    expect(entry(text)).toEqual([key, values]);
  });

  it('is cut at 4096 characters when its texts make it longer, and that is told', () => {
    const text = `${header}[Test]\nk=${'%big%'.repeat(5)}\n[Strings]\nbig=${'x'.repeat(1000)}\n`;
    const inf = parseInf(infBytes(text), 'test.inf');
    expect(inf.sections.get('Test')?.entries[0].values[0]).toBe('x'.repeat(4096));
    expect(inf.remarks.map(({ line }) => line)).toContain(6);
  });

  it('has the line where it starts', () => {
    const inf = parseInf(infBytes(`${header}\n[A]\r\n;\r\na=\\\r\n1\r\n\r\nb=2\r\n`), 'test.inf');
    expect(inf.sections.get('a')?.entries.map(({ line }) => line)).toEqual([8, 11]);
  });
});

describe('a section', () => {
  it('is found whatever its case, and has the entries of all of its name', () => {
    const inf = parseInf(infBytes(`${header}[Ab]\n1\n[c]\n2\n  [ aB ] ; again\n3\n`), 'test.inf');
    expect(inf.sections.names).toEqual(['Version', 'Ab', 'c']);
    expect(inf.sections.get('AB')?.entries.map(({ values }) => values[0])).toEqual(['1', '3']);
    expect(inf.sections.get('none')).toBeUndefined();
  });

  it.each([
    ['[a;b]', 'a;b'],
    ['[a[b]', 'a[b'],
    ['[a"b]', 'a"b'],
    ['[a\\ b]', 'a\\ b'],
    [`[${'n'.repeat(255)}]`, 'n'.repeat(255)],
    ['[%one%]', 'FIRST'],
  ])('is named as %s says', (line, name) => {
    const inf = parseInf(infBytes(`${header}${line}\nx\n${strings}`), 'test.inf');
    expect(inf.sections.get(name)?.entries).toHaveLength(1);
    expect(inf.remarks.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('ends with the file of DOS', () => {
    const inf = parseInf(infBytes(`${header}[a]\nx=1\x1a2\n[b]\n`), 'test.inf');
    expect(inf.sections.get('a')?.entries[0].values).toEqual(['1']);
    expect(inf.sections.has('b')).toBe(false);
  });

  it('ends its lines with returns alone where the file has no linefeeds', () => {
    const inf = parseInf(infBytes(`${header}[a]\nx=1\ny=2\n`.replaceAll('\n', '\r')), 'test.inf');
    expect(inf.sections.get('a')?.entries.map(({ line }) => line)).toEqual([6, 7]);
  });
});

describe('a fault is told with its line:', () => {
  it.each<[string, string, number | undefined]>([
    ['x=1\n', 'error: it has no [Version] section: it is no INF of a driver', undefined],
    [`x\n${header}`, 'error: an entry stands before the first section', 1],
    [`x\n${header}[Strings]\n`, 'warning: an entry stands before the first section', 1],
    ['[Version]\nProvider=x\n', 'error: [Version] has no Signature', 1],
    ['[Version]\nSignature=x\n', 'error: the Signature x is not $Windows NT$ or $Chicago$', 2],
    [`${header}[a\n`, 'error: the section name a has no closing bracket', 5],
    [
      `${header}[${'n'.repeat(256)}]`,
      `error: the section name ${'n'.repeat(57)}... has more than 255 characters`,
      5,
    ],
    [`${header}[a] b\n`, 'warning: text follows the section name a', 5],
    [`${header}[a]\n\nx="1\n`, 'warning: a quotation mark is not closed', 7],
    [
      `${header}[a]\nx=1\\\n[b]\n`,
      'warning: the line before ends with a backslash, so that this is no section',
      7,
    ],
    ['[Version]\nSignature=$Chicago$\nProvider=%p%\n', 'warning: no [Strings] section defines %p%', 3],
    [
      '[Version]\nSignature=$Chicago$\nDriverVer=13/01/2020,1.0\n',
      'warning: the DriverVer date 13/01/2020 is no date in the form mm/dd/yyyy',
      3,
    ],
    [
      '[Version]\nSignature=$Chicago$\nDriverVer=02/29/2023,1.0\n',
      'warning: the DriverVer date 02/29/2023 is no date in the form mm/dd/yyyy',
      3,
    ],
    [
      '[Version]\nSignature=$Chicago$\nDriverVer=02/29/2024,1.65536\n',
      'warning: the DriverVer version 1.65536 is no version in the form w.x.y.z',
      3,
    ],
    [
      '[Version]\nSignature=$Chicago$\nDriverVer=01/01/2020,1.0.x\n',
      'warning: the DriverVer version 1.0.x is no version in the form w.x.y.z',
      3,
    ],
    [
      '[Version]\nSignature=$Chicago$\nClassGuid={4d36e972}\n',
      'error: the ClassGuid {4d36e972} is no GUID in braces',
      3,
    ],
    [
      '[Version]\nSignature=$Chicago$\nCatalogFile=..\\a.cat\n',
      'error: the catalog ..\\a.cat is no file beside the INF',
      3,
    ],
    [
      '[Version]\nSignature=$Chicago$\nClass=Extension\n',
      'error: it is an extension, and has no ExtensionId',
      1,
    ],
    [
      `${header}[Manufacturer]\nm=M,NTamd64,NTfoo\n`,
      'warning: [Manufacturer] names [M.NTamd64], which is not there',
      6,
    ],
    [`${header}[Manufacturer]\nm=M,NTfoo\n`, 'warning: NTfoo is no decoration of a models section', 6],
    [`${header}[Manufacturer]\nm=M\n[M]\nx\n`, "warning: a line of [M] has no '='", 8],
    [`${header}[Manufacturer]\nm=M\n[M]\nx=,a\n`, 'warning: a line of [M] names no install section', 8],
  ])('%j', (text, problem, line) => {
    expect(remarks(text)).toContainEqual([problem, line]);
  });
});

import { describe, expect, it } from 'vitest';
import { parseAnswerFile } from '../../../../src-main/engine/answer/answerFile';
import {
  createAnswerFile,
  mergeDriverPaths,
  pathItems,
} from '../../../../src-main/engine/answer/mergeDriverPaths';
import { removeDriverPaths } from '../../../../src-main/engine/answer/removeDriverPaths';
import { AppError, FormatError } from '../../../../src-shared/errors/appError';

const FOLDER = 'C:\\Windows\\Drivers\\Wimsmith';
const both = [
  { pass: 'offlineServicing', paths: [FOLDER] },
  { pass: 'auditSystem', paths: [FOLDER] },
] as const;
const WCM = 'http://schemas.microsoft.com/WMIConfig/2002/State';
const identity = 'publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"';

function merge(text: string | Uint8Array, sets: Parameters<typeof mergeDriverPaths>[3] = both) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const merged = mergeDriverPaths(bytes, 'unattend.xml', 'amd64', sets);
  return { ...merged, text: Buffer.from(merged.bytes).toString() };
}

function unattend(inner: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<unattend xmlns="urn:schemas-microsoft-com:unattend">${inner}</unattend>\n`;
}

describe('a new answer file', () => {
  it('names the folder in every pass, with the identity of the component', () => {
    const text = Buffer.from(createAnswerFile('arm64', both)).toString();
    expect(text).toBe(
      [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<unattend xmlns="urn:schemas-microsoft-com:unattend">',
        ...['offlineServicing', 'auditSystem'].flatMap((pass) => [
          `    <settings pass="${pass}">`,
          `        <component name="Microsoft-Windows-PnpCustomizationsNonWinPE" processorArchitecture="arm64" ${identity} xmlns:wcm="${WCM}">`,
          '            <DriverPaths>',
          '                <PathAndCredentials wcm:action="add" wcm:keyValue="1">',
          `                    <Path>${FOLDER}</Path>`,
          '                </PathAndCredentials>',
          '            </DriverPaths>',
          '        </component>',
          '    </settings>',
        ]),
        '</unattend>',
        '',
      ].join('\r\n'),
    );
  });

  it('has another component for Windows PE', () => {
    const text = Buffer.from(
      createAnswerFile('x86', [{ pass: 'windowsPE', paths: ['X:\\a & b'] }]),
    ).toString();
    expect(text).toContain('<settings pass="windowsPE">');
    expect(text).toContain('name="Microsoft-Windows-PnpCustomizationsWinPE" processorArchitecture="x86"');
    expect(text).toContain('<Path>X:\\a &amp; b</Path>');
  });
});

describe('an answer file that is there', () => {
  const withPaths = unattend(`
\t<!-- kept <settings pass="auditSystem"> -->
\t<settings pass="auditSystem">
\t\t<component name="Microsoft-Windows-PnpCustomizationsNonWinPE" processorArchitecture="amd64" ${identity} xmlns:w="${WCM}">
\t\t\t<DriverPaths>
\t\t\t\t<PathAndCredentials w:action="add" w:keyValue="7"><Path>D:\\Mine</Path></PathAndCredentials>
\t\t\t</DriverPaths>
\t\t</component>
\t</settings>
`);

  it('gets one item more where it has paths, with a free key and the prefix that it uses', () => {
    const { text } = merge(withPaths, [{ pass: 'auditSystem', paths: [FOLDER] }]);
    const item = [
      '',
      '\t\t\t\t<PathAndCredentials w:action="add" w:keyValue="8">',
      `\t\t\t\t\t<Path>${FOLDER}</Path>`,
      '\t\t\t\t</PathAndCredentials>',
    ].join('\n');
    const place = '<Path>D:\\Mine</Path></PathAndCredentials>';
    expect(text).toBe(withPaths.replace(place, place + item));
  });

  it('is left as it is when it names the folder already', () => {
    const once = merge(withPaths);
    const twice = merge(once.text);
    expect(twice.added).toEqual([]);
    expect(twice.text).toBe(once.text);
    const shouted = Buffer.from(once.text.replaceAll(FOLDER, `${FOLDER.toUpperCase()}\\`));
    expect(merge(shouted).added).toEqual([]);
  });

  it('gets a component of its own architecture beside that of another', () => {
    const { text } = merge(withPaths.replace('"amd64"', '"x86"'), [{ pass: 'auditSystem', paths: [FOLDER] }]);
    expect(text.match(/processorArchitecture="(amd64|x86)"/g)).toEqual([
      'processorArchitecture="x86"',
      'processorArchitecture="amd64"',
    ]);
    expect(text.match(/<settings pass/g)).toHaveLength(2); // one of them in the comment
  });

  it('declares the namespace on the item where nothing else does', () => {
    const { text } = merge(withPaths.replace(` xmlns:w="${WCM}"`, '').replaceAll(/ w:\w+="\w+"/g, ''), both);
    expect(text).toContain(`<PathAndCredentials wcm:action="add" wcm:keyValue="1" xmlns:wcm="${WCM}">`);
  });

  it('is not fooled by a prefix that means something else', () => {
    const { text } = merge(
      withPaths.replaceAll(WCM, 'urn:other').replaceAll('w:', 'wcm:').replace('xmlns:w=', 'xmlns:wcm='),
    );
    expect(text).toContain(`wcm:keyValue="1" xmlns:wcm="${WCM}"`);
  });

  it('is told of as done when Setup went through the pass', () => {
    const { warnings } = merge(
      withPaths
        .replace('<settings pass', '<settings wasPassProcessed="true" pass')
        .replace('<settings pass', '<settings wasPassProcessed="true" pass'),
    );
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('auditSystem');
  });

  it.each([
    ['empty elements', unattend('\r\n  <settings pass="auditSystem" />\r\n')],
    ['an empty DriverPaths', withPaths.replace(/<DriverPaths>[^]*<\/DriverPaths>/, '<DriverPaths/>')],
    ['no children at all', unattend('')],
    ['one line', withPaths.replaceAll(/\n\t*/g, '')],
    ['a root that is closed at once', '<unattend xmlns="urn:schemas-microsoft-com:unattend"/>'],
    [
      'a prefix for the namespace',
      '<u:unattend xmlns:u="urn:schemas-microsoft-com:unattend">\n</u:unattend>',
    ],
    ['comments behind the last child', withPaths.replace('</DriverPaths>', '<!-- x --> </DriverPaths>')],
    ['text of the person', unattend('<!-- Prüfung, 検査 -->\n')],
  ])('with %s is the same after removal, byte for byte', (_, text) => {
    for (const bytes of [Buffer.from(text), utf16(text, false), utf16(text, true), withMark(text)]) {
      const merged = merge(bytes);
      for (const { pass } of both) {
        const file = parseAnswerFile(merged.bytes, 'merged');
        expect(pathItems(file, pass).length).toBeGreaterThan(0);
      }
      const cleaned = removeDriverPaths(merged.bytes, 'unattend.xml', merged.added);
      expect(Buffer.from(cleaned.bytes)).toEqual(Buffer.from(bytes));
      expect(cleaned.warnings).toEqual([]);
      expect(cleaned.removed).toEqual(merged.added);
    }
  });

  it('keeps what somebody did meanwhile, and says so', () => {
    const merged = merge(unattend('\n'));
    const inOurComponent = merged.text.replace('</DriverPaths>', '<PathAndCredentials/></DriverPaths>');
    const kept = removeDriverPaths(Buffer.from(inOurComponent), 'unattend.xml', merged.added);
    expect(Buffer.from(kept.bytes).toString()).toContain('<PathAndCredentials/></DriverPaths>');
    expect(Buffer.from(kept.bytes).toString()).not.toContain(FOLDER);
    expect(kept.warnings).toHaveLength(1);

    const changedItem = merged.text.replaceAll('wcm:keyValue="1">', 'wcm:keyValue="1"><Credentials/>');
    const left = removeDriverPaths(Buffer.from(changedItem), 'unattend.xml', merged.added);
    expect(Buffer.from(left.bytes).toString()).toBe(changedItem);
    expect(left.removed).toEqual([]);
    expect(left.warnings).toHaveLength(2);

    const gone = removeDriverPaths(Buffer.from(unattend('\n')), 'unattend.xml', merged.added);
    expect(gone.warnings).toHaveLength(2);
  });

  it('is cleaned though its line ends were converted', () => {
    const merged = merge(unattend('\n'));
    const converted = Buffer.from(merged.text.replaceAll('\n', '\r\n'));
    const cleaned = removeDriverPaths(converted, 'unattend.xml', merged.added);
    expect(Buffer.from(cleaned.bytes).toString()).toBe(unattend('\n').replaceAll('\n', '\r\n'));
  });
});

describe('what is no answer file', () => {
  it.each([
    [
      'a document type',
      '<!DOCTYPE a [<!ENTITY b "c">]><unattend xmlns="urn:schemas-microsoft-com:unattend"/>',
    ],
    ['an entity', unattend('&boom;')],
    ['another root', '<html/>'],
    ['another namespace', '<unattend xmlns="urn:x"/>'],
    ['an open element', '<unattend xmlns="urn:schemas-microsoft-com:unattend">'],
    ['crossed tags', unattend('<a><b></a></b>')],
    ['two roots', `${unattend('')}<a/>`],
    ['no text', ''],
    ['a NUL', unattend('\0')],
    ['bytes that are no UTF-8', Buffer.from(unattend('\u00ff'), 'latin1')],
    ['an encoding that hides markup', unattend('').replace('utf-8', 'UTF-7')],
    ['depth', unattend('<a>'.repeat(5000) + '</a>'.repeat(5000))],
    ['an attribute twice', unattend('<a b="" b=""/>')],
  ])('is refused: %s', (_, text) => {
    expect(() => merge(text)).toThrow(FormatError);
  });

  it('is not read when it is large beyond reason', () => {
    expect(() => merge(Buffer.alloc(17 * 1024 * 1024, 0x20))).toThrow(AppError);
  });

  it('is refused in a time that grows with its size alone', () => {
    const hostile = [
      ' '.repeat(400_000),
      '<a '.repeat(100_000),
      '</a'.repeat(100_000),
      '<!--'.repeat(100_000),
    ];
    for (const part of hostile) {
      for (const tail of ['<', 'x', '>', '=']) {
        expect(() => merge(unattend(`</a${part}${tail}`))).toThrow(FormatError);
      }
    }
  });

  it('refuses a path longer than an answer file takes', () => {
    expect(() => merge(unattend(''), [{ pass: 'auditSystem', paths: ['C:\\'.padEnd(260, 'a')] }])).toThrow(
      RangeError,
    );
  });
});

function withMark(text: string): Buffer {
  return Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(text)]);
}

function utf16(text: string, bigEndian: boolean): Buffer {
  const bytes = Buffer.from(`\ufeff${text.replace('"utf-8"', '"utf-16"')}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

import { describe, expect, it } from 'vitest';
import { parseWimXml, serializeWimXml, WimXml } from '../../../../../src-main/engine/wim/xml/wimXml';

/** XML data as a file has it. */
function bytesOf(text: string): Uint8Array {
  return Buffer.from('\ufeff' + text, 'utf16le');
}

function parse(text: string): WimXml {
  return parseWimXml(bytesOf(text));
}

const failure = (code: string, message: string): unknown =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

const TIME = 0x01d39869_09b24a07n;
const two =
  '<WIM><TOTALBYTES>99</TOTALBYTES><IMAGE INDEX="1"><NAME>one</NAME></IMAGE><IMAGE INDEX="2"><NAME>two</NAME>' +
  '<X y="z"/></IMAGE></WIM>';

describe('images of the XML data', () => {
  it('adds an image as wimlib does', () => {
    const xml = new WimXml();
    xml.addImage({ name: 'a & b', description: 'd', flags: 'Professional', time: TIME });
    const time = '<HIGHPART>0x01D39869</HIGHPART><LOWPART>0x09B24A07</LOWPART>';
    expect(xml.toText()).toBe(
      '<WIM><IMAGE INDEX="1"><NAME>a &amp; b</NAME><DIRCOUNT>0</DIRCOUNT><FILECOUNT>0</FILECOUNT>' +
        '<TOTALBYTES>0</TOTALBYTES><HARDLINKBYTES>0</HARDLINKBYTES>' +
        `<CREATIONTIME>${time}</CREATIONTIME><LASTMODIFICATIONTIME>${time}</LASTMODIFICATIONTIME>` +
        '<DESCRIPTION>d</DESCRIPTION><FLAGS>Professional</FLAGS></IMAGE></WIM>',
    );
    expect(xml.image(1)).toMatchObject({
      name: 'a & b',
      description: 'd',
      flags: 'Professional',
      creationTime: TIME,
    });
    expect(Buffer.from(serializeWimXml(xml).subarray(0, 10)).toString('hex')).toBe(
      'fffe3c005700490040'.slice(0, 16) + '4d00',
    );
  });

  it('deletes and renumbers', () => {
    const xml = parse(two);
    xml.deleteImage(1);
    expect(xml.toText()).toBe(
      '<WIM><TOTALBYTES>99</TOTALBYTES><IMAGE INDEX="1"><NAME>two</NAME><X y="z"></X></IMAGE></WIM>',
    );
    expect(xml.image(1)?.name).toBe('two');
    expect(xml.image(2)).toBeUndefined();
  });

  it('copies an image with all it holds', () => {
    const source = parse(two);
    const xml = parse('<WIM><IMAGE INDEX="1"><NAME>first</NAME></IMAGE><TOTALBYTES>5</TOTALBYTES></WIM>');
    const copy = xml.copyImage(source.image(2)!, { name: 'copy', description: undefined });
    expect(copy.name).toBe('copy');
    expect(xml.toText()).toBe(
      '<WIM><IMAGE INDEX="1"><NAME>first</NAME></IMAGE><IMAGE INDEX="2"><NAME>copy</NAME><X y="z"></X></IMAGE>' +
        '<TOTALBYTES>5</TOTALBYTES></WIM>',
    );
    expect(source.image(2)?.name).toBe('two');
    expect(() => xml.copyImage(source.image(1)!, { name: 'copy', description: '' })).toThrow(
      failure('wim/name-taken', "image 2 has the name 'copy'"),
    );
    expect(xml.imageCount).toBe(2);
  });

  it('clones without sharing', () => {
    const xml = parse(two);
    const other = xml.clone();
    other.image(1)!.name = 'other';
    other.deleteImage(2);
    expect(xml.toText()).toBe(two.replace('<X y="z"/>', '<X y="z"></X>'));
  });

  it('finds images by number and by exact name', () => {
    const xml = parse(two);
    expect(xml.resolve('two', 2)).toBe(2);
    expect(xml.resolve('TWO', 2)).toBeUndefined();
    expect(xml.resolve('2', 2)).toBe(2);
    expect(xml.resolve(3, 2)).toBeUndefined();
    expect(xml.resolve('ALL', 2)).toBe('all');
    expect(xml.resolve('*', 2)).toBe('all');
    expect(xml.resolve('', 2)).toBeUndefined();
    expect(xml.resolve('0', 2)).toBeUndefined();
  });

  it('keeps names unique, apart from empty ones', () => {
    const xml = parse(two);
    expect(() => xml.addImage({ name: 'one', time: TIME })).toThrow(failure('wim/name-taken', 'image 1'));
    expect(() => xml.image(2)!.setProperty('NAME', 'one')).toThrow(failure('wim/name-taken', 'image 1'));
    expect(() => (xml.image(2)!.name = 'two')).not.toThrow();
    xml.checkNameFree('one', 1);
    xml.addImage({ time: TIME });
    xml.addImage({ time: TIME });
    expect(xml.images().map(({ index, image }) => `${index}:${image.name}`)).toEqual([
      '1:one',
      '2:two',
      '3:',
      '4:',
    ]);
  });

  it('states total bytes where they stand, or first', () => {
    const last = parse('<WIM><IMAGE INDEX="1"/><TOTALBYTES>1</TOTALBYTES></WIM>');
    last.setTotalBytes(7n);
    expect(last.toText()).toBe('<WIM><IMAGE INDEX="1"></IMAGE><TOTALBYTES>7</TOTALBYTES></WIM>');
    const none = parse('<WIM><IMAGE INDEX="1"/></WIM>');
    none.setTotalBytes(8);
    expect(none.toText()).toBe('<WIM><TOTALBYTES>8</TOTALBYTES><IMAGE INDEX="1"></IMAGE></WIM>');
    none.setTotalBytes(undefined);
    expect(none.totalBytes).toBe(0n);
  });

  it('tolerates images that are missing, doubled or misnumbered', () => {
    const xml = parse(
      '<WIM><IMAGE/><IMAGE INDEX="2"><NAME>b</NAME></IMAGE><IMAGE INDEX="2"/><IMAGE INDEX="9"/></WIM>',
    );
    expect(xml.problems(3)).toEqual([
      'XML data: an IMAGE element has no usable INDEX',
      'XML data: image 2 is described twice',
      'XML data: image 9 does not exist',
      'XML data: image 1 is not described',
      'XML data: image 3 is not described',
    ]);
    expect(xml.image(1)).toBeUndefined();
    expect(xml.image(2)?.name).toBe('b');
    expect(xml.ensureImage(1).name).toBe('');
    expect(xml.problems(3)).not.toContain('XML data: image 1 is not described');
    xml.describeAll(3);
    expect(xml.image(3)?.name).toBe('');
    expect(xml.image(2)?.name).toBe('b');
    expect(xml.problems(3)).not.toContain('XML data: image 3 is not described');
  });

  it('recognises an encrypted ESD', () => {
    expect(parse('<WIM><ESD><ENCRYPTED/></ESD></WIM>').isEncrypted).toBe(true);
    expect(parse(two).isEncrypted).toBe(false);
  });
});

describe('properties of an image', () => {
  it('follow the path syntax of wimlib', () => {
    const image = new WimXml().addImage({ time: TIME });
    image.setProperty('WINDOWS/VERSION/BUILD', '19045');
    image.setProperty('WINDOWS/LANGUAGES/LANGUAGE[1]', 'en-US');
    image.setProperty('WINDOWS/LANGUAGES/LANGUAGE[2]', 'de-DE');
    expect(image.property('WINDOWS/VERSION/BUILD')).toBe('19045');
    expect(image.property('WINDOWS/LANGUAGES/LANGUAGE')).toBe('en-US');
    expect(image.property('WINDOWS/LANGUAGES/LANGUAGE[2]')).toBe('de-DE');
    image.setProperty('WINDOWS/LANGUAGES/LANGUAGE', '');
    expect(image.property('WINDOWS/LANGUAGES/LANGUAGE[1]')).toBe('de-DE');
    expect(() => image.setProperty('A/B/LANGUAGE[3]', 'x')).toThrow(
      failure('usage/invalid', 'only 0 LANGUAGE'),
    );
    expect(image.property('A')).toBeUndefined();
    expect(image.property('A/B')).toBeUndefined();
  });

  it.each([
    '',
    '/A',
    'A/',
    'A//B',
    'A[0]',
    'A[x]',
    'A[1]B',
    '1A',
    'A B',
    'A<B',
    '__proto__',
    'a/constructor',
    'X/'.repeat(40) + 'X',
  ])('refuses the path %j', (path) => {
    const image = new WimXml().addImage({ time: TIME });
    expect(() => image.setProperty(path, 'x')).toThrow(failure('usage/invalid', ''));
  });

  it.each(['\0', 'a\x1b', '\ufffe', 'x\ud800', '\udc00y'])('refuses the value %j', (value) => {
    const image = new WimXml().addImage({ time: TIME });
    expect(() => image.setProperty('X', value)).toThrow(failure('usage/invalid', 'XML cannot carry'));
    expect(image.property('X')).toBeUndefined();
  });

  it.each([
    '<a href="x">&amp;</a>',
    "it's",
    ' spaced ',
    '007',
    '0x10',
    'true',
    '1e5',
    ']]>',
    '😀',
    'tab\tline\n',
    '&#65;',
  ])('keeps the value %j through the file', (value) => {
    const xml = new WimXml();
    xml.addImage({ time: TIME }).setProperty('X/Y', value);
    const again = parseWimXml(serializeWimXml(xml));
    expect(again.image(1)?.property('X/Y')).toBe(value);
    expect(again.toText()).toBe(xml.toText());
  });

  it('has numbers and times of 64 bits, 0 for what makes no sense', () => {
    const image = parse(
      '<WIM><IMAGE INDEX="1"><DIRCOUNT>18446744073709551615</DIRCOUNT><FILECOUNT>18446744073709551616</FILECOUNT>' +
        '<TOTALBYTES>-1</TOTALBYTES><HARDLINKBYTES> 12 </HARDLINKBYTES><CREATIONTIME><LOWPART>0xffffffff</LOWPART>' +
        '<HIGHPART>1</HIGHPART></CREATIONTIME><LASTMODIFICATIONTIME><HIGHPART>0x1FFFFFFFFF</HIGHPART></LASTMODIFICATIONTIME>' +
        '<WIMBOOT>1</WIMBOOT></IMAGE></WIM>',
    ).image(1)!;
    expect(image).toMatchObject({
      dirCount: 18446744073709551615n,
      fileCount: 0n,
      totalBytes: 0n,
      hardLinkBytes: 12n,
      creationTime: 0x1_ffff_ffffn,
      lastModificationTime: 0n,
      wimboot: true,
      name: '',
    });
    image.setCounts({ dirCount: 1, fileCount: 2n, totalBytes: 3, hardLinkBytes: 4 });
    image.lastModificationTime = TIME;
    image.wimboot = false;
    expect(image).toMatchObject({ dirCount: 1n, fileCount: 2n, lastModificationTime: TIME, wimboot: false });
  });
});

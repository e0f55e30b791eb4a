import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { parseInf } from '../../../../src-main/engine/inf/parseInf';
import type { AppError } from '../../../../src-shared/errors/appError';

function inf(provider: string, more = ''): string {
  return `[Version]\r\nSignature="$Windows NT$"\r\nProvider=%p%\r\nDriverVer=01/02/2024,1.0\r\n[DefaultInstall]\r\n${more}[Strings]\r\np="${provider}"\r\n`;
}

function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

describe('an INF is read that is in', () => {
  it.each<[string, Buffer, string, string]>([
    ['ASCII', Buffer.from(inf('Acme')), 'ascii', 'Acme'],
    ['UTF-8', Buffer.from(inf('Łódź ✓')), 'utf-8', 'Łódź ✓'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${inf('Łódź')}`), 'utf-8-bom', 'Łódź'],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${inf('株式会社')}`, 'utf16le'), 'utf-16le', '株式会社'],
    ['UTF-16BE with a mark', bigEndian(`\ufeff${inf('株式会社')}`), 'utf-16be', '株式会社'],
    ['UTF-16LE', Buffer.from(inf('株式会社'), 'utf16le'), 'utf-16le', '株式会社'],
    ['UTF-16BE', bigEndian(inf('株式会社')), 'utf-16be', '株式会社'],
    ['windows-1252', iconv.encode(inf('Café € GmbH'), 'win1252'), 'windows-1252', 'Café € GmbH'],
  ])('%s', (_, bytes, encoding, provider) => {
    const read = parseInf(bytes, 'test.inf');
    expect([read.encoding, read.provider]).toEqual([encoding, provider]);
    expect(read.remarks.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });
});

describe('the code page of bytes that are no UTF-8', () => {
  it.each<[string, string, string]>([
    ['0411', 'cp932', '日本語ソ表'],
    ['0412', 'cp949', '한국어'],
    ['0804', 'cp936', '简体中文'],
    ['0404', 'cp950', '繁體中文'],
    ['0419', 'windows-1251', 'Русский'],
    ['0415', 'windows-1250', 'Łódź'],
    ['0408', 'windows-1253', 'Ελλάδα'],
    ['041f', 'windows-1254', 'Türkçe ğ'],
    ['040D', 'windows-1255', 'עברית'],
    ['0407', 'windows-1252', 'Gerät'],
  ])('is that of [Strings.%s]: %s', (language, page, name) => {
    const text = inf('English', '') + `[Strings.${language}]\r\np="${name}"\r\n`;
    const bytes = iconv.encode(text, page);
    const read = parseInf(bytes, 'test.inf', { language: Number.parseInt(language, 16) });
    expect([read.encoding, read.provider]).toEqual([page, name]);
    expect(parseInf(bytes, 'test.inf').provider).toBe('English');
  });

  it('is that of the section that holds such bytes, of several', () => {
    const text = `${inf('x')}[Strings.0411]\r\np=Nihon\r\n[Strings.0419]\r\np=Русский\r\n`;
    expect(parseInf(iconv.encode(text, 'win1251'), 'test.inf').encoding).toBe('windows-1251');
  });

  it('is 1252 when the only such byte is outside of strings of several languages', () => {
    const text = `; \u00a9 us\r\n${inf('x')}[Strings.0411]\r\np=Nihon\r\n[Strings.0419]\r\np=Rus\r\n`;
    expect(parseInf(Buffer.from(text, 'latin1'), 'test.inf').encoding).toBe('windows-1252');
  });

  it('is told with the lines that need it', () => {
    const read = parseInf(Buffer.from(`; a\n; \u00a9\n${inf('x')}`, 'latin1'), 'test.inf');
    expect(read.remarks).toContainEqual({
      severity: 'note',
      code: 'inf-malformed',
      line: 2,
      problem: 'the byte 0xa9 is no UTF-8, and is read as windows-1252',
    });
  });
});

it('a stray byte in a file with the mark of UTF-8 is told, and spoils nothing else', () => {
  const bytes = Buffer.concat([Buffer.from('\ufeff; '), Buffer.from([0xff, 0x0a]), Buffer.from(inf('Łódź'))]);
  const read = parseInf(bytes, 'test.inf');
  expect(read.provider).toBe('Łódź');
  expect(read.remarks[0]).toMatchObject({ line: 1, severity: 'note' });
});

it('UTF-16 that ends within a character is read up to there', () => {
  const bytes = Buffer.concat([Buffer.from(`\ufeff${inf('x')}`, 'utf16le'), Buffer.from([0x3b])]);
  const read = parseInf(bytes, 'test.inf');
  expect(read.provider).toBe('x');
  expect(read.remarks[0].problem).toBe('the file ends within a UTF-16 character');
});

it.each([
  ['a program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(4096, 'a\0b\0\0')])],
  ['more than 32 MiB', Buffer.alloc((1 << 25) + 1, 'x')],
])('%s is no INF', (_, bytes) => {
  expect(() => parseInf(bytes, 'test.inf')).toThrow(
    expect.objectContaining({ code: 'inf/malformed' }) as AppError,
  );
});

describe('of strings in several languages', () => {
  const text =
    `${inf('neutral')}only=here\r\n[Strings.0C07]\r\np=Austrian\r\n[Strings.0007]\r\np=German\r\n` +
    `[Strings.0416]\r\np=Brazilian\r\n[Strings.0409]\r\np=English\r\nenglish=yes\r\n`;
  it.each<[number | undefined, string]>([
    [undefined, 'neutral'],
    [0x0c07, 'Austrian'],
    [0x0407, 'German'],
    [0x0816, 'Brazilian'],
    [0x0409, 'English'],
    [0x040c, 'neutral'],
  ])('%s takes %s', (language, provider) => {
    const read = parseInf(Buffer.from(text), 'test.inf', language === undefined ? {} : { language });
    expect(read.provider).toBe(provider);
    expect(read.strings.text('ONLY')).toBe('here');
    expect(read.strings.text('english')).toBe('yes');
    expect(read.strings.languages).toEqual([0x0c07, 0x0007, 0x0416, 0x0409]);
  });
});

/** Windows' ANSI code page of a language, by the low 10 bits of its LANGID ([MS-LCID]); all others have 1252. */
const byPrimaryLanguage: Readonly<Record<number, string>> = {
  0x01: 'windows-1256', // Arabic
  0x02: 'windows-1251', // Bulgarian
  0x04: 'cp936', // Chinese; see below
  0x05: 'windows-1250', // Czech
  0x08: 'windows-1253', // Greek
  0x0d: 'windows-1255', // Hebrew
  0x0e: 'windows-1250', // Hungarian
  0x11: 'cp932', // Japanese
  0x12: 'cp949', // Korean
  0x15: 'windows-1250', // Polish
  0x18: 'windows-1250', // Romanian
  0x19: 'windows-1251', // Russian
  0x1a: 'windows-1250', // Croatian, Serbian; see below
  0x1b: 'windows-1250', // Slovak
  0x1c: 'windows-1250', // Albanian
  0x1e: 'windows-874', // Thai
  0x1f: 'windows-1254', // Turkish
  0x20: 'windows-1256', // Urdu
  0x22: 'windows-1251', // Ukrainian
  0x23: 'windows-1251', // Belarusian
  0x24: 'windows-1250', // Slovenian
  0x25: 'windows-1257', // Estonian
  0x26: 'windows-1257', // Latvian
  0x27: 'windows-1257', // Lithuanian
  0x29: 'windows-1256', // Persian
  0x2a: 'windows-1258', // Vietnamese
  0x2c: 'windows-1254', // Azeri, Latin
  0x2f: 'windows-1251', // Macedonian
  0x3f: 'windows-1251', // Kazakh
};

/** LANGIDs whose code page is not that of their primary language. */
const byLanguage: Readonly<Record<number, string>> = {
  0x0404: 'cp950', // Chinese, Taiwan
  0x0c04: 'cp950', // Chinese, Hong Kong
  0x1404: 'cp950', // Chinese, Macao
  0x0c1a: 'windows-1251', // Serbian, Cyrillic
  0x1c1a: 'windows-1251', // Serbian, Cyrillic, Bosnia
  0x201a: 'windows-1251', // Bosnian, Cyrillic
  0x082c: 'windows-1251', // Azeri, Cyrillic
};

export const WESTERN = 'windows-1252';

/** Name of the code page, as iconv-lite knows it, that Windows uses for 8-bit text in a language. */
export function codePageOf(language: number): string {
  return byLanguage[language] ?? byPrimaryLanguage[language & 0x3ff] ?? WESTERN;
}

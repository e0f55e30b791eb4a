import type { MessageKey } from '../../../i18n/catalogue';
import type { Translate } from '../../../i18n/translate';
import { lastName } from './imagePaths';

/** Windows file attributes: bit, the letter that `attrib` and Explorer show, and its words. */
const attributes: readonly (readonly [bit: number, letter: string, key: MessageKey])[] = [
  [0x1, 'R', 'image.attribute.readOnly'],
  [0x2, 'H', 'image.attribute.hidden'],
  [0x4, 'S', 'image.attribute.system'],
  [0x10, 'D', 'image.attribute.directory'],
  [0x20, 'A', 'image.attribute.archive'],
  [0x80, 'N', 'image.attribute.normal'],
  [0x100, 'T', 'image.attribute.temporary'],
  [0x200, 'P', 'image.attribute.sparse'],
  [0x400, 'L', 'image.attribute.reparse'],
  [0x800, 'C', 'image.attribute.compressed'],
  [0x1000, 'O', 'image.attribute.offline'],
  [0x2000, 'I', 'image.attribute.notIndexed'],
  [0x4000, 'E', 'image.attribute.encrypted'],
  [0x8000, 'V', 'image.attribute.integrity'],
  [0x20000, 'X', 'image.attribute.noScrub'],
];

/** "RHSA": the letters, without those that every entry of its kind has. */
export function attributeLetters(bits: number): string {
  return attributes
    .filter(([bit, letter]) => (bits & bit) !== 0 && letter !== 'D' && letter !== 'N')
    .map(([, letter]) => letter)
    .join('');
}

/** The attributes in words. */
export function attributeWords(bits: number, t: Translate): string {
  const words = attributes.filter(([bit]) => (bits & bit) !== 0).map(([, , key]) => t(key));
  return words.length === 0 ? t('common.none') : words.join(', ');
}

const reparseTags: Readonly<Record<number, MessageKey>> = {
  0xa000000c: 'image.reparse.symlink',
  0xa0000003: 'image.reparse.junction',
  0xa000001d: 'image.reparse.lxSymlink',
  0x80000013: 'image.reparse.dedup',
  0x80000017: 'image.reparse.wof',
  0x8000001b: 'image.reparse.appExec',
};

/** What a reparse point is, with its tag. */
export function reparseWords(tag: number, t: Translate): string {
  const number = `0x${tag.toString(16).padStart(8, '0')}`;
  const key = reparseTags[tag];
  return key === undefined ? number : `${t(key)} (${number})`;
}

/** What an entry is, as a list shows it: "Folder", "DLL file". */
export function kindWords(row: { readonly kind: string; readonly name: string }, t: Translate): string {
  if (row.kind === 'directory') return t('image.kind.directory');
  if (row.kind === 'link') return t('image.kind.link');
  const dot = row.name.lastIndexOf('.');
  const extension = dot > 0 ? row.name.slice(dot + 1) : '';
  return extension === '' || extension.length > 12
    ? t('image.kind.file')
    : t('image.kind.extension', { extension: extension.toUpperCase() });
}

/** "rwxr-xr-x" and the octal digits of a UNIX mode. */
export function modeWords(mode: number): string {
  const letters = Array.from({ length: 9 }, (_, i) =>
    (mode >> (8 - i)) & 1 ? 'rwx'.charAt(i % 3) : '-',
  ).join('');
  return `${letters} (${(mode & 0o7777).toString(8).padStart(4, '0')})`;
}

/** Bytes given as hexadecimal digits, as lines of an offset, sixteen bytes and their letters. */
export function hexLines(digits: string): string {
  const lines: string[] = [];
  for (let offset = 0; offset * 2 < digits.length; offset += 16) {
    const part = digits.slice(offset * 2, offset * 2 + 32);
    const bytes = part.match(/../g) ?? [];
    const letters = bytes
      .map((byte) => Number.parseInt(byte, 16))
      .map((code) => (code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.'))
      .join('');
    lines.push(`${offset.toString(16).padStart(6, '0')}  ${bytes.join(' ').padEnd(47)}  ${letters}`);
  }
  return lines.join('\n');
}

/** The name that the root of an image is shown under, and any other entry's own. */
export function shownName(path: string, t: Translate): string {
  return path === '/' ? t('image.root') : lastName(path);
}

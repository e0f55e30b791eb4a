/** Ranges of characters that move the cursor or change how a terminal behaves; a file name may hold them. */
const harmful: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
];

/** Text that is safe to show on a terminal. */
export function harmless(text: string): string {
  let result = '';
  for (const character of text) {
    const code = character.charCodeAt(0);
    result += harmful.some(([first, last]) => code >= first && code <= last) ? '?' : character;
  }
  return result;
}

const combining = /^[\p{Mn}\p{Me}\u200b-\u200d\ufeff]$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

/** Columns that one character takes on a terminal. */
function characterWidth(character: string): number {
  const code = character.charCodeAt(0);
  if (code < 0x300) return 1;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Columns that `text` takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** As much of the beginning of `text` as fits into `width` columns. */
export function cutEnd(text: string, width: number): string {
  let used = 0;
  let result = '';
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    result += character;
  }
  return result;
}

/** `text` in at most `width` columns, its middle left out when it is longer. */
export function cutMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 3) return cutEnd(text, width);
  const left = cutEnd(text, Math.ceil((width - 1) / 2));
  const characters = Array.from(text).reverse();
  let right = '';
  let used = displayWidth(left) + 1;
  for (const character of characters) {
    used += characterWidth(character);
    if (used > width) break;
    right = character + right;
  }
  return `${left}…${right}`;
}

/** Pairs of first and last code unit. XML 1.0 (fifth edition), productions 4 and 4a, within the basic plane. */
const startRanges = [
  0x3a, 0x3a, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a, 0xc0, 0xd6, 0xd8, 0xf6, 0xf8, 0x2ff, 0x370, 0x37d, 0x37f,
  0x1fff, 0x200c, 0x200d, 0x2070, 0x218f, 0x2c00, 0x2fef, 0x3001, 0xd7ff, 0xf900, 0xfdcf, 0xfdf0, 0xfffd,
];
const furtherRanges = [0x2d, 0x2e, 0x30, 0x39, 0xb7, 0xb7, 0x300, 0x36f, 0x203f, 0x2040];

/** Offset after the name that begins at `at`; `at` itself when none does. */
export function nameEnd(text: string, at: number): number {
  if (!isIn(startRanges, text.charCodeAt(at))) return at;
  let end = at + 1;
  while (end < text.length && isNameUnit(text.charCodeAt(end))) end++;
  return end;
}

function isNameUnit(unit: number): boolean {
  return isIn(startRanges, unit) || isIn(furtherRanges, unit);
}

function isIn(ranges: readonly number[], unit: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) {
    if (unit >= ranges[i] && unit <= ranges[i + 1]) return true;
  }
  return false;
}

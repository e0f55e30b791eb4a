import { cutEnd, cutMiddle, displayWidth } from './display';

export interface Column {
  readonly title: string;
  /** May be cut down to this many columns when the table is too wide: its middle is left out, or its end. */
  readonly shrinksTo?: number;
  readonly cut?: 'middle' | 'end';
}

/** Blanks between columns. */
const GAP = '  ';

/**
 * Columns as wide as what stands in them; empty ones are left out. Where the whole is wider than `width`, the columns
 * that may shrink do, the widest first.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { indent, width }: { readonly indent: string; readonly width: number },
): string {
  const shown = columns.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== ''));
  const widths = new Map(
    shown.map((i) => [i, Math.max(...[columns[i].title, ...rows.map((row) => row[i])].map(displayWidth))]),
  );
  let tooMuch =
    indent.length +
    [...widths.values()].reduce((sum, one) => sum + one, 0) +
    GAP.length * (shown.length - 1) -
    width;
  while (tooMuch > 0) {
    const [widest] = shown
      .filter((i) => (columns[i].shrinksTo ?? Infinity) < (widths.get(i) ?? 0))
      .sort((a, b) => (widths.get(b) ?? 0) - (widths.get(a) ?? 0));
    if (widest === undefined) break;
    widths.set(widest, (widths.get(widest) ?? 0) - 1);
    tooMuch -= 1;
  }
  return [columns.map(({ title }) => title), ...rows]
    .map((row) => {
      const cells = shown.map((i) => {
        const room = widths.get(i) ?? 0;
        const text = columns[i].cut === 'end' ? cutTail(row[i], room) : cutMiddle(row[i], room);
        return text + ' '.repeat(room - displayWidth(text));
      });
      return `${indent}${cells.join(GAP).trimEnd()}\n`;
    })
    .join('');
}

/** A table with a line below each of its rows, for what is too long for a column. */
export function withLinesBelow(table: string, below: readonly string[]): string {
  const [head, ...rows] = table.trimEnd().split('\n');
  return `${head}\n${rows.map((row, i) => `${row}\n${below[i] === '' ? '' : `      ${below[i]}\n`}`).join('')}`;
}

function cutTail(text: string, width: number): string {
  return displayWidth(text) <= width ? text : `${cutEnd(text, width - 1)}…`;
}

/** Lines of at most `width` columns, broken at blanks; a word that is longer stays whole. */
export function wrapText(text: string, first: string, further: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const indent = lines.length === 0 ? first : further;
    if (line !== '' && displayWidth(`${indent}${line} ${word}`) > width) {
      lines.push(`${indent}${line}`);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(`${lines.length === 0 ? first : further}${line}`);
  return lines.map((one) => `${one}\n`).join('');
}

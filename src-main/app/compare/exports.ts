import type { DifferenceFacts } from '../../engine/tree/compare/comparison';

/** What an exported comparison says of itself. */
export interface ExportHead {
  readonly left: string;
  readonly right: string;
  readonly ignoreTimes: boolean;
  readonly counts: Readonly<Record<string, number>>;
}

/** A format that differences are written in: a beginning, each row, an end. */
export interface ExportFormat {
  head(head: ExportHead): string;
  row(row: DifferenceFacts, index: number): string;
  tail(): string;
}

const columns = ['Difference', 'Kind', 'Path', 'Size left', 'Size right', 'Fields'] as const;

function cells(row: DifferenceFacts): string[] {
  const size = (bytes: number | null): string => (bytes === null ? '' : String(bytes));
  return [row.difference, row.kind, row.path, size(row.leftSize), size(row.rightSize), row.fields.join(' ')];
}

/** RFC 4180. A byte order mark tells spreadsheets that it is UTF-8. */
const csv: ExportFormat = {
  head: () => `\ufeff${columns.map(csvCell).join(',')}\r\n`,
  row: (row) => `${cells(row).map(csvCell).join(',')}\r\n`,
  tail: () => '',
};

/** A cell that begins like a formula would be run by a spreadsheet: an apostrophe makes it text. */
function csvCell(text: string): string {
  const guarded = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

const json: ExportFormat = {
  head: (head) =>
    `{"left":${JSON.stringify(head.left)},"right":${JSON.stringify(head.right)},` +
    `"ignoreTimes":${String(head.ignoreTimes)},"counts":${JSON.stringify(head.counts)},"differences":[`,
  row: (row, index) => `${index === 0 ? '' : ','}\n${JSON.stringify(row)}`,
  tail: () => '\n]}\n',
};

/** One page without script; whatever comes from a file name is escaped. */
const html: ExportFormat = {
  head: (head) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Comparison</title>
<style>
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
td.path { overflow-wrap: anywhere; }
td.size { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
</style>
</head>
<body>
<h1>Comparison</h1>
<p>Left: <bdi>${escaped(head.left)}</bdi><br>Right: <bdi>${escaped(head.right)}</bdi></p>
<p>${Object.entries(head.counts)
    .map(([name, count]) => `${escaped(name)}: ${count}`)
    .join(', ')}${head.ignoreTimes ? '. Times were not compared.' : ''}</p>
<table>
<thead><tr>${columns.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>
`,
  row(row) {
    const [difference, kind, path, left, right, fields] = cells(row).map(escaped);
    return (
      `<tr><td>${difference}</td><td>${kind}</td><td class="path"><bdi>${path}</bdi></td>` +
      `<td class="size">${left}</td><td class="size">${right}</td><td>${fields}</td></tr>\n`
    );
  },
  tail: () => '</tbody>\n</table>\n</body>\n</html>\n',
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  // HTML has no way to say a control character.
  return Array.from(text, (c) => (c < ' ' || c === '\x7f' ? '\ufffd' : (entities[c] ?? c))).join('');
}

export const exportFormats = { csv, json, html } as const;

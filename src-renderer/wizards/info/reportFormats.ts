import type { ReportSection, WimReport } from './reportModel';

/** Forms in which a report is saved. */
export const reportFormats = ['html', 'json', 'text'] as const;
export type ReportFormat = (typeof reportFormats)[number];
export const reportExtensions: Readonly<Record<ReportFormat, string>> = {
  html: 'html',
  json: 'json',
  text: 'txt',
};

/** A report in words, ready to be written. */
export interface WordedReport {
  readonly title: string;
  /** When it was made, and by what. */
  readonly subtitle: string;
  readonly language: string;
  readonly sections: readonly ReportSection[];
}

/** The text of a report in a format. */
export function reportText(format: ReportFormat, report: WimReport, words: WordedReport): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'text':
      return plainText(words);
    case 'html':
      return htmlPage(words);
  }
}

function plainText({ title, subtitle, sections }: WordedReport): string {
  const lines = [title, subtitle];
  for (const section of sections) {
    const width = Math.max(0, ...section.rows.map(([name]) => name.length));
    lines.push('', oneLine(section.title), '-'.repeat(Math.min(78, section.title.length)));
    for (const [name, value] of section.rows) lines.push(`${name.padEnd(width)}  ${oneLine(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What a WIM says may hold line ends; here each value is one line. */
function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
}

const style = `
body { font: 13px/1.5 system-ui, sans-serif; color: #1a1f26; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.5rem 0 0.3rem; overflow-wrap: anywhere; break-after: avoid; }
p { color: #4f5966; margin: 0; }
table { border-collapse: collapse; width: 100%; }
tr { break-inside: avoid; }
th { text-align: left; font-weight: normal; color: #4f5966; width: 16rem; vertical-align: top; }
th, td { padding: 0.15rem 0.5rem 0.15rem 0; border-bottom: 1px solid #d5dae0; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } }
`;

/** One page that needs nothing else and can be printed. Nothing that a WIM says becomes markup. */
function htmlPage({ title, subtitle, language, sections }: WordedReport): string {
  const parts = sections.map(
    (section) =>
      `<h2>${escaped(section.title)}</h2>\n<table>\n${section.rows
        .map(([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`)
        .join('\n')}\n</table>`,
  );
  return `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(subtitle)}</p>
${parts.join('\n')}
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]).replace(/[^\P{Cc}\n\t]/gu, '\uFFFD');
}

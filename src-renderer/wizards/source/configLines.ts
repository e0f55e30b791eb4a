/** Sections of a wimscript.ini that are edited as lists. */
export const listSections = ['ExclusionList', 'ExclusionException', 'CompressionExclusionList'] as const;
export type ListSection = (typeof listSections)[number];

/** A pattern and the line of the text that it stands in, counted from 0. */
export interface PatternLine {
  readonly line: number;
  readonly pattern: string;
}

/** The patterns of a section, in the order of the text. Comments, other sections and blank lines are left to it. */
export function patternsOf(text: string, section: ListSection): PatternLine[] {
  const found: PatternLine[] = [];
  let here = false;
  for (const [line, raw] of linesOf(text).entries()) {
    const content = raw.trim();
    if (isHeading(content)) here = sameSection(content, section);
    else if (here && content !== '' && !isComment(content)) found.push({ line, pattern: unquoted(content) });
  }
  return found;
}

/** The text with another pattern in a line; an empty one takes the line out. */
export function changePattern(text: string, line: number, pattern: string): string {
  const lines = linesOf(text);
  if (pattern.trim() === '') lines.splice(line, 1);
  else lines[line] = written(pattern);
  return lines.join('\n');
}

/** The text with a pattern more at the end of a section, which is made when there is none. */
export function addPattern(text: string, section: ListSection, pattern: string): string {
  const lines = linesOf(text);
  const present = patternsOf(text, section);
  const heading = lines.findLastIndex((line) => sameSection(line.trim(), section));
  const after = present.at(-1)?.line ?? heading;
  if (after >= 0) {
    lines.splice(Math.max(after, present.length > 0 ? after : heading) + 1, 0, written(pattern));
    return lines.join('\n');
  }
  const before = text.trim() === '' ? '' : `${text.trimEnd()}\n\n`;
  return `${before}[${section}]\n${written(pattern)}\n`;
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

function isHeading(content: string): boolean {
  return content.startsWith('[') && content.endsWith(']');
}

function sameSection(content: string, section: ListSection): boolean {
  return isHeading(content) && content.slice(1, -1).toLowerCase() === section.toLowerCase();
}

function isComment(content: string): boolean {
  return content.startsWith(';') || content.startsWith('#');
}

function unquoted(content: string): string {
  const match = /^(["'])(.*)\1$/.exec(content);
  return match === null ? content : match[2];
}

/** Quotes keep what would read as a comment or a heading. */
function written(pattern: string): string {
  const line = pattern.replace(/[\r\n]+/g, ' ').trim();
  return isComment(line) || isHeading(line) ? `"${line}"` : line;
}

import type { AnswerFile } from './answerFile';
import type { XmlElement } from './xmlScanner';

/** A change of a text: `text` takes the place of `replaced`, which is '' but for the end of an empty-element tag. */
export interface Splice {
  readonly at: number;
  readonly replaced: string;
  readonly text: string;
}

export function applySplice(text: string, splice: Splice): string {
  return text.slice(0, splice.at) + splice.text + text.slice(splice.at + splice.replaced.length);
}

/** New elements as lines, each with its depth below the element that they go into. */
export type Line = readonly [depth: number, text: string];

/** How a file lays out its elements. */
export interface Layout {
  readonly lineEnd: string;
  readonly indent: string;
}

export function layoutOf({ lossless: { text }, root }: AnswerFile): Layout {
  const lineFeed = text.indexOf('\n');
  const lineEnd = lineFeed < 0 ? '\r\n' : text[lineFeed - 1] === '\r' ? '\r\n' : '\n';
  const first = root.children[0] as XmlElement | undefined;
  const outer = lineIndent(text, root);
  const inner = first === undefined ? undefined : lineIndent(text, first);
  const step = inner?.startsWith(outer ?? '') === true ? inner.slice((outer ?? '').length) : '';
  return { lineEnd, indent: step === '' ? '    ' : step };
}

/** White space before an element in its line; undefined where something else is before it. */
function lineIndent(text: string, element: XmlElement): string | undefined {
  let from = element.start;
  while (text[from - 1] === ' ' || text[from - 1] === '\t') from--;
  return from === 0 || text[from - 1] === '\n' ? text.slice(from, element.start) : undefined;
}

/**
 * Puts lines into an element, behind its last child, laid out as what is there.
 * @param after a child to put them behind instead
 */
export function insertLines(
  file: AnswerFile,
  parent: XmlElement,
  lines: readonly Line[],
  after?: XmlElement,
): Splice {
  const { text } = file.lossless;
  const layout = layoutOf(file);
  if (parent.empty) return openEmpty(text, parent, lines, layout);
  const neighbour = after ?? parent.children.at(-1);
  const outer = lineIndent(text, parent);
  const inner = neighbour === undefined ? undefined : lineIndent(text, neighbour);
  const own = inner ?? (outer === undefined ? undefined : outer + layout.indent);
  if (after !== undefined) return { at: after.end, replaced: '', text: layLines(lines, own, layout) };
  const at = contentEnd(text, parent);
  const closesOnNewLine = text.slice(at, parent.contentEnd).includes('\n');
  if (closesOnNewLine) return { at, replaced: '', text: layLines(lines, own, layout) };
  const bare = at === parent.contentStart && outer !== undefined;
  if (!bare) return { at: parent.contentEnd, replaced: '', text: layLines(lines, undefined, layout) };
  return { at, replaced: '', text: layLines(lines, own, layout) + layout.lineEnd + outer };
}

function openEmpty(text: string, parent: XmlElement, lines: readonly Line[], layout: Layout): Splice {
  const outer = lineIndent(text, parent);
  let at = parent.end - '/>'.length;
  while (/[ \t\r\n]/.test(text[at - 1])) at--;
  const own = outer === undefined ? undefined : outer + layout.indent;
  const close = outer === undefined ? '' : layout.lineEnd + outer;
  return {
    at,
    replaced: text.slice(at, parent.end),
    text: `>${layLines(lines, own, layout)}${close}</${parent.name}>`,
  };
}

/** Where the content ends but for white space. */
function contentEnd(text: string, element: XmlElement): number {
  let at = element.contentEnd;
  while (at > element.contentStart && /[ \t\r\n]/.test(text[at - 1])) at--;
  return at;
}

/** @param own indentation of depth 0; undefined for a file that is all in one line */
function layLines(lines: readonly Line[], own: string | undefined, layout: Layout): string {
  if (own === undefined) return lines.map(([, line]) => line).join('');
  return lines.map(([depth, line]) => layout.lineEnd + own + layout.indent.repeat(depth) + line).join('');
}

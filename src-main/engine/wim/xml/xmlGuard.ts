import { FormatError } from '../../../../src-shared/errors/appError';
import { parseTag } from './xmlTags';

/** What messages call the document. */
export const XML_DATA = 'XML data';

/**
 * Deepest nesting that is read. Real files use six levels; wimlib stops at 50.
 */
export const MAX_XML_DEPTH = 60;

/**
 * Most tags, attributes, comments and the like that are read. Each costs some hundred bytes of memory, and the shortest
 * takes ten in the file. Installation media with a dozen editions has about a thousand.
 */
export const MAX_XML_PIECES = 200_000;

/**
 * Stand for what the parser would not hand through; they can, because XML 1.0 allows neither in a document. The first
 * is a carriage return, which a parser must turn into a line feed; the second, at the beginning of a comment, says
 * that it is a processing instruction.
 */
const RETURN = '\ufffe';
export const INSTRUCTION = '\uffff';

/**
 * Looks over a document before it is parsed, in one pass, because the parser is lenient: refuses what is not
 * well-formed and what WIM XML data has no use for and a hostile file may (declarations, deep nesting), and puts
 * stand-ins for what must survive the parser. Processing instructions outside the root element, among them the XML
 * declaration, are dropped.
 * @throws FormatError; its offset is in bytes of UTF-16 after the byte order mark
 */
export function guardXml(text: string): string {
  const misplaced = text.search(/[\ufffe\uffff]/);
  if (misplaced >= 0) throw fault(misplaced, 'U+FFFE and U+FFFF are not characters');
  let guarded = '';
  let roots = 0;
  let pieces = 0;
  const open: string[] = [];
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const plain = text.slice(at, next < 0 ? undefined : next);
    if (open.length === 0 && plain.trim() !== '') throw fault(at, 'there is text outside the root element');
    guarded += open.length > 0 ? keepReturns(plain) : plain;
    if (next < 0) break;
    const end = endOfMarkup(text, next);
    const markup = text.slice(next, end);
    pieces++;
    if (markup.startsWith('<?')) {
      if (open.length > 0) guarded += wrapInstruction(markup, next);
    } else if (markup.startsWith('<!')) {
      if (open.length === 0 && markup.startsWith('<!['))
        throw fault(next, 'there is text outside the root element');
      guarded += keepReturns(markup);
    } else {
      if (open.length === 0) roots++;
      pieces += follow(open, markup, next);
      guarded += markup;
    }
    if (pieces > MAX_XML_PIECES)
      throw fault(next, `there are more than ${MAX_XML_PIECES} tags and attributes`);
    at = end;
  }
  if (open.length > 0) throw fault(text.length, `'${open[open.length - 1]}' is not closed`);
  if (roots !== 1) throw fault(0, `there are ${roots} root elements`);
  return guarded;
}

/** Keeps account of the elements that are open; returns the number of attributes. */
function follow(open: string[], markup: string, at: number): number {
  const tag = parseTag(markup);
  if (typeof tag === 'string') throw fault(at, tag);
  if (tag.kind === 'end') {
    const opened = open.pop();
    if (opened === undefined) throw fault(at, `the end tag of '${tag.name}' has no start tag`);
    if (opened !== tag.name) throw fault(at, `'${tag.name}' ends where '${opened}' should`);
  } else {
    if (open.length >= MAX_XML_DEPTH)
      throw fault(at, `elements are nested deeper than ${MAX_XML_DEPTH} levels`);
    if (tag.kind === 'start') open.push(tag.name);
  }
  return tag.attributes;
}

/** Undoes the stand-ins for carriage returns. */
export function restoreReturns(text: string): string {
  return text.replaceAll(RETURN, '\r');
}

function keepReturns(text: string): string {
  return text.replaceAll('\r', RETURN);
}

function wrapInstruction(markup: string, at: number): string {
  const content = markup.slice(2, -2);
  if (content.includes('-->')) throw fault(at, 'a processing instruction has a comment in it');
  return `<!--${INSTRUCTION}${keepReturns(content)}-->`;
}

/** Offset after the tag, comment, CDATA section or processing instruction that begins at `open`. */
function endOfMarkup(text: string, open: number): number {
  if (text.startsWith('<!--', open)) return after(text, '-->', open, open + 4);
  if (text.startsWith('<![CDATA[', open)) return after(text, ']]>', open, open + 9);
  if (text.startsWith('<!', open)) throw fault(open, 'a declaration has no place in XML data of a WIM');
  if (text.startsWith('<?', open)) return after(text, '?>', open, open + 2);
  let at = open + 1;
  for (; at < text.length && text[at] !== '>'; at++) {
    const character = text[at];
    if (character === '"' || character === "'") {
      at = text.indexOf(character, at + 1);
      if (at < 0) throw fault(open, 'an attribute value is not closed');
    }
  }
  if (at >= text.length) throw fault(open, 'a tag is not closed');
  return at + 1;
}

function after(text: string, closing: string, open: number, from: number): number {
  const at = text.indexOf(closing, from);
  if (at < 0) throw fault(open, `'${text.slice(open, from)}' is not closed`);
  return at + closing.length;
}

function fault(at: number, problem: string): FormatError {
  return new FormatError({ structure: XML_DATA, offset: 2 * at, problem });
}

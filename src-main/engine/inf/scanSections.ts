import { FormatError } from '../../../src-shared/errors/appError';
import { type InfRemarks, shown } from './remarks';

/** Lines with entries that an INF may have: ten times those of the largest known ones. */
const MOST_ENTRIES = 3_000_000;
/** Longest name of a section: MicrosoftDocs, general-syntax-rules-for-inf-files. */
const LONGEST_NAME = 255;

const SPACE = 0x20;
const QUOTE = 0x22;
const PERCENT = 0x25;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;

/** Where the entries of a section are; sections of one name are one. */
export interface SectionSpans {
  /** As first written. */
  readonly name: string;
  /** Line of its first header. */
  readonly line: number;
  /**
   * Three numbers an entry: where it starts and where it ends in the text, without comments (-1 and an index into the
   * joined entries for one that is continued over lines), and its line times 2, plus 1 where it has no quotes and no
   * percent signs.
   */
  readonly spans: number[];
}

export interface ScannedInf {
  /** By name in lower case. */
  readonly sections: ReadonlyMap<string, SectionSpans>;
  /** Entries that are continued over lines, joined. */
  readonly joined: readonly string[];
  /** Sections with a CopyFiles directive. */
  readonly copying: ReadonlySet<SectionSpans>;
}

/**
 * Finds sections and entries: one pass, no copies. Quotation marks end with their line; a backslash before the end of
 * a line (or before a comment) continues the entry on the next line, whatever that begins with; a semicolon outside of
 * quotation marks starts a comment, within a %token%, too (as Windows has it; its documentation says otherwise).
 */
export function scanSections(text: string, remarks: InfRemarks): ScannedInf {
  const sections = new Map<string, SectionSpans>();
  const joined: string[] = [];
  const copying = new Set<SectionSpans>();
  let section: SectionSpans | undefined;
  let line = 0;
  let entries = 0;
  let before = 0;
  let next = 0;
  while (next < text.length) {
    line++;
    let at = next;
    const end = endOfLine(text, at);
    next = end + 1;
    while (at < end && text.charCodeAt(at) <= SPACE) at++;
    if (at === end) continue;
    const first = text.charCodeAt(at);
    if (first === SEMICOLON) continue;
    if (first === OPENING_BRACKET) {
      section = openSection(sections, readHeader(text, at, end, line, remarks), line);
      continue;
    }
    if (++entries > MOST_ENTRIES)
      throw new FormatError(
        { structure: 'INF', offset: at, problem: `it has more than ${MOST_ENTRIES} entries` },
        'inf/malformed',
      );
    const entryLine = line;
    let scan = scanLine(text, at, end);
    if (scan.unclosed) remarks.warning('a quotation mark is not closed', line);
    let plain = scan.plain;
    let span: readonly [number, number] = [at, scan.end];
    if (scan.continued) {
      const pieces = [text.slice(at, scan.end)];
      while (scan.continued && next < text.length) {
        line++;
        at = next;
        const lineEnd = endOfLine(text, at);
        next = lineEnd + 1;
        while (at < lineEnd && text.charCodeAt(at) <= SPACE) at++;
        if (text.charCodeAt(at) === OPENING_BRACKET)
          remarks.warning('the line before ends with a backslash, so that this is no section', line);
        scan = scanLine(text, at, lineEnd);
        if (scan.unclosed) remarks.warning('a quotation mark is not closed', line);
        plain &&= scan.plain;
        pieces.push(text.slice(at, scan.end));
      }
      span = [-1, joined.length];
      joined.push(pieces.join(''));
    }
    if (section === undefined) {
      before ||= entryLine;
      continue;
    }
    section.spans.push(span[0], span[1], entryLine * 2 + (plain ? 1 : 0));
    // 'c' or 'C'
    if ((first | 0x20) === 0x63 && isCopyFiles(span[0] < 0 ? joined[span[1]] : text, Math.max(span[0], 0)))
      copying.add(section);
  }
  // Windows lets such files pass that have strings.
  if (before !== 0) {
    const severity = sections.has('strings') ? 'warning' : 'error';
    remarks.add(severity, 'inf-malformed', 'an entry stands before the first section', before);
  }
  return { sections, joined, copying };
}

function endOfLine(text: string, from: number): number {
  const found = text.indexOf('\n', from);
  return found < 0 ? text.length : found;
}

const COPY_FILES = 'copyfiles';

function isCopyFiles(text: string, at: number): boolean {
  for (let i = 1; i < COPY_FILES.length; i++) {
    if ((text.charCodeAt(at + i) | 0x20) !== COPY_FILES.charCodeAt(i)) return false;
  }
  const next = text.charCodeAt(at + COPY_FILES.length);
  return next <= SPACE || next === EQUALS;
}

function openSection(sections: Map<string, SectionSpans>, name: string, line: number): SectionSpans {
  const key = name.toLowerCase();
  let section = sections.get(key);
  if (section === undefined) sections.set(key, (section = { name, line, spans: [] }));
  return section;
}

function readHeader(text: string, at: number, end: number, line: number, remarks: InfRemarks): string {
  let close = at + 1;
  while (close < end && text.charCodeAt(close) !== 0x5d) close++;
  const name = text.slice(at + 1, close).trim();
  if (close === end) remarks.error(`the section name ${shown(name)} has no closing bracket`, line);
  else {
    let after = close + 1;
    while (after < end && text.charCodeAt(after) <= SPACE) after++;
    if (after < end && text.charCodeAt(after) !== SEMICOLON)
      remarks.warning(`text follows the section name ${shown(name)}`, line);
  }
  if (name.length > LONGEST_NAME)
    remarks.error(`the section name ${shown(name)} has more than ${LONGEST_NAME} characters`, line);
  return name;
}

interface ScannedLine {
  /** Where the entry ends on this line: before its comment, its continuing backslash, and blanks. */
  end: number;
  plain: boolean;
  continued: boolean;
  unclosed: boolean;
}

/** The one result of {@link scanLine}: there are millions of lines. */
const result: ScannedLine = { end: 0, plain: true, continued: false, unclosed: false };

function scanLine(text: string, start: number, end: number): ScannedLine {
  let quoted = false;
  let stop = end;
  result.plain = true;
  result.continued = false;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    // Most characters of an INF are letters; all that count are below.
    if (unit > BACKSLASH) continue;
    if (unit === QUOTE) {
      quoted = !quoted;
      result.plain = false;
    } else if (unit === PERCENT) {
      result.plain = false;
    } else if (quoted) continue;
    else if (unit === SEMICOLON) {
      stop = at;
      break;
    } else if (unit === BACKSLASH) {
      const after = afterBackslashes(text, at, end);
      if (after === end || text.charCodeAt(after) === SEMICOLON) {
        stop = at;
        result.continued = true;
        break;
      }
      at = after - 1;
    }
  }
  result.unclosed = quoted;
  while (stop > start && text.charCodeAt(stop - 1) <= SPACE) stop--;
  result.end = stop;
  return result;
}

/** First character after backslashes and the blanks among and after them. */
function afterBackslashes(text: string, at: number, end: number): number {
  let after = at + 1;
  for (; after < end; after++) {
    const unit = text.charCodeAt(after);
    if (unit !== BACKSLASH && unit > SPACE) break;
  }
  return after;
}

import { AppError } from '../../../src-shared/errors/appError';

/** A line of a text file that says something: trimmed, not empty, not a comment. */
export interface TextLine {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
}

/** Builds the error for a line that cannot be understood. */
export function lineError(label: string, line: number, problem: string): AppError {
  return new AppError('usage/invalid', `${label}, line ${line}: ${problem}`, { line });
}

/**
 * Text of a list or configuration file: UTF-16LE with a byte order mark, UTF-16LE without one (recognised by a zero
 * high byte in its first character), or UTF-8 with or without one.
 * @throws AppError usage/invalid when the bytes are valid in neither encoding
 */
export function decodeTextFile(content: string | Uint8Array, label: string): string {
  if (typeof content === 'string') return content.startsWith('\ufeff') ? content.slice(1) : content;
  const marked = content.length >= 2 && content[0] === 0xff && content[1] === 0xfe;
  const wide = marked || (content.length >= 2 && content[0] <= 0x7f && content[1] === 0);
  const encoding = wide ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch (cause) {
    const problem = wide ? 'is not valid UTF-16LE' : 'is neither UTF-8 nor UTF-16LE';
    throw new AppError('usage/invalid', `${label} ${problem}`, {}, cause);
  }
}

/** The C locale's white space; String.trim would also take no-break spaces, which may belong to a name. */
const WHITE_SPACE = ' \t\v\f\r\n';

/** Whether a character separates words in the lists and commands that tools of this field read. */
export function isWhiteSpace(character: string): boolean {
  return WHITE_SPACE.includes(character);
}

/** Lines of a file, without comments (';' or '#' first) and empty lines, trimmed at both ends. */
export function* contentLines(text: string): Generator<TextLine> {
  let number = 0;
  for (const line of text.split('\n')) {
    number++;
    let start = 0;
    let end = line.length;
    while (start < end && isWhiteSpace(line[start])) start++;
    while (end > start && isWhiteSpace(line[end - 1])) end--;
    if (start === end || line[start] === ';' || line[start] === '#') continue;
    yield { text: line.slice(start, end), number };
  }
}

/** Removes one pair of quotes, single or double, that encloses the whole text. */
export function unquote(text: string): string {
  const quote = text[0];
  const enclosed = text.length >= 2 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return enclosed ? text.slice(1, -1) : text;
}

/**
 * Words of a line. White space separates them; a word that begins with a quote goes to the next quote of its kind,
 * with nothing special in between, and the word after it may follow directly. This is how wimlib-imagex reads source
 * lists and update commands.
 * @throws AppError usage/invalid when a quote is not closed
 */
export function splitWords(line: TextLine, label: string): string[] {
  const words: string[] = [];
  const { text } = line;
  let at = 0;
  for (;;) {
    while (at < text.length && isWhiteSpace(text[at])) at++;
    if (at === text.length) return words;
    const first = text[at];
    if (first === '"' || first === "'") {
      const end = text.indexOf(first, at + 1);
      if (end < 0)
        throw lineError(label, line.number, `the quote before '${text.slice(at + 1)}' is not closed`);
      words.push(text.slice(at + 1, end));
      at = end + 1;
    } else {
      const start = at;
      while (at < text.length && !isWhiteSpace(text[at])) at++;
      words.push(text.slice(start, at));
    }
  }
}

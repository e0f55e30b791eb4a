import { nameEnd } from './xmlNames';

/** What a tag says, its attributes apart. */
export interface Tag {
  readonly kind: 'start' | 'end' | 'empty';
  readonly name: string;
  /** Number of attributes. */
  readonly attributes: number;
}

/**
 * Checks the syntax of one tag, delimiters included: a name, then attributes with quoted values, none of them twice.
 * @returns what is wrong, in words, when it is not a tag
 */
export function parseTag(markup: string): Tag | string {
  const isEnd = markup.startsWith('</');
  const start = isEnd ? 2 : 1;
  let at = nameEnd(markup, start);
  if (at === start) return 'a tag has no proper name';
  const name = markup.slice(start, at);
  const seen = new Set<string>();
  for (;;) {
    const next = skipSpace(markup, at);
    if (next === markup.length - 1) return { kind: isEnd ? 'end' : 'start', name, attributes: seen.size };
    if (isEnd) return `the end tag of '${name}' has more than a name`;
    if (next === markup.length - 2 && markup[next] === '/')
      return { kind: 'empty', name, attributes: seen.size };
    const end = nameEnd(markup, next);
    const attribute = markup.slice(next, end);
    if (next === at || end === next) return `the tag of '${name}' has something in it that is no attribute`;
    if (seen.has(attribute)) return `the tag of '${name}' has the attribute '${attribute}' twice`;
    seen.add(attribute);
    const equals = skipSpace(markup, end);
    const open = skipSpace(markup, equals + 1);
    const quote = markup[open];
    if (markup[equals] !== '=' || (quote !== '"' && quote !== "'")) {
      return `the attribute '${attribute}' of '${name}' has no quoted value`;
    }
    const close = markup.indexOf(quote, open + 1);
    if (close < 0) return `the attribute '${attribute}' of '${name}' is not closed`;
    at = close + 1;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at])) at++;
  return at;
}

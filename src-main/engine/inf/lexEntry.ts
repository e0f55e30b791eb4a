/** An entry's parts with quotation marks gone and tokens as they are. */
export interface RawEntry {
  /** '' where the line has no key. */
  readonly key: string;
  readonly values: string[];
}

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const EQUALS = 0x3d;

/** Takes an entry apart that has no quotation marks: the key ends at the first '=' unless a comma comes before. */
export function splitPlainEntry(text: string): RawEntry {
  const equals = text.indexOf('=');
  if (equals < 0) return { key: '', values: splitValues(text) };
  const comma = text.indexOf(',');
  if (comma >= 0 && comma < equals) return { key: '', values: splitValues(text) };
  return { key: text.slice(0, equals).trim(), values: splitValues(text.slice(equals + 1)) };
}

function splitValues(text: string): string[] {
  if (!text.includes(',')) return [text.trim()];
  const values = text.split(',');
  for (let i = 0; i < values.length; i++) values[i] = values[i].trim();
  return values;
}

/**
 * Takes an entry apart that has quotation marks. They may begin and end anywhere in a value; two of them within stand
 * for one; what they hold is never trimmed and never ends a value.
 */
export function splitQuotedEntry(text: string): RawEntry {
  const values: string[] = [];
  let key: string | undefined;
  let value = '';
  /** Characters of `value` that were quoted, and those before them: they are not trimmed. */
  let kept = 0;
  let quoted = false;
  let from = skipBlanks(text, 0);
  const finish = (end: number): string => {
    value += text.slice(from, end);
    let length = value.length;
    while (length > kept && value.charCodeAt(length - 1) <= SPACE) length--;
    const whole = value.slice(0, length);
    value = '';
    kept = 0;
    return whole;
  };
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      if (quoted && text.charCodeAt(at + 1) === QUOTE) {
        value += text.slice(from, at + 1);
        at++;
      } else {
        value += text.slice(from, at);
        quoted = !quoted;
      }
      kept = value.length;
      from = at + 1;
    } else if (!quoted && (unit === COMMA || (unit === EQUALS && key === undefined && values.length === 0))) {
      const whole = finish(at);
      if (unit === EQUALS) key = whole;
      else values.push(whole);
      from = skipBlanks(text, at + 1);
      at = from - 1;
    }
  }
  if (quoted) {
    value += text.slice(from);
    from = text.length;
    kept = value.length;
  }
  values.push(finish(text.length));
  return { key: key ?? '', values };
}

function skipBlanks(text: string, at: number): number {
  let next = at;
  while (next < text.length && text.charCodeAt(next) <= SPACE) next++;
  return next;
}

import { FormatError } from '../../../src-shared/errors/appError';

/** An attribute, with its value as written: entities are not expanded. */
export interface XmlAttribute {
  readonly name: string;
  readonly value: string;
}

/** An element and where it stands in the text. Offsets count characters. */
export interface XmlElement {
  /** As written, with its prefix. */
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly parent: XmlElement | undefined;
  readonly children: XmlElement[];
  /** Of its '<'. */
  readonly start: number;
  /** Behind the '>' of its start tag. */
  readonly contentStart: number;
  /** Of the '<' of its end tag; {@link contentStart} of an empty-element tag. */
  contentEnd: number;
  /** Behind its last '>'. */
  end: number;
  /** `<a/>` */
  readonly empty: boolean;
}

/** Depth and count that no answer file comes near; both bound the work that a hostile one makes. */
const MOST_DEPTH = 128;
const MOST_ELEMENTS = 200_000;
const MOST_ATTRIBUTES = 200;

// Not \s: where units are bytes, 0x85 and 0xa0 are parts of characters.
const NAME_END = /[ \t\r\n/>=<"'&]/;
const SPACE = /[ \t\r\n]/;
const NO_SPACE = /[^ \t\r\n]/;
const BAD_NAME = /^[-.0-9]|[!-,;?@[-^`{-~]/;
const REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)/;

/**
 * The elements of an XML text with their places. Nothing is expanded, and a document type, where entities would be
 * declared, is refused.
 * @param unit bytes of a character, for offsets in errors
 * @throws FormatError `answer/malformed`
 */
export function scanXml(text: string, structure: string, unit = 1): XmlElement {
  return new Scanner(text, structure, unit).run();
}

class Scanner {
  private at = 0;
  private count = 0;
  private depth = 0;
  private root: XmlElement | undefined;
  private open: XmlElement | undefined;

  constructor(
    private readonly text: string,
    private readonly structure: string,
    private readonly unit: number,
  ) {}

  run(): XmlElement {
    this.controls();
    while (this.at < this.text.length) {
      const tag = this.text.indexOf('<', this.at);
      this.characters(this.at, tag < 0 ? this.text.length : tag);
      if (tag < 0) break;
      this.at = tag;
      this.markup();
    }
    if (this.open !== undefined) this.fail(`<${this.open.name}> is not closed`, this.open.start);
    return this.root ?? this.fail('it holds no element', 0);
  }

  private controls(): void {
    for (let i = 0; i < this.text.length; i++) {
      const unit = this.text.charCodeAt(i);
      if (unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) {
        this.fail('a control character, which XML has not', i);
      }
    }
  }

  /** Text between tags. */
  private characters(from: number, to: number): void {
    const part = this.text.slice(from, to);
    if (this.open === undefined && NO_SPACE.test(part)) this.fail('text outside of the root element', from);
    this.references(part, from);
    const closing = part.indexOf(']]>');
    if (closing >= 0) this.fail('"]]>" in text', from + closing);
    this.at = to;
  }

  private references(part: string, from: number): void {
    const bad = REFERENCE.exec(part);
    if (bad !== null) this.fail('a "&" that begins no known reference', from + bad.index);
  }

  private markup(): void {
    const { text, at } = this;
    if (text.startsWith('<!--', at)) this.comment();
    else if (text.startsWith('<![CDATA[', at)) {
      if (this.open === undefined) this.fail('text outside of the root element', at);
      this.skipTo(']]>', 9);
    } else if (text.startsWith('<?', at)) this.instruction();
    else if (text.startsWith('<!', at)) this.fail('a document type, which an answer file has not', at);
    else if (text.startsWith('</', at)) this.endTag();
    else this.startTag();
  }

  private comment(): void {
    const dashes = this.text.indexOf('--', this.at + 4);
    if (dashes >= 0 && this.text[dashes + 2] !== '>') this.fail('"--" in a comment', dashes);
    this.skipTo('-->', 4);
  }

  private instruction(): void {
    const { at } = this;
    const target = /^<\?([^ \t\r\n?]+)/.exec(this.text.slice(at, at + 64))?.[1] ?? '';
    if (target === '') this.fail('a processing instruction without a name', at);
    if (target.toLowerCase() === 'xml' && at !== 0)
      this.fail('the XML declaration is not at the beginning', at);
    this.skipTo('?>', 2);
  }

  private skipTo(end: string, from: number): void {
    const found = this.text.indexOf(end, this.at + from);
    if (found < 0) this.fail(`no "${end}" follows`, this.at);
    this.at = found + end.length;
  }

  private endTag(): void {
    const start = this.at;
    const end = this.text.indexOf('>', start);
    if (end < 0) this.fail('a tag without an end', start);
    let nameEnd = end;
    while (SPACE.test(this.text[nameEnd - 1])) nameEnd--;
    const name = this.text.slice(start + 2, nameEnd);
    const element = this.open;
    if (element?.name !== name) {
      return this.fail(
        `</${name.slice(0, 80)}> closes ${element === undefined ? 'nothing' : `<${element.name}>`}`,
        start,
      );
    }
    element.contentEnd = start;
    element.end = end + 1;
    this.open = element.parent;
    this.depth--;
    this.at = end + 1;
  }

  private startTag(): void {
    const start = this.at;
    if (this.open === undefined && this.root !== undefined) this.fail('a second root element', start);
    if (++this.count > MOST_ELEMENTS) this.fail(`more than ${MOST_ELEMENTS} elements`, start);
    this.at = start + 1;
    const name = this.name();
    const attributes = this.attributes(start);
    const empty = this.text[this.at] === '/';
    if (empty) this.at++;
    if (this.text[this.at] !== '>') this.fail('a tag without an end', start);
    this.at++;
    const element: XmlElement = {
      name,
      attributes,
      parent: this.open,
      children: [],
      start,
      contentStart: this.at,
      contentEnd: this.at,
      end: this.at,
      empty,
    };
    this.open?.children.push(element);
    this.root ??= element;
    if (empty) return;
    if (++this.depth > MOST_DEPTH) this.fail(`elements lie more than ${MOST_DEPTH} deep`, start);
    this.open = element;
  }

  private name(): string {
    const from = this.at;
    while (this.at < this.text.length && !NAME_END.test(this.text[this.at])) this.at++;
    const name = this.text.slice(from, this.at);
    if (name === '' || BAD_NAME.test(name)) this.fail('a name that XML has not', from);
    return name;
  }

  private attributes(tag: number): XmlAttribute[] {
    const attributes: XmlAttribute[] = [];
    const names = new Set<string>();
    for (;;) {
      const spaced = this.space();
      const next = this.text[this.at];
      if (next === undefined) this.fail('a tag without an end', tag);
      if (next === '>' || next === '/') return attributes;
      if (!spaced) this.fail('no space before an attribute', this.at);
      const attribute = this.attribute();
      if (names.has(attribute.name)) this.fail(`attribute ${attribute.name.slice(0, 80)} twice`, this.at);
      names.add(attribute.name);
      attributes.push(attribute);
      if (attributes.length > MOST_ATTRIBUTES) this.fail(`more than ${MOST_ATTRIBUTES} attributes`, tag);
    }
  }

  private attribute(): XmlAttribute {
    const name = this.name();
    this.space();
    if (this.text[this.at] !== '=') this.fail(`attribute ${name.slice(0, 80)} without a value`, this.at);
    this.at++;
    this.space();
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") this.fail('a value without quotes', this.at);
    const from = this.at + 1;
    const end = this.text.indexOf(quote, from);
    if (end < 0) this.fail('a value without an end', from);
    const value = this.text.slice(from, end);
    if (value.includes('<')) this.fail('"<" in a value', from);
    this.references(value, from);
    this.at = end + 1;
    return { name, value };
  }

  private space(): boolean {
    const from = this.at;
    while (this.at < this.text.length && SPACE.test(this.text[this.at])) this.at++;
    return this.at > from;
  }

  private fail(problem: string, at: number): never {
    throw new FormatError({ structure: this.structure, offset: at * this.unit, problem }, 'answer/malformed');
  }
}
